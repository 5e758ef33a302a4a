import AdversarialNetworks
import Experiments
import FileFormats
import Imaging
import NeuralNetworks
import Testing

/// Both algorithms train, are the same again from the same seed, and go on where they were.
struct TranslationTrainingTests {
  private static let kinds: [String: @Sendable (inout TranslationConfiguration) -> Void] = [
    "pix2pix": { _ in },
    "pix2pix, relativistic": { $0.objective = .relativistic },
    "pix2pix, residual": { $0.generator.architecture = .residual },
    "cycle": {
      $0.method = .cycle
      $0.objective = .leastSquares
      $0.generator.architecture = .residual
      $0.pool = 5
    },
    "cycle, all at their least": {
      $0.method = .cycle
      $0.objective = .hinge
      $0.pool = 0
      $0.identityWeight = 0
    },
  ]

  private func trained(
    _ experiment: ImageTranslator, _ steps: Range<Int>
  ) throws -> (experiment: ImageTranslator, metrics: [Metrics]) {
    var experiment = experiment
    let metrics = try steps.map { try experiment.step($0) }
    return (experiment, metrics)
  }

  @Test(arguments: kinds.keys.sorted())
  func aRunThatGoesOnEndsWithTheSameBytes(kind: String) throws {
    let change = try #require(Self.kinds[kind])
    let whole = try trained(tinyTranslation(change), 0..<7)
    for metrics in whole.metrics { #expect(metrics.firstNonFinite == nil) }
    let half = try trained(tinyTranslation(threads: 2, change), 0..<4)
    let state = half.experiment.state()
    // What evaluating and sampling compute must not matter.
    var measured = half.experiment
    _ = try measured.sample(count: 3, seed: 5)
    _ = try measured.evaluate()
    #expect(measured.state() == state)
    var resumed = try tinyTranslation(change)
    try resumed.restore(state)
    let rest = try trained(resumed, 4..<7)
    #expect(rest.metrics == Array(whole.metrics[4...]))
    #expect(rest.experiment.state() == whole.experiment.state())
  }

  @Test func aPoolThatIsMissingIsTold() throws {
    let change = try #require(Self.kinds["cycle"])
    var experiment = try tinyTranslation(change)
    let records = experiment.state()
    #expect(records.count { $0.name.hasPrefix("pool.") } == 2)
    #expect(throws: WeightError.self) {
      try experiment.restore(records.filter { $0.name != "pool.B" })
    }
    #expect(experiment.state() == records)
  }

  // MARK: Losses

