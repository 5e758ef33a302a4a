import Datasets
import Experiments
import NeuralNetworks
import Randomness
import TensorEngine

/// A second variational autoencoder, of the latent points of a first one (Dai and Wipf, "Diagnosing and
/// enhancing VAE models", 2019): where the first one's points do not fill its prior, those of the second
/// one, of as many numbers, come nearer to theirs. It learns by the evidence lower bound of points as
/// pixels of one learnt deviation.
///
/// Differs from the paper: points are standardised; two hidden layers of 256 units, without a connection
/// past them; at most 4,000 updates by batches of 256; the step size falls evenly to 0.
struct SecondStage {
  private static let greatestUpdates = 4000
  /// So that few points are not learnt by heart.
  private static let greatestPasses = 500
  private static let batchSize = 256
  private static let hidden = [256, 256]

  private let size: Int
  /// Of each number of the points that it learnt from.
  private let means: [Float]
  private let deviations: [Float]
  private let decoding: LoadedProgram<Float>

  /// Learns from points.
  ///
  /// - Parameters:
  ///   - points: at least one, of one length, finite.
  ///   - seed: of the weights, the batches and the noise.
  init(fittedTo points: [[Float]], seed: UInt64, threads: Int, stop: StopRequest) throws {
    let size = points[0].count
    self.size = size
    (means, deviations) = Self.moments(points, size)
    var configuration = AutoencoderConfiguration()
    configuration.hidden = Self.hidden
    configuration.latentSize = size
    configuration.likelihood = .learnedGaussian
    configuration.deviation = 1
    var batches = Batches(
      count: points.count, batchSize: min(Self.batchSize, points.count), seed: seed)
    let updates = min(Self.greatestUpdates, Self.greatestPasses * batches.perEpoch)
    configuration.optimizer.decayUpdates = updates
    var random = RandomStream(seed: seed, name: "second stage weights")
    let model = GaussianVAE(
      configuration, SampleShape(image: [size, 1, 1], classes: 0, count: points.count),
      random: &random)
    let workspace = Workspace<Float>(threads: threads, seed: seed)
    let training = workspace.load(
      try Self.training(model, configuration, size: size, batch: batches.batchSize),
      named: "second stage")
    decoding = workspace.load(
      try Self.decoding(model, size: size), named: "second stage's decoding")
    for step in 0..<updates {
      try stop.check()
      var values: [Float] = []
      for index in batches.indices(ofStep: step) {
        let point = points[Int(index)]
        for place in 0..<size { values.append((point[place] - means[place]) / deviations[place]) }
      }
      training.set("points", to: values)
      training.run(step: step)
    }
  }

  /// Points drawn from it.
  func points(count: Int, _ stream: inout RandomStream) -> [[Float]] {
    var points: [[Float]] = []
    for start in stride(from: 0, to: count, by: Self.batchSize) {
      var values = [[Float]](
        repeating: [Float](repeating: 0, count: Self.batchSize * size), count: 2)
      let part = min(Self.batchSize, count - start)
      for row in 0..<part {
        for input in 0..<2 {
          for place in 0..<size { values[input][row * size + place] = Float(stream.normal()) }
        }
      }
      decoding.set("latents", to: values[0])
      decoding.set("noise", to: values[1])
      decoding.run(step: 0)
      let drawn = decoding["points"].scalars
      points += (0..<part).map { row in
        (0..<size).map { means[$0] + deviations[$0] * drawn[row * size + $0] }
      }
    }
    return points
  }

  /// The mean of each number, and its deviation, or 1 where it never changes.
  private static func moments(
    _ points: [[Float]], _ size: Int
  ) -> (means: [Float], deviations: [Float]) {
    var (means, deviations) = ([Float](), [Float]())
    for place in 0..<size {
      let mean = points.reduce(0) { $0 + Double($1[place]) } / Double(points.count)
      let squares = points.reduce(0) {
        $0 + (Double($1[place]) - mean) * (Double($1[place]) - mean)
      }
      let deviation = Float((squares / Double(points.count)).squareRoot())
      means.append(Float(mean))
      deviations.append(deviation > 0 ? deviation : 1)
    }
    return (means, deviations)
  }

  /// One update by "points".
  private static func training(
    _ model: GaussianVAE, _ configuration: AutoencoderConfiguration, size: Int, batch: Int
  ) throws -> Program<Float> {
    let graph = Graph(streams: "second stage")
    let model = graph.bind(model, as: "secondStage")
    let points = graph.input("points", shape: [batch, size, 1, 1])
    let terms = model.terms(of: ImageBatch(images: points, classes: nil, mode: .training))
    model.minimize(terms, in: graph, configuration)
    return try graph.compile(["loss": Term.loss(terms)])
  }

  /// The "points" of "latents", with "noise" of the learnt deviation.
  private static func decoding(_ model: GaussianVAE, size: Int) throws -> Program<Float> {
    let graph = Graph()
    let model = graph.bind(model, as: "secondStage")
    let latents = graph.input("latents", shape: [batchSize, size])
    let noise = graph.input("noise", shape: [batchSize, size])
    let means = model.decode(latents, mode: .inference)
    guard let scale = model.network.decoder.scale(in: graph) else {
      preconditionFailure("the deviation is learnt")
    }
    return try graph.compile(["points": means + scale * noise])
  }
}
