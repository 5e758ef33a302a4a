import Experiments
import NeuralNetworks
import TensorEngine

/// What the divergence of posteriors from the prior counts for.
public struct KLConfiguration: ExperimentConfiguration {
  /// Its weight, β (Higgins et al. 2017).
  public var weight = 1.0
  /// Steps over which the weight rises evenly from 0 (Bowman et al. 2016; Sønderby et al. 2016).
  public var warmUpSteps = 0
  /// Nats that each latent number has for nothing (Kingma et al. 2016).
  public var freeBits = 0.0
  /// Nats that the divergence is led to (Burgess et al. 2018); 0 for the least.
  public var capacity = 0.0
  /// Steps over which the capacity rises evenly from 0.
  public var capacitySteps = 0

  /// The evidence lower bound.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .number(
        "weight", \.weight, in: 0...1e6, "What the divergence counts for; 1 gives the bound."),
      .integer(
        "warmUpSteps", \.warmUpSteps, in: 0...1_000_000_000, unit: "steps",
        "Over how many steps the weight rises evenly from 0."),
      .number(
        "freeBits", \.freeBits, in: 0...1e4, unit: "nats",
        "What each latent number, in the mean of a batch, has for nothing."),
      .number(
        "capacity", \.capacity, in: 0...1e6, unit: "nats",
        "What the divergence is led to (Burgess et al. 2018); 0 makes it small."),
      .integer(
        "capacitySteps", \.capacitySteps, in: 0...1_000_000_000, unit: "steps",
        "Over how many steps the capacity rises evenly from 0."),
    ]
  }

  /// The rules between keys.
  public var problems: [ConfigurationProblem] {
    capacity > 0 && freeBits > 0
      ? [.init("freeBits", "must be 0 where the divergence is led to a capacity")] : []
  }

  // MARK: The schedule

  /// The inputs that a training program has of the schedule, at a step.
  func inputs(atStep step: Int) -> [(name: String, value: Float)] {
    func share(_ steps: Int) -> Double {
      steps == 0 ? 1 : min(1, Double(step) / Double(steps))
    }
    return [
      ("klWeight", Float(weight * share(warmUpSteps))),
      ("klCapacity", Float(capacity * share(capacitySteps))),
    ]
  }

  /// The term "kl" of divergences of images [N], or of their latent numbers [N, size]. The values are
  /// always the plain divergence; what is made small is as configured, in an evaluation as at the end
  /// of the schedule.
  func term(_ divergences: Tensor, mode: Mode) -> Term {
    let graph = divergences.graph
    let values = divergences.rank == 1 ? divergences : divergences.sum(axes: [1])
    let isTraining = mode == .training
    guard warmUpSteps > 0 && isTraining || freeBits > 0 || capacity > 0 else {
      return Term(name: "kl", values: values, weight: weight)
    }
    let weight =
      warmUpSteps > 0 && isTraining
      ? graph.input("klWeight", shape: []) : graph.constant(weight)
    var mean = values.mean()
    if freeBits > 0 { mean = divergences.mean(axes: [0]).maximum(freeBits).sum() }
    if capacity > 0 {
      let target =
        capacitySteps > 0 && isTraining
        ? graph.input("klCapacity", shape: []) : graph.constant(capacity)
      mean = (mean - target).abs()
    }
    return Term(name: "kl", values: values, minimized: weight * mean)
  }
}
