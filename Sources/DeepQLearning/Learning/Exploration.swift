import Experiments
import Randomness
import RealModule

/// How likely an action is drawn at random instead of chosen, over the steps of a run.
public struct Exploration: ExperimentConfiguration {
  /// How the probability falls.
  public enum Schedule: String, CaseIterable, Sendable {
    /// In equal parts.
    case linear
    /// By equal factors.
    case exponential
  }

  /// How the probability falls.
  public var schedule = Schedule.linear
  /// The probability at first.
  public var start = 1.0
  /// The probability in the end.
  public var end = 0.05
  /// After how many environment steps the end is reached.
  public var steps = 10_000
  /// Whether a random action is held for a random number of steps.
  public var holds = false

  /// The defaults.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .choice("schedule", \.schedule, "Whether the probability falls in equal parts or factors."),
      .number("start", \.start, in: 0...1, "The probability of a random action at first."),
      .number("end", \.end, in: 0...1, "The probability of a random action in the end."),
      .integer(
        "steps", \.steps, in: 1...1_000_000_000, unit: "environment steps",
        "When the end is reached."),
      .flag(
        "holds", \.holds,
        "Whether random actions are held for a while, which reaches farther (Dabney et al. 2021)."),
    ]
  }

  /// An exponential schedule never comes to 0.
  public var problems: [ConfigurationProblem] {
    guard schedule == .exponential, start == 0 || end == 0 else { return [] }
    return [.init("schedule", "cannot be exponential from or to a probability of 0")]
  }

  /// The probability at an environment step, counted from 0.
  func epsilon(at step: Int) -> Double {
    let share = min(1, Double(step) / Double(steps))
    return switch schedule {
    case .linear: start + share * (end - start)
    case .exponential: start * .pow(end / start, share)
    }
  }

  /// For how many steps a random action is held: 1, or a number n with a probability in proportion to
  /// 1 / n² (Dabney, Ostrovski and Barreto, "Temporally-extended ε-greedy exploration", 2021).
  func duration(using random: inout RandomStream) -> Int {
    guard holds else { return 1 }
    // The sum of 1 / n² over all n is π² / 6; beyond the greatest, hardly any is left.
    let greatest = 1000
    var rest = random.uniformDouble() * Double.pi * Double.pi / 6
    for steps in 1..<greatest {
      rest -= 1 / Double(steps * steps)
      if rest < 0 { return steps }
    }
    return greatest
  }
}
