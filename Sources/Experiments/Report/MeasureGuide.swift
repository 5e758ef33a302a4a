/// Which values of a measure are wanted.
public enum MeasureGoal: Sendable, Hashable {
  /// Small ones: a loss, an error.
  case less
  /// Great ones: an accuracy, a return.
  case more
}

/// What a module says of its measures: their units, and which values are better.
public struct MeasureGuide: Sendable, Hashable {
  private let units: [String: String]
  private let goals: [String: MeasureGoal]

  /// Of a module; of none, plain numbers, none better than another.
  init(_ module: (any Experiment.Type)?) {
    units = Dictionary(module?.metricUnits.map { ($0.key, $0.value) } ?? []) { first, _ in first }
    goals = module?.goals ?? [:]
  }

  /// The measures of which less, or more, is better, in the order of their names.
  public var judged: [String] { goals.keys.sorted() }

  /// The unit of a measure, or nil when it is a plain number.
  public func unit(of measure: String) -> String? { units[measure] }

  /// Which values of a measure are wanted, or nil when none is better than another.
  public func goal(of measure: String) -> MeasureGoal? { goals[measure] }
}

extension Studio {
  /// What the module of this name says of its measures.
  public func measureGuide(for module: String) -> MeasureGuide {
    MeasureGuide(modules.first { $0.module == module })
  }
}
