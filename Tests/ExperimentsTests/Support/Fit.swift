import Experiments
import FileFormats
import NeuralNetworks
import Randomness
import TensorEngine

/// The smallest experiment with programs: fits a dense network to eight points, one batch a step,
/// with whatever step size and data a test wants.
struct Fit: Experiment {
  struct Configuration: ExperimentConfiguration {
    var learningRate = 0.01
    var units = 8

    static var keys: [ConfigurationKey<Self>] {
      [
        .number("learningRate", \.learningRate, in: 1e-6...1e30, "How far a step goes."),
        .integer("units", \.units, in: 1...1_000_000_000_000, "Units of the hidden layer."),
      ]
    }
  }

  /// The number to put in the data, and the step from which on it is there.
  struct Plant: Sendable {
    let number: Float
    let step: Int
  }

  @TaskLocal static var plant: Plant?
  /// The step during which a signal comes.
  @TaskLocal static var stoppedStep: Int?

  static let module = "fit"
  static let summary = "Fits a network to eight points."

  private static let inputs = (0..<16).map { Float($0 % 5) / 5 - 0.4 }
  private let workspace: Workspace<Float>
  private let training: LoadedProgram<Float>

  init(_ configuration: Configuration, in context: RunContext) throws {
    workspace = context.workspace()
    var random = RandomStream(seed: context.seed, name: "weights")
    let units = configuration.units
    let network = [
      Dense(2, units, activation: .tanh, random: &random), Dense(units, 1, random: &random),
    ]
    let graph = Graph()
    let bound = graph.bind(network, as: "fit")
    let x = graph.input("x", shape: [8, 2])
    let y = graph.scoped("network") { bound(x, mode: .training) }
    let loss = (y - x.sum(axes: [1], keepsAxes: true).exp()).square().mean()
    graph.minimize(
      loss, over: bound.tensors(in: graph), with: SGD(learningRate: configuration.learningRate))
    let program: Program<Float> = try graph.compile(["loss": loss])
    training = try context.load([("training step", program)], into: workspace)[0]
  }

  var stepsPerEpoch: Int { 20 }
  var samplesPerStep: Int { 8 }
  var inspectedWorkspace: Workspace<Float>? { workspace }

  mutating func step(_ number: Int) -> Metrics {
    if Self.stoppedStep == number { Descent.stop.raise(15) }
    var inputs = Self.inputs
    if let plant = Self.plant, number >= plant.step { inputs[3] = plant.number }
    training.set("x", to: inputs)
    training.run(step: number)
    return ["loss": Double(training.scalar("loss"))]
  }

  func evaluate() -> Metrics { ["loss": Double(training.scalar("loss"))] }
  func export(to exports: Exports) {}
  func describe() -> ExperimentDescription { ExperimentDescription() }
  func state() -> [TensorRecord] { workspace.records() }
  mutating func restore(_ records: [TensorRecord]) throws { try workspace.restore(records) }
}
