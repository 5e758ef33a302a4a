import Experiments
import NeuralNetworks
import TensorEngine

/// The programs of a deep Q-network agent. They share the states `q`, the network that acts, and
/// `target`, the one that values what comes next.
struct DQNPrograms {
  let network: QNetwork
  let configuration: DQNConfiguration

  /// The best "actions" for rows of "observations", and their "values".
  ///
  /// - Parameter mode: with the noise of noisy networks in training.
  func acting(rows count: Int, mode: Mode) throws -> Program<Float> {
    let graph = Graph()
    let rows = network.input.rows(graph, "observations", count: count)
    let values = network.returns.mean(graph.bind(network, as: "q")(rows, mode: mode))
    return try graph.compile(["actions": values.argmax(axis: 1), "values": values.max(axes: [1])])
  }

  /// One update by transitions; gives "loss", "value", the mean of the predicted returns, and the
  /// "errors" of each row.
  func learning() throws -> (program: Program<Float>, layers: [ExperimentDescription.Layer]) {
    let graph = Graph()
    let count = configuration.batchSize
    let (online, target) = (graph.bind(network, as: "q"), graph.bind(network, as: "target"))
    let observations = network.input.rows(graph, "observations", count: count)
    let nextObservations = network.input.rows(graph, "nextObservations", count: count)
    let taken = graph.input("actions", shape: [count], type: .index)
    let rewards = graph.input("rewards", shape: [count])
    let discounts = graph.input("discounts", shape: [count])
    let weights = graph.input("weights", shape: [count])

    let said = online(observations, mode: .training)
    let layers = ExperimentDescription.layers(of: graph, network)
    let predicted = Self.chosen(said, taken)
    let nextSaid = graph.scoped("target") { target(nextObservations, mode: .training) }
    let (loss, error) =
      if configuration.target.munchausen {
        munchausenLoss(
          predicted, taken, rewards, discounts, nextSaid,
          graph.scoped("target") { target(observations, mode: .training) })
      } else {
        network.returns.loss(
          predicted: predicted,
          next: Self.chosen(nextSaid, nextActions(nextSaid, online, nextObservations)),
          rewards: rewards, discounts: discounts, configuration.loss)
      }
    let total = (weights * loss).mean()
    let parameters = online.tensors(in: graph)
    var gradients = graph.gradients(of: total, withRespectTo: parameters.map(\.tensor))
    if configuration.gradientNorm > 0 {
      gradients = graph.clipped(gradients, toGlobalNorm: configuration.gradientNorm)
    }
    graph.update(parameters, by: configuration.optimizer, gradients: gradients)
    let program = try graph.compile([
      "loss": total, "value": network.returns.mean(predicted).mean(), "errors": error,
    ])
    return (program, layers)
  }

  /// Moves the target network towards the other.
  func targetUpdate() throws -> Program<Float> {
    let graph = Graph()
    let rate = configuration.targetRate
    let online = graph.bind(network, as: "q").tensors(in: graph)
    let target = graph.bind(network, as: "target").tensors(in: graph)
    for (new, old) in zip(online, target) {
      graph.update(
        old.tensor, to: rate == 1 ? new.tensor : (1 - rate) * old.tensor + rate * new.tensor)
    }
    return try graph.compile([:])
  }

  /// The actions that are valued next: the target network's own best, or with double Q-learning the
  /// acting network's (van Hasselt, Guez and Silver, "Deep reinforcement learning with double
  /// Q-learning", 2016).
  private func nextActions(
    _ nextSaid: Tensor, _ online: QNetwork, _ nextObservations: Tensor
  ) -> Tensor {
    let deciding =
      configuration.target.double
      ? nextObservations.graph.scoped("next") { online(nextObservations, mode: .training) }
      : nextSaid
    return network.returns.mean(deciding).argmax(axis: 1)
  }

  /// The log-likelihood of the action taken adds to its reward, and what comes next is valued by the
  /// softened policy (Vieillard, Pietquin and Geist, "Munchausen reinforcement learning", 2020,
  /// equation 1).
  private func munchausenLoss(
    _ predicted: Tensor, _ taken: Tensor, _ rewards: Tensor, _ discounts: Tensor,
    _ nextSaid: Tensor, _ said: Tensor
  ) -> (loss: Tensor, error: Tensor) {
    let settings = configuration.target
    func scaledLogPolicy(_ values: Tensor) -> Tensor {
      settings.temperature * (values / settings.temperature).logSoftmax(axis: 1)
    }
    let likelihood = Self.chosen(scaledLogPolicy(said), taken).maximum(settings.leastLikelihood)
      .minimum(0)
    let next = scaledLogPolicy(nextSaid)
    let policy = (nextSaid / settings.temperature).softmax(axis: 1)
    return network.returns.loss(
      predicted: predicted, next: (policy * (nextSaid - next)).sum(axes: [1]),
      rewards: rewards + settings.munchausenShare * likelihood.flattened(from: 0),
      discounts: discounts, configuration.loss)
  }

  /// The numbers [N, atoms] of one action in each row of [N, actions, atoms].
  private static func chosen(_ numbers: Tensor, _ actions: Tensor) -> Tensor {
    let (count, actionCount) = (numbers.shape[0], numbers.shape[1])
    let mask = actions.oneHot(classes: actionCount).reshaped(to: [count, actionCount, 1])
    return (numbers * mask).sum(axes: [1])
  }
}
