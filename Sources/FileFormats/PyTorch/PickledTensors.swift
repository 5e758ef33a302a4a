/// The tensors in what a pickle holds, each named by its path: the keys of the dictionaries and the
/// places in the lists and tuples that lead to it, with points between. Plain values are passed
/// over.
struct PickledTensors {
  static let greatestDepth = 64
  /// Values that are looked at. One that stands at several places is looked at for each of them, so
  /// few bytes could stand for very many.
  static let greatestValueCount = 1_000_000

  /// The names, and the places in the reader's list of tensors.
  private(set) var found: [(name: String, tensor: Pickle.Tensor)] = []

  private let reader: PickleReader
  private let place: String?
  private var components: [String] = []
  private var visited = 0

  /// Finds the tensors of `value`, which `reader` read.
  ///
  /// - Parameter name: of a value that is itself a tensor.
  /// - Throws: `.damaged`, `.unsupported` or `.tooLarge`.
  init(in value: Pickle.Value, of reader: PickleReader, name: String) throws(FileError) {
    self.reader = reader
    place = reader.place
    if case .tensor(let tensor) = value {
      components = [name]
      try add(tensor)
    } else {
      try visit(value)
    }
  }

  /// The tensors as the file stores them; the place in `storages` is that of the pickle's own.
  var stored: [StoredTensor] {
    found.map {
      StoredTensor(
        name: $0.name, elementType: $0.tensor.elementType, elements: $0.tensor.elements,
        storage: $0.tensor.storage)
    }
  }

  private func failure(_ problem: FileProblem, _ message: String) -> FileError {
    FileError(problem, path: reader.path, place: place, message)
  }

  private mutating func visit(_ value: Pickle.Value) throws(FileError) {
    visited += 1
    guard visited <= Self.greatestValueCount else {
      throw failure(.tooLarge, "more than \(Self.greatestValueCount) values in containers")
    }
    guard components.count <= Self.greatestDepth else {
      throw failure(.tooLarge, "containers more than \(Self.greatestDepth) deep")
    }
    switch value {
    case .tensor(let tensor): try add(tensor)
    case .dictionary(let dictionary):
      for (key, value) in reader.dictionaries[dictionary] {
        try visit(value, named: try component(key))
      }
    case .tuple(let sequence), .list(let sequence):
      for (place, value) in reader.sequences[sequence].enumerated() {
        try visit(value, named: String(place))
      }
    case .storage:
      throw failure(.unsupported, "a storage outside of a tensor, which has no shape")
    default: break
    }
  }

  private mutating func visit(
    _ value: Pickle.Value, named name: String
  ) throws(FileError) {
    components.append(name)
    try visit(value)
    components.removeLast()
  }

  private func component(_ key: Pickle.Value) throws(FileError) -> String {
    switch key {
    case .text(let text): return text
    case .integer(let number): return String(number)
    default:
      throw failure(.unsupported, "a key that is \(key.kind), expected texts and whole numbers")
    }
  }

  private mutating func add(_ place: Int) throws(FileError) {
    let length = components.reduce(components.count - 1) { $0 + $1.utf8.count }
    guard length <= SafeTensorsHeader.greatestNameLength else {
      throw failure(
        .tooLarge,
        "a tensor's name of \(length) bytes, at most \(SafeTensorsHeader.greatestNameLength) are "
          + "read")
    }
    let name = components.joined(separator: ".")
    guard let tensor = reader.tensors[place] else {
      throw failure(.damaged, "the parameter '\(name)' has no tensor")
    }
    guard found.count < WeightFile.greatestTensorCount else {
      throw failure(.tooLarge, "more than \(WeightFile.greatestTensorCount) tensors")
    }
    found.append((name, tensor))
  }
}
