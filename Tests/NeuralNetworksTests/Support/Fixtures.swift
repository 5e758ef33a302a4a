import FileFormats
import TensorEngine
import Testing

/// What PyTorch computed, as `scripts/make-fixtures` wrote it down.
struct Fixtures: Sendable {
  private let records: [String: TensorRecord]

  /// The arrays of `Tests/Fixtures/NeuralNetworks/NAME.npz`.
  init(_ name: String) throws {
    let tests = Files.folder(of: Files.folder(of: Files.folder(of: #filePath)))
    let read = try NPZ.read("\(tests)/Fixtures/NeuralNetworks/\(name).npz")
    records = Dictionary(uniqueKeysWithValues: read.map { ($0.name, $0) })
  }

  /// The names of the arrays, in order.
  var names: [String] { records.keys.sorted() }

  /// An array, or nil.
  subscript(name: String) -> TensorRecord? { records[name] }

  /// The extents and numbers of an array, stored in single or double precision.
  func array(_ name: String) throws -> (shape: [Int], scalars: [Double]) {
    let record = try #require(records[name], "no array \(name): run scripts/make-fixtures")
    let single: [Float]? = record.values()
    let double: [Double]? = record.values()
    return (record.shape, try #require(single?.map { Double($0) } ?? double))
  }
}

/// A sample of a layer: what goes in, its parameters, and what PyTorch makes of them.
struct LayerFixture: Sendable {
  /// Numbers, or positions where they are whole.
  let inputs: [TensorRecord]
  /// Under the paths of the module.
  let parameters: [TensorRecord]
  /// In inference.
  let result: [Double]
  /// In training, where that is another matter.
  let trained: [Double]?

  init(_ name: String, in fixtures: Fixtures) throws {
    let prefix = "\(name):p:"
    inputs = (0..<8).compactMap { fixtures["\(name):x\($0)"] }
    parameters = fixtures.names.filter { $0.hasPrefix(prefix) }.compactMap { path in
      fixtures[path].map {
        TensorRecord(
          name: String(path.dropFirst(prefix.count)), elementType: $0.elementType,
          shape: $0.shape, bytes: $0.bytes)
      }
    }
    result = try fixtures.array("\(name):y").scalars
    trained = fixtures["\(name):t"] == nil ? nil : try fixtures.array("\(name):t").scalars
  }
}
