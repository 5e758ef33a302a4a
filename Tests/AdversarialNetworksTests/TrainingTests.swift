import AdversarialNetworks
import Experiments
import FileFormats
import Imaging
import Testing

/// Every kind of game is played, is the same again from the same seed, and goes on where it was.
struct TrainingTests {
  private static let kinds: [String: @Sendable (inout GANConfiguration) -> Void] = [
    "nonSaturating": { $0.averageDecay = 0.9 },
    "leastSquares": { $0.objective = .leastSquares },
    "clipped": {
      $0.objective = .wasserstein
      $0.weightBound = 0.01
    },
    "wganGP": {
      $0.objective = .wasserstein
      $0.penalty = .between
      $0.discriminator.batchNorm = false
      $0.discriminatorSteps = 2
    },
    "dragan": {
      $0.penalty = .aroundReal
      $0.discriminator.batchNorm = false
    },
    "r1": {
      $0.penalty = .atReal
      $0.generator.architecture = .mlp
      $0.discriminator.layers.architecture = .mlp
    },
    "r2": {
      $0.penalty = .atFake
      $0.discriminator.batchNorm = false
    },
    "hinge": {
      $0.objective = .hinge
      $0.generator.architecture = .residual
      $0.discriminator.layers.architecture = .residual
      $0.discriminator.spectralNorm = true
    },
    "relativistic": { $0.objective = .relativistic },
    "concatenation": { $0.condition = .concatenation },
    "projection": { $0.condition = .projection },
    "auxiliary": { $0.condition = .auxiliary },
    "embedding": { $0.condition = .embedding },
    "information": { $0.condition = .information },
    "equilibrium": {
      $0.objective = .equilibrium
      $0.discriminator.batchNorm = false
    },
    "augmented": {
      $0.augmentation.brightness = 1
      $0.augmentation.contrast = 1
      $0.augmentation.translation = 0.125
      $0.augmentation.cutout = 0.5
    },
    "gathered": {
      $0.gatheredBatches = 2
      $0.averageDecay = 0.9
    },
    "unrolled": {
      $0.unrolledSteps = 2
      $0.generator.architecture = .mlp
      $0.discriminator.layers.architecture = .mlp
    },
    "softened": {
      $0.softening.smoothing = 0.1
      $0.softening.labelNoise = 0.05
      $0.softening.instanceNoise = 0.1
      $0.discriminator.dropout = 0.4
      $0.topShare = 0.5
    },
  ]

  private func trained(
    _ experiment: AdversarialNetwork, _ steps: Range<Int>
  ) throws -> (experiment: AdversarialNetwork, metrics: [Metrics]) {
    var experiment = experiment
    let metrics = try steps.map { try experiment.step($0) }
    return (experiment, metrics)
  }

