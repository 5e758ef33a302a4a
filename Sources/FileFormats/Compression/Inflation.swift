// `unsafe` here: zlib reads and writes through pointers in its stream record. They point into
// arrays that live for the whole call and come with those arrays' lengths.

import CZlib

/// Deflated data (RFC 1951), unfolded by zlib.
enum Inflation {
  /// What surrounds the deflated data.
  enum Wrapper {
    case none, gzip

    /// What zlib calls windowBits: 15 bits of window, 16 more for the gzip wrapper alone, negative
    /// for no wrapper.
    fileprivate var windowBits: Int32 {
      switch self {
      case .none: -15
      case .gzip: 15 + 16
      }
    }
  }

  /// How it ended. `used` counts the bytes that were read.
  enum Outcome {
    case whole(used: Int)
    case overBudget
    case truncated
    case corrupt(used: Int, reason: String)
  }

  /// The most that so many bytes may unfold to. Deflate gives at most 1032 bytes for one; above
  /// 64 MiB more than 64 for one is taken for an attack on the memory.
  static func budget(for count: Int) -> Int { min(count * 1100 + 4096, max(64 << 20, count * 64)) }

  /// How many bytes to unfold at a time: as many as there is room for already, else as many as there
  /// are, so that moving them costs little; one more than the budget at most, to see it exceeded.
  private static func room(in content: [UInt8], budget: Int) -> Int {
    let free = content.capacity - content.count
    let room = free > 0 ? free : max(content.count, 1 << 16)
    return min(room, budget - content.count + 1, 1 << 30)
  }

  /// Appends what the bytes, less than 4 GiB of them, unfold to, up to `budget` bytes in all.
  static func inflate(
    _ bytes: ArraySlice<UInt8>, _ wrapper: Wrapper, into content: inout [UInt8], budget: Int
  ) -> Outcome {
    // zlib remembers where its stream record lies, so the record may not move.
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    defer { unsafe stream.deallocate() }
    let size = unsafe Int32(MemoryLayout<z_stream>.size)
    guard unsafe inflateInit2_(stream, wrapper.windowBits, ZLIB_VERSION, size) == Z_OK else {
      return .corrupt(used: 0, reason: "zlib cannot start")
    }
    defer { unsafe _ = inflateEnd(stream) }
    return unsafe bytes.withUnsafeBufferPointer { input in
      // zlib's type for the input is mutable; it only reads there.
      unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      unsafe stream.pointee.avail_in = UInt32(input.count)
      while true {
        var status = Z_OK
        content.append(addingCapacity: room(in: content, budget: budget)) { output in
          unsafe output.withUnsafeMutableBufferPointer { buffer, produced in
            unsafe SystemCalls.preferHugePages(buffer)
            unsafe stream.pointee.next_out = buffer.baseAddress
            unsafe stream.pointee.avail_out = UInt32(buffer.count)
            status = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
            produced = unsafe buffer.count - Int(stream.pointee.avail_out)
          }
        }
        let used = unsafe input.count - Int(stream.pointee.avail_in)
        guard content.count <= budget else { return .overBudget }
        switch status {
        case Z_STREAM_END: return .whole(used: used)
        case Z_OK: continue
        case Z_BUF_ERROR: return .truncated
        default:
          let reason = unsafe stream.pointee.msg.map { unsafe String(cString: $0) }
          return .corrupt(used: used, reason: reason ?? "zlib status \(status)")
        }
      }
    }
  }
}
