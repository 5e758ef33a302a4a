import TensorEngine

/// A workload with the figures that belong to it: what a unit of its work is, and how many
/// floating-point operations such a unit takes.
public struct Benchmark: Sendable {
  /// What is measured.
  public enum Metric: String, Sendable {
    case imagesPerSecond = "images_per_s"
    case iterationsPerSecond = "iterations_per_s"
    case tokensPerSecond = "tokens_per_s"
    case environmentStepsPerSecond = "env_steps_per_s"
    /// The only one of which less is better.
    case microsecondsPerStep = "us_per_step"
    case seconds
  }

  /// The name, such as "vae_mlp".
  public let name: String
  /// What it does, in one line.
  public let summary: String
  /// What is measured.
  public let metric: Metric
  /// Images, iterations or tokens of one step.
  public let unitsPerStep: Int
  /// Floating-point operations of one unit: products and convolutions only, a multiply-add counting
  /// as two, with what PyTorch does for the same unit.
  public let workPerUnit: Double
  /// How it is timed unless a caller wants otherwise.
  public let plan: MeasurementPlan
  private let prepare: @Sendable (BenchmarkSettings) throws -> Workload

  init(
    _ name: String, _ summary: String, _ metric: Metric, unitsPerStep: Int, workPerUnit: Double,
    plan: MeasurementPlan = MeasurementPlan(),
    prepare: @escaping @Sendable (BenchmarkSettings) throws -> Workload
  ) {
    self.name = name
    self.summary = summary
    self.metric = metric
    self.unitsPerStep = unitsPerStep
    self.workPerUnit = workPerUnit
    self.plan = plan
    self.prepare = prepare
  }

  /// Reads the data and draws the networks.
  ///
  /// - Throws: `FileError` where the data is not on this machine.
  public func workload(_ settings: BenchmarkSettings) throws -> Workload {
    try prepare(settings)
  }

  /// All workloads, in the order in which they run.
  public static let all: [Benchmark] = [
    .vaeMLP, .vaeConv, .dcgan28, .dcgan64, .wganGP28, .style256, .style512, .fastStyleTrain256,
    .fastStyleInfer512, .charLSTM, .dqnStep, .dqnCartPole, .dqnCartPoleVector, .dqnMinAtarBreakout,
  ]

  /// The workload of this name, or nil when there is none.
  public static func named(_ name: String) -> Benchmark? {
    all.first { $0.name == name }
  }
}

/// On what a workload runs.
public struct BenchmarkSettings: Sendable {
  /// Threads, the caller's included.
  public var threads: Int
  /// The folder of Fashion-MNIST's files.
  public var imageFolder: String
  /// The folder of the licence texts.
  public var textFolder: String
  /// Of weights, random images and orders.
  public var seed: UInt64 = 0

  /// Settings with the folders of Debian's packages, unless others are given.
  public init(
    threads: Int, imageFolder: String = "/usr/share/datasets/fashion-mnist",
    textFolder: String = "/usr/share/common-licenses"
  ) {
    self.threads = threads
    self.imageFolder = imageFolder
    self.textFolder = textFolder
  }

  func workspace() -> Workspace<Float> { Workspace(threads: threads, seed: seed) }
}

/// Work that is ready to be compiled and repeated.
public struct Workload {
  /// How many numbers each network trains, so that it can be told to be the same one elsewhere.
  public let parameterCounts: [Int]
  /// Traces and compiles the programs; gives the function that carries out one step, fed with new
  /// data, and returns its loss, or nil where there is none.
  public let compile: () throws -> () -> Float?
}
