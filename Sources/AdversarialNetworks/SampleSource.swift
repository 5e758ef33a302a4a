import Datasets
import Experiments
import Randomness
import RealModule
import TensorEngine

/// What the networks learn to make: images of a data set, or points of a mixture of Gaussians.
enum SampleSource {
  case images(Dataset)
  case points(PointMixture)

  /// Loads what a configuration names.
  init(_ configuration: GANConfiguration, in context: RunContext) throws {
    switch configuration.samples {
    case .images:
      let data = try configuration.data.load(
        batchSize: configuration.batchSize * configuration.gatheredBatches, in: context)
      for network in [configuration.generator, configuration.discriminator.layers]
      where network.architecture != .mlp {
        try data.train.checkHalving(network.channels.count)
      }
      if Conditioning(configuration, classes: 2).areClasses, data.train.classNames.count < 2 {
        throw RunError(
          .unsuitable, "\(data.name) has no classes to bind samples to",
          hint: "set condition to none, or choose images in folders of classes")
      }
      self = .images(data)
    case .ring: self = .points(.ring)
    case .grid: self = .points(.grid)
    }
  }

  /// The shape of one sample: [C, H, W] or [dimensions].
  var shape: Shape {
    switch self {
    case .images(let data): [data.train.channels, data.train.height, data.train.width]
    case .points: [2]
    }
  }

  /// How many samples make an epoch.
  var count: Int {
    switch self {
    case .images(let data): data.train.count
    case .points: PointMixture.pointsPerEpoch
    }
  }

  /// What the classes are called.
  var classNames: [String] {
    if case .images(let data) = self { data.train.classNames } else { [] }
  }

  /// Real samples [N, ...], images in -1 ... 1, from the input "real".
  func tensor(_ graph: Graph, batch: Int) -> Tensor {
    let shape = Shape([batch] + shape.dimensions)
    switch self {
    case .images: return graph.input("real", shape: shape, type: .byte).real() / 127.5 - 1
    case .points: return graph.input("real", shape: shape)
    }
  }
}

/// A mixture of Gaussians in the plane: what is missed of it can be counted.
struct PointMixture: Sendable {
  /// Where the Gaussians are.
  let centres: [SIMD2<Double>]
  /// Their deviation along each axis.
  let deviation: Double

  /// Points drawn before an epoch ends.
  static let pointsPerEpoch = 64_000

  /// Eight on a circle of radius 2 with deviation 0.02 (Metz et al., "Unrolled generative
  /// adversarial networks", 2017, appendix A).
  static let ring = PointMixture(
    centres: (0..<8).map { index in
      let angle = Double(index) / 8 * 2 * Double.pi
      return 2 * SIMD2(Double.cos(angle), Double.sin(angle))
    }, deviation: 0.02)

  /// Twenty-five on a square from -2 to 2 with deviation 0.05 (Srivastava et al., "VEEGAN", 2017,
  /// section 4.1: 25 Gaussians of deviation 0.05, 2 apart there).
  static let grid = PointMixture(
    centres: (0..<25).map { SIMD2(Double($0 % 5) - 2, Double($0 / 5) - 2) }, deviation: 0.05)

  /// Points [count, 2], a function of the seed, the name and the index.
  func draw(_ count: Int, seed: UInt64, name: String, index: Int) -> [Float] {
    var random = RandomStream(seed: seed, name: name, index: UInt64(index))
    return (0..<count).flatMap { _ in
      let centre = centres[random.integer(below: centres.count)]
      return [
        Float(centre.x + deviation * random.normal()),
        Float(centre.y + deviation * random.normal()),
      ]
    }
  }
}
