// Unsafe: owns raw memory; who reads it knows its size from the program's plan.

/// Zeroed memory aligned to cache lines, freed with its last reference.
@safe final class Buffer {
  let bytes: Int
  let start: UnsafeMutableRawPointer

  init(bytes: Int) {
    self.bytes = max(bytes, MemoryPlan.alignment)
    unsafe start = UnsafeMutableRawPointer.allocate(
      byteCount: self.bytes, alignment: MemoryPlan.alignment)
    unsafe start.initializeMemory(as: UInt8.self, repeating: 0, count: self.bytes)
  }

  /// Memory that begins with what another, smaller buffer holds.
  convenience init(bytes: Int, beginningWith other: Buffer) {
    self.init(bytes: bytes)
    unsafe start.copyMemory(from: other.start, byteCount: min(self.bytes, other.bytes))
  }

  deinit { unsafe start.deallocate() }

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

  /// The number at a byte offset.
  func scalar<Element: BitwiseCopyable>(at offset: Int) -> Element {
    precondition(
      offset >= 0 && offset + MemoryLayout<Element>.stride <= bytes, "outside the buffer")
    return unsafe start.load(fromByteOffset: offset, as: Element.self)
  }
}
