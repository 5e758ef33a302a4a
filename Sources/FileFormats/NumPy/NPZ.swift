/// npz files, NumPy's format for several arrays: a zip file with an npy file for each.
public enum NPZ {
  /// How many bytes all arrays together may have.
  public static let greatestSize = 4 << 30

  /// The arrays of the file at `path`, in its order, by their names without ".npy".
  ///
  /// - Throws: `.notFound`, `.inputOutput`, `.damaged`, `.unsupported` or `.tooLarge`.
  public static func read(_ path: String) throws(FileError) -> [TensorRecord] {
    try decode(Files.read(path, limit: greatestSize - 1), path: path)
  }

  /// The arrays of a file, in its order, by their names without ".npy".
  ///
  /// - Parameters:
  ///   - path: named in errors.
  ///   - limit: how many bytes all arrays together may have.
  /// - Throws: `.damaged`, `.unsupported` or `.tooLarge`.
  public static func decode(
    _ bytes: [UInt8], path: String, limit: Int = greatestSize
  ) throws(FileError) -> [TensorRecord] {
    var records: [TensorRecord] = []
    let limit = min(limit, max(bytes.count, Inflation.budget(for: bytes.count)))
    var rest = limit
    for member in try ZipDirectory(of: bytes, path: path).members {
      let place = "member '\(member.name)'"
      guard member.name.hasSuffix(".npy") else {
        throw FileError(.unsupported, path: path, place: place, "expected a name that ends in .npy")
      }
      guard member.size <= rest else {
        throw FileError(.tooLarge, path: path, place: place, "more than \(limit) bytes in all")
      }
      rest -= member.size
      let content = try content(of: member, bytes, path: path, place: place)
      guard CRC32.checksum(of: content) == member.checksum else {
        throw FileError(.damaged, path: path, place: place, "its checksum does not match")
      }
      records.append(
        try NPY.decode(
          content, name: String(member.name.dropLast(4)), path: path, place: place))
    }
    return records
  }

  private static func content(
    of member: ZipDirectory.Member, _ bytes: [UInt8], path: String, place: String
  ) throws(FileError) -> ArraySlice<UInt8> {
    let packed = bytes[member.range]
    guard member.isDeflated else { return packed }
    guard member.size <= Inflation.budget(for: packed.count) else {
      throw FileError(
        .damaged, path: path, place: place,
        "\(packed.count) bytes may not unfold to \(member.size)")
    }
    var content: [UInt8] = []
    content.reserveCapacity(member.size + 1)
    let outcome = Inflation.inflate(packed, .none, into: &content, budget: member.size)
    guard case .whole(packed.count) = outcome, content.count == member.size else {
      throw FileError(
        .damaged, path: path, place: place,
        "its deflated data is corrupt or does not unfold to \(member.size) bytes")
    }
    return content[...]
  }

  /// The file of arrays, stored one after another in the order given. The same arrays give the same
  /// bytes: no time is written. Names must differ, and be such as the reader takes.
  ///
  /// - Parameter path: named in errors.
  /// - Throws: `.tooLarge` above 4 GiB or 4096 arrays.
  public static func encode(
    _ records: [TensorRecord], path: String
  ) throws(FileError) -> [UInt8] {
    precondition(Set(records.map(\.name)).count == records.count, "two arrays of one name")
    let size = records.map { $0.bytes.count + $0.name.utf8.count + 1024 }.reduce(0, +)
    guard size < greatestSize, records.count <= ZipDirectory.greatestMemberCount else {
      throw FileError(.tooLarge, path: path, "an npz file holds up to 4096 arrays and 4 GiB")
    }
    var file: [UInt8] = []
    var directory: [UInt8] = []
    file.reserveCapacity(size)
    for record in records {
      let name = Array((record.name + ".npy").utf8)
      let content = NPY.encode(record)
      // Version 2.0, a name in UTF-8, stored, 1 January 1980, checksum, sizes, name, no more.
      let common =
        number(20, 2) + number(0x0800, 2) + number(0, 2) + number(0, 2) + number(0x21, 2)
        + number(Int(CRC32.checksum(of: content[...])), 4) + number(content.count, 4)
        + number(content.count, 4) + number(name.count, 2) + number(0, 2)
      directory += number(0x0201_4B50, 4) + number(20, 2) + common
      directory += [UInt8](repeating: 0, count: 10) + number(file.count, 4) + name
      file += number(0x0403_4B50, 4) + common + name + content
    }
    let start = file.count
    file += directory
    file += number(0x0605_4B50, 4) + number(0, 4) + number(records.count, 2)
    file += number(records.count, 2) + number(directory.count, 4) + number(start, 4) + number(0, 2)
    return file
  }

  /// A little-endian number.
  private static func number(_ value: Int, _ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
