import NeuralNetworks
import TensorEngine

/// What a network's numbers say of a return, and what it costs when they are wrong.
struct ReturnDistribution: Hashable {
  private let kind: QNetworkConfiguration.Distribution
  /// Numbers of one return.
  let atoms: Int
  private let least: Double
  private let greatest: Double

  init(_ configuration: QNetworkConfiguration) {
    kind = configuration.distribution
    atoms = kind == .none ? 1 : configuration.atoms
    least = configuration.least
    greatest = configuration.greatest
  }

  /// The returns of the categories, `[atoms]`.
  private func support(_ graph: Graph) -> Tensor {
    let step = (greatest - least) / Double(atoms - 1)
    return graph.constant((0..<atoms).map { least + Double($0) * step }, shape: [atoms])
  }

  /// The expected returns [...] of numbers [..., atoms].
  func mean(_ numbers: Tensor) -> Tensor {
    let last = [numbers.rank - 1]
    return switch kind {
    case .none: numbers.reshaped(to: Shape(numbers.shape.dimensions.dropLast()))
    case .categorical: (numbers.softmax() * support(numbers.graph)).sum(axes: last)
    case .quantile: numbers.mean(axes: last)
    }
  }

  /// What is learnt from a batch: the loss and the size of the error of each row, [N].
  ///
  /// - Parameters:
  ///   - predicted: the numbers of the actions taken, [N, atoms].
  ///   - next: the numbers of what comes next, of which no gradient is taken, [N, atoms].
  ///   - rewards: what was paid until then, [N].
  ///   - discounts: what the next return counts for, [N].
  func loss(
    predicted: Tensor, next: Tensor, rewards: Tensor, discounts: Tensor,
    _ kind: DQNConfiguration.LossKind
  ) -> (loss: Tensor, error: Tensor) {
    let count = predicted.shape[0]
    let rewards = rewards.reshaped(to: [count, 1])
    let discounts = discounts.reshaped(to: [count, 1])
    switch self.kind {
    case .none:
      let target = (rewards + discounts * next).stopGradient()
      let loss =
        kind == .huber
        ? Losses.huber(prediction: predicted, target: target)
        : Losses.squaredError(prediction: predicted, target: target)
      return (loss.sum(axes: [1]), (predicted - target).abs().sum(axes: [1]))
    case .categorical:
      let target = projected(next.softmax(), rewards, discounts).stopGradient()
      let loss = -(target * predicted.logSoftmax()).sum(axes: [1])
      return (loss, loss)
    case .quantile:
      let target = (rewards + discounts * next).stopGradient()
      let loss = quantileLoss(predicted, target)
      return (loss, (mean(predicted) - mean(target)).abs())
    }
  }

  /// Probabilities of shifted and shrunken returns, shared between the nearest categories (Bellemare,
  /// Dabney and Munos, "A distributional perspective on reinforcement learning", 2017, algorithm 1).
  private func projected(_ probabilities: Tensor, _ rewards: Tensor, _ discounts: Tensor) -> Tensor
  {
    let graph = probabilities.graph
    let count = probabilities.shape[0]
    let step = (greatest - least) / Double(atoms - 1)
    let moved = (rewards + discounts * support(graph)).maximum(least).minimum(greatest)
    // How much of the category j of what comes next falls to the category i: [N, j, i].
    let places = ((moved - least) / step).reshaped(to: [count, atoms, 1])
    let numbers = graph.constant((0..<atoms).map(Double.init), shape: [1, 1, atoms])
    let shares = (1 - (places - numbers).abs()).maximum(0)
    return (probabilities.reshaped(to: [count, atoms, 1]) * shares).sum(axes: [1])
  }

  /// The quantile Huber loss (Dabney et al., "Distributional reinforcement learning with quantile
  /// regression", 2018, equation 10): summed over the predicted quantiles, averaged over the targets.
  private func quantileLoss(_ predicted: Tensor, _ target: Tensor) -> Tensor {
    let graph = predicted.graph
    let count = predicted.shape[0]
    let midpoints = (0..<atoms).map { (Double($0) + 0.5) / Double(atoms) }
    let levels = graph.constant(midpoints, shape: [1, atoms, 1])
    let predicted = predicted.reshaped(to: [count, atoms, 1])
    let target = target.reshaped(to: [count, 1, atoms])
    let isBelow = target.isLess(than: predicted).stopGradient()
    let huber = Losses.huber(prediction: predicted, target: target)
    return ((levels - isBelow).abs() * huber).mean(axes: [2]).sum(axes: [1])
  }
}