  private func expectClose(
    _ found: Double?, _ expected: Double, within tolerance: Double = 1e-5,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let difference = abs(try #require(found, sourceLocation: sourceLocation) - expected)
    #expect(difference <= tolerance * max(1, abs(expected)), sourceLocation: sourceLocation)
  }

  @Test func theTargetCountsForItsWeight() throws {
    var experiment = try tinyTranslation { $0.targetWeight = 7 }
    let metrics = try experiment.step(0)
    let (adversarial, target) = (
      try #require(metrics["adversarialLoss"]), try #require(metrics["targetLoss"])
    )
    #expect(target > 0.1)
    try expectClose(metrics["generatorLoss"], adversarial + 7 * target)
  }

  @Test func cycleAndIdentityCountForTheirWeights() throws {
    var experiment = try tinyTranslation {
      $0.method = .cycle
      $0.cycleWeight = 3
      $0.identityWeight = 0.5
    }
    let metrics = try experiment.step(0)
    let (adversarial, cycle, identity) = (
      try #require(metrics["adversarialLoss"]), try #require(metrics["cycleLoss"]),
      try #require(metrics["identityLoss"])
    )
    try expectClose(metrics["generatorLoss"], adversarial + 3 * cycle + 0.5 * identity)
  }

  /// A folder whose image to learn from is the one to be judged by: what a step says of it is what
  /// an evaluation says, between -1 and 1 in the place of 0 and 1.
  private func twins(b: Int) throws -> TwoSides {
    let sides = try TwoSides()
    for name in ["one", "two"] {
      try sides.write("a", name, 1)
      try sides.write("b", name, b)
    }
    return sides
  }

  @Test func theTargetLossIsTheErrorOfTheSameImage() throws {
    var experiment = try twins(b: 2).translation()
    let errors = try experiment.evaluate()
    let step = try experiment.step(0)
    try expectClose(step["targetLoss"], 2 * (try #require(errors["errorB"])))
    // The mean training image is the test image.
    #expect(errors["meanImageErrorB"] == 0)
  }

  @Test func errorsAreThoseOfThePictures() throws {
    var experiment = try twins(b: 2).translation()
    let made = try experiment.sample(count: 1, seed: 1)[0].planarPixels
    let real = TwoSides.pixels(2)
    #expect(made.count == 3 * real.count)
    let sum = made.indices.reduce(0) { $0 + abs(Int(made[$1]) - Int(real[$1 % real.count])) }
    let expected = Double(sum) / Double(made.count) / 255
    // Half a step of a byte is lost in the picture.
    try expectClose(try experiment.evaluate()["errorB"], expected, within: 0.5 / 255)
  }

  @Test func cycleLossesAreTheErrorsOfTheSameImages() throws {
    var experiment = try twins(b: 2).translation { $0.method = .cycle }
    let errors = try experiment.evaluate()
    let back =
      try #require(errors["cycleErrorA"]) + #require(errors["cycleErrorB"])
    try expectClose(try experiment.step(0)["cycleLoss"], 2 * back)

    // Where both sides are one, to translate an image is to change what is there already.
    var same = try twins(b: 1).translation { $0.method = .cycle }
    let changed = try same.evaluate()
    let there = try #require(changed["errorA"]) + #require(changed["errorB"])
    try expectClose(try same.step(0)["identityLoss"], 2 * there)
  }

  // MARK: Results

  @Test func samplesAreAFunctionOfTheSeed() throws {
    var experiment = try tinyTranslation()
    let first = try experiment.sample(count: 5, seed: 3)
    #expect(try experiment.sample(count: 5, seed: 3) == first)
    #expect(try experiment.sample(count: 5, seed: 4) != first)
    #expect(Array(try experiment.sample(count: 40, seed: 3)[..<5]) == first)
  }

  @Test(arguments: TranslationMethod.allCases)
  func sheetsAreWritten(method: TranslationMethod) throws {
    let folder = try TwoSides()
    var experiment = try tinyTranslation { $0.method = method }
    let images = "\(folder.path)/images"
    try experiment.export(to: try Exports(folder: images, epoch: 2))
    #expect(
      try Files.names(in: images).sorted()
        == ["training-00002.png", "training.apng", "training.gif", "translations.png"])
    let sheet = try PNG.decode(Files.read("\(images)/translations.png"))
    // Twelve columns of sprites at twice their size.
    #expect(sheet.width > 12 * 64 && sheet.height > 3 * 64)
  }

  @Test func theLastAnimationShowsAllOfTraining() throws {
    let folder = try TwoSides()
    var experiment = try tinyTranslation()
    let images = "\(folder.path)/images"
    func frames(epoch: Int, in folder: String) throws -> Int {
      _ = try experiment.step(epoch)
      try experiment.export(to: try Exports(folder: folder, epoch: epoch))
      let animation = try Files.read("\(folder)/training.gif")
      // A graphic control extension of four bytes precedes each frame.
      return animation.indices.dropLast(2).count {
        Array(animation[$0...$0 + 2]) == [0x21, 0xF9, 4]
      }
    }
    #expect(try frames(epoch: 1, in: "\(images)/epoch-0001") == 1)
    #expect(try frames(epoch: 2, in: "\(images)/epoch-0002") == 1)
    #expect(try frames(epoch: 3, in: images) == 3)
  }

  @Test func fewImagesMakeASmallSheet() throws {
    let folder = try TwoSides()
    var experiment = try twins(b: 2).translation { $0.method = .cycle }
    try experiment.export(to: try Exports(folder: "\(folder.path)/images", epoch: 0))
    #expect(Files.kind(of: "\(folder.path)/images/translations.png") != nil)
  }

  @Test func trainingBringsImagesNearerToTheirTargets() throws {
    var experiment = try tinyTranslation {
      $0.generatorOptimizer.learningRate = 2e-3
      $0.generator.dropout = 0
    }
    let before = try #require(try experiment.evaluate()["errorB"])
    for number in 0..<60 { _ = try experiment.step(number) }
    let after = try #require(try experiment.evaluate()["errorB"])
    #expect(after < 0.5 * before)
  }
}
