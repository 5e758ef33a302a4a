import NeuralNetworks
import Randomness
import TensorEngine

extension Benchmark {
  /// The learning step of a DQN for CartPole: so little work that what surrounds it shows.
  static let dqnStep = Benchmark(
    "dqn_step", "Network 4-120-84-2 on 128 transitions: gradient and Adam", .microsecondsPerStep,
    unitsPerStep: 1, workPerUnit: 3 * 2 * 128 * (120 * 84 + 84 * 2) + 2 * 2 * 128 * 4 * 120
  ) { settings in
    let batchSize = 128
    var random = RandomStream(seed: settings.seed, name: "weights")
    let network = [
      Dense(4, 120, activation: .relu, random: &random),
      Dense(120, 84, activation: .relu, random: &random), Dense(84, 2, random: &random),
    ]
    let observations = (0..<batchSize * 4).map { _ in Float(random.normal()) }
    let actions = (0..<batchSize).map { _ in Int32(random.integer(below: 2)) }
    let targets = (0..<batchSize).map { _ in Float(random.normal()) }
    return Workload(parameterCounts: [network.parameterCount]) {
      let graph = Graph()
      let bound = graph.bind(network, as: "q")
      let values = bound(graph.input("observations", shape: [batchSize, 4]), mode: .training)
      let chosen = graph.input("actions", shape: [batchSize], type: .index).oneHot(classes: 2)
      let target = graph.input("targets", shape: [batchSize])
      let loss = ((values * chosen).sum(axes: [1]) - target).square().mean()
      graph.minimize(loss, over: bound.tensors(in: graph), with: Adam(learningRate: 2.5e-4))
      let program = settings.workspace().load(try graph.compile(["loss": loss]))
      var step = 0
      return {
        program.set("observations", to: observations)
        program.set("actions", to: actions)
        program.set("targets", to: targets)
        program.run(step: step)
        step += 1
        return program.scalar("loss")
      }
    }
  }
}
