import AdversarialNetworks
import Experiments
import FileFormats
import Testing

struct TranslationConfigurationTests {
  @Test func foldersNeedAFolder() {
    var configuration = TranslationConfiguration()
    #expect(configuration.problems.isEmpty)
    configuration.sides = .folders
    #expect(configuration.problems.map(\.key) == ["sides"])
    configuration.data.dataset = "folder:/pictures"
    #expect(configuration.problems.isEmpty)
  }

  private static let unfit: [@Sendable (inout TranslationConfiguration) -> Void] = [
    { $0.generator.channels = [4, 4, 4, 4, 4, 4] },
    { $0.generator = residual([4, 4, 4, 4, 4, 4, 4]) },
    // 1 x 1 in the middle cannot be mirrored.
    { $0.generator = residual([4, 4, 4, 4, 4, 4]) },
    { $0.discriminator.channels = [4, 4, 4, 4, 4] },
    { $0.batchSize = 17 },
  ]

  private static func residual(_ channels: [Int]) -> TranslatorConfiguration {
    var configuration = TranslatorConfiguration()
    configuration.architecture = .residual
    configuration.channels = channels
    configuration.blocks = 1
    return configuration
  }

  @Test(arguments: unfit.indices)
  func imagesThatTheNetworksCannotTakeAreRefused(kind: Int) {
    let error = #expect(throws: RunError.self) { try tinyTranslation(Self.unfit[kind]) }
    #expect(error?.kind == .unsuitable)
  }

  @Test func theGreatestNetworksThatFitAreTaken() throws {
    _ = try tinyTranslation {
      $0.generator.channels = [4, 4, 4, 4, 4]
      $0.discriminator.channels = [4, 4, 4, 4]
    }
    _ = try tinyTranslation { $0.generator = Self.residual([4, 4, 4, 4, 4]) }
  }

  @Test func filesWithoutPartnersAreNamed() throws {
    let sides = try TwoSides()
    for number in 0..<4 {
      try sides.write("a", "\(number)", number)
      try sides.write("b", "\(number)", number)
    }
    #expect(try sides.translation().stepsPerEpoch == 3)
    try sides.write("b", "lone", 9)
    let error = #expect(throws: FileError.self) { try sides.translation() }
    #expect(error?.problem == .notFound)
    #expect(error?.path == "\(sides.path)/b/lone.png")
    #expect(error?.message.contains("\(sides.path)/a") == true)
    // Without pairs nothing is missing, and errors that need them are not told.
    var unpaired = try sides.translation { $0.method = .cycle }
    #expect(try unpaired.evaluate().measures.map(\.name) == ["cycleErrorA", "cycleErrorB"])
  }

  @Test func poolsThatAreTooLargeAreRefused() throws {
    let sides = try TwoSides()
    for name in ["one", "two"] {
      for side in ["a", "b"] { try sides.write(side, name, 1) }
    }
    let error = #expect(throws: RunError.self) {
      try sides.translation {
        $0.method = .cycle
        $0.data.imageSize = 1024
        $0.pool = 200
      }
    }
    #expect(error?.kind == .unsuitable && error?.message.contains("pool") == true)
  }

  @Test func twoFoldersAreExpected() throws {
    let sides = try TwoSides()
    _ = try Files.createFolder("\(sides.path)/c")
    let error = #expect(throws: FileError.self) { try sides.translation() }
    #expect(error?.problem == .unsupported && error?.path == sides.path)
  }

  @Test func emptyFoldersAreRefused() throws {
    let sides = try TwoSides()
    let error = #expect(throws: FileError.self) { try sides.translation() }
    #expect(error?.problem == .notFound && error?.path == "\(sides.path)/a")
  }
}
