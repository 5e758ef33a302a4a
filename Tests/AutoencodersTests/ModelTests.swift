import Autoencoders
import Experiments
import FileFormats
import Imaging
import Testing

/// What every kind of autoencoder keeps.
@Suite struct ModelTests {
  /// A small autoencoder of sprites of a kind.
  private func autoencoder(
    _ model: ModelName, architecture: Architecture = .conv, threads: Int = 1,
    _ change: (inout AutoencoderConfiguration) -> Void = { _ in }
  ) throws -> Autoencoder {
    try spriteAutoencoder(threads: threads) {
      $0.model = model
      $0.architecture = architecture
      $0.channels = [4, 8, 8]
      $0.latentSize = 3
      $0.upperLatentSize = 2
      $0.pseudoInputs = 20
      $0.codebook.codes = 16
      $0.codebook.codeSize = 4
      $0.codebook.priorChannels = 8
      $0.adversary.hidden = [16]
      $0.adversary.similarityWeight = 1
      change(&$0)
    }
  }

  @Test(arguments: ModelName.allCases.filter { $0 != .vaeGAN })
  func learnsToReconstruct(model: ModelName) throws {
    var autoencoder = try autoencoder(model)
    let before = try #require(try autoencoder.evaluate()["reconstruction"])
    let metrics = try autoencoder.train(0..<60)
    let after = try #require(try autoencoder.evaluate()["reconstruction"])
    #expect(after < 0.8 * before, "\(before) became \(after)")
    #expect(metrics.allSatisfy { $0.firstNonFinite == nil })
  }

  /// Pixels are not what it makes small. By a discriminator that hardly moves, the features of
  /// reconstructions come near those of the images.
  @Test func aVAEGANLearnsToReconstructFeatures() throws {
    var autoencoder = try autoencoder(.vaeGAN) { $0.adversary.optimizer.learningRate = 1e-8 }
    let before = try #require(try autoencoder.evaluate()["featureError"])
    try autoencoder.train(0..<60)
    let after = try #require(try autoencoder.evaluate()["featureError"])
    #expect(after < 0.8 * before, "\(before) became \(after)")
  }

  @Test(arguments: ModelName.allCases)
  func goesOnFromASavedStateToTheBitOnAnyNumberOfThreads(model: ModelName) throws {
    var whole = try autoencoder(model)
    var first = try autoencoder(model, threads: 2)
    let metrics = try whole.train(0..<5)
    #expect(try first.train(0..<3) == Array(metrics[..<3]))
    let file = SafeTensors.encode(first.state())
    var second = try autoencoder(model)
    try second.restore(SafeTensors.decode(file, path: "step-3.safetensors").records)
    #expect(try second.train(3..<5) == Array(metrics[3...]))
    #expect(second.state() == whole.state())
    #expect(try second.evaluate() == whole.evaluate())
  }

  /// As many images as asked for, the same of a seed, and not all alike.
  @Test(arguments: ModelName.allCases)
  func drawsImages(model: ModelName) throws {
    var autoencoder = try autoencoder(model)
    try autoencoder.train(0..<4)
    let images = try autoencoder.sample(count: 6, seed: 3)
    #expect(images.count == 6)
    #expect(images.allSatisfy { ($0.width, $0.height) == (32, 32) })
    #expect(try autoencoder.sample(count: 6, seed: 3) == images)
    #expect(try autoencoder.sample(count: 2, seed: 3) == Array(images[..<2]))
    #expect(try autoencoder.sample(count: 6, seed: 4) != images)
    #expect(Set(images).count > 1)
  }

