import Autoencoders
import Experiments
import Imaging
import Testing

/// Priors that are chosen after training.
@Suite struct PriorTests {
  private let images: TinyImages

  init() throws { images = try TinyImages(side: 8) }

  private func trained(
    _ model: ModelName, threads: Int = 1, steps: Int = 40
  ) throws -> Autoencoder {
    var autoencoder = try images.autoencoder(threads: threads) {
      $0.model = model
      $0.optimizer.learningRate = 0.01
    }
    try autoencoder.train(0..<steps)
    return autoencoder
  }

  @Test(arguments: LatentPrior.allCases)
  func aSeedAlwaysGivesTheSameSamples(prior: LatentPrior) throws {
    let autoencoder = try trained(.vae)
    let state = autoencoder.state()
    let samples = try autoencoder.sample(count: 6, seed: 3, prior: prior)
    #expect(samples.count == 6)
    let other = try trained(.vae, threads: 2).sample(count: 2, seed: 3, prior: prior)
    #expect(other == Array(samples[..<2]))
    #expect(try autoencoder.sample(count: 6, seed: 4, prior: prior) != samples)
    // A second stage has a state of its own.
    #expect(autoencoder.state() == state)
  }

  /// The prior that a model has by itself is one of them.
  @Test func theOwnPriorIsOneOfThem() throws {
    let (plain, variational) = (try trained(.ae), try trained(.vae))
    #expect(
      try plain.sample(count: 4, seed: 3) == plain.sample(count: 4, seed: 3, prior: .mixture))
    #expect(
      try variational.sample(count: 4, seed: 3)
        == variational.sample(count: 4, seed: 3, prior: .normal))
    #expect(
      try variational.sample(count: 4, seed: 3)
        != variational.sample(count: 4, seed: 3, prior: .mixture))
  }

  /// A code knows no prior: its points lie anywhere. What is fitted to them gives images whose mean is
  /// that of the images, which the standard normal distribution does not.
  @Test(arguments: [LatentPrior.mixture, .twoStage])
  func aFittedPriorGivesImagesLikeThoseLearntFrom(prior: LatentPrior) throws {
    let autoencoder = try trained(.ae, steps: 600)
    func mean(_ images: [Image]) -> [Double] {
      (0..<64).map { pixel in
        images.reduce(0) { $0 + Double($1.pixels[pixel]) } / Double(images.count)
      }
    }
    let real = mean((0..<TinyImages.testCount).map(autoencoder.testImage))
    func distance(_ prior: LatentPrior) throws -> Double {
      let made = mean(try autoencoder.sample(count: 300, seed: 1, prior: prior))
      return zip(made, real).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    let (fitted, normal) = (try distance(prior), try distance(.normal))
    #expect(fitted < 0.5 * normal, "\(fitted) beside \(normal)")
  }

  /// The classes are told whatever the prior: each in its turn.
  @Test(arguments: LatentPrior.allCases)
  func classesFollowEachOther(prior: LatentPrior) throws {
    let autoencoder = try trained(.conditional, steps: 600)
    let samples = try autoencoder.sample(count: 16, seed: 1, prior: prior)
    // Of the ten classes, eight have images, each of which lights a column of its own.
    for (place, sample) in samples.enumerated() where place % 10 < 8 {
      let columns = (0..<8).map { column in
        (0..<8).reduce(0) { $0 + Int(sample[column, $1, 0]) }
      }
      #expect(columns.firstIndex(of: columns.max() ?? 0) == place % 10)
    }
  }

  @Test func codesAreDrawnByTheirOwnNetworkOnly() throws {
    let autoencoder = try spriteAutoencoder {
      $0.model = .vectorQuantized
      $0.architecture = .conv
      $0.channels = [4, 8]
    }
    let error = #expect(throws: RunError.self) {
      try autoencoder.sample(count: 1, seed: 1, prior: .mixture)
    }
    #expect(error?.kind == .unsuitable)
  }
}
