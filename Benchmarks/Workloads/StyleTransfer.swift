import FeatureNetworks
import NeuralNetworks
import Randomness
import RealModule
import StyleTransfer
import TensorEngine

extension Benchmark {
  /// An image of 256x256 is optimised.
  static let style256 = style("style_256", side: 256, work: 101_518_934_016)
  /// An image of 512x512 is optimised.
  static let style512 = style("style_512", side: 512, work: 406_075_736_064)

  /// Style transfer by optimisation (Gatys, Ecker and Bethge 2016): Adam on the image.
  private static func style(_ name: String, side: Int, work: Double) -> Benchmark {
    Benchmark(
      name, "Style transfer through VGG-19, one \(side)x\(side) image", .iterationsPerSecond,
      unitsPerStep: 1, workPerUnit: work,
      plan: MeasurementPlan().with(repetitionSeconds: 3, repetitions: 9)
    ) { settings in
      var random = RandomStream(seed: settings.seed, name: "VGG")
      let network = VGG.nineteen(through: "relu5_1", random: &random)
      let (content, style) = StylePictures.pair(side: side)
      let goal = try styleGoal(network, content, style, settings)
      return Workload(parameterCounts: [content.shape.count]) {
        try optimization(of: content, towards: goal, through: network, settings)
      }
    }
  }

  private static let contentLayer = "relu4_2"
  private static let styleLayers = (1...5).map { "relu\($0)_1" }

  /// What the image is to look like: features of one picture, Gram matrices of another.
  private struct StyleGoal {
    let content: TensorValue<Float>
    let grams: [TensorValue<Float>]
  }

  private static func styleGoal(
    _ network: VGG, _ content: TensorValue<Float>, _ style: TensorValue<Float>,
    _ settings: BenchmarkSettings
  ) throws -> StyleGoal {
    let graph = Graph()
    let image = graph.input("image", shape: content.shape)
    let features = graph.bind(network, as: "vgg")
      .features(of: image, at: [contentLayer] + styleLayers)
    var outputs = ["content": features[0]]
    for (index, feature) in features.dropFirst().enumerated() {
      outputs["gram\(index)"] = feature.gramMatrix
    }
    let program = settings.workspace().load(try graph.compile(outputs))
    program.set("image", to: content.scalars)
    program.run(step: 0)
    let target = program["content"]
    program.set("image", to: style.scalars)
    program.run(step: 0)
    return StyleGoal(
      content: target, grams: styleLayers.indices.map { program["gram\($0)"] })
  }

  private static func optimization(
    of content: TensorValue<Float>, towards goal: StyleGoal, through network: VGG,
    _ settings: BenchmarkSettings
  ) throws -> () -> Float? {
    let graph = Graph()
    let image = graph.state("image", initial: content)
    let features = graph.bind(network, as: "vgg")
      .features(of: image, at: [contentLayer] + styleLayers)
    func meanSquare(_ x: Tensor, _ name: String, _ target: TensorValue<Float>) -> Tensor {
      (x - graph.state(name, initial: target)).square().mean()
    }
    var style = graph.constant(0)
    for (index, feature) in features.dropFirst().enumerated() {
      style = style + meanSquare(feature.gramMatrix, "gram\(index)", goal.grams[index])
    }
    let loss = 1e6 * style + meanSquare(features[0], "content", goal.content)
    graph.minimize(loss, over: [(name: "image", tensor: image)], with: Adam(learningRate: 0.02))
    graph.update(image, to: graph.latest(image).maximum(0).minimum(1))
    let program = settings.workspace().load(try graph.compile(["loss": loss]))
    var step = 0
    return {
      program.run(step: step)
      step += 1
      return program.scalar("loss")
    }
  }
}

/// Two pictures [1, 3, side, side] in 0 ... 1 that are unlike each other.
private enum StylePictures {
  /// Smooth waves, and saturated checks.
  static func pair(
    side: Int
  ) -> (content: TensorValue<Float>, style: TensorValue<Float>) {
    func picture(_ value: (_ channel: Int, _ row: Int, _ column: Int) -> Float)
      -> TensorValue<Float>
    {
      var scalars: [Float] = []
      scalars.reserveCapacity(3 * side * side)
      for channel in 0..<3 {
        for row in 0..<side {
          for column in 0..<side { scalars.append(value(channel, row, column)) }
        }
      }
      return TensorValue(shape: [1, 3, side, side], scalars: scalars)
    }
    func place(_ index: Int) -> Float { Float((index + side) % side) / Float(side) }
    let content = picture { channel, row, column in
      let (x, y) = (place(column), place(row))
      switch channel {
      case 0: return 0.5 + 0.35 * Float.sin(6 * x + 3 * y)
      case 1: return 0.5 + 0.35 * Float.cos(5 * y)
      default: return 0.5 + 0.35 * Float.sin(9 * x * y)
      }
    }
    func isLit(_ row: Int, _ column: Int) -> Bool {
      let (x, y) = (place(column), place(row))
      return Float.sin(60 * (x + 0.3 * y)) * Float.sin(45 * (y - 0.5 * x)) > 0
    }
    let style = picture { channel, row, column in
      switch channel {
      case 0: isLit(row, column) ? 1 : 0
      case 1: isLit(row - 3, column) ? 1 : 0
      default: isLit(row, column - 5) ? 0 : 1
      }
    }
    return (content, style)
  }
}
