import NeuralNetworks
import TensorEngine

/// The update rules that an experiment file can name.
public enum OptimizerKind: String, CaseIterable, Sendable {
  /// Kingma and Ba 2015.
  case adam
  /// Loshchilov and Hutter 2019.
  case adamW
  /// Dozat 2016.
  case nadam
  /// Chen et al. 2023.
  case lion
  /// Stochastic gradient descent, with momentum.
  case sgd
  /// The same, with Nesterov's momentum (1983).
  case nesterov
  /// Tieleman and Hinton 2012.
  case rmsprop
  /// Duchi, Hazan and Singer 2011.
  case adagrad
  /// Zeiler 2012.
  case adadelta
}

/// What gradients are kept from being too large by.
public enum ClippingKind: String, CaseIterable, Sendable {
  /// They are left as they are.
  case none
  /// Each number by itself.
  case value
  /// Each parameter's gradient by its norm.
  case norm
  /// All gradients by their common norm.
  case globalNorm
}

/// What can be configured of an optimiser. By default it is Adam as in its paper.
public struct OptimizerConfiguration: ExperimentConfiguration {
  /// The rule.
  public var kind = OptimizerKind.adam
  /// Step size.
  public var learningRate = 1e-3
  /// The share of the running mean of gradients that stays.
  public var beta1 = 0.9
  /// The share of the running mean of squared gradients that stays.
  public var beta2 = 0.999
  /// Added to the root of the mean of squared gradients.
  public var epsilon = 1e-8
  /// The share of the velocity that stays.
  public var momentum = 0.0
  /// Updates over which the step size falls evenly to 0; 0 leaves it as it is.
  public var decayUpdates = 0
  /// How the step size changes besides.
  public var schedule = ScheduleConfiguration()
  /// The share of the weights that is added to their gradients; of adamW and lion the share that
  /// fades.
  public var weightDecay = 0.0
  /// How gradients are kept from being too large.
  public var clipping = ClippingKind.none
  /// The largest number or norm of clipped gradients.
  public var clippingBound = 1.0
  /// Steps whose gradients make one update, by their mean.
  public var accumulation = 1

  /// The defaults.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .choice("kind", \.kind, "The update rule; docs/toolkit.md tells of each."),
      .number("learningRate", \.learningRate, in: 1e-8...10, "Step size."),
      .number(
        "beta1", \.beta1, in: 0...0.999_999,
        "The share of the mean of gradients that stays at each step."),
      .number(
        "beta2", \.beta2, in: 0...0.999_999,
        "The share of the mean of squared gradients that stays at each step."),
      .number(
        "epsilon", \.epsilon, in: 1e-12...1, "Added to the root of the mean of squared gradients."),
      .number(
        "momentum", \.momentum, in: 0...0.999_999,
        "The share of the velocity that stays at each step, of sgd, nesterov and rmsprop."),
      .integer(
        "decayUpdates", \.decayUpdates, in: 0...1_000_000_000, unit: "updates",
        "Over how many updates the step size falls evenly to 0; 0 leaves it as it is."),
      .group("schedule", \.schedule, "How the step size changes besides."),
      .number(
        "weightDecay", \.weightDecay, in: 0...1,
        "The share of the weights added to their gradients; of adamW and lion, the share that fades."
      ),
      .choice("clipping", \.clipping, "How gradients are kept from being too large."),
      .number(
        "clippingBound", \.clippingBound, in: 1e-6...1e6,
        "The largest number or norm of clipped gradients."),
      .integer(
        "accumulation", \.accumulation, in: 1...10_000, unit: "steps",
        "Steps whose gradients make one update, by their mean."),
    ]
  }

  /// The rules between keys.
  public var problems: [ConfigurationProblem] {
    guard kind == .nesterov, momentum == 0 else { return [] }
    return [.init("momentum", "must be above 0 for nesterov", help: "0.9 is usual")]
  }
}

extension OptimizerConfiguration {
  /// The update rule. What is not configured adds no operation to it.
  public var rule: any Optimizer {
    let decays = weightDecay > 0 && kind != .adamW && kind != .lion
    let rule = decays ? plain.decayed(by: weightDecay) : plain
    let falling =
      decayUpdates > 0 && kind != .adam ? rule.following(.polynomial(updates: decayUpdates)) : rule
    return schedule.schedule.map { falling.following($0) } ?? falling
  }

  /// How gradients are clipped; nil where they are not.
  public var gradientClipping: GradientClipping? {
    switch clipping {
    case .none: nil
    case .value: .value(clippingBound)
    case .norm: .norm(clippingBound)
    case .globalNorm: .globalNorm(clippingBound)
    }
  }

  /// The rule by itself.
  private var plain: any Optimizer {
    switch kind {
    case .adam:
      Adam(
        learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon,
        decayUpdates: decayUpdates)
    case .adamW:
      AdamW(
        learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon,
        weightDecay: weightDecay)
    case .nadam:
      Nadam(learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon)
    case .lion:
      Lion(learningRate: learningRate, beta1: beta1, beta2: beta2, weightDecay: weightDecay)
    case .sgd: SGD(learningRate: learningRate, momentum: momentum)
    case .nesterov: SGD(learningRate: learningRate, momentum: momentum, isNesterov: true)
    case .rmsprop:
      RMSprop(learningRate: learningRate, decay: beta2, epsilon: epsilon, momentum: momentum)
    case .adagrad: Adagrad(learningRate: learningRate, epsilon: epsilon)
    case .adadelta: Adadelta(learningRate: learningRate, decay: beta2, epsilon: epsilon)
    }
  }
}

extension Optimizer {
  fileprivate func decayed(by share: Double) -> any Optimizer { weightDecay(share) }
  fileprivate func following(_ schedule: Schedule) -> any Optimizer { scheduled(schedule) }
  fileprivate func slowed(byPath factors: [String: Double]) -> any Optimizer {
    rates(byPath: factors)
  }
}

extension Graph {
  /// Adds one update of the given parameters to the program, as an optimiser is configured.
  ///
  /// - Parameters:
  ///   - batches: runs that make one update, times those that are configured.
  ///   - factors: what the step size is multiplied by, by the paths of parameters; 1 elsewhere.
  /// - Returns: a scalar that is not 0 in runs with an update; nil when each has one.
  @discardableResult
  public func minimize(
    _ loss: Tensor, over parameters: [(name: String, tensor: Tensor)],
    with configuration: OptimizerConfiguration, name: String = "optimizer",
    within bound: Double? = nil, gathering batches: Int = 1, rates factors: [String: Double] = [:]
  ) -> Tensor? {
    let plain = configuration.rule
    let rule = factors.isEmpty ? plain : plain.slowed(byPath: factors)
    return minimize(
      loss, over: parameters, with: rule, name: name, within: bound,
      gathering: batches * configuration.accumulation, clipping: configuration.gradientClipping)
  }

  /// The same, from gradients that are there already.
  @discardableResult
  public func update(
    _ parameters: [(name: String, tensor: Tensor)], by configuration: OptimizerConfiguration,
    gradients: [Tensor], name: String = "optimizer"
  ) -> Tensor? {
    update(
      parameters, by: configuration.rule, gradients: gradients, name: name,
      gathering: configuration.accumulation, clipping: configuration.gradientClipping)
  }
}
