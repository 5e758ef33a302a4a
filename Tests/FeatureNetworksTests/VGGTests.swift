import FeatureNetworks
import NeuralNetworks
import Randomness
import TensorEngine
import Testing

@Suite struct VGGTests {
  @Test("layers have the channels, strides and reach that their shapes and gradients show")
  func layers() throws {
    var random = RandomStream(seed: 1, name: "VGG")
    let network = VGG.nineteen(through: "relu3_1", random: &random)
    #expect(
      network.featureLayers.map(\.name) == [
        "relu1_1", "relu1_2", "relu2_1", "relu2_2", "relu3_1",
      ])
    for layer in network.featureLayers {
      let graph = Graph()
      let side = 48
      let image = graph.state(
        "image", initial: TensorValue<Float>(repeating: 0.5, shape: [1, 3, side, side]))
      let feature = graph.bind(network, as: "vgg").features(of: image, at: [layer.name])[0]
      let extent = side / layer.stride
      #expect(feature.shape == [1, layer.channels, extent, extent])
      // One place in the middle sees no further than its reach.
      let middle = extent / 2
      let place = feature.sliced(
        starts: [0, 0, middle, middle], extents: [1, layer.channels, 1, 1])
      let gradient = try graph.gradients(of: place.sum(), withRespectTo: [image])[0].value.scalars
      // Fast convolutions round over the whole of a tile.
      let least = 1e-5 * (gradient.map(abs).max() ?? 0)
      let seen = (0..<side).filter { column in
        (0..<3 * side).contains { abs(gradient[$0 * side + column]) > least }
      }
      let own = middle * layer.stride..<(middle + 1) * layer.stride
      #expect(try #require(seen.first) >= own.lowerBound - layer.reach)
      #expect(try #require(seen.last) < own.upperBound + layer.reach)
      #expect(seen.count > layer.stride)
    }
  }
}
