import Datasets
import Experiments
import FeatureNetworks
import FileFormats
import Imaging
import NeuralNetworks
import Randomness
import TensorEngine

/// A small feature network that learns to see what a large one sees: from each of some layers of its
/// own, a 1x1 convolution is to tell the large one's features at the same place (Romero et al.,
/// "FitNets: hints for thin deep nets", 2015). No labels are needed, and every place of every crop
/// teaches, so that few photographs do.
///
/// Differs from the paper: hints alone, at several depths at once, and no classes; the hints are
/// told by linear heads, since all that the large network knows shall be plain to see.
public struct FeatureDistillation: Experiment {
  /// The name in experiment files.
  public static let module = "features"
  /// What it trains.
  public static let summary = "A small feature network that learns from a large one"
  /// Shares of what there is to explain.
  public static let metricUnits: KeyValuePairs<String, String> = [
    "loss": "of the teacher's features", "explained": "of the teacher's features",
  ]
  /// Less loss, more explained.
  public static let goals: [String: MeasureGoal] = ["loss": .less, "explained": .more]
  /// Small crops and few of them.
  public static let smokeOverrides = ["batchSize=2", "cropSize=32", "testCrops=2"]

  private let data: Dataset
  private let configuration: DistillationConfiguration
  private let programs: DistillationPrograms
  private let workspace: Workspace<Float>
  private let stop: StopRequest
  private let layers: [ExperimentDescription.Layer]
  private let sources: [ExperimentDescription.Source]
  private let training: LoadedProgram<Float>
  private let evaluation: LoadedProgram<Float>
  private let crops: RandomCrops
  private let testCrops: RandomCrops

  /// Loads the photographs and the teacher, draws the weights and compiles the programs.
  public init(_ configuration: DistillationConfiguration, in context: RunContext) throws {
    self.configuration = configuration
    stop = context.stop
    let data = try configuration.data.load(batchSize: 1, in: context)
    self.data = data
    let teacher = try configuration.teacher.source.load(
      through: configuration.teacher.chosenLayers.map(\.name), in: context)
    var random = RandomStream(seed: context.seed, name: "weights")
    programs = DistillationPrograms(configuration, teacher: teacher.network, random: &random)
    sources =
      ExperimentDescription.Source.list(of: data.files) + teacher.sources
    func crops(_ pictures: [Image], _ name: String) -> RandomCrops {
      RandomCrops(
        of: pictures, side: configuration.cropSize, greatestScale: configuration.greatestScale,
        seed: context.seed, name: name)
    }
    let drawings = configuration.drawings ? DrawnPicture.allCases.map(\.image) : []
    self.crops = crops(data.train.pictures + drawings, "crops")
    testCrops = crops(data.test.pictures, "test crops")
    workspace = context.workspace()
    let step = try programs.trainingStep()
    layers = step.layers
    let loaded = try context.load(
      [("training step", step.program), ("evaluation", try programs.evaluation())],
      into: workspace)
    (training, evaluation) = (loaded[0], loaded[1])
  }

  // MARK: Training

  /// Steps between two evaluations.
  public var stepsPerEpoch: Int { configuration.epochSteps }
  /// Crops of one step.
  public var samplesPerStep: Int { configuration.batchSize }
  /// Where the programs run.
  public var inspectedWorkspace: Workspace<Float>? { workspace }

  /// Updates the weights by one batch of crops.
  public mutating func step(_ number: Int) throws -> Metrics {
    training.set("crops", to: batch(number, of: crops))
    training.run(step: number)
    let shares = programs.lessons.map { Double(training.scalar($0.teacher.name)) }
    return metrics(loss: Double(training.scalar("loss")), shares)
  }

  private func batch(_ number: Int, of crops: RandomCrops) -> [UInt8] {
    let first = number * configuration.batchSize
    return (first..<first + configuration.batchSize).flatMap(crops.crop)
  }

  /// - Parameter shares: what is explained of each of the teacher's layers.
  private func metrics(loss: Double, _ shares: [Double]) -> Metrics {
    var metrics: Metrics = [
      "loss": loss, "explained": shares.reduce(0, +) / Double(shares.count),
    ]
    for (lesson, share) in zip(programs.lessons, shares) {
      metrics.append("explained." + lesson.teacher.name, share)
    }
    return metrics
  }

  /// What is explained of the teacher's features of the test photographs, always of the same crops.
  public mutating func evaluate() throws -> Metrics {
    let lessons = programs.lessons
    var errors = [Double](repeating: 0, count: lessons.count)
    var spreads = errors
    let size = configuration.batchSize
    for number in 0..<(configuration.testCrops + size - 1) / size {
      try stop.check()
      evaluation.set("crops", to: batch(number, of: testCrops))
      evaluation.run(step: 0)
      for (index, lesson) in lessons.enumerated() {
        errors[index] += Double(evaluation.scalar("error." + lesson.teacher.name))
        spreads[index] += Double(evaluation.scalar("spread." + lesson.teacher.name))
      }
    }
    let shares = zip(errors, spreads).map { 1 - $0 / $1 }
    return metrics(loss: 1 - shares.reduce(0, +) / Double(shares.count), shares)
  }

  // MARK: Results

  /// Writes the small network's weights, as feature networks are read.
  public mutating func export(to exports: Exports) throws {
    try exports.write(studentRecords, named: "network")
  }

  /// The student as it stands, without its heads.
  private var studentRecords: [TensorRecord] {
    programs.student.states().map { path, parameter in
      TensorRecord(
        name: path, shape: parameter.shape.dimensions,
        values: workspace[state: "student." + path].scalars)
    }
  }

  /// The student's layers, the programs, the photographs and the teacher's weights.
  public func describe() -> ExperimentDescription {
    ExperimentDescription(
      layers: layers,
      programs: [training, evaluation].map {
        .init(name: $0.name, $0.program, threads: workspace.threads)
      }, sources: sources)
  }

  /// The student, the heads and Adam's state; not the teacher, which comes from its file.
  public func state() -> [TensorRecord] {
    workspace.records { !DistillationPrograms.isGiven($0) }
  }

  /// Takes over what `state` gave.
  public mutating func restore(_ records: [TensorRecord]) throws {
    try workspace.restore(records) { !DistillationPrograms.isGiven($0) }
  }
}
