import Autoencoders
import Experiments
import FileFormats
import Measures
import RealModule
import Testing

/// Linear models, whose best is known exactly.
@Suite struct OracleTests {
  private static let side = 6
  private static let size = 36
  /// The six classes light six columns, which five directions tell apart.
  private static let latentSize = 5
  private let images: TinyImages

  init() throws { images = try TinyImages(side: Self.side) }

  /// A model without hidden layers that sees all training images at each step.
  private func linear(
    _ change: (inout AutoencoderConfiguration) -> Void
  ) throws -> Autoencoder {
    try images.autoencoder {
      $0.batchSize = TinyImages.trainCount
      $0.hidden = []
      $0.latentSize = Self.latentSize
      $0.optimizer.learningRate = 0.01
      $0.optimizer.decayUpdates = 6000
      change(&$0)
    }
  }

  /// The eigenvalues of the covariance of the training images, descending.
  private func spectrum() -> [Double] {
    let pixels = images.pixels("train", count: TinyImages.trainCount).map { Double($0) / 255 }
    let count = TinyImages.trainCount
    func pixel(_ image: Int, _ place: Int) -> Double { pixels[image * Self.size + place] }
    let means = (0..<Self.size).map { place in
      (0..<count).reduce(0) { $0 + pixel($1, place) } / Double(count)
    }
    let covariance = (0..<Self.size * Self.size).map { entry in
      let (a, b) = entry.quotientAndRemainder(dividingBy: Self.size)
      var sum = 0.0
      for image in 0..<count { sum += (pixel(image, a) - means[a]) * (pixel(image, b) - means[b]) }
      return sum / Double(count)
    }
    return SymmetricEigen.values(of: covariance, dimension: Self.size).reversed()
  }

  @Test func aLinearAutoencoderReachesTheErrorOfPrincipalComponents() throws {
    var autoencoder = try linear {
      $0.model = .ae
      $0.likelihood = .gaussian
      $0.deviation = 1
    }
    let last = try #require(try autoencoder.train(0..<6000).last?["reconstruction"])
    let error = 2 * (last - 0.5 * Double(Self.size) * .log(2 * .pi))
    let least = spectrum().dropFirst(Self.latentSize).reduce(0, +)
    #expect(error > 0.9999 * least && error < 1.001 * least, "\(error) beside \(least)")
  }

  /// The likelihood of probabilistic principal components at its best (Tipping and Bishop 1999, equation
  /// 8); the bound of a linear model has no gap to it (Lucas et al., "Don't blame the ELBO!", 2019).
  @Test func aLinearVAEReachesTheLikelihoodOfProbabilisticPrincipalComponents() throws {
    var autoencoder = try linear { $0.likelihood = .learnedGaussian }
    let metrics = try autoencoder.train(0..<6000)
    let losses = metrics.suffix(1000).compactMap { $0["loss"] }
    let bound = -losses.reduce(0, +) / Double(losses.count)
    let values = spectrum()
    let rest = values.dropFirst(Self.latentSize).reduce(0, +) / Double(Self.size - Self.latentSize)
    let logDeterminant =
      values.prefix(Self.latentSize).reduce(0) { $0 + .log($1) } + Double(
        Self.size - Self.latentSize) * .log(rest)
    let size = Double(Self.size)
    let best = -0.5 * (size * .log(2 * .pi) + logDeterminant + size)
    #expect(bound < best + 0.1 && bound > best - 0.3, "\(bound) beside \(best)")
  }

  /// Under a linear decoder images have a normal distribution, whose density is known.
  @Test func theImportanceSampledLikelihoodIsTheExactOne() throws {
    var autoencoder = try linear {
      $0.likelihood = .gaussian
      $0.deviation = 0.2
    }
    try autoencoder.train(0..<1500)
    let measures = try autoencoder.measure(
      MeasureEffort(limit: .max, importanceSamples: 500, seed: 1))
    let found = try #require(measures.first { $0.name == "negativeLogLikelihood" })
    let records = Dictionary(
      uniqueKeysWithValues: autoencoder.state().map { ($0.name, $0.values(as: Float.self) ?? []) })
    let weight = (records["vae.decoder.0.weight"] ?? []).map(Double.init)
    let bias = (records["vae.decoder.0.bias"] ?? []).map(Double.init)
    var covariance = [Double](repeating: 0, count: Self.size * Self.size)
    for a in 0..<Self.size {
      covariance[a * Self.size + a] = 0.04
      for b in 0..<Self.size {
        for k in 0..<Self.latentSize {
          covariance[a * Self.size + b] +=
            weight[a * Self.latentSize + k] * weight[b * Self.latentSize + k]
        }
      }
    }
    let eigen = SymmetricEigen(covariance, dimension: Self.size)
    let pixels = images.pixels("t10k", count: TinyImages.testCount).map { Double($0) / 255 }
    let exact =
      (0..<TinyImages.testCount).reduce(0.0) { sum, image -> Double in
        let distance = (0..<Self.size).map { pixels[image * Self.size + $0] - bias[$0] }
        var total: Double = sum + 0.5 * Double(Self.size) * Double.log(2 * .pi)
        for row in 0..<Self.size {
          var along = 0.0
          for place in 0..<Self.size {
            along += eigen.vectors[row * Self.size + place] * distance[place]
          }
          let variance = eigen.values[row]
          total += 0.5 * (along * along / variance + Double.log(variance))
        }
        return total
      } / Double(TinyImages.testCount)
    guard case .number(let likelihood) = found.value else {
      Issue.record("not one number")
      return
    }
    #expect((likelihood - exact).magnitude < 0.05, "\(likelihood) beside \(exact)")
  }
}
