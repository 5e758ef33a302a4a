/// A file of named tensors in any of the formats that are read: its list of tensors is read when it
/// is opened, their numbers when they are asked for.
///
/// The format is told by the content, never by the name. No file can make anything be executed.
public struct WeightFile: Sendable {
  /// The formats.
  public enum Format: String, Sendable, Hashable, CaseIterable {
    /// https://github.com/huggingface/safetensors
    case safetensors
    /// NumPy's format for several arrays.
    case npz
    /// NumPy's format for one array.
    case npy
    /// PyTorch's zip file, written since version 1.6.
    case pytorch
    /// PyTorch's format before version 1.6.
    case pytorchLegacy = "pytorch-legacy"
  }

  /// What a file says of one of its tensors.
  public struct Entry: Sendable, Hashable {
    /// Its name; of a tensor in nested dictionaries and lists its path, as in `state_dict.0.weight`.
    public let name: String
    /// How its numbers are stored.
    public let elementType: TensorRecord.ElementType
    /// The extents, outermost first.
    public let shape: [Int]

    /// How many numbers it has.
    public var count: Int { shape.reduce(1, *) }
    /// How many bytes they take.
    public var byteCount: Int { count * elementType.size }
  }

  static let greatestTensorCount = SafeTensorsHeader.greatestTensorCount
  static let greatestRank = SafeTensorsHeader.greatestRank

  /// The file.
  public var path: String { source.path }
  /// Its format.
  public let format: Format
  /// Its tensors, in its order.
  public let entries: [Entry]

  private let source: ByteSource
  private let content: StoredTensors

  /// Opens the file at `path` and reads what it lists.
  ///
  /// - Throws: `.notFound`, `.inputOutput`, `.damaged`, `.unsupported` or `.tooLarge`.
  public init(_ path: String) throws(FileError) {
    try self.init(ByteSource(path: path))
  }

  /// A file whose bytes are in memory.
  ///
  /// - Parameter path: named in errors.
  /// - Throws: `.damaged`, `.unsupported` or `.tooLarge`.
  public init(_ bytes: [UInt8], path: String) throws(FileError) {
    try self.init(ByteSource(bytes, path: path))
  }

  private init(_ source: ByteSource) throws(FileError) {
    self.source = source
    (format, content) = try Self.content(of: source)
    entries = content.tensors.map {
      Entry(name: $0.name, elementType: $0.elementType, shape: $0.elements.shape)
    }
    try checkEntries()
  }

  /// All tensors of the file at `path`, in its order.
  ///
  /// - Throws: `.notFound`, `.inputOutput`, `.damaged`, `.unsupported` or `.tooLarge`.
  public static func read(_ path: String) throws(FileError) -> [TensorRecord] {
    try WeightFile(path).records()
  }

  /// Reads the tensors that are wanted, all unless a choice is given, in the order of the file.
  ///
  /// - Throws: `.damaged`, `.inputOutput`, or `.tooLarge` where they do not fit into memory.
  public func records(
    where isWanted: (Entry) -> Bool = { _ in true }
  ) throws(FileError) -> [TensorRecord] {
    let wanted = entries.indices.filter { isWanted(entries[$0]) }
    let size = wanted.reduce(0) { $0 + entries[$1].byteCount }
    guard SystemCalls.hasRoom(for: size) else {
      throw FileError(.tooLarge, path: path, "\(size) bytes do not fit into memory")
    }
    var records = [TensorRecord?](repeating: nil, count: entries.count)
    // Each storage is read once, and given back before the next one is.
    var held: (index: Int, bytes: [UInt8])?
    for index in wanted.sorted(by: { content.tensors[$0].storage < content.tensors[$1].storage }) {
      let tensor = content.tensors[index]
      if held?.index != tensor.storage {
        held = nil
        held = (tensor.storage, try bytes(of: content.storages[tensor.storage]))
      }
      records[index] = try tensor.record(from: held?.bytes ?? [], path: path)
    }
    return records.compactMap(\.self)
  }

  private func bytes(of storage: StoredTensor.Storage) throws(FileError) -> [UInt8] {
    switch storage {
    case .range(let range): return try source.bytes(range)
    case .member(let member, let start, let isChecked):
      guard let directory = content.directory else { preconditionFailure("not a zip file") }
      let bytes = try directory.content(of: member, isChecked: isChecked)
      return start == 0 ? bytes : Array(bytes[start...])
    }
  }

  /// Refuses what could not be written again, and tensors of one storage that unfold far beyond it.
  private func checkEntries() throws(FileError) {
    guard entries.count <= Self.greatestTensorCount else {
      throw FileError(
        .tooLarge, path: path,
        "\(entries.count) tensors, at most \(Self.greatestTensorCount) are read")
    }
    let limit = max(64 << 20, 4 * content.storages.reduce(0) { $0 + $1.count })
    var (names, size): (Set<String>, Int) = ([], 0)
    for entry in entries {
      func failure(_ problem: FileProblem, _ message: String) -> FileError {
        let name = entry.name.prefix(SafeTensorsHeader.greatestNameLength)
        return FileError(problem, path: path, place: "tensor '\(name)'", message)
      }
      guard SafeTensorsHeader.isValid(name: entry.name) else {
        throw failure(
          .unsupported,
          "expected a name of 1 to \(SafeTensorsHeader.greatestNameLength) bytes, no control "
            + "characters")
      }
      guard names.insert(entry.name).inserted else {
        throw failure(.damaged, "two tensors have this name")
      }
      guard entry.shape.count <= Self.greatestRank else {
        throw failure(
          .tooLarge, "\(entry.shape.count) dimensions, at most \(Self.greatestRank) are read")
      }
      // No tensor is above `limit` when its size is added, so the sum does not overflow.
      guard let byteCount = entry.elementType.byteCount(of: entry.shape), byteCount <= limit,
        size + byteCount <= limit
      else {
        throw failure(
          .tooLarge, "tensors that share their bytes unfold to more than \(limit) bytes in all")
      }
      size += byteCount
    }
  }
}
