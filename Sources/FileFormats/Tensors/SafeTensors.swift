/// The safetensors format: eight bytes of header length, a JSON header, the tensors' bytes.
/// (https://github.com/huggingface/safetensors, format section of the README.)
///
/// The reader is stricter than the reference: it refuses repeated names, unknown fields, control
/// characters in names, text before the header's brace and truth values other than 0 and 1.
public struct SafeTensors: Sendable, Hashable {
  /// The key of the header's member that holds the metadata.
  static let metadataKey = "__metadata__"

  /// The tensors in the order they lie in the file.
  public var records: [TensorRecord]
  /// The texts of `__metadata__`, in the order of the header.
  public var metadata: [Metadata]

  /// A named text beside the tensors.
  public struct Metadata: Sendable, Hashable {
    /// Its name.
    public var key: String
    /// The text.
    public var value: String

    /// A named text.
    public init(_ key: String, _ value: String) {
      self.key = key
      self.value = value
    }
  }

  /// The record of this name.
  public subscript(name: String) -> TensorRecord? {
    records.first { $0.name == name }
  }

  /// The metadata text of this key.
  public func metadata(_ key: String) -> String? {
    metadata.first { $0.key == key }?.value
  }

  /// A file of these tensors. The same records give the same bytes in whatever order they come:
  /// tensors lie by falling element size, so that each is aligned, then by name.
  ///
  /// Names must differ, and be such as the reader takes.
  public static func encode(_ records: [TensorRecord], metadata: [Metadata] = []) -> [UInt8] {
    Array(chunks(records, metadata: metadata).joined())
  }

  /// The file `encode` gives as its header followed by each tensor's own bytes, so that a large
  /// one can be written without a second copy in memory.
  public static func chunks(_ records: [TensorRecord], metadata: [Metadata] = []) -> [[UInt8]] {
    let records = records.sorted {
      $0.elementType.size != $1.elementType.size
        ? $0.elementType.size > $1.elementType.size
        : $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
    }
    var names: Set<String> = []
    var members: [JSON.Member] = []
    if !metadata.isEmpty {
      precondition(Set(metadata.map(\.key)).count == metadata.count, "repeated metadata key")
      let texts = metadata.map { JSON.Member($0.key, .string($0.value)) }
      members.append(JSON.Member(metadataKey, .object(texts)))
    }
    var offset = 0
    for record in records {
      precondition(
        names.insert(record.name).inserted, "two tensors are named '\(record.name)'")
      precondition(
        SafeTensorsHeader.isValid(name: record.name), "unusable tensor name '\(record.name)'")
      let end = offset + record.bytes.count
      members.append(
        JSON.Member(
          record.name,
          [
            "dtype": .string(record.elementType.rawValue),
            "shape": .array(record.shape.map { .integer(Int64($0)) }),
            "data_offsets": [.integer(Int64(offset)), .integer(Int64(end))],
          ]))
      offset = end
    }
    var header = Array(JSON.object(members).text().utf8)
    header += [UInt8](repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    return [length + header] + records.map(\.bytes)
  }

  /// Reads the file at `path`.
  ///
  /// - Throws: `.notFound`, `.inputOutput`, `.damaged`, `.unsupported` or `.tooLarge`.
  public static func read(_ path: String) throws(FileError) -> SafeTensors {
    try decode(Files.read(path, limit: 64 << 30), path: path)
  }

  /// Reads the bytes of a file.
  ///
  /// - Parameter path: named in errors.
  /// - Throws: `.damaged`, `.unsupported` or `.tooLarge`.
  public static func decode(_ bytes: [UInt8], path: String) throws(FileError) -> SafeTensors {
    let header = try SafeTensorsHeader(of: ByteSource(bytes, path: path))
    var records: [TensorRecord] = []
    records.reserveCapacity(header.entries.count)
    for entry in header.entries {
      let content = bytes[header.dataStart + entry.begin..<header.dataStart + entry.end]
      if entry.elementType == .bool, let place = content.firstIndex(where: { $0 > 1 }) {
        throw FileError(
          .damaged, path: path, place: "tensor '\(entry.name)', byte \(place)",
          "truth value \(bytes[place]), expected 0 or 1")
      }
      records.append(
        TensorRecord(
          name: entry.name, elementType: entry.elementType, shape: entry.shape,
          bytes: Array(content)))
    }
    return SafeTensors(records: records, metadata: header.metadata)
  }
}
