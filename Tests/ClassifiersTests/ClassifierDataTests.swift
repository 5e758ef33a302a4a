import Classifiers
import Datasets
import Experiments
import FileFormats
import Imaging
import Synchronization
import Testing

/// What classifiers learn from and are judged by.
@Suite struct ClassifierDataTests {
  static func configuration() -> ClassifierConfiguration {
    var configuration = ClassifierConfiguration()
    configuration.data.dataset = "sprites"
    configuration.data.imageLimit = 256
    configuration.batchSize = 32
    configuration.channels = [4, 8]
    configuration.features = 16
    configuration.mirrors = false
    return configuration
  }

  private func classifier(
    threads: Int = 1, note: @escaping @Sendable (String) -> Void = { _ in },
    _ configure: (inout ClassifierConfiguration) -> Void
  ) throws -> ImageClassifier {
    var configuration = Self.configuration()
    configure(&configuration)
    return try ImageClassifier(
      configuration, in: RunContext(seed: 1, threads: threads, note: note))
  }

  @Test func augmentedRunsGoOnWithTheSameBytesWhateverTheThreads() throws {
    func augmented(_ configuration: inout ClassifierConfiguration) {
      configuration.augmentation.rotation = 20
      configuration.augmentation.translation = 0.1
      configuration.augmentation.contrast = 0.3
      configuration.normalization = .standard
      configuration.split.validation = 0.2
    }
    var whole = try classifier(threads: 2, augmented)
    for number in 0..<5 { _ = try whole.step(number) }
    var first = try classifier(augmented)
    for number in 0..<2 { _ = try first.step(number) }
    var resumed = try classifier(augmented)
    try resumed.restore(first.state())
    for number in 2..<5 { _ = try resumed.step(number) }
    #expect(resumed.state() == whole.state())
    var plain = try classifier { configuration in
      augmented(&configuration)
      configuration.augmentation = ImageAugmentation()
    }
    for number in 0..<5 { _ = try plain.step(number) }
    #expect(plain.state() != whole.state())
  }

  @Test func heldOutImagesAreJudgedAndToldOf() throws {
    var folded = try classifier { ($0.split.folds, $0.split.fold) = (4, 3) }
    #expect(folded.stepsPerEpoch == 6)
    #expect(try #require(folded.evaluate()["loss"]) > 0)
    let notes = try #require(folded.describe().notes.first { $0.name == "images" })
    #expect(notes.text.contains("192 to learn from, 64 held out"))
    let names = try folded.measure(.init(limit: 20, importanceSamples: 1, seed: 0)).map(\.name)
    #expect(names.contains("testAccuracy") && names.contains("validationAccuracy"))
    #expect(names.contains("baselineLinear"))
  }

  @Test func standardNormalisationIsToldAndChangesWhatIsSeen() throws {
    var fixed = try classifier { _ in }
    var standard = try classifier { $0.normalization = .standard }
    #expect(try fixed.evaluate() != standard.evaluate())
    let note = try #require(standard.describe().notes.first { $0.name == "normalization" })
    #expect(note.text.hasPrefix("standard: of the training images, mean "))
  }

  @Test func baselinesAreToldBeforeTheFirstStepAlone() throws {
    let told = Notes()
    var experiment = try classifier(note: { told.append($0) }) { _ in }
    for number in 0..<3 { _ = try experiment.step(number) }
    let texts = told.texts.filter { $0.hasPrefix("to beat: ") }
    #expect(texts.count == 1)
    #expect(try #require(texts.first).contains("32 principal components"))
  }

  /// Baselines that are known: a third of the sprites is of each shape, near enough.
  @Test func baselinesAreAccuracies() throws {
    var experiment = try classifier { _ in }
    let measures = try experiment.measure(.init(limit: 10, importanceSamples: 1, seed: 0))
    func value(_ name: String) throws -> Double {
      let measure = try #require(measures.first { $0.name == name })
      guard case .number(let number) = measure.value else { return .nan }
      return number
    }
    let prior = try value("baselinePrior")
    #expect((0.2...0.45).contains(prior))
    #expect(try (0...1).contains(value("baselineNearestMean")))
    #expect(try value("baselineLinear") > prior)
  }

  /// Folds are repetitions, as seeds are: their runs are one row of a sweep's table.
  @Test func foldsAreOneGroupOfASweep() throws {
    let studio = Studio([ImageClassifier.self])
    let file = try ExperimentFile(
      name: "folds",
      source: SourceText(
        path: "folds.yaml", bytes: Array("module: classifier\nfolds: 3\n".utf8)),
      base: { _, _ throws(ConfigurationError) in preconditionFailure("nothing is extended") })
    let sweep = try studio.planSweep(
      file, reference: "folds", axes: [SweepAxis("batchSize=16,32"), SweepAxis("fold=0..2")])
    let groups = SweepResults(sweep, in: "/nowhere", studio: studio).groups
    #expect(groups.map(\.label) == ["batchSize=16", "batchSize=32"])
    #expect(groups.map(\.outcomes.count) == [3, 3])
  }

  @Test func whatCannotBeSplitIsRefused() {
    for configure in [
      { $0.split.validation = 0.001 }, { ($0.split.folds, $0.split.fold) = (1000, 999) },
      { ($0.split.validation, $0.batchSize) = (0.5, 200) },
    ] as [(inout ClassifierConfiguration) -> Void] {
      #expect(throws: RunError.self) { try classifier(configure) }
    }
    var split = SplitConfiguration()
    split.folds = 1
    #expect(split.problems.map(\.key) == ["folds"])
    (split.folds, split.fold, split.validation) = (3, 3, 0.1)
    #expect(split.problems.map(\.key) == ["validation", "fold"])
    (split.folds, split.fold, split.validation) = (3, 2, 0)
    #expect(split.problems.isEmpty)
  }

  /// A folder that is too large for the bound trains to the same bytes; a bad file is an error then.
  @Test func imagesInFilesTrainToTheSameBytes() throws {
    let temporary = TemporaryFolder()
    let folder = temporary.path
    for name in ["dark", "light"] { try Files.createFolders("\(folder)/\(name)") }
    for number in 0..<24 {
      let level = UInt8(number % 2 == 0 ? number : 255 - number)
      let path = "\(folder)/\(number % 2 == 0 ? "dark" : "light")/\(number).png"
      try DurableFile.write(
        PNG.encode(
          Image(
            width: 8, height: 8, filledWith: Colour(red: level, green: level, blue: UInt8(number)))),
        to: path)
    }
    func trained(memoryLimit: Int, steps: Int) throws -> [TensorRecord] {
      var experiment = try classifier { configuration in
        configuration.data.dataset = "folder:\(folder)"
        configuration.data.imageLimit = 0
        configuration.data.imageSize = 8
        configuration.batchSize = 4
        configuration.memoryLimit = memoryLimit
        configuration.normalization = .standard
        configuration.augmentation.rotation = 10
      }
      for number in 0..<steps { _ = try experiment.step(number) }
      _ = try experiment.evaluate()
      return experiment.state()
    }
    #expect(try trained(memoryLimit: 0, steps: 12) == trained(memoryLimit: 1, steps: 12))
  }
}

/// Lines that were told.
private final class Notes: Sendable {
  private let lines = Mutex<[String]>([])

  var texts: [String] { lines.withLock(\.self) }

  func append(_ text: String) { lines.withLock { $0.append(text) } }
}
