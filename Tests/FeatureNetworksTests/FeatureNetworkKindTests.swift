import FeatureNetworks
import NeuralNetworks
import Randomness
import TensorEngine
import Testing

@Suite struct FeatureNetworkKindTests {
  @Test("names, default layers and layers agree", arguments: FeatureNetworkKind.allCases)
  func defaults(kind: FeatureNetworkKind) {
    let names = kind.featureLayers.map(\.name)
    #expect(Set(names).count == names.count)
    for layers in [kind.contentLayers, kind.styleLayers] {
      #expect(!layers.isEmpty && layers == names.filter(layers.contains))
    }
    #expect(FeatureNetworkKind(rawValue: kind.rawValue) == kind)
  }

  @Test("a network through a layer holds nothing behind it", arguments: FeatureNetworkKind.allCases)
  func truncated(kind: FeatureNetworkKind) {
    var random = RandomStream(seed: 1, name: "network")
    let whole = kind.network(classifies: true, random: &random).states().map(\.path)
    #expect(Set(whole).count == whole.count)
    var before = 0
    for layer in kind.featureLayers {
      let network = kind.network(through: layer.name, random: &random)
      let names = network.states().map(\.path)
      #expect(network.featureLayers.last == layer)
      #expect(names == Array(whole.prefix(names.count)))
      #expect(names.count > before)
      before = names.count
    }
    // The network that comes with the program has no classifier.
    #expect(whole.count > before || kind == .small)
  }

  @Test(
    "layers have the channels, strides and reach that their shapes and gradients show",
    arguments: FeatureNetworkKind.allCases, [64, 45])
  func layers(kind: FeatureNetworkKind, side: Int) throws {
    for layer in kind.featureLayers where layer.reach <= side / 3 {
      var random = RandomStream(seed: 1, name: "network")
      let network = kind.network(through: layer.name, random: &random)
      let graph = Graph()
      let image = graph.state(
        "image", initial: TensorValue<Float>(repeating: 0.6, shape: [1, 3, side, side]))
      let feature = graph.bind(network, as: "network").features(of: image, at: [layer.name])[0]
      #expect(feature.shape[1] == layer.channels)
      #expect(abs(feature.shape[2] * layer.stride - side) < 2 * layer.stride)
      // One place in the middle sees no further than its reach.
      let middle = feature.shape[2] / 2
      let place = feature.sliced(
        starts: [0, 0, middle, middle], extents: [1, layer.channels, 1, 1])
      let gradient = try graph.gradients(of: place.sum(), withRespectTo: [image])[0].value.scalars
      // Fast convolutions round over the whole of a tile.
      let least = 1e-5 * (gradient.map(abs).max() ?? 0)
      let seen = (0..<side).filter { column in
        (0..<3 * side).contains { abs(gradient[$0 * side + column]) > least }
      }
      let own = middle * layer.stride..<(middle + 1) * layer.stride
      let (first, last) = (try #require(seen.first), try #require(seen.last))
      #expect(first >= own.lowerBound - layer.reach, "\(layer.name)")
      #expect(last < own.upperBound + layer.reach, "\(layer.name)")
      // The reach is not more than what is seen, or by rounding of strides only.
      let farthest = max(own.lowerBound - first, last - own.upperBound + 1)
      #expect(farthest > layer.reach - 2 * layer.stride, "\(layer.name)")
    }
  }

  @Test("features come in the order they are asked for, and repeated")
  func order() throws {
    var random = RandomStream(seed: 1, name: "network")
    let network = FeatureNetworkKind.squeezeNet.network(through: "fire4", random: &random)
    let graph = Graph()
    let images = graph.input("images", shape: [2, 3, 33, 40])
    let bound = graph.bind(network, as: "network")
    let features = bound.features(of: images, at: ["fire4", "relu1", "fire4"])
    #expect(features.map { $0.shape[1] } == [256, 64, 256])
    #expect(features.map { $0.shape[0] } == [2, 2, 2])
    #expect(bound.features(of: images, at: []).isEmpty)
    #expect(bound.logits(of: images) == nil)
  }
}
