import NeuralNetworks

/// What can be configured of Adam.
public struct AdamConfiguration: ExperimentConfiguration {
  /// Step size.
  public var learningRate = 1e-3
  /// The share of the running mean of gradients that stays.
  public var beta1 = 0.9
  /// The share of the running mean of squared gradients that stays.
  public var beta2 = 0.999
  /// Added to the root of the mean of squared gradients.
  public var epsilon = 1e-8
  /// Updates over which the step size falls evenly to 0; 0 leaves it as it is.
  public var decayUpdates = 0

  /// The paper's defaults.
  public init() {}

  /// The update rule.
  public var rule: Adam {
    Adam(
      learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon,
      decayUpdates: decayUpdates)
  }

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .number("learningRate", \.learningRate, in: 1e-8...10, "Step size."),
      .number(
        "beta1", \.beta1, in: 0...0.999_999,
        "The share of the mean of gradients that stays at each step."),
      .number(
        "beta2", \.beta2, in: 0...0.999_999,
        "The share of the mean of squared gradients that stays at each step."),
      .number(
        "epsilon", \.epsilon, in: 1e-12...1, "Added to the root of the mean of squared gradients."),
      .integer(
        "decayUpdates", \.decayUpdates, in: 0...1_000_000_000, unit: "updates",
        "Over how many updates the step size falls evenly to 0; 0 leaves it as it is."),
    ]
  }
}
