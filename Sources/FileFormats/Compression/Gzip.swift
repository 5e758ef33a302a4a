/// Gzip files (RFC 1952), unpacked by zlib.
public enum Gzip {
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
    let budget = min(limit, Inflation.budget(for: bytes.count))
    var content: [UInt8] = []
    // One more, so that the end is seen before there is no room.
    content.reserveCapacity(min(budget, claimedLength(bytes)) + 1)
    switch Inflation.inflate(bytes[...], .gzip, into: &content, budget: budget) {
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
}
