import FileFormats

/// An array of bytes as IDX files hold it (Y. LeCun, "The MNIST database of handwritten digits",
/// section on the file format): row-major, the outermost extent first.
public struct IDX: Sendable, Hashable {
  /// The most dimensions that are read.
  static let greatestRank = 4
  /// The type byte of unsigned bytes, and those of the types that are not read.
  private static let unsignedByte: UInt8 = 0x08
  private static let otherTypes: Set<UInt8> = [0x09, 0x0B, 0x0C, 0x0D, 0x0E]

  /// The extents, one to four.
  public let shape: [Int]
  /// As many bytes as the shape says.
  public let bytes: [UInt8]

  /// Reads an IDX file, plain or packed by gzip; which of the two, its first bytes tell.
  ///
  /// - Parameters:
  ///   - path: named in errors.
  ///   - limit: how many bytes it may have, unpacked.
  /// - Throws: `.damaged`, `.unsupported` or `.tooLarge`.
  public static func decode(
    _ file: [UInt8], path: String, limit: Int = 1 << 30
  ) throws(FileError) -> IDX {
    var bytes = try Gzip.isGzip(file) ? Gzip.decompress(file, path: path, limit: limit) : file
    guard bytes.count <= limit else {
      throw FileError(.tooLarge, path: path, "\(bytes.count) bytes, at most \(limit) are read")
    }
    guard bytes.count >= 4, bytes[0] == 0, bytes[1] == 0 else {
      throw FileError(
        .damaged, path: path, place: "byte 0", "not an IDX file: it begins with two zero bytes")
    }
    guard bytes[2] == unsignedByte else {
      throw FileError(
        otherTypes.contains(bytes[2]) ? .unsupported : .damaged, path: path, place: "byte 2",
        "element type \(bytes[2]), expected \(unsignedByte) (unsigned bytes)")
    }
    let rank = Int(bytes[3])
    guard (1...greatestRank).contains(rank) else {
      throw FileError(
        .damaged, path: path, place: "byte 3",
        "\(rank) dimensions, expected 1 to \(greatestRank)")
    }
    let start = 4 + 4 * rank
    guard bytes.count >= start else {
      throw FileError(
        .damaged, path: path, place: "byte \(bytes.count)",
        "the header of \(start) bytes is cut off")
    }
    let shape = (0..<rank).map { dimension in
      bytes[(4 + 4 * dimension)..<(8 + 4 * dimension)].reduce(0) { $0 << 8 | Int($1) }
    }
    guard product(of: shape) == bytes.count - start else {
      let extents = shape.map(String.init).joined(separator: " x ")
      throw FileError(
        .damaged, path: path, place: "byte 4",
        "the header says \(extents) bytes, \(bytes.count - start) follow it")
    }
    bytes.removeFirst(start)
    return IDX(shape: shape, bytes: bytes)
  }

  /// The product; nil if it overflows.
  private static func product(of shape: [Int]) -> Int? {
    var product = 1
    for extent in shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      if overflow { return nil }
      product = next
    }
    return product
  }
}
