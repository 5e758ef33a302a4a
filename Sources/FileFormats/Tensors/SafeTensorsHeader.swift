/// The header of a safetensors file, checked against the file's length: every entry's bytes are
/// inside the file, they follow each other without holes and end where the file does.
struct SafeTensorsHeader {
  static let greatestLength = 16 << 20
  static let greatestTensorCount = 100_000
  static let greatestRank = 8
  static let greatestNameLength = 512

  struct Entry {
    var name: String
    var elementType: TensorRecord.ElementType
    var shape: [Int]
    /// Bytes `begin ..< end` of the data.
    var begin: Int
    var end: Int
  }

  private(set) var entries: [Entry] = []
  private(set) var metadata: [SafeTensors.Metadata] = []
  /// Where in the file the data begins.
  let dataStart: Int

  init(of source: ByteSource) throws(FileError) {
    let path = source.path
    dataStart = 8 + (try Self.length(of: source))
    for member in try Self.members(of: source.bytes(8..<dataStart), path: path) {
      if member.key == SafeTensors.metadataKey {
        metadata = try Self.metadata(member.value, path: path)
      } else {
        entries.append(try Self.entry(member, path: path))
      }
    }
    guard entries.count <= Self.greatestTensorCount else {
      throw FileError(
        .tooLarge, path: path,
        "\(entries.count) tensors, at most \(Self.greatestTensorCount) are read")
    }
    entries.sort { ($0.begin, $0.end) < ($1.begin, $1.end) }
    try checkCover(dataLength: source.count - dataStart, path: path)
  }

  /// Whether a tensor can have this name.
  static func isValid(name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= greatestNameLength && name != SafeTensors.metadataKey
      && name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
  }

  private static func length(of source: ByteSource) throws(FileError) -> Int {
    let (path, count) = (source.path, source.count)
    guard count >= 8 else {
      throw FileError(.damaged, path: path, "\(count) bytes, a safetensors file has at least 8")
    }
    let claimed = try source.bytes(0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let limit = min(greatestLength, count / 2 + 1 << 20)
    guard claimed <= UInt64(count - 8) else {
      throw FileError(
        .damaged, path: path, place: "byte 0",
        "a header of \(claimed) bytes in a file of \(count)")
    }
    guard claimed <= UInt64(limit) else {
      throw FileError(
        .tooLarge, path: path, place: "byte 0",
        "a header of \(claimed) bytes, at most \(limit) are read")
    }
    return Int(claimed)
  }

  private static func members(
    of header: [UInt8], path: String
  ) throws(FileError) -> [JSON.Member] {
    guard header.first == UInt8(ascii: "{") else {
      throw FileError(.damaged, path: path, place: "byte 8", "expected '{' to begin the header")
    }
    // A tensor takes at most 6 values and one for each extent of its shape.
    let limits = JSONLimits(
      bytes: greatestLength, depth: 4,
      nodes: greatestTensorCount * (6 + greatestRank))
    let json: JSON
    do throws(FileError) {
      json = try JSON.decode(header, path: path, limits: limits)
    } catch {
      var error = error
      error.place = "header" + (error.place.map { ", " + $0 } ?? "")
      throw error
    }
    return json.members ?? []
  }

  private static func metadata(
    _ value: JSON, path: String
  ) throws(FileError) -> [SafeTensors.Metadata] {
    var texts: [SafeTensors.Metadata] = []
    guard let members = value.members else {
      throw FileError(
        .damaged, path: path, place: SafeTensors.metadataKey, "expected an object of texts")
    }
    for member in members {
      guard let text = member.value.stringValue else {
        throw FileError(
          .damaged, path: path, place: "\(SafeTensors.metadataKey) '\(member.key)'",
          "expected a text")
      }
      texts.append(SafeTensors.Metadata(member.key, text))
    }
    return texts
  }

  private static func entry(_ member: JSON.Member, path: String) throws(FileError) -> Entry {
    func damaged(_ message: String, _ problem: FileProblem = .damaged) -> FileError {
      let name = String(member.key.prefix(greatestNameLength))
      return FileError(problem, path: path, place: "tensor '\(name)'", message)
    }
    guard isValid(name: member.key) else {
      throw damaged("expected a name of 1 to \(greatestNameLength) bytes, no control characters")
    }
    guard let fields = member.value.members, fields.count == 3,
      let typeName = member.value["dtype"]?.stringValue,
      let extents = member.value["shape"]?.elements,
      let offsets = member.value["data_offsets"]?.elements
    else { throw damaged("expected the fields dtype, shape and data_offsets, and no others") }
    guard let elementType = TensorRecord.ElementType(rawValue: typeName) else {
      throw damaged("unknown dtype '\(typeName.prefix(40))'", .unsupported)
    }
    guard extents.count <= greatestRank else {
      throw damaged("\(extents.count) dimensions, at most \(greatestRank) are read", .tooLarge)
    }
    let shape = extents.compactMap(\.integerValue).filter { $0 >= 0 }
    guard shape.count == extents.count else {
      throw damaged("expected whole numbers of at least 0 in the shape")
    }
    let range = offsets.compactMap(\.integerValue)
    guard offsets.count == 2, range.count == 2, 0 <= range[0], range[0] <= range[1] else {
      throw damaged("expected data_offsets [begin, end] with 0 <= begin <= end")
    }
    guard let length = elementType.byteCount(of: shape) else {
      throw damaged("the shape \(shape) overflows", .tooLarge)
    }
    guard range[1] - range[0] == length else {
      throw damaged(
        "\(elementType.rawValue) \(shape) takes \(length) bytes, data_offsets give "
          + "\(range[1] - range[0])")
    }
    return Entry(
      name: member.key, elementType: elementType, shape: shape, begin: range[0], end: range[1])
  }

  private func checkCover(dataLength: Int, path: String) throws(FileError) {
    var position = 0
    for entry in entries {
      guard entry.begin == position else {
        throw FileError(
          .damaged, path: path, place: "tensor '\(entry.name)'",
          "begins at byte \(entry.begin) of the data, expected \(position)")
      }
      guard entry.end <= dataLength else {
        throw FileError(
          .damaged, path: path, place: "tensor '\(entry.name)'",
          "ends at byte \(entry.end) of the data, which has \(dataLength)")
      }
      position = entry.end
    }
    guard position == dataLength else {
      throw FileError(
        .damaged, path: path,
        "\(dataLength - position) bytes after the last tensor, expected none")
    }
  }
}
