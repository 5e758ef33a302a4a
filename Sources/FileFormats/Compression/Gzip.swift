// `unsafe` here: zlib reads and writes through pointers in its stream record. They point into
// arrays that live for the whole call and come with those arrays' lengths.

import CZlib

/// Gzip files (RFC 1952), unpacked by zlib.
public enum Gzip {
  /// Deflate gives at most 1032 bytes for one; what claims more is refused.
  static let greatestRatio = 1100

  /// Whether the bytes begin as a gzip file does.
  public static func isGzip(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B
  }

  /// The content of a gzip file of one member, its checksum and length verified.
  ///
  /// - Parameters:
  ///   - path: named in errors.
  ///   - limit: how many bytes the content may have.
  /// - Throws: `.damaged` for truncated or altered files and for bytes after the member;
  ///   `.tooLarge` if the content is above the limit.
  public static func decompress(
    _ bytes: [UInt8], path: String, limit: Int = 1 << 30
  ) throws(FileError) -> [UInt8] {
    guard isGzip(bytes) else {
      throw FileError(.damaged, path: path, place: "byte 0", "not a gzip file")
    }
    guard bytes.count <= Int(UInt32.max) else {
      throw FileError(.tooLarge, path: path, "gzip files above 4 GiB are not read")
    }
    let budget = min(limit, bytes.count * greatestRatio + 4096)
    var content: [UInt8] = []
    content.reserveCapacity(min(budget, claimedLength(bytes)))
    switch inflate(bytes, into: &content, budget: budget) {
    case .whole(let used) where used == bytes.count:
      return content
    case .whole(let used):
      throw FileError(
        .damaged, path: path, place: "byte \(used)",
        "\(bytes.count - used) bytes after the end of the gzip member, expected none")
    case .overBudget:
      throw FileError(.tooLarge, path: path, "unpacks to more than \(budget) bytes")
    case .truncated:
      throw FileError(.damaged, path: path, place: "byte \(bytes.count)", "gzip data is cut off")
    case .corrupt(let used, let reason):
      throw FileError(
        .damaged, path: path, place: "near byte \(used)", "gzip data is corrupt (\(reason))")
    }
  }

  /// The content's length modulo 2^32 as the last four bytes tell it: a guess, never trusted.
  private static func claimedLength(_ bytes: [UInt8]) -> Int {
    bytes.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  private enum Outcome {
    case whole(used: Int)
    case overBudget
    case truncated
    case corrupt(used: Int, reason: String)
  }

  private static func inflate(
    _ bytes: [UInt8], into content: inout [UInt8], budget: Int
  ) -> Outcome {
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    // zlib remembers where its stream record lies, so the record may not move.
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    defer { unsafe stream.deallocate() }
    // 15 bits of window, and 16 for the gzip wrapper alone.
    let size = unsafe Int32(MemoryLayout<z_stream>.size)
    guard unsafe inflateInit2_(stream, 15 + 16, ZLIB_VERSION, size) == Z_OK else {
      return .corrupt(used: 0, reason: "zlib cannot start")
    }
    defer { unsafe _ = inflateEnd(stream) }
    return unsafe bytes.withUnsafeBufferPointer { input in
      // zlib's type for the input is mutable; it only reads there.
      unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      unsafe stream.pointee.avail_in = UInt32(input.count)
      while true {
        let status = unsafe chunk.withUnsafeMutableBufferPointer { output in
          unsafe stream.pointee.next_out = output.baseAddress
          unsafe stream.pointee.avail_out = UInt32(output.count)
          return unsafe CZlib.inflate(stream, Z_NO_FLUSH)
        }
        let produced = unsafe chunk.count - Int(stream.pointee.avail_out)
        let used = unsafe input.count - Int(stream.pointee.avail_in)
        guard content.count + produced <= budget else { return .overBudget }
        content += chunk[..<produced]
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
