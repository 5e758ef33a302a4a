import Datasets
import Experiments
import Measures
import TensorEngine

extension AdversarialNetwork {
  /// Points drawn to count modes (Srivastava et al., "VEEGAN", 2017).
  private static let countedPoints = 2500
  /// Samples whose diversity is measured, made and real.
  private static let comparedSamples = 500

  /// The diversity of samples as a share of the real ones'; of points, also the modes that samples
  /// reach and the share that is near one. How good images are, `atelier evaluate` tells.
  ///
  /// - Throws: `.diverged` where the diversity is below the limit that ends a run.
  public mutating func evaluate() throws -> Metrics {
    let (made, real): ([Float], [Float])
    var metrics: Metrics = [:]
    switch source {
    case .images(let data):
      made = try samples(of: priorLatents(count: Self.comparedSamples, seed: seed &+ 2))
      real = data.train.evenlySpaced(Self.comparedSamples)
    case .points(let mixture):
      made = try samples(of: priorLatents(count: Self.countedPoints, seed: seed &+ 2))
      real = mixture.draw(Self.countedPoints, seed: seed, name: "compared points", index: 0)
      let coverage = ModeCoverage(
        points: stride(from: 0, to: made.count, by: 2).map {
          SIMD2(Double(made[$0]), Double(made[$0 + 1]))
        }, centres: mixture.centres, deviation: mixture.deviation)
      metrics = ["modesCovered": Double(coverage.covered), "highQualityShare": coverage.quality]
    }
    let size = source.shape.count
    let diversity =
      Self.deviation(made, size) / max(Self.deviation(real, size), .leastNormalMagnitude)
    metrics.append("diversity", diversity)
    try checkCollapse(diversity)
    return metrics
  }

  private func checkCollapse(_ diversity: Double) throws(RunError) {
    let collapse = configuration.collapse
    guard diversity < collapse.limit else { return }
    let text =
      "the samples have collapsed: their diversity is \(Quantity.measure(diversity)) of the "
      + "real ones', below collapse.limit \(Quantity.measure(collapse.limit))"
    guard collapse.stops else { return note(text) }
    throw RunError(
      .diverged, text,
      hint: "try a smaller generatorOptimizer.learningRate, a penalty or more discriminatorSteps")
  }

  /// The root of the mean squared distance of samples of `size` numbers from their mean.
  private static func deviation(_ samples: [Float], _ size: Int) -> Double {
    let count = samples.count / size
    var (sums, squares) = ([Double](repeating: 0, count: size), 0.0)
    for start in stride(from: 0, to: samples.count, by: size) {
      for place in 0..<size {
        let value = Double(samples[start + place])
        sums[place] += value
        squares += value * value
      }
    }
    let ofMean = sums.reduce(0) { $0 + ($1 / Double(count)) * ($1 / Double(count)) }
    return max(0, squares / Double(count) - ofMean).squareRoot()
  }
}

extension ImageSet {
  /// Samples in 0 ... 1 of so many images from all over the set, or of all if there are fewer.
  fileprivate func evenlySpaced(_ limit: Int) -> [Float] {
    let chosen = min(limit, count)
    return (0..<chosen).flatMap { place in
      let start = place * count / chosen * imageSize
      return pixels[start..<start + imageSize].map { Float($0) / 255 }
    }
  }
}
