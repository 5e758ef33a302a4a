import FileFormats
import Imaging

/// What came of a sweep so far, by the runs that there are.
public struct SweepResults: Sendable {
  /// One cell and its run.
  public struct Outcome: Sendable {
    /// The cell.
    public let cell: Sweep.Cell
    /// Where its run stands; nil when it was not begun.
    public let status: RunRecord.Status?
    /// Why it failed or diverged.
    public let problem: String?
    /// The curve of the key measure; nil where it was not measured.
    let curve: RunHistory.Curve?
  }

  /// Runs that differ in the seed, or in the fold of a cross-validation, alone.
  public struct Group: Sendable {
    /// What they have in common, of what the sweep varies.
    public let settings: [(key: String, value: String)]
    /// The runs.
    public let outcomes: [Outcome]
    /// The last value of the key measure, over the finished runs; nil when none is finished.
    public let final: ConfidenceInterval?
    /// The best value; nil too when no value is better than another.
    public let best: ConfidenceInterval?

    /// How many are finished.
    public var finishedCount: Int { outcomes.count { $0.status == .finished } }

    /// `learningRate=1e-3 batchSize=64`; empty when only seeds or folds differ.
    public var label: String {
      settings.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }

    fileprivate var curves: [RunHistory.Curve] {
      outcomes.finishedCurves
    }
  }

  /// The sweep.
  public let sweep: Sweep
  /// Its cells, in order.
  public let outcomes: [Outcome]
  /// The cells by what they have in common, in the order of their first ones.
  public let groups: [Group]
  /// The measure that the runs are judged by, as legends name it; nil when nothing was measured.
  public let measure: String?
  /// Its unit, if it has one.
  public let unit: String?
  /// Which values of it are wanted.
  public let goal: MeasureGoal?

  /// Looks at the runs of a sweep.
  ///
  /// - Parameter measure: the test measure that they are judged by; nil for the first that has a goal.
  public init(
    _ sweep: Sweep, in outputs: String, studio: Studio, measure: String? = nil
  ) {
    let guide = studio.measureGuide(for: sweep.module)
    let runs = sweep.cells.map { try? RunSummary(RunFolder(path: "\(outputs)/\($0.run)")) }
    let histories = runs.map { $0.map { RunHistory(of: $0.folder) } }
    let key = histories.lazy.compactMap(\.self).compactMap { history in
      measure.map { history.curve(.evaluation, $0) } ?? history.judgedCurve(guide)
    }.first
    let outcomes = sweep.cells.indices.map { index in
      Outcome(
        cell: sweep.cells[index], status: runs[index]?.record.status,
        problem: runs[index]?.record.problem,
        curve: key.flatMap { histories[index]?.curve($0.kind, $0.measure) })
    }
    self.sweep = sweep
    self.outcomes = outcomes
    self.measure = key?.name
    unit = key.flatMap { guide.unit(of: $0.measure) }
    goal = key.flatMap { guide.goal(of: $0.measure) }
    var indices: [[String]: Int] = [:]
    var members: [[Outcome]] = []
    for outcome in outcomes {
      let values = Self.settings(of: outcome, in: sweep).map { "\($0.key)=\($0.value)" }
      if let index = indices[values] {
        members[index].append(outcome)
      } else {
        indices[values] = members.count
        members.append([outcome])
      }
    }
    groups = members.map { outcomes in
      let curves = outcomes.finishedCurves
      return Group(
        settings: Self.settings(of: outcomes[0], in: sweep), outcomes: outcomes,
        final: ConfidenceInterval(curves.map(\.last.y)),
        best: ConfidenceInterval(curves.compactMap { $0.best(guide)?.y }))
    }
  }

  private static func settings(
    of outcome: Outcome, in sweep: Sweep
  ) -> [(key: String, value: String)] {
    sweep.settings(of: outcome.cell).filter { !Sweep.repetitionKeys.contains($0.key) }
  }

  /// The group of the best mean; nil when no value is better than another.
  public var bestGroup: Group? {
    guard let goal else { return nil }
    return groups.filter { $0.best != nil }.min { left, right in
      let (left, right) = (left.best?.mean ?? 0, right.best?.mean ?? 0)
      return goal == .less ? left < right : left > right
    }
  }

  /// The key measure over the steps, the mean of each group with its confidence interval. Of more
  /// groups than there are colours to tell them apart, the best.
  public var plot: LinePlot {
    var shown = groups.filter { !$0.curves.isEmpty }
    if shown.count > Colour.categories.count {
      let sign = goal == .more ? -1.0 : 1.0
      let ranked = shown.indices.sorted {
        sign * (shown[$0].final?.mean ?? 0) < sign * (shown[$1].final?.mean ?? 0)
      }
      shown = ranked.prefix(Colour.categories.count).sorted().map { shown[$0] }
    }
    return LinePlot(
      title: [sweep.name, measure].compactMap(\.self).joined(separator: ": "),
      horizontalLabel: "step", verticalLabel: unit ?? "",
      series: shown.map { group in
        let intervals = Self.intervals(of: group.curves)
        let steps = intervals.keys.sorted()
        let points = CurvePlots.thinned(
          steps.compactMap { step in intervals[step].map { Point(x: step, y: $0.mean) } })
        return LinePlot.Series(
          name: group.label.isEmpty ? "mean" : group.label, points: points,
          margins: points.map { intervals[$0.x]?.halfWidth ?? 0 })
      })
  }

  /// The mean of curves, and its confidence interval, at the steps that all have.
  private static func intervals(of curves: [RunHistory.Curve]) -> [Double: ConfidenceInterval] {
    Dictionary(grouping: curves.flatMap(\.points), by: \.x)
      .filter { $0.value.count == curves.count }
      .compactMapValues { ConfidenceInterval($0.map(\.y)) }
  }
}

extension Sequence<SweepResults.Outcome> {
  /// The curves of the runs that are finished.
  var finishedCurves: [RunHistory.Curve] {
    filter { $0.status == .finished }.compactMap(\.curve)
  }
}

extension RunHistory {
  /// The curve of the first test measure of which less, or more, is better; failing that, the key
  /// curve.
  fileprivate func judgedCurve(_ guide: MeasureGuide) -> Curve? {
    measures(.evaluation).first { guide.goal(of: $0) != nil }.flatMap { curve(.evaluation, $0) }
      ?? keyCurve
  }
}
