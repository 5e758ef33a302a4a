import FeatureNetworks
import NeuralNetworks
import TensorEngine
import Testing

@Suite struct BundledWeightsTests {
  /// Stripes of a width, upright or lying: [1, 3, 32, 32].
  private func stripes(width: Int, isUpright: Bool) -> TensorValue<Float> {
    let side = 32
    let plane = (0..<side * side).map { place -> Float in
      let along = isUpright ? place % side : place / side
      return (along / width).isMultiple(of: 2) ? 0.2 : 0.8
    }
    return TensorValue(shape: [1, 3, side, side], scalars: plane + plane + plane)
  }

  @Test("the small network's weights come with the program, and fill it")
  func small() throws {
    let records = try #require(FeatureNetworkKind.small.bundledWeights)
    #expect(FeatureNetworkKind.kind(of: records) == .small)
    let network = try #require(FeatureNetworkKind.small.bundledNetwork())
    #expect(Set(network.records()) == Set(records))
    #expect(network.parameterCount == 582_176)
  }

  @Test("the other networks' weights have to be fetched")
  func others() {
    for kind in FeatureNetworkKind.allCases where kind != .small {
      #expect(kind.bundledWeights == nil && kind.bundledNetwork() == nil)
    }
  }

  @Test(
    "each layer tells the directions of stripes apart",
    arguments: ["relu1_2", "relu2_2", "relu3_2", "relu4_2"])
  func directions(layer: String) throws {
    let network = try #require(FeatureNetworkKind.small.bundledNetwork(through: layer))
    func means(_ image: TensorValue<Float>) throws -> [Float] {
      let graph = Graph()
      let features = graph.bind(network, as: "network")
        .features(of: graph.state("image", initial: image), at: [layer])[0]
      return try features.mean(axes: [0, 2, 3]).value.scalars
    }
    let upright = try means(stripes(width: 4, isUpright: true))
    let lying = try means(stripes(width: 4, isUpright: false))
    let difference = zip(upright, lying).reduce(0) { $0 + abs($1.0 - $1.1) }
    #expect(upright.allSatisfy { $0.isFinite })
    #expect(difference > 0.02 * upright.reduce(0) { $0 + abs($1) })
  }
}
