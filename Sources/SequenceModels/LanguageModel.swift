import Experiments
import FileFormats
import NeuralNetworks
import Randomness
import TensorEngine

/// A language model of characters: LSTM layers that learn which character comes next, judged by the
/// end of the text, which training never sees.
public struct LanguageModel: Experiment {
  /// The name in experiment files.
  public static let module = "text"
  /// What it trains.
  public static let summary = "Language model of characters, which learns to write like a text"
  /// The loss is per character.
  public static let metricUnits: KeyValuePairs<String, String> = ["loss": "nats per character"]
  /// Less loss, more of the characters right.
  public static let goals: [String: MeasureGoal] = ["loss": .less, "accuracy": .more]
  /// Short windows through a small network.
  public static let smokeOverrides = ["batchSize=4", "length=16", "hidden=[16]"]

  /// Characters of one run of the evaluation.
  private static let evaluationLength = 64

  let data: TextData
  private let configuration: TextConfiguration
  private let workspace: Workspace<Float>
  let stop: StopRequest
  private let seed: UInt64
  private let windows: TextWindows
  private let layers: [ExperimentDescription.Layer]
  private let training: LoadedProgram<Float>
  private let evaluation: LoadedProgram<Float>
  private let sampling: LoadedProgram<Float>

  /// Reads the texts, draws the weights and compiles the programs.
  public init(_ configuration: TextConfiguration, in context: RunContext) throws {
    self.configuration = configuration
    (stop, seed) = (context.stop, context.seed)
    data = try TextData(configuration, note: context.note)
    windows = TextWindows(
      data.training, readers: configuration.batchSize, length: configuration.length,
      seed: context.seed)
    workspace = context.workspace()
    var random = RandomStream(seed: context.seed, name: "weights")
    let programs = TextPrograms(
      configuration: configuration,
      network: TextNetwork(configuration, vocabulary: data.vocabulary.count, random: &random))
    let step = try programs.trainingStep()
    layers = step.layers
    let loaded = try context.load(
      [
        ("training step", step.program),
        ("evaluation", try programs.reading(length: Self.evaluationLength, judges: true)),
        ("sampling", try programs.reading(length: 1, judges: false)),
      ], into: workspace)
    (training, evaluation, sampling) = (loaded[0], loaded[1], loaded[2])
  }

  /// A reader of one character at a time that remembers nothing.
  var reader: TextReader { TextReader(sampling, units: configuration.hidden) }

  // MARK: Training

  /// Steps of one pass over the training text.
  public var stepsPerEpoch: Int { windows.perEpoch }
  /// Characters of one step.
  public var samplesPerStep: Int { configuration.batchSize * configuration.length }
  /// Where the programs run.
  public var inspectedWorkspace: Workspace<Float>? { workspace }

  /// Updates the weights by one window of each reader.
  public mutating func step(_ number: Int) throws -> Metrics {
    let (inputs, targets, goOn) = windows.windows(ofStep: number)
    training.set("inputs", to: inputs)
    training.set("targets", to: targets)
    training.set("goesOn", to: [goOn ? 1 : 0] as [Float])
    training.run(step: number)
    return [
      "loss": Double(training.scalar("loss")), "accuracy": Double(training.scalar("accuracy")),
    ]
  }

  /// The cross-entropy of every held-out character after those before it, and the share that is
  /// foretold, in one reading from the first to the last. It begins with the last character that
  /// training sees, and without memory.
  public mutating func evaluate() throws -> Metrics {
    let length = Self.evaluationLength
    let count = data.heldOut.count - 1
    var reader = TextReader(evaluation, units: configuration.hidden)
    var (nats, right) = (0.0, 0.0)
    for start in stride(from: 0, to: count, by: length) {
      try stop.check()
      let here = min(length, count - start)
      // The last window is filled up with a character that is not counted.
      let filling = [Int32](repeating: Vocabulary.unknown, count: length - here)
      reader.read(
        data.heldOut[start..<start + here] + filling,
        targets: data.heldOut[start + 1...start + here] + filling)
      nats += evaluation["nats"].scalars.prefix(here).reduce(0) { $0 + Double($1) }
      right += evaluation["right"].scalars.prefix(here).reduce(0) { $0 + Double($1) }
    }
    return ["loss": nats / Double(count), "accuracy": right / Double(count)]
  }

  // MARK: Results

  /// Writes what the model writes at some temperatures.
  public mutating func export(to exports: Exports) throws {
    var text = ""
    for temperature in [0.5, 0.8, 1] {
      let request = TextRequest(count: 400, choice: .random(temperature: temperature), seed: seed)
      text += "temperature \(temperature)\n\n"
      try sample(request) { text += $0 }
      text += "\n\n"
    }
    try exports.write(text: text, named: "samples")
  }

  /// The layers, the programs and the texts.
  public func describe() -> ExperimentDescription {
    ExperimentDescription(
      layers: layers,
      programs: [training, evaluation, sampling].map {
        .init(name: $0.name, $0.program, threads: workspace.threads)
      },
      sources: data.sources)
  }

  /// The weights, their average, Adam's state and what the layers remember.
  public func state() -> [TensorRecord] { workspace.records() }

  /// Takes over what `state` gave.
  public mutating func restore(_ records: [TensorRecord]) throws {
    try workspace.restore(records)
  }
}
