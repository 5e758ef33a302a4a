import FeatureNetworks
import FileFormats
import NeuralNetworks
import TensorEngine
import Testing

/// Features against PyTorch's, for parameters that a formula gives:
/// `scripts/peers/compare_features.py --fixture` wrote them down.
@Suite struct ReferenceFeatureTests {
  @Test("every layer is PyTorch's", arguments: FeatureNetworkKind.allCases.filter { $0 != .small })
  func features(kind: FeatureNetworkKind) throws {
    let reference = try Reference(kind)
    let classifies = reference.layers.contains("logits")
    let records = FormulaNetwork.records(of: kind, classifies: classifies)
    let network = try kind.network(from: records, path: "formula", classifies: classifies)
    let names = network.featureLayers.map(\.name)
    #expect(names.filter(reference.layers.contains).count >= names.count / 2)

    let graph = Graph()
    let images = graph.input("images", shape: [1, 3, 45, 61])
    let bound = graph.bind(network, as: "network")
    var outputs = Dictionary(
      uniqueKeysWithValues: zip(names, bound.features(of: images, at: names)))
    outputs["logits"] = bound.logits(of: images)
    let program = Workspace<Float>(threads: 2, seed: 1).load(try graph.compile(outputs))
    program.set("images", to: FormulaNetwork.mixed("image", 3 * 45 * 61).map { Float($0) })
    program.run(step: 0)
    for name in reference.layers { try reference.compare(program[name], name) }
  }
}

/// What PyTorch made of a network's image.
private struct Reference {
  private let rows: [JSON.Member]

  init(_ kind: FeatureNetworkKind) throws {
    let tests = Files.folder(of: Files.folder(of: #filePath))
    let path = "\(tests)/Fixtures/FeatureNetworks/features.json"
    let document = try JSON.decode(Files.read(path), path: path)
    rows = try #require(document[kind.rawValue]?.members)
  }

  var layers: [String] { rows.map(\.key) }

  /// Shape, mean and some numbers, to 1e-4 of the largest.
  func compare(_ value: TensorValue<Float>, _ layer: String) throws {
    let row = try #require(rows.first { $0.key == layer }).value
    let shape = try #require(row["shape"]?.elements).map(\.integerValue)
    #expect(value.shape.dimensions == shape, "\(layer)")
    let scalars = value.scalars.map { Double($0) }
    let largest = try #require(row["largest"]?.doubleValue)
    func expect(_ ours: Double, _ theirs: Double?) throws {
      #expect(abs(ours - (try #require(theirs))) <= 1e-4 * largest, "\(layer)")
    }
    try expect(scalars.map(abs).max() ?? 0, largest)
    try expect(scalars.reduce(0, +) / Double(scalars.count), row["mean"]?.doubleValue)
    let numbers = try #require(row["numbers"]?.elements).map(\.doubleValue)
    for (place, number) in zip([0, scalars.count / 2, scalars.count - 1], numbers) {
      try expect(scalars[place], number)
    }
  }
}
