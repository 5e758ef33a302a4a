import Datasets
import Experiments
import Measures
import RealModule
import TensorEngine

extension Autoencoder: MeasuredModel {
  /// The bound and its terms; of a Gaussian posterior the likelihood estimated by importance sampling and how
  /// latent numbers are used; with known factors the scores of disentanglement.
  ///
  /// - Throws: `.unsuitable` where the latent points cannot be measured.
  public mutating func measure(_ effort: MeasureEffort) throws -> [ModelMeasure] {
    let images = data.test.prefix(effort.limit)
    let metrics = try evaluate()
    var measures = metrics.measures.map { measure in
      ModelMeasure(
        measure.name, measure.value, "\(Self.unit(of: measure.name)), \(data.test.count) images")
    }
    if let reconstruction = metrics["reconstruction"], let kl = metrics["kl"] {
      measures.append(
        .init("elbo", -reconstruction - kl, "nats per image, the evidence lower bound"))
    }
    do {
      if let posteriors = try posteriors(of: images, points: effort.importanceSamples) {
        let use = try posteriors.use
        measures += posteriors.measures(use, points: effort.importanceSamples)
        noteCollapse(activeUnits: use.activeUnits, of: posteriors.size)
      }
      if let factors = images.factors {
        measures += try disentanglement(of: factors, count: images.count, seed: effort.seed)
      }
    } catch let error as MeasureError {
      throw RunError(.unsuitable, "the latent points cannot be measured: \(error.description)")
    }
    return measures
  }

  private static func unit(of measure: String) -> String {
    metricUnits.first { $0.key == measure }?.value ?? "per image"
  }

  /// Tells that the decoder does without most latent numbers.
  private func noteCollapse(activeUnits: Int, of size: Int) {
    guard activeUnits * 10 <= size else { return }
    note(
      "the posterior has collapsed: \(activeUnits) of \(size) latent numbers "
        + "\(activeUnits == 1 ? "is" : "are") active; try kl.warmUpSteps, kl.freeBits or a smaller "
        + "kl.weight")
  }

  /// The posteriors of images and their importance weights; nil of a model without.
  private func posteriors(
    of images: ImageSet, points: Int
  ) throws -> MeasuredPosteriors? {
    guard let program = try programs.posteriors(batch: Self.evaluationBatch) else { return nil }
    let loaded = workspace.load(program, named: "posteriors")
    let ranges = images.batches(of: Self.evaluationBatch)
    var found = MeasuredPosteriors()
    for (place, range) in ranges.enumerated() {
      var weights = [LogMean](repeating: LogMean(), count: range.count)
      let batch = testBatch(range)
      for point in 0..<points {
        try stop.check()
        loaded.set("images", to: batch.pixels)
        loaded.set("labels", to: batch.labels)
        loaded.run(step: point * ranges.count + place)
        for (image, weight) in loaded["logWeight"].scalars.prefix(range.count).enumerated() {
          weights[image].add(Double(weight))
        }
        if point == 0 { found.append(loaded, range.count) }
      }
      found.logLikelihoods += weights.map(\.value)
    }
    return found
  }

  private func disentanglement(
    of factors: ImageSet.Factors, count: Int, seed: UInt64
  ) throws -> [ModelMeasure] {
    let latents = try encode(0..<count)
    let labels = data.test.labels.prefix(count)
    // The factor that is the class has values without order.
    let categorical = factors.names.indices.filter { factor in
      labels.indices.allSatisfy { factors.values[$0 * factors.names.count + factor] == labels[$0] }
    }
    let table = LatentFactors(
      latents: try FeatureTable(latents.flatMap { $0 }, count: count, dimension: latentSize),
      values: Array(factors.values.prefix(count * factors.names.count)), sizes: factors.sizes,
      categorical: Set(categorical))
    let gap = MutualInformationGap(table)
    let dci = DCI(table)
    let interventions = InterventionScores(table, seed: seed)
    return [
      .init(
        "mig", gap.score, "mutual information gap, of \(factors.names.joined(separator: ", "))"),
      .init("sap", SeparatedAttributePredictability(table).score, "separated predictability"),
      .init("dciDisentanglement", dci.disentanglement, "one factor a latent number"),
      .init("dciCompleteness", dci.completeness, "one latent number a factor"),
      .init("dciInformativeness", dci.informativeness, "explained linearly"),
      .init("factorVAEScore", interventions.factorVAE, "factors told by the steadiest number"),
      .init("betaVAEScore", interventions.betaVAE, "factors told by distances in pairs"),
    ]
  }
}

/// What is read of the posteriors of images.
private struct MeasuredPosteriors {
  /// Numbers of a latent point.
  private(set) var size = 0
  var means: [Float] = []
  var logVariances: [Float] = []
  var points: [Float] = []
  var logLikelihoods: [Double] = []

  mutating func append(_ program: LoadedProgram<Float>, _ count: Int) {
    size = program["mean"].shape[1]
    means += program["mean"].scalars.prefix(count * size)
    logVariances += program["logVariance"].scalars.prefix(count * size)
    points += program["latents"].scalars.prefix(count * size)
  }

  /// How the latent numbers are used.
  var use: LatentUse {
    get throws(MeasureError) {
      LatentUse(
        means: try FeatureTable(means, count: means.count / size, dimension: size),
        logVariances: logVariances, points: points)
    }
  }

  func measures(_ use: LatentUse, points: Int) -> [ModelMeasure] {
    let count = logLikelihoods.count
    let likelihood = logLikelihoods.reduce(0, +) / Double(count)
    let compared = min(count, LatentUse.comparedSamples)
    return [
      .init(
        "negativeLogLikelihood", -likelihood,
        "nats per image, importance sampled with \(points) points, \(count) images"),
      .init("activeUnits", Double(use.activeUnits), "of \(size) latent numbers"),
      .init(
        "mutualInformation", use.mutualInformation,
        "nats; of \(compared) images at most \(Quantity.measure(.log(Double(compared))))"),
      .init("klPerDimension", use.divergences, "nats from the standard normal distribution"),
    ]
  }
}

/// The logarithm of the mean of numbers given by their logarithms.
struct LogMean {
  private var largest = -Double.infinity
  /// The sum of the numbers, each divided by the largest.
  private var sum = 0.0
  private var count = 0

  mutating func add(_ logarithm: Double) {
    count += 1
    if logarithm > largest {
      sum = sum * .exp(largest - logarithm) + 1
      largest = logarithm
    } else {
      sum += .exp(logarithm - largest)
    }
  }

  var value: Double { largest + .log(sum / Double(count)) }
}
