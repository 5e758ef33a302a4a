import FileFormats
import Imaging

/// What came of an ablation so far.
public struct AblationResults: Sendable {
  /// One variant and its runs.
  public struct Row: Sendable {
    /// The variant.
    public let variant: Ablation.Variant
    /// How many of its runs there are.
    public let runs: Int
    /// How many are finished.
    public let finished: Int
    /// The last value of the key measure over the finished runs; nil when none is finished.
    public let final: InterquartileMean?
    /// The best value over each run; nil too when no value is better than another.
    public let best: InterquartileMean?
  }

  /// The variants in order.
  public let rows: [Row]
  /// The runs one by one.
  public let runs: SweepResults
  private let name: String

  /// Looks at the runs of an ablation.
  public init(_ ablation: Ablation, in outputs: String, studio: Studio) {
    let runs = SweepResults(ablation.sweep, in: outputs, studio: studio)
    let guide = studio.measureGuide(for: ablation.sweep.module)
    self.runs = runs
    name = ablation.sweep.name
    rows = ablation.variants.indices.map { index in
      let outcomes = runs.outcomes[ablation.cells(of: index)]
      let curves = outcomes.finishedCurves
      return Row(
        variant: ablation.variants[index], runs: outcomes.count, finished: curves.count,
        final: InterquartileMean(curves.map(\.last.y)),
        best: InterquartileMean(curves.compactMap { $0.best(guide)?.y }))
    }
  }

  /// The interval of each variant, with a mark at its mean.
  public var plot: LinePlot {
    LinePlot(
      title: [name, runs.measure].compactMap(\.self).joined(separator: ": "),
      horizontalLabel: "variant", verticalLabel: runs.unit ?? "",
      series: rows.enumerated().compactMap { index, row in
        row.final.map { final in
          let (x, reach) = (Double(index), 0.2)
          let line = [
            (x, final.interval.lowerBound), (x, final.mean), (x - reach, final.mean),
            (x + reach, final.mean), (x, final.mean), (x, final.interval.upperBound),
          ]
          return LinePlot.Series(
            name: row.variant.name, points: line.map { Point(x: $0.0, y: $0.1) })
        }
      })
  }

  /// The results as `ablation.json` and `atelier ablate --json` give them.
  public var json: JSON {
    [
      "ablation": .string(name), "measure": runs.measure.map { .string($0) } ?? .null,
      "variants": .array(
        rows.map { row in
          [
            "name": .string(row.variant.name),
            "overrides": .array(row.variant.overrides.map { .string($0) }),
            "runs": .integer(Int64(row.runs)), "finished": .integer(Int64(row.finished)),
            "final": row.final?.json ?? .null, "best": row.best?.json ?? .null,
          ]
        }),
    ]
  }

  /// Writes the record, the drawing and the image.
  public func write(to folder: SweepFolder) throws(FileError) {
    try runs.write(to: folder)
    try DurableFile.write(
      Array((json.text(pretty: true) + "\n").utf8), to: folder.path + "/ablation.json")
    guard runs.measure != nil else { return }
    try DurableFile.write(Array(plot.svg().utf8), to: folder.path + "/ablation.svg")
    try DurableFile.write(PNG.encode(plot.image()), to: folder.path + "/ablation.png")
  }
}

extension InterquartileMean {
  /// `498.2 [487.1, 500.0]`
  public var text: String {
    "\(Quantity.measure(mean)) [\(Quantity.measure(interval.lowerBound)), "
      + "\(Quantity.measure(interval.upperBound))]"
  }

  fileprivate var json: JSON {
    [
      "interquartileMean": .number(mean), "low": .number(interval.lowerBound),
      "high": .number(interval.upperBound),
    ]
  }
}
