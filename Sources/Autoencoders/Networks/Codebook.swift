import Experiments
import NeuralNetworks
import Randomness
import TensorEngine

/// Vectors that others are replaced by, each by the nearest; they follow the running means of what they
/// stand for (van den Oord et al. 2017, appendix A.1).
///
/// Differs from the paper: a vector that stands for almost nothing begins anew at one of the batch (as
/// Dhariwal et al., "Jukebox", 2020, section 3.1).
struct Codebook: Module {
  /// [codes, size]
  private var vectors: Parameter
  /// The running means of how many vectors each stands for, [codes], and of their sums.
  private var counts: Parameter
  private var sums: Parameter
  private let decay: Double
  /// A code with fewer of a batch's vectors, in the running mean, begins anew.
  private static let leastCount = 1.0

  static let fields: [Field<Codebook>] = [
    .parameter("vectors", \.vectors), .parameter("counts", \.counts), .parameter("sums", \.sums),
  ]

  /// How many codes there are.
  var count: Int { vectors.shape[0] }

  init(_ configuration: CodebookConfiguration, random: inout RandomStream) {
    let shape: Shape = [configuration.codes, configuration.codeSize]
    let drawn = TensorValue<Float>.standardNormal(shape, random: &random)
    vectors = Parameter(drawn, isTrained: false)
    sums = Parameter(drawn, isTrained: false)
    counts = Parameter(TensorValue(repeating: 1, shape: [configuration.codes]), isTrained: false)
    decay = configuration.decay
  }

  /// The codes [rows] of the vectors nearest to some.
  func codes(of rows: Tensor) -> Tensor {
    let vectors = rows.graph[vectors]
    let distances = vectors.square().sum(axes: [1]) - 2 * rows.matmul(vectors.transposed())
    return distances.argmin(axis: 1)
  }

  /// The vectors [rows, size] of codes.
  func vectors(of codes: Tensor) -> Tensor { codes.graph[vectors].gathered(at: codes) }

  /// Moves the vectors towards those of a batch, rows that have these codes.
  func follow(_ rows: Tensor, _ codes: Tensor) {
    let graph = rows.graph
    let rows = rows.stopGradient()
    let chosen = codes.oneHot(classes: count)
    let newCounts = decay * graph[counts] + (1 - decay) * chosen.sum(axes: [0])
    let newSums = decay * graph[sums] + (1 - decay) * chosen.transposed().matmul(rows)
    let order = graph.randomPermutation(rows.shape[0], stream: "new codes")
    let places = Tensor.concatenate(
      [Tensor](repeating: order, count: (count - 1) / rows.shape[0] + 1), axis: 0
    ).sliced(axis: 0, 0..<count)
    let others = rows.gathered(at: places)
    let isDead = newCounts.isLess(than: Self.leastCount)
    let isDeadRow = isDead.reshaped(to: [count, 1])
    let keptCounts = isDead.select(Self.leastCount, newCounts)
    let keptSums = isDeadRow.select(others, newSums)
    graph.update(graph[counts], to: keptCounts)
    graph.update(graph[sums], to: keptSums)
    graph.update(graph[vectors], to: keptSums / keptCounts.reshaped(to: [count, 1]))
  }
}

/// What can be configured of a vector quantised model.
public struct CodebookConfiguration: ExperimentConfiguration {
  /// How many vectors there are.
  public var codes = 128
  /// Numbers of a vector.
  public var codeSize = 16
  /// The share of the running means that stays at each step.
  public var decay = 0.99
  /// What the distance of the encoder's vectors from theirs counts for.
  public var commitmentWeight = 0.25
  /// Channels of the network that draws codes.
  public var priorChannels = 64
  /// Its residual layers.
  public var priorLayers = 4

  /// A small codebook.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .integer("codes", \.codes, in: 2...65_536, unit: "vectors", "How many vectors there are."),
      .integer("codeSize", \.codeSize, in: 1...4096, "Numbers of a vector."),
      .number(
        "decay", \.decay, in: 0...0.999_999,
        "The share of the vectors' running means that stays at each step."),
      .number(
        "commitmentWeight", \.commitmentWeight, in: 0...1e6,
        "What the encoder's distance from the vectors counts for."),
      .integer(
        "priorChannels", \.priorChannels, in: 1...4096, unit: "channels",
        "Of the network that draws codes."),
      .integer(
        "priorLayers", \.priorLayers, in: 0...64, unit: "layers", "Its residual layers."),
    ]
  }
}
