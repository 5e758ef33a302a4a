import Imaging

/// The measures of runs as line plots.
enum CurvePlots {
  /// More points than a plot is wide show nothing more.
  private static let greatestCount = 600

  /// A plot a measure: training, and the test data over it.
  static func plots(of history: RunHistory, _ guide: MeasureGuide) -> [LinePlot] {
    let curves = history.curves
    return curves.map(\.measure).distinct.map { measure in
      LinePlot(
        title: measure, horizontalLabel: "step", verticalLabel: guide.unit(of: measure) ?? "",
        series: curves.filter { $0.measure == measure }.map { curve in
          curve.kind == .train
            ? series(curve, named: "training", .category(0))
            : series(curve, named: "test", .category(1))
        })
    }
  }

  /// A plot for each measure that runs share; the steps of all plots are aligned, and a run has one
  /// colour in all of them.
  static func sheet(of runs: [String], _ measures: [RunComparison.Measure]) -> PlotSheet {
    let steps = measures.lazy.flatMap(\.curves).compactMap(\.self).flatMap(\.points).map(\.x)
    let extent = steps.min().flatMap { least in steps.max().map { least...$0 } }
    let plots = measures.map { measure in
      LinePlot(
        title: measure.name, horizontalLabel: "step", verticalLabel: measure.unit ?? "",
        horizontalExtent: extent,
        series: measure.curves.enumerated().compactMap { index, curve in
          curve.map { series($0, named: runs[index], .category(index)) }
        })
    }
    return PlotSheet(title: runs.joined(separator: ", "), plots: plots, columns: 2)
  }

  /// Training is calmed where it is noisy; the test data are few and shown as they are.
  private static func series(
    _ curve: RunHistory.Curve, named name: String, _ colour: Colour
  ) -> LinePlot.Series {
    LinePlot.Series(
      name: name, colour: colour, points: thinned(curve.points),
      smoothing: curve.kind == .train ? LossCurves.smoothing(over: curve.points.count) : 0)
  }

  /// At most `greatestCount` points: of each part of the curve the least and the greatest, so that
  /// no peak is lost.
  static func thinned(_ points: [Point]) -> [Point] {
    guard points.count > greatestCount else { return points }
    let parts = greatestCount / 2
    return (0..<parts).flatMap { part in
      let range = part * points.count / parts..<(part + 1) * points.count / parts
      let least = range.reduce(range.lowerBound) { points[$1].y < points[$0].y ? $1 : $0 }
      let greatest = range.reduce(range.lowerBound) { points[$1].y > points[$0].y ? $1 : $0 }
      return least == greatest
        ? [points[least]] : [points[min(least, greatest)], points[max(least, greatest)]]
    }
  }
}
