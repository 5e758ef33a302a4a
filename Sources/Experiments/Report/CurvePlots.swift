import Imaging

/// The measures of runs as line plots.
enum CurvePlots {
  /// More points than a plot is wide show nothing more.
  private static let greatestCount = 600

  /// A plot a measure: training, calmed where it is noisy, and the test data over it.
  static func plots(of history: RunHistory, _ guide: MeasureGuide) -> [LinePlot] {
    let curves = history.curves
    return curves.map(\.measure).distinct.map { measure in
      LinePlot(
        title: measure, horizontalLabel: "step", verticalLabel: guide.unit(of: measure) ?? "",
        series: curves.filter { $0.measure == measure }.map { curve in
          let isTest = curve.kind == .evaluation
          return .init(
            name: isTest ? "test" : "training", colour: .category(isTest ? 1 : 0),
            points: thinned(curve.points),
            smoothing: isTest ? 0 : LossCurves.smoothing(over: curve.points.count))
        })
    }
  }

  /// A plot for each measure, in training and on the test data, that more than one run has; the
  /// steps of all plots are aligned, and a run has one colour in all of them.
  static func sheet(of runs: [(name: String, history: RunHistory)], _ guide: MeasureGuide)
    -> PlotSheet
  {
    let curves = runs.map(\.history.curves)
    let all = curves.joined()
    let names = all.map(\.name).distinct.filter { name in
      curves.count { $0.contains { $0.name == name } } > 1
    }
    let steps = all.filter { names.contains($0.name) }.flatMap(\.points).map(\.x)
    let extent = steps.min().flatMap { least in steps.max().map { least...$0 } }
    let plots = names.map { name in
      var plot = LinePlot(title: name, horizontalLabel: "step", horizontalExtent: extent)
      for (index, run) in runs.enumerated() {
        guard let curve = curves[index].first(where: { $0.name == name }) else { continue }
        plot.verticalLabel = guide.unit(of: curve.measure) ?? ""
        plot.series.append(
          .init(
            name: run.name, colour: .category(index), points: thinned(curve.points),
            smoothing: curve.kind == .train ? LossCurves.smoothing(over: curve.points.count) : 0))
      }
      return plot
    }
    return PlotSheet(
      title: runs.map(\.name).joined(separator: ", "), plots: plots, columns: 2)
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