  @Test(arguments: ModelName.allCases)
  func writesItsPictures(model: ModelName) throws {
    var autoencoder = try autoencoder(model)
    let folder = try TinyImages(side: 8)
    try autoencoder.export(to: Exports(folder: folder.path + "/images", epoch: 1))
    let names = try Files.names(in: folder.path + "/images")
    #expect(names.contains("samples.png") && names.contains("reconstructions.png"))
    #expect(
      try autoencoder.encode(0..<3).map(\.count)
        == [Int](repeating: autoencoder.latentSize, count: 3))
  }

  /// Every layer counts in the table, the discriminator's too.
  @Test(arguments: ModelName.allCases)
  func describesAllItsParameters(model: ModelName) throws {
    let autoencoder = try autoencoder(model)
    let trained = autoencoder.state().filter {
      ($0.name.hasPrefix("vae.") || $0.name.hasPrefix("discriminator."))
        && !$0.name.hasPrefix("vae.codebook.") && !$0.name.hasSuffix("pseudoInputs")
    }
    let count = trained.map { $0.shape.reduce(1, *) }.reduce(0, +)
    #expect(autoencoder.describe().parameters == count)
  }

  @Test(arguments: Architecture.allCases)
  func isMadeOfEveryArchitecture(architecture: Architecture) throws {
    var autoencoder = try autoencoder(.vae, architecture: architecture)
    let before = try #require(try autoencoder.evaluate()["loss"])
    try autoencoder.train(0..<40)
    #expect(try #require(try autoencoder.evaluate()["loss"]) < 0.8 * before)
  }

  /// Of images by themselves, as of batches.
  @Test(arguments: Architecture.allCases)
  func learnsWithBatchesNormalised(architecture: Architecture) throws {
    var autoencoder = try autoencoder(.vae, architecture: architecture) { $0.batchNorm = true }
    let before = try #require(try autoencoder.evaluate()["loss"])
    try autoencoder.train(0..<60)
    #expect(try #require(try autoencoder.evaluate()["loss"]) < 0.8 * before)
  }

  /// The running statistics count a batch once, though the discriminator's step sees it too.
  @Test func aDiscriminatorsStepLeavesRunningStatisticsAlone() throws {
    let statistics = try [ModelName.ae, .adversarial].map { model in
      var autoencoder = try autoencoder(model) { $0.batchNorm = true }
      try autoencoder.train(0..<1)
      return autoencoder.state().filter {
        $0.name.hasPrefix("vae.encoder.") && $0.name.contains("running")
      }
    }
    #expect(!statistics[0].isEmpty)
    #expect(statistics[0] == statistics[1])
  }

  @Test(arguments: LikelihoodName.allCases)
  func learnsByEveryLikelihood(likelihood: LikelihoodName) throws {
    var autoencoder = try autoencoder(.vae) {
      $0.likelihood = likelihood
      $0.deviation = 0.3
    }
    let before = try #require(try autoencoder.evaluate()["loss"])
    let metrics = try autoencoder.train(0..<40)
    #expect(try #require(try autoencoder.evaluate()["loss"]) < before)
    #expect(metrics.allSatisfy { $0.firstNonFinite == nil })
    let scales = autoencoder.state().filter { $0.name == "vae.decoder.logScale" }
    #expect(scales.count == (likelihood == .bernoulli || likelihood == .gaussian ? 0 : 1))
  }

  /// A step of the discriminator leaves the rest alone, and the other way round: each network's own
  /// updates are counted once a step.
  @Test(arguments: [ModelName.factor, .adversarial, .vaeGAN])
  func trainsItsDiscriminatorBeside(model: ModelName) throws {
    var autoencoder = try autoencoder(model)
    let before = autoencoder.state()
    let metrics = try autoencoder.train(0..<1)
    #expect(metrics[0]["discriminatorLoss"] != nil)
    let changed = zip(before, autoencoder.state()).filter { $0 != $1 }.map { $1.name }
    #expect(changed.contains { $0.hasPrefix("discriminator.") })
    #expect(changed.contains { $0.hasPrefix("vae.encoder.") })
    let names = before.map(\.name)
    #expect(!names.contains { $0.hasPrefix("optimizer.") && $0.contains("discriminator") })
    #expect(!names.contains { $0.hasPrefix("discriminatorOptimizer.") && $0.contains("vae.") })
  }

  @Test func withoutClassesHasNoConditions() throws {
    let images = try TinyImages(side: 8)
    let conditional = try images.autoencoder { $0.model = .conditional }
    #expect(conditional.latentSize == 2 + conditional.classNames.count)
  }
}
