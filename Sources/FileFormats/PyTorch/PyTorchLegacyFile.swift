/// A file that PyTorch wrote before version 1.6, and writes when it is asked to: five pickles one
/// after another (a magic number, the version, the machine, what was saved, the storages' keys),
/// then for each key the count of elements in eight bytes and the numbers.
/// (https://github.com/pytorch/pytorch, torch/serialization.py, _legacy_save.)
enum PyTorchLegacyFile {
  /// 0x1950A86A20F9469CFC6C, little-endian.
  private static let magic: [UInt8] = [
    0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19,
  ]
  private static let version = 1001

  /// The tensors and the ranges they lie in.
  ///
  /// - Throws: `.damaged`, `.unsupported` or `.tooLarge`.
  static func content(of source: ByteSource) throws(FileError) -> StoredTensors {
    let pickles = try source.bytes(0..<min(source.count, Pickle.greatestLength))
    var reader = PickleReader(pickles, path: source.path, place: nil)
    try checkBeginning(&reader)
    let value = try reader.next()
    let keys = try reader.next()
    let name = WeightFile.stem(of: source.path)
    var content = StoredTensors(
      tensors: try PickledTensors(in: value, of: reader, name: name).stored)
    content.storages = try storages(keys, of: reader, in: source)
    return content
  }

  private static func checkBeginning(_ reader: inout PickleReader) throws(FileError) {
    guard case .longInteger(magic) = try reader.next() else {
      throw reader.failure(
        "a pickle that is no file of PyTorch's", .unsupported,
        hint: "save the weights as safetensors, or with torch.save")
    }
    guard case .integer(version) = try reader.next() else {
      throw reader.failure("expected version \(version) of PyTorch's format", .unsupported)
    }
    guard case .dictionary(let machine) = try reader.next() else {
      throw reader.failure("expected the description of a machine")
    }
    for case (.text("little_endian"), let isLittleEndian) in reader.dictionaries[machine] {
      guard case .truth(true) = isLittleEndian else {
        throw reader.failure(
          "expected little-endian numbers", .unsupported,
          hint: "save the file on a little-endian machine")
      }
    }
  }

  /// Where the storages are that the pickles named, in the order of `reader.storages`.
  private static func storages(
    _ keys: Pickle.Value, of reader: PickleReader, in source: ByteSource
  ) throws(FileError) -> [StoredTensor.Storage] {
    func failure(_ place: Int, _ message: String) -> FileError {
      FileError(.damaged, path: source.path, place: "byte \(place)", message)
    }
    guard case .list(let list) = keys, reader.sequences[list].count == reader.storages.count else {
      throw failure(reader.instruction, "expected the keys of \(reader.storages.count) storages")
    }
    var ranges = [Range<Int>?](repeating: nil, count: reader.storages.count)
    var position = reader.position
    for key in reader.sequences[list] {
      guard case .text(let key) = key, let index = reader.storagePlaces[key], ranges[index] == nil
      else {
        throw failure(reader.instruction, "expected the key of each storage once")
      }
      guard position <= source.count - 8 else { throw failure(position, "the file is cut off") }
      let storage = reader.storages[index]
      let count = try source.bytes(position..<position + 8)
        .reversed().reduce(0) { $0 << 8 | Int($1) }
      position += 8
      guard count == storage.count else {
        throw failure(position - 8, "\(count) elements, the pickle says \(storage.count)")
      }
      let size = count * (storage.elementType?.size ?? 1)
      guard size <= source.count - position else { throw failure(position, "the file is cut off") }
      ranges[index] = position..<position + size
      position += size
    }
    guard position == source.count else {
      throw failure(position, "\(source.count - position) bytes after the last storage")
    }
    return ranges.compactMap { $0.map { .range($0) } }
  }
}
