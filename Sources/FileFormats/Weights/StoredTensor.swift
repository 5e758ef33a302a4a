/// A tensor as a file tells of it: its numbers are not read yet.
struct StoredTensor: Sendable {
  /// Bytes that one tensor or several lie in.
  enum Storage: Sendable {
    /// Bytes of the file.
    case range(Range<Int>)
    /// What a member of a zip file holds, but for so many bytes at its beginning.
    case member(ZipDirectory.Member, after: Int, isChecked: Bool)

    /// How many bytes it has.
    var count: Int {
      switch self {
      case .range(let range): range.count
      case .member(let member, let start, _): member.size - start
      }
    }
  }

  let name: String
  let elementType: TensorRecord.ElementType
  /// Which elements of the storage are the tensor's.
  let elements: StridedElements
  /// The place of its storage in the list of them.
  let storage: Int
  var isBigEndian = false

  /// The tensor, its numbers taken from the bytes of its storage.
  ///
  /// - Throws: `.damaged` for a truth value that is neither 0 nor 1.
  func record(from storage: [UInt8], path: String) throws(FileError) -> TensorRecord {
    let size = elementType.size
    var bytes = elements.gathered(from: storage, size: size)
    if elementType == .bool, let place = bytes.firstIndex(where: { $0 > 1 }) {
      throw FileError(
        .damaged, path: path, place: "tensor '\(name)'",
        "truth value \(bytes[place]), expected 0 or 1")
    }
    if isBigEndian { bytes.reverseElements(ofSize: size) }
    return TensorRecord(
      name: name, elementType: elementType, shape: elements.shape, bytes: bytes)
  }
}

/// The tensors of a file and the storages they lie in.
struct StoredTensors: Sendable {
  var tensors: [StoredTensor] = []
  var storages: [StoredTensor.Storage] = []
  /// The zip file, if it is one.
  var directory: ZipDirectory?

  /// Adds a tensor that has a storage of its own.
  mutating func append(
    _ name: String, _ elementType: TensorRecord.ElementType, _ elements: StridedElements,
    isBigEndian: Bool = false, in storage: StoredTensor.Storage
  ) {
    tensors.append(
      StoredTensor(
        name: name, elementType: elementType, elements: elements, storage: storages.count,
        isBigEndian: isBigEndian))
    storages.append(storage)
  }
}
