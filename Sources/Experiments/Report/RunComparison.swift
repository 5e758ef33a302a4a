import FileFormats
import Imaging

/// Several runs side by side: what was set differently, and what came of it.
public struct RunComparison: Sendable {
  /// A key that not all runs set alike.
  public struct Difference: Sendable, Hashable {
    /// The path of the key.
    public let key: String
    /// What each run sets it to; nil where it has no such key.
    public let values: [String?]
  }

  /// A measure that at least two runs have.
  public struct Measure: Sendable, Hashable {
    /// `loss` in training, `test loss` on the test data.
    public let name: String
    /// Its unit, if it has one.
    public let unit: String?
    /// The curve of each run; nil where it was not measured.
    public let curves: [RunHistory.Curve?]
  }

  /// The runs, in the order given.
  public let runs: [RunSummary]
  /// The measures of each run.
  public let histories: [RunHistory]
  /// The keys that differ, in the order of the configuration. Of runs of different modules only
  /// those keys that all have.
  public let differences: [Difference]
  /// The measures that are shared, training before test data.
  public let measures: [Measure]
  /// What the module of the first run says of its measures.
  public let guide: MeasureGuide

  /// Compares runs.
  ///
  /// - Throws: `ConfigurationError` or `FileError` when the configuration of one cannot be read.
  public init(_ runs: [RunSummary], studio: Studio) throws {
    self.runs = runs
    histories = runs.map { RunHistory(of: $0.folder) }
    guide = studio.measureGuide(for: runs.first?.record.module ?? "")
    let isOfOneModule = Set(runs.map(\.record.module)).count == 1
    differences = Self.differences(
      between: try runs.map { try RecordedKey.read($0.folder) }, sharedOnly: !isOfOneModule)
    let curves = histories.map(\.curves)
    let names = curves.joined().map(\.name).distinct
    let guide = guide
    measures = names.compactMap { name in
      let found = curves.map { $0.first { $0.name == name } }
      guard found.compactMap(\.self).count > 1, let first = found.compactMap(\.self).first else {
        return nil
      }
      return Measure(name: name, unit: guide.unit(of: first.measure), curves: found)
    }
  }

  /// The modules of the runs, each once.
  public var modules: [String] { runs.map(\.record.module).distinct }

  private static func differences(
    between configurations: [[RecordedKey]], sharedOnly: Bool
  ) -> [Difference] {
    let values = configurations.map { keys in
      Dictionary(keys.map { ($0.key, $0.value) }) { first, _ in first }
    }
    return configurations.joined().map(\.key).distinct.compactMap { key in
      let found = values.map { $0[key] }
      guard Set(found).count > 1, !(sharedOnly && found.contains(nil)) else { return nil }
      return Difference(key: key, values: found)
    }
  }

  /// The curves of every shared measure, aligned, as one SVG document.
  public func svg() -> String {
    CurvePlots.sheet(of: runs.map(\.folder.name), measures).svg()
  }

  /// The comparison as `atelier compare --json` gives it.
  public var json: JSON {
    [
      "runs": .array(runs.map(\.json)),
      "differences": .array(
        differences.map { difference in
          [
            "key": .string(difference.key),
            "values": .array(difference.values.map { $0.map { .string($0) } ?? .null }),
          ]
        }),
      "measures": .array(
        measures.map { measure in
          let best = measure.curves.map { $0?.best(guide) }
          return [
            "name": .string(measure.name),
            "unit": measure.unit.map { .string($0) } ?? .null,
            "final": .array(measure.curves.map { $0.map { .number($0.last.y) } ?? .null }),
            "best": .array(best.map { $0.map { .number($0.y) } ?? .null }),
            "bestStep": .array(best.map { $0.map { .number($0.x) } ?? .null }),
          ]
        }),
    ]
  }
}
