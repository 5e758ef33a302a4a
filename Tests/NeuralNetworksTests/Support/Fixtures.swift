import FileFormats
import Testing

/// What PyTorch computed, as `scripts/make-fixtures` wrote it down.
struct Fixtures {
  private let records: [String: TensorRecord]

  /// The arrays of `Tests/Fixtures/NeuralNetworks/NAME.npz`.
  init(_ name: String) throws {
    let tests = Files.folder(of: Files.folder(of: Files.folder(of: #filePath)))
    let read = try NPZ.read("\(tests)/Fixtures/NeuralNetworks/\(name).npz")
    records = Dictionary(uniqueKeysWithValues: read.map { ($0.name, $0) })
  }

  /// The names of the arrays, in order.
  var names: [String] { records.keys.sorted() }

  /// The extents and numbers of an array, stored in single or double precision.
  func array(_ name: String) throws -> (shape: [Int], scalars: [Double]) {
    let record = try #require(records[name], "no array \(name): run scripts/make-fixtures")
    let single: [Float]? = record.values()
    let double: [Double]? = record.values()
    return (record.shape, try #require(single?.map { Double($0) } ?? double))
  }
}
