import FileFormats
import Imaging

/// `images/losses.svg` and `images/losses.png`: the measures that share the first one's unit, over
/// the steps, and the first one on the test data. Drawn from `metrics.jsonl` alone.
enum LossCurves {
  /// The bold line of a noisy curve averages over about this part of it: enough to calm it, too
  /// little to trail behind it. A curve of up to 40 points is drawn as it is.
  private static let smoothedPart = 1.0 / 40

  /// The share of its past that the moving average of so many points keeps: it spans
  /// 1 / (1 - share) of them.
  static func smoothing(over count: Int) -> Double {
    max(0, 1 - 1 / (smoothedPart * Double(count)))
  }

  /// Draws the curves of a run, unless it measured nothing. The title must not tell runs of one
  /// experiment apart: equal runs have equal pictures.
  static func draw<Module: Experiment>(
    of module: Module.Type, titled title: String, in folder: RunFolder
  ) throws {
    let lines = try MetricsLine.read(folder)
    // The first lines may lack a measure, such as the return before an episode has ended.
    let last = lines.last { $0.kind == .train } ?? lines.last
    guard let first = last?.metrics.measures.first?.name else { return }
    let exports = try Exports(folder: folder.images, epoch: lines.last?.epoch ?? 0)
    let plot = plot(lines, first: first, title: title, unit: Module.unit(of:))
    try exports.write(svg: plot.svg(), named: "losses")
    try exports.write(plot.image(), named: "losses")
  }

  private static func plot(
    _ lines: [MetricsLine], first: String, title: String, unit: (String) -> String?
  ) -> LinePlot {
    var names: [String] = []
    for measure in lines.lazy.filter({ $0.kind == .train }).flatMap(\.metrics.measures)
    where unit(measure.name) == unit(first) && !names.contains(measure.name) {
      names.append(measure.name)
    }
    var plot = LinePlot(title: title, horizontalLabel: "step", verticalLabel: unit(first) ?? first)
    for name in names {
      let points = points(lines, .train, name)
      plot.series.append(
        .init(name: name, points: points, smoothing: smoothing(over: points.count)))
    }
    let test = points(lines, .evaluation, first)
    if !test.isEmpty {
      plot.series.append(.init(name: "test \(first)", points: test))
    }
    return plot
  }

  private static func points(
    _ lines: [MetricsLine], _ kind: MetricsLine.Kind, _ name: String
  ) -> [Point] {
    lines.compactMap { line in
      guard line.kind == kind, let value = line.metrics[name] else { return nil }
      return Point(x: Double(line.step), y: value)
    }
  }
}
