/// What a module says of its measures: their units, and of which more is better.
public struct MeasureGuide: Sendable, Hashable {
  private let units: [String: String]
  private let maximized: Set<String>

  /// Of a module; of none, plain numbers of which less is better.
  init(_ module: (any Experiment.Type)?) {
    units = Dictionary(module?.metricUnits.map { ($0.key, $0.value) } ?? []) { first, _ in first }
    maximized = module?.maximizedMeasures ?? []
  }

  /// The unit of a measure, or nil when it is a plain number.
  public func unit(of measure: String) -> String? { units[measure] }

  /// Whether one value of a measure is better than another.
  public func isBetter(_ value: Double, than other: Double, measure: String) -> Bool {
    maximized.contains(measure) ? value > other : value < other
  }
}

extension Studio {
  /// What the module of this name says of its measures.
  public func measureGuide(for module: String) -> MeasureGuide {
    MeasureGuide(modules.first { $0.module == module })
  }
}
