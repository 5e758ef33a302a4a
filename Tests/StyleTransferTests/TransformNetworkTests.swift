import NeuralNetworks
import Randomness
import StyleTransfer
import TensorEngine
import Testing

@Suite struct TransformNetworkTests {
  private static func network(styles: Int = 1) -> TransformNetwork {
    var random = RandomStream(seed: 3, name: "transform")
    return TransformNetwork(channels: [4, 6, 8], blocks: 1, styles: styles, random: &random)
  }

  @Test func itsSizeIsThePapers() {
    var random = RandomStream(seed: 1, name: "transform")
    #expect(TransformNetwork(random: &random).parameterCount == 1_679_235)
  }

  @Test func aConditionalNormScalesAndShiftsByItsStyle() throws {
    let graph = Graph()
    var norm = ConditionalInstanceNorm(1, styles: 2)
    norm.weight.value = TensorValue(shape: [2, 1], scalars: [2, 10])
    norm.bias.value = TensorValue(shape: [2, 1], scalars: [1, -5])
    let bound = graph.bind(norm, as: "norm")
    // -1 and 1 after the norm, but for its epsilon.
    let x = graph.constant([3, 5, 3, 5, 3, 5], shape: [3, 1, 1, 2])
    let styles = graph.constant([1, 0, 0, 1, 0.5, 0.5], shape: [3, 2])
    let values = try bound(x, styles: styles).value.scalars
    let expected: [Float] = [-1, 3, -15, 5, -8, 4]
    for (value, expected) in zip(values, expected) { #expect(abs(value - expected) < 1e-3) }

    let given = (
      mean: graph.constant([4], shape: [1, 1, 1, 1]),
      variance: graph.constant([4], shape: [1, 1, 1, 1])
    )
    let fixed = try bound(x, styles: styles, statistics: given).value.scalars
    for (value, expected) in zip(fixed, [0, 2, -10, 0, -5, 1] as [Float]) {
      #expect(abs(value - expected) < 1e-3)
    }
  }

  @Test func stylesAreLearntApart() throws {
    // The gradient of one style's picture does not reach the other's numbers.
    let graph = Graph()
    let network = graph.bind(Self.network(styles: 2), as: "transform")
    let x = graph.randomUniform([1, 3, 16, 16], stream: "x")
    let drawn = network.picture(of: x, styles: graph.constant([0, 1], shape: [1, 2]))
    let tensors = network.tensors(in: graph).filter { $0.name.hasSuffix("norm.weight") }
    #expect(tensors.count == 7)
    let gradients = graph.gradients(
      of: (drawn * drawn).sum(), withRespectTo: tensors.map(\.tensor))
    for gradient in gradients {
      let scalars = try gradient.value.scalars
      #expect(scalars.allSatisfy { $0.isFinite })
      #expect(scalars[..<(scalars.count / 2)].allSatisfy { $0 == 0 })
      #expect(scalars[(scalars.count / 2)...].contains { $0 != 0 })
    }
  }

  @Test func aPixelSeesNoFartherThanTheReach() throws {
    let network = Self.network()
    // Without norms a pixel's gradient is what it sees: statistics given, not measured.
    let side = 2 * network.reach + 8
    let graph = Graph()
    let image = graph.state(
      "image",
      initial: TensorValue(
        shape: [1, 3, side, side],
        scalars: (0..<3 * side * side).map { Float(($0 * 7919) % 256) / 255 }))
    let bound = graph.bind(network, as: "transform")
    let drawn = bound.traced(
      image,
      statistics: [4, 6, 8, 8, 8, 6, 4].map { channels in
        (
          mean: graph.constant(
            [Double](repeating: 0, count: channels), shape: [1, channels, 1, 1]),
          variance: graph.constant(
            [Double](repeating: 1, count: channels), shape: [1, channels, 1, 1])
        )
      }
    ).result
    let middle = side / 2
    for place in middle..<middle + 4 {
      let pixel = drawn.sliced(starts: [0, 0, place, place], extents: [1, 3, 1, 1])
      let gradient = try graph.gradients(of: pixel.sum(), withRespectTo: [image])[0].value.scalars
      let least = 1e-6 * (gradient.map(abs).max() ?? 0)
      let seen = (0..<side).filter { column in
        (0..<3 * side).contains { abs(gradient[$0 * side + column]) > least }
      }
      #expect(try #require(seen.first) >= place - network.reach)
      #expect(try #require(seen.last) <= place + network.reach)
      #expect(seen.count > 20)
    }
  }
}
