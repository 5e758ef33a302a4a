import Environments
import NeuralNetworks
import Randomness
import TensorEngine

/// From observations to what each action is worth (Mnih et al., "Human-level control through deep
/// reinforcement learning", 2015), with the variants that a configuration chooses.
///
/// Differs from the paper: pictures are small, so that windows are 3x3 with stride 1 (Young and Tian
/// 2019).
struct QNetwork: Module {
  var convolutions: [AnyLayer]
  var hidden: [AnyLayer]
  /// Of each action; of dueling networks its advantage.
  var actions: [AnyLayer]
  /// Of the state; only of dueling networks, else nothing.
  var state: [AnyLayer]

  static let fields: [Field<QNetwork>] = [
    .module("convolutions", \.convolutions), .module("hidden", \.hidden),
    .module("actions", \.actions), .module("state", \.state),
  ]

  let input: ObservationInput
  let actionCount: Int
  let returns: ReturnDistribution

  /// - Parameters:
  ///   - input: pictures of at least 1 + 2 · channels.count rows and columns where there are
  ///     convolutions.
  init(
    _ configuration: QNetworkConfiguration, input: ObservationInput, actionCount: Int,
    random: inout RandomStream
  ) {
    self.input = input
    self.actionCount = actionCount
    returns = ReturnDistribution(configuration)
    convolutions = []
    var width = input.stack * input.space.flatCount
    if case .box(let box) = input.space, box.shape.count == 3, !configuration.channels.isEmpty {
      let channels = [input.stack * box.shape[2]] + configuration.channels
      for (inputs, outputs) in zip(channels, channels.dropFirst()) {
        convolutions.append(
          AnyLayer(
            Conv2D(
              inputs, outputs, kernelSize: 3, activation: .relu, initializer: .heUniform,
              random: &random)))
      }
      convolutions.append(AnyLayer(Flatten()))
      let border = 2 * configuration.channels.count
      width = (box.shape[0] - border) * (box.shape[1] - border) * channels[channels.count - 1]
    }
    func dense(_ inputs: Int, _ outputs: Int, isLast: Bool) -> [AnyLayer] {
      if configuration.noisy {
        let layer = AnyLayer(NoisyDense(inputs, outputs, random: &random))
        return isLast ? [layer] : [layer, AnyLayer(Activation.relu)]
      }
      return [
        AnyLayer(
          Dense(
            inputs, outputs, activation: isLast ? .identity : .relu,
            initializer: isLast ? .uniformOfInputs : .heUniform, random: &random))
      ]
    }
    hidden = []
    for units in configuration.hidden {
      hidden += dense(width, units, isLast: false)
      width = units
    }
    let atoms = returns.atoms
    actions = dense(width, actionCount * atoms, isLast: true)
    state = configuration.dueling ? dense(width, atoms, isLast: true) : []
  }

  /// What the network says of each action: [N, actions, atoms] from rows of stacked frames.
  func callAsFunction(_ rows: Tensor, mode: Mode) -> Tensor {
    let graph = rows.graph
    let count = rows.shape[0]
    var x =
      convolutions.isEmpty
      ? input.features(rows)
      : graph.scoped("convolutions") { convolutions(input.pictures(rows) ?? rows, mode: mode) }
    x = graph.scoped("hidden") { hidden(x, mode: mode) }
    let advantages = graph.scoped("actions") { actions(x, mode: mode) }
      .reshaped(to: [count, actionCount, returns.atoms])
    if state.isEmpty { return advantages }
    let value = graph.scoped("state") { state(x, mode: mode) }
      .reshaped(to: [count, 1, returns.atoms])
    return value + advantages - advantages.mean(axes: [1], keepsAxes: true)
  }
}
