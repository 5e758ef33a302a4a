import NeuralNetworks

/// The schedules of learning rates that an experiment file can name.
public enum ScheduleKind: String, CaseIterable, Sendable {
  /// As it is.
  case constant
  /// Multiplied by the factor at once, every so many updates.
  case step
  /// The same little by little.
  case exponential
  /// Half a wave of a cosine down to the end.
  case cosine
  /// Evenly down to the end.
  case linear
  /// Between the factor and 1, up and down, each half in so many updates.
  case cyclical
  /// Up, then down to almost nothing.
  case oneCycle
}

/// What can be configured of how a learning rate changes.
public struct ScheduleConfiguration: ExperimentConfiguration {
  /// The kind.
  public var kind = ScheduleKind.constant
  /// The period, or how long it takes.
  public var updates = 10_000
  /// What the rate is multiplied by.
  public var factor = 0.1
  /// The share of the rate that is left at the end.
  public var end = 0.0
  /// Updates over which the rate rises first.
  public var warmUp = 0

  /// The defaults.
  public init() {}

  /// The schedule; nil where the rate stays as it is.
  public var schedule: Schedule? {
    let main: Schedule =
      switch kind {
      case .constant: .constant
      case .step: .step(factor: factor, every: updates)
      case .exponential: .exponential(factor: factor, every: updates)
      case .cosine: .cosine(updates: updates, end: end)
      case .linear: .polynomial(updates: updates, end: end)
      case .cyclical: .cyclical(lowest: factor, half: updates)
      case .oneCycle: .oneCycle(updates: updates)
      }
    if warmUp > 0 { return .warmUp(updates: warmUp, then: main) }
    return kind == .constant ? nil : main
  }

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .choice("kind", \.kind, "How the learning rate changes; docs/toolkit.md tells of each."),
      .integer(
        "updates", \.updates, in: 1...1_000_000_000, unit: "updates",
        "The period of step, exponential and of half a cycle; how long the others last."),
      .number(
        "factor", \.factor, in: 1e-6...1,
        "What step and exponential multiply by; the lowest share of cyclical."),
      .number("end", \.end, in: 0...1, "The share of the rate that cosine and linear end at."),
      .integer(
        "warmUp", \.warmUp, in: 0...1_000_000_000, unit: "updates",
        "Over how many updates the rate rises evenly first."),
    ]
  }

  /// The rules between keys.
  public var problems: [ConfigurationProblem] {
    guard kind == .oneCycle, updates < 4 else { return [] }
    return [.init("updates", "must be at least 4 for oneCycle")]
  }
}
