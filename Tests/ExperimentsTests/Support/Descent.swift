import Experiments
import FileFormats
import Imaging
import Randomness

/// The smallest experiment there is: noisy gradient descent with momentum towards the point
/// (1, 2, 3), and whatever trouble a test wants.
struct Descent: Experiment {
  struct Configuration: ExperimentConfiguration {
    var learningRate = 0.1
    var stepsPerEpoch = 4

    static var keys: [ConfigurationKey<Self>] {
      [
        .number("learningRate", \.learningRate, in: 1e-6...1, "How far a step goes."),
        .integer("stepsPerEpoch", \.stepsPerEpoch, in: 1...100, "Steps of an epoch."),
      ]
    }
  }

  /// What goes wrong, or happens, while it trains.
  enum Trouble: Sendable, Hashable {
    /// The process dies before this step.
    case crash(step: Int)
    /// A signal comes during this step.
    case signal(step: Int)
    /// A signal comes during the evaluation after this many steps.
    case signalInEvaluation(step: Int)
    /// A signal comes between the pictures and the tables after this many steps.
    case signalInExport(step: Int)
    /// The process dies in the evaluation after this many steps.
    case crashInEvaluation(step: Int)
    /// The process dies after it wrote the pictures that follow this many steps.
    case crashInExport(step: Int)
    /// The loss is this value in this step and after.
    case loss(Double, step: Int)
    /// The data are not what they were.
    case otherData
  }

  /// The death of a process, as far as a test can die.
  struct Crash: Error {}

  @TaskLocal static var trouble: Trouble?
  @TaskLocal static var stop = StopRequest()

  static let module = "descent"
  static let summary = "Walks to a point."
  static let metricUnits: KeyValuePairs = ["loss": "square metres"]
  static let goals: [String: MeasureGoal] = ["loss": .less, "speed": .more]

  private let configuration: Configuration
  private let seed: UInt64
  private let dataFolder: String?
  private let stop: StopRequest
  private var point: [Double] = [0, 0, 0]
  private var velocity: [Double] = [0, 0, 0]
  private var stepsDone = 0

  init(_ configuration: Configuration, in context: RunContext) {
    self.configuration = configuration
    seed = context.seed
    dataFolder = context.dataFolder
    stop = context.stop
    context.note("at the start")
  }

  var stepsPerEpoch: Int { configuration.stepsPerEpoch }
  var samplesPerStep: Int { 10 }

  /// Where it stands.
  var position: [Double] { point }

  mutating func step(_ number: Int) throws -> Metrics {
    if Self.trouble == .crash(step: number) { throw Crash() }
    if Self.trouble == .signal(step: number) { Self.stop.raise(15) }
    var noise = RandomStream(seed: seed, name: "noise", index: UInt64(number))
    for axis in 0..<3 {
      let slope = point[axis] - Double(axis + 1) + noise.uniformDouble() - 0.5
      velocity[axis] = 0.9 * velocity[axis] - configuration.learningRate * slope
      point[axis] += velocity[axis]
    }
    stepsDone = number + 1
    var metrics: Metrics = ["loss": troubledLoss(number)]
    if number.isMultiple(of: 2) {
      metrics.append("speed", velocity.map(abs).reduce(0, +))
    }
    return metrics
  }

  func evaluate() throws -> Metrics {
    if Self.trouble == .crashInEvaluation(step: stepsDone) { throw Crash() }
    if Self.trouble == .signalInEvaluation(step: stepsDone) { Self.stop.raise(15) }
    try stop.check()
    return ["loss": loss]
  }

  func export(to exports: Exports) throws {
    let planar = point.map { Float($0 / 4) }
    try exports.write(Image(planar: planar, channels: 3, height: 1, width: 1), named: "place")
    if Self.trouble == .signalInExport(step: stepsDone) { Self.stop.raise(15) }
    try stop.check()
    try exports.write(
      columns: ["x", "y,z"], rows: [["\(point[0])", "\"\(point[1])\""]], named: "p")
    if Self.trouble == .crashInExport(step: stepsDone) { throw Crash() }
  }

  func describe() -> ExperimentDescription {
    ExperimentDescription(
      layers: [.init(path: "point", kind: "Point", outputShape: [3], parameters: 3)],
      programs: [.init(name: "step", flops: 18, bytesMoved: 96, memoryBytes: 48)],
      sources: [
        .init(name: dataFolder ?? "nothing", sha256: Self.trouble == .otherData ? "1" : "0")
      ])
  }

  func state() -> [TensorRecord] {
    [
      TensorRecord(name: "walker.point", values: point),
      TensorRecord(name: "optimizer.velocity.walker.point", values: velocity),
      TensorRecord(name: "optimizer.updates", shape: [], values: [Int64(stepsDone)]),
    ]
  }

  mutating func restore(_ records: [TensorRecord]) throws {
    for record in records {
      switch record.name {
      case "walker.point": point = record.values() ?? point
      case "optimizer.velocity.walker.point": velocity = record.values() ?? velocity
      default: stepsDone = record.values(as: Int64.self).map { Int($0[0]) } ?? 0
      }
    }
  }

  private func troubledLoss(_ number: Int) -> Double {
    if case .loss(let value, let step) = Self.trouble, number >= step { value } else { loss }
  }

  private var loss: Double {
    point.enumerated().reduce(0) { sum, coordinate in
      let distance = coordinate.element - Double(coordinate.offset + 1)
      return sum + distance * distance
    }
  }
}
