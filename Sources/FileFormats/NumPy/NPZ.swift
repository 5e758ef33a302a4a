/// npz files, NumPy's format for several arrays: a zip file with an npy file for each.
public enum NPZ {
  /// How many bytes all arrays together may have.
  public static let greatestSize = 4 << 30

  /// The arrays of the file at `path`, in its order, by their names without ".npy".
  ///
  /// - Throws: `.notFound`, `.inputOutput`, `.damaged`, `.unsupported` or `.tooLarge`.
  public static func read(_ path: String) throws(FileError) -> [TensorRecord] {
    try decode(ByteSource(path: path), limit: greatestSize)
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
    try decode(ByteSource(bytes, path: path), limit: limit)
  }

  private static func decode(
    _ source: ByteSource, limit: Int
  ) throws(FileError) -> [TensorRecord] {
    let path = source.path
    let directory = try ZipDirectory(of: source)
    try directory.checkUnfoldedSize(limit: limit)
    var records: [TensorRecord] = []
    for member in directory.members {
      let name = try arrayName(of: member, path: path)
      let content = try directory.content(of: member)
      records.append(
        try NPY.decode(content[...], name: name, path: path, place: "member '\(member.name)'"))
    }
    return records
  }

  /// The name of the array that a member holds.
  static func arrayName(
    of member: ZipDirectory.Member, path: String
  ) throws(FileError) -> String {
    guard member.name.hasSuffix(".npy") else {
      throw FileError(
        .unsupported, path: path, place: "member '\(member.name)'",
        "expected a name that ends in .npy")
    }
    return String(member.name.dropLast(4))
  }

  /// The file of arrays, stored one after another in the order given. The same arrays give the same
  /// bytes: no time is written. Names must differ.
  ///
  /// - Parameter path: named in errors.
  /// - Throws: `.tooLarge` above 4 GiB or 4096 arrays, `.unsupported` for names that the reader does
  ///   not take and types that NumPy does not have.
  public static func encode(
    _ records: [TensorRecord], path: String
  ) throws(FileError) -> [UInt8] {
    Array(try chunks(records, path: path).joined())
  }

  /// The file `encode` gives as each array's header and own bytes, so that a large one can be
  /// written without a second copy in memory.
  public static func chunks(
    _ records: [TensorRecord], path: String
  ) throws(FileError) -> [[UInt8]] {
    precondition(Set(records.map(\.name)).count == records.count, "two arrays of one name")
    let size = records.map { $0.bytes.count + $0.name.utf8.count + 1024 }.reduce(0, +)
    guard size < greatestSize, records.count <= ZipDirectory.greatestMemberCount else {
      throw FileError(.tooLarge, path: path, "an npz file holds up to 4096 arrays and 4 GiB")
    }
    var chunks: [[UInt8]] = []
    var start = 0
    var directory: [UInt8] = []
    for record in records {
      try checkForm(of: record, path: path)
      let name = Array((record.name + ".npy").utf8)
      let header = NPYHeader.encode(record.elementType, shape: record.shape)
      let checksum = CRC32.checksum(
        of: record.bytes[...], after: CRC32.checksum(of: header[...]))
      let count = header.count + record.bytes.count
      // Version 2.0, a name in UTF-8, stored, 1 January 1980, checksum, sizes, name, no more.
      let common =
        number(20, 2) + number(0x0800, 2) + number(0, 2) + number(0, 2) + number(0x21, 2)
        + number(Int(checksum), 4) + number(count, 4) + number(count, 4) + number(name.count, 2)
        + number(0, 2)
      directory += number(0x0201_4B50, 4) + number(20, 2) + common
      directory += [UInt8](repeating: 0, count: 10) + number(start, 4) + name
      let beginning = number(0x0403_4B50, 4) + common + name + header
      chunks += [beginning, record.bytes]
      start += beginning.count + record.bytes.count
    }
    let end =
      number(0x0605_4B50, 4) + number(0, 4) + number(records.count, 2) + number(records.count, 2)
      + number(directory.count, 4) + number(start, 4) + number(0, 2)
    return chunks + [directory + end]
  }

  /// Refuses what could not be read again.
  private static func checkForm(of record: TensorRecord, path: String) throws(FileError) {
    func failure(_ message: String, hint: String? = nil) -> FileError {
      let place = "tensor '\(record.name.prefix(ZipDirectory.greatestNameLength))'"
      return FileError(.unsupported, path: path, place: place, message, hint: hint)
    }
    guard record.elementType != .bfloat16 else {
      throw failure("NumPy has no bfloat16", hint: "convert it to float32")
    }
    let names = 1...ZipDirectory.greatestNameLength - ".npy".utf8.count
    guard names.contains(record.name.utf8.count),
      !record.name.unicodeScalars.contains(where: \.isMisleading)
    else {
      throw failure(
        "in npz files names have \(names.lowerBound) to \(names.upperBound) bytes, none of them control"
      )
    }
  }

  /// A little-endian number.
  private static func number(_ value: Int, _ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
