import Autoencoders
import Experiments
import Synchronization
import Testing

/// What a model measures by itself.
@Suite struct MeasureTests {
  private let effort = MeasureEffort(limit: 300, importanceSamples: 3, seed: 1)

  private func names(_ model: ModelName) throws -> [String] {
    var autoencoder = try spriteAutoencoder {
      $0.model = model
      $0.architecture = .conv
      $0.channels = [4, 8]
      $0.latentSize = 3
      $0.pseudoInputs = 5
    }
    return try autoencoder.measure(effort).map(\.name)
  }

  private static let scores = [
    "mig", "sap", "dciDisentanglement", "dciCompleteness", "dciInformativeness",
    "factorVAEScore", "betaVAEScore",
  ]

  @Test(arguments: [
    ModelName.vae, .conditional, .importanceWeighted, .vampPrior, .totalCorrelation, .hierarchical,
  ])
  func aGaussianPosteriorHasALikelihood(model: ModelName) throws {
    let names = try names(model)
    let posterior = [
      "elbo", "negativeLogLikelihood", "activeUnits", "mutualInformation", "klPerDimension",
    ]
    #expect(names.suffix(12) == posterior + Self.scores)
  }

  /// The mean weight of one point is the evidence lower bound, whose divergences are known exactly: of a
  /// ladder both layers' densities must be those of the same numbers.
  @Test(arguments: [ModelName.vae, .hierarchical])
  func theLikelihoodOfOnePointIsTheBound(model: ModelName) throws {
    var autoencoder = try spriteAutoencoder {
      $0.model = model
      $0.latentSize = 4
      $0.upperLatentSize = 3
    }
    try autoencoder.train(0..<150)
    let measures = try autoencoder.measure(
      MeasureEffort(limit: .max, importanceSamples: 1, seed: 1))
    func value(_ name: String) throws -> Double {
      guard case .number(let value) = measures.first(where: { $0.name == name })?.value else {
        throw MissingMeasure(name: name)
      }
      return value
    }
    let (likelihood, bound) = (try value("negativeLogLikelihood"), -(try value("elbo")))
    #expect((likelihood - bound).magnitude < 0.5, "\(likelihood) beside \(bound)")
    #expect(try value("kl") > 3)
  }

  @Test func aCodeHasNone() throws {
    #expect(try names(.ae) == ["loss", "reconstruction"] + Self.scores)
  }

  /// More points make the estimate better, and the bound is the worst of them.
  @Test func moreImportanceSamplesRaiseTheLikelihood() throws {
    let images = try TinyImages(side: 8)
    var autoencoder = try images.autoencoder()
    try autoencoder.train(0..<100)
    func likelihood(_ points: Int) throws -> Double {
      let measures = try autoencoder.measure(
        MeasureEffort(limit: .max, importanceSamples: points, seed: 1))
      let found = try #require(measures.first { $0.name == "negativeLogLikelihood" })
      guard case .number(let value) = found.value else { return .nan }
      return value
    }
    let estimates = try [1, 20, 400].map(likelihood)
    #expect(estimates[1] < estimates[0] && estimates[2] < estimates[1], "\(estimates)")
    #expect(try likelihood(20) == estimates[1])
  }

  @Test func tellsThatThePosteriorCollapsed() throws {
    let notes = Notes()
    let images = try TinyImages(side: 8)
    var configuration = AutoencoderConfiguration()
    configuration.data.dataset = "mnist"
    configuration.batchSize = 8
    configuration.hidden = [8]
    configuration.kl.weight = 1000
    configuration.optimizer.learningRate = 0.01
    var autoencoder = try Autoencoder(
      configuration, in: RunContext(seed: 1, dataFolder: images.path, note: { notes.add($0) }))
    try autoencoder.train(0..<400)
    _ = try autoencoder.measure(effort)
    #expect(notes.all.contains { $0.contains("the posterior has collapsed: 0 of 2") })
  }
}

/// A measure was expected.
private struct MissingMeasure: Error {
  let name: String
}

/// What was told to the user.
private final class Notes: Sendable {
  private let lines = Mutex<[String]>([])

  func add(_ line: String) { lines.withLock { $0.append(line) } }
  var all: [String] { lines.withLock { $0 } }
}