  @Test(arguments: kinds.keys.sorted())
  func aRunThatGoesOnEndsWithTheSameBytes(kind: String) throws {
    let change = try #require(Self.kinds[kind])
    let whole = try trained(tinyImages(change), 0..<4)
    for metrics in whole.metrics { #expect(metrics.firstNonFinite == nil) }
    let half = try trained(tinyImages(threads: 2, change), 0..<2)
    let state = half.experiment.state()
    // What evaluating and sampling compute must not matter.
    var measured = half.experiment
    _ = try measured.sample(count: 3, seed: 5)
    _ = try measured.evaluate()
    #expect(measured.state() == state)
    var resumed = try tinyImages(seed: 1, change)
    try resumed.restore(state)
    let rest = try trained(resumed, 2..<4)
    #expect(rest.metrics == Array(whole.metrics[2...]))
    #expect(rest.experiment.state() == whole.experiment.state())
  }

  @Test func accuraciesAreShares() throws {
    let metrics = try trained(tinyImages(), 0..<3).metrics
    for measured in metrics {
      for name in ["realAccuracy", "fakeAccuracy"] {
        let share = try #require(measured[name])
        #expect((0...1).contains(share))
        #expect((share * 8).rounded() == share * 8)
      }
    }
  }

  @Test func weightsStayWithinTheirBound() throws {
    func greatest(_ kind: String) throws -> Float {
      let change = try #require(Self.kinds[kind])
      let experiment = try trained(tinyImages(change), 0..<3).experiment
      let trained = records(experiment, of: "discriminator").filter {
        !$0.name.contains("running_")
      }
      return try trained.map { try #require($0.values(as: Float.self)?.map(abs).max()) }.max() ?? 0
    }
    #expect(try greatest("clipped") <= 0.01)
    #expect(try greatest("leastSquares") > 0.01)
  }

  @Test func samplesAreAFunctionOfTheSeed() throws {
    var experiment = try tinyImages()
    let first = try experiment.sample(count: 5, seed: 3)
    #expect(first.count == 5)
    #expect(try experiment.sample(count: 5, seed: 3) == first)
    #expect(try experiment.sample(count: 5, seed: 4) != first)
    // The first images do not depend on how many there are.
    #expect(Array(try experiment.sample(count: 105, seed: 3)[..<5]) == first)
  }

  /// The generator's loss of a relativistic game is of the real samples of its own step: with steps
  /// of next to nothing it is the same game seen from the other side.
  @Test func theGeneratorSeesTheSameRealSamples() throws {
    var experiment = try tinyPoints {
      $0.objective = .relativistic
      $0.generatorOptimizer.learningRate = 1e-8
      $0.discriminatorOptimizer.learningRate = 1e-8
      $0.batchSize = 4096
    }
    let metrics = try experiment.step(0)
    // Both losses are sums of softplus(±d) over the same distribution of differences.
    let (one, other) = (
      try #require(metrics["discriminatorLoss"]), try #require(metrics["generatorLoss"])
    )
    #expect(abs(one + other - 4 * 0.6931) < 0.5)
    #expect(one != other)
  }

  @Test func theTwoStepsDrawLatentPointsOfTheirOwn() throws {
    // Critic and generator of equal scores have opposite losses where they see the same samples.
    var experiment = try tinyPoints {
      $0.objective = .wasserstein
      $0.generatorOptimizer.learningRate = 1e-8
      $0.discriminatorOptimizer.learningRate = 1e-8
    }
    let metrics = try experiment.step(0)
    let (score, loss) = (
      try #require(metrics["fakeScore"]), try #require(metrics["generatorLoss"])
    )
    #expect(abs(score + loss) > 1e-4)
    #expect(metrics["realAccuracy"] == nil)
  }

  @Test func codesAreSwept() throws {
    var experiment = try tinyImages {
      $0.condition = .information
      $0.codes.categories = 3
      $0.codes.continuous = 1
    }
    _ = try experiment.step(0)
    let images = try experiment.sample(count: 6, seed: 1)
    #expect(Set(images.map(\.pixels)).count == 6)
  }

  @Test func theBalanceOfAnEquilibriumMovesWithTheLosses() throws {
    var experiment = try tinyImages {
      $0.objective = .equilibrium
      $0.equilibrium.rate = 0.1
      $0.equilibrium.diversity = 1
    }
    var balance = 0.0
    for number in 0..<3 {
      let metrics = try experiment.step(number)
      #expect(abs((metrics["balance"] ?? -1) - balance) < 1e-6)
      let (real, fake) = (
        -(try #require(metrics["realScore"])), -(try #require(metrics["fakeScore"]))
      )
      #expect(
        abs(try #require(metrics["convergence"]) - (real + abs(real - fake))) < 1e-5 * (real + 1))
      #expect(
        abs(try #require(metrics["discriminatorLoss"]) - (real - balance * fake)) < 1e-5)
      balance = min(max(balance + 0.1 * (real - fake), 0), 1)
    }
  }

  @Test func samplesThatAreAllAlikeAreSaidToHaveCollapsed() throws {
    // A generator whose numbers are all but nothing makes the same image of every latent point.
    var experiment = try tinyImages {
      $0.generator.architecture = .mlp
      $0.collapse.stops = true
    }
    _ = try experiment.evaluate()
    let flat = experiment.state().map { record in
      record.name.hasPrefix("generator.")
        ? TensorRecord(
          name: record.name, shape: record.shape,
          values: [Float](repeating: 0, count: record.shape.reduce(1, *))) : record
    }
    try experiment.restore(flat)
    let error = #expect(throws: RunError.self) { try experiment.evaluate() }
    #expect(error?.kind == .diverged)
  }

  @Test func pointsAreCounted() throws {
    var experiment = try tinyPoints()
    for number in 0..<3 { #expect(try experiment.step(number).firstNonFinite == nil) }
    let measured = try experiment.evaluate()
    #expect(try experiment.evaluate() == measured)
    #expect((0...8).contains(measured["modesCovered"] ?? -1))
    #expect((0...1).contains(measured["highQualityShare"] ?? -1))
    #expect(throws: RunError.self) { try experiment.sample(count: 1, seed: 1) }
  }
}
