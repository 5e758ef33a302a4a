import Datasets
import Experiments
import Imaging
import Randomness
import RealModule
import TensorEngine

extension Autoencoder: PriorSampler {
  /// Latent points of training images that a mixture is fitted to.
  private static let fittedPoints = 5000
  /// Gaussians of that mixture (Ghosh et al., "From variational to deterministic autoencoders", 2020,
  /// section 4).
  private static let fittedComponents = 10
  /// Latent points of training images that a second stage learns from.
  private static let secondStagePoints = 20_000

  /// Images of the model's prior; a model that has none draws from a mixture of Gaussians fitted to the
  /// latent points of training images, and one that is told classes each class in its turn.
  public func sample(count: Int, seed: UInt64) throws -> [Image] {
    try decode(drawnLatents(count: count, seed: seed, from: programs.model.prior))
  }

  /// Images of another prior than the model's own.
  ///
  /// - Throws: `.unsuitable` for a model whose latent points are codes.
  public func sample(count: Int, seed: UInt64, prior: LatentPrior) throws -> [Image] {
    if case .codes = programs.model.prior {
      throw RunError(
        .unsuitable, "a \(configuration.model.rawValue) model draws codes by a network of its own",
        hint: "leave --prior out")
    }
    let chosen: Prior =
      switch prior {
      case .normal: .standardNormal
      case .mixture: .fittedMixture
      case .twoStage: .secondStage
      }
    return try decode(drawnLatents(count: count, seed: seed, from: chosen))
  }

  private func drawnLatents(
    count: Int, seed: UInt64, from prior: Prior
  ) throws -> [[Float]] {
    var stream = RandomStream(seed: seed, name: "latent samples")
    let points: [[Float]]
    switch prior {
    case .standardNormal: return priorLatents(count: count, seed: seed)
    case .codes(let grid): return try drawnCodes(grid, count: count, seed: seed)
    case .fittedMixture:
      let mixture = GaussianMixture(
        fittedTo: try trainingPoints(Self.fittedPoints), components: Self.fittedComponents,
        seed: self.seed)
      points = (0..<count).map { _ in mixture.point(&stream) }
    case .secondStage:
      let stage = try SecondStage(
        fittedTo: try trainingPoints(Self.secondStagePoints), seed: self.seed,
        threads: workspace.threads, stop: stop)
      points = stage.points(count: count, &stream)
    case .pseudoInputs:
      guard let prior = self.prior else { preconditionFailure("a learnt prior has a program") }
      prior.run(step: 0)
      let (means, logVariances) = (prior["mean"].scalars, prior["logVariance"].scalars)
      points = (0..<count).map { _ in
        let start = stream.integer(below: means.count / latentSize) * latentSize
        return (start..<start + latentSize).map { place in
          means[place] + Float(stream.normal()) * .exp(0.5 * logVariances[place])
        }
      }
    }
    return points.enumerated().map { place, point in
      point + oneHot(place % max(1, toldClasses.count))
    }
  }

  /// Points of the posteriors of the first training images, without their classes.
  private func trainingPoints(_ limit: Int) throws -> [[Float]] {
    let drawing = workspace.load(
      try programs.drawing(batch: Self.evaluationBatch), named: "drawing")
    return try latents(
      0..<min(limit, data.train.count), of: data.train, stream: "training pixels", by: drawing
    ).map { Array($0.dropLast(toldClasses.count)) }
  }

  /// Draws one code after another, each given those before it, of as many images at once as a program
  /// takes.
  private func drawnCodes(
    _ grid: CodeGrid, count: Int, seed: UInt64
  ) throws(Interruption) -> [[Float]] {
    guard let prior else { preconditionFailure("a learnt prior has a program") }
    var latents: [[Float]] = []
    for start in stride(from: 0, to: count, by: Self.samplingBatch) {
      let images = min(Self.samplingBatch, count - start)
      var streams = (0..<images).map {
        RandomStream(seed: seed, name: "code samples", index: UInt64(start + $0))
      }
      var codes = [Int32](repeating: 0, count: Self.samplingBatch * grid.places)
      for place in 0..<grid.places {
        try stop.check()
        prior.set("codes", to: codes)
        prior.run(step: 0)
        let logits = prior["logits"].scalars
        for image in 0..<images {
          let column = (0..<grid.codes).map {
            logits[(image * grid.codes + $0) * grid.places + place]
          }
          codes[image * grid.places + place] = Self.choice(column, &streams[image])
        }
      }
      prior.set("codes", to: codes)
      prior.run(step: 0)
      let points = prior["latents"].scalars
      latents += (0..<images).map { Array(points[$0 * latentSize..<($0 + 1) * latentSize]) }
    }
    return latents
  }

  /// A place, drawn with the probabilities softmax(logits).
  private static func choice(_ logits: [Float], _ stream: inout RandomStream) -> Int32 {
    let largest = logits.max() ?? 0
    let weights = logits.map { Double.exp(Double($0 - largest)) }
    var rest = stream.uniformDouble() * weights.reduce(0, +)
    for (place, weight) in weights.enumerated() {
      rest -= weight
      if rest < 0 { return Int32(place) }
    }
    return Int32(logits.count - 1)
  }
}
