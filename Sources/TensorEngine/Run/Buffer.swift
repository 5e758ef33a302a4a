// Unsafe: owns raw memory; who reads it knows its size from the program's plan.

import Glibc

/// Zeroed memory aligned to cache lines, freed with its last reference. All but small ones are
/// mapped, so that what is never touched costs nothing, and large ones in huge pages, which spare
/// address translations.
@safe final class Buffer {
  let bytes: Int
  let start: UnsafeMutableRawPointer
  /// What was mapped, where it was.
  private let mapping: UnsafeMutableRawBufferPointer?

  init(bytes: Int) {
    self.bytes = max(bytes, MemoryPlan.alignment)
    if self.bytes >= Self.leastMapping {
      let alignment = self.bytes >= Self.hugePage ? Self.hugePage : Self.page
      let length = Self.residentBytes(self.bytes)
      let mapped = unsafe mmap(
        nil, length + alignment, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
      guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
        preconditionFailure("no memory for \(self.bytes) bytes")
      }
      unsafe mapping = UnsafeMutableRawBufferPointer(start: mapped, count: length + alignment)
      unsafe start = mapped.alignedUp(toMultipleOf: alignment)
      // Advice only: where there are no huge pages, small ones serve.
      if alignment == Self.hugePage { _ = unsafe madvise(start, length, MADV_HUGEPAGE) }
    } else {
      unsafe mapping = nil
      unsafe start = UnsafeMutableRawPointer.allocate(
        byteCount: self.bytes, alignment: MemoryPlan.alignment)
      unsafe start.initializeMemory(as: UInt8.self, repeating: 0, count: self.bytes)
    }
  }

  /// Bytes of a page and of a huge page on x86-64 and most others.
  private static var page: Int { 1 << 12 }
  private static var hugePage: Int { 1 << 21 }
  /// Memory from so many bytes on is mapped.
  private static var leastMapping: Int { 1 << 17 }

  /// How much memory a buffer of so many bytes takes once all of it was used.
  static func residentBytes(_ bytes: Int) -> Int {
    let unit = bytes >= hugePage ? hugePage : bytes >= leastMapping ? page : MemoryPlan.alignment
    return (bytes + unit - 1) / unit * unit
  }

  /// Memory that begins with what another, smaller buffer holds.
  convenience init(bytes: Int, beginningWith other: Buffer) {
    self.init(bytes: bytes)
    unsafe start.copyMemory(from: other.start, byteCount: min(self.bytes, other.bytes))
  }

  deinit {
    if let mapping = unsafe mapping {
      _ = unsafe munmap(mapping.baseAddress, mapping.count)
    } else {
      unsafe start.deallocate()
    }
  }

  /// Copies numbers to a byte offset.
  func store<Element: BitwiseCopyable>(_ elements: [Element], at offset: Int = 0) {
    unsafe elements.withUnsafeBytes { source in
      precondition(offset >= 0 && offset + source.count <= bytes, "outside the buffer")
      if let base = source.baseAddress, source.count > 0 {
        unsafe (start + offset).copyMemory(from: base, byteCount: source.count)
      }
    }
  }

  /// The numbers at a byte offset.
  func load<Element: BitwiseCopyable>(_ count: Int, at offset: Int = 0) -> [Element] {
    precondition(
      offset >= 0 && offset + count * MemoryLayout<Element>.stride <= bytes, "outside the buffer")
    return unsafe Array(
      UnsafeBufferPointer(
        start: (start + offset).assumingMemoryBound(to: Element.self), count: count))
  }

  /// The first infinite number or NaN among those at a byte offset, or nil.
  func firstNonFinite<Scalar: KernelScalar>(_ count: Int, at offset: Int = 0) -> Scalar? {
    precondition(
      offset >= 0 && offset + count * MemoryLayout<Scalar>.stride <= bytes, "outside the buffer")
    let address = unsafe start + offset
    let areFinite =
      if Scalar.self == Float.self {
        unsafe Self.areFinite(address.assumingMemoryBound(to: Float.self), count)
      } else {
        unsafe Self.areFinite(address.assumingMemoryBound(to: Double.self), count)
      }
    if areFinite { return nil }
    let numbers = unsafe UnsafeBufferPointer(
      start: address.assumingMemoryBound(to: Scalar.self), count: count)
    return unsafe numbers.first { !$0.isFinite }
  }

  // One for each type, not generic: these run after every step of a run.

  private static func areFinite(_ numbers: UnsafePointer<Float>, _ count: Int) -> Bool {
    var found: Int32 = 0
    // A finite number less itself is 0, any other NaN. Without an exit, so that it is vectorised.
    for index in 0..<count { found |= unsafe numbers[index] - numbers[index] == 0 ? 0 : 1 }
    return found == 0
  }

  private static func areFinite(_ numbers: UnsafePointer<Double>, _ count: Int) -> Bool {
    var found: Int32 = 0
    for index in 0..<count { found |= unsafe numbers[index] - numbers[index] == 0 ? 0 : 1 }
    return found == 0
  }

  /// The number at a byte offset.
  func scalar<Element: BitwiseCopyable>(at offset: Int) -> Element {
    precondition(
      offset >= 0 && offset + MemoryLayout<Element>.stride <= bytes, "outside the buffer")
    return unsafe start.load(fromByteOffset: offset, as: Element.self)
  }
}
