import FileFormats
import Imaging

/// A run at work, drawn on a terminal: how far it is, the curve of its first measure, and all
/// measures as they stand.
public struct WatchView: Sendable {
  private let summary: RunSummary
  private let history: RunHistory
  private let timing: RunTiming
  private let guide: MeasureGuide

  /// How tall the curve grows: taller shows no more of it.
  private static let greatestHeight = 20

  /// A view of a run as it stands.
  public init(
    _ summary: RunSummary, history: RunHistory, timing: RunTiming, guide: MeasureGuide
  ) {
    self.summary = summary
    self.history = history
    self.timing = timing
    self.guide = guide
  }

  /// The lines to show, which fit the terminal in both directions.
  public func lines(for terminal: Terminal) -> [String] {
    let head = [title(for: terminal), progress(for: terminal), ""]
    let table = measureTable(for: terminal)
    let room = terminal.rows - head.count - table.count - 2
    let plot = curve(rows: min(room, Self.greatestHeight), for: terminal)
    let lines = head + plot + (plot.isEmpty ? [] : [""]) + table
    return Array(lines.prefix(terminal.rows - 1))
  }

  private func title(for terminal: Terminal) -> String {
    let record = summary.record
    let name = String(summary.folder.name.printable().prefix(terminal.columns - 12))
    return terminal.styled(name, .bold) + "  " + record.status.rawValue
  }

  private func progress(for terminal: Terminal) -> String {
    let record = summary.record
    let step = max(record.step, history.lastStep)
    let share = summary.progress(at: step)
    var words = [
      "\(Int(share * 100))%", "step \(Quantity.count(step))/\(Quantity.count(record.steps))",
    ]
    if let epoch = history.lines.last?.epoch {
      words.append("epoch \(Quantity.count(epoch))/\(Quantity.count(record.epochs))")
    }
    if record.status == .running, let pace = timing.secondsPerStep {
      let rest = pace * max(Double(record.steps) - Double(step), 0)
      words.append("about \(Quantity.duration(rest)) to go")
    }
    let text = words.joined(separator: "  ")
    let room = min(terminal.columns - text.count - 3, 30)
    guard room >= 8 else { return String(text.prefix(terminal.columns - 1)) }
    let filled = Int(share * Double(room))
    return terminal.styled(String(repeating: "━", count: filled), .green)
      + terminal.styled(String(repeating: "─", count: room - filled), .dim) + "  " + text
  }

  private func curve(rows: Int, for terminal: Terminal) -> [String] {
    guard let key = history.keyCurve?.measure else { return [] }
    let kinds: [(MetricsLine.Kind, Terminal.Style)] = [(.train, .cyan), (.evaluation, .green)]
    let series = kinds.compactMap { kind, style in
      history.curve(kind, key).map {
        BraillePlot.Series(name: $0.name, points: CurvePlots.thinned($0.points), style: style)
      }
    }
    let plot = BraillePlot(series: series, columns: terminal.columns - 1, rows: rows - 1)
    let lines = plot.lines(for: terminal)
    guard !lines.isEmpty else { return [] }
    let names = series.map { "━ \($0.name)   " }
    let unit = guide.unit(of: key).map { "in \($0)" } ?? ""
    guard names.joined().count + unit.count < terminal.columns else { return lines }
    let legend = zip(series, names).map { terminal.styled($1, $0.style) }.joined() + unit
    return [legend] + lines
  }

  private func measureTable(for terminal: Terminal) -> [String] {
    let curves = history.curves
    guard !curves.isEmpty else { return ["no measures yet"] }
    var table = TextTable(columns: [
      ("MEASURE", .left), ("LAST", .right), ("BEST", .right), ("AT STEP", .right),
      ("COURSE", .left),
    ])
    for curve in curves.prefix(max(2, terminal.rows / 3)) {
      let best = curve.best(guide)
      table.append([
        curve.name, Quantity.measure(curve.last.y), best.map { Quantity.measure($0.y) } ?? "-",
        best.map { Quantity.step($0.x) } ?? "-", Sparkline.text(curve.values, width: 24),
      ])
    }
    return table.text(for: terminal).split(separator: "\n").map(String.init)
  }
}

extension RunSummary {
  /// The part of the work that is done after `step` steps, 0 to 1.
  public func progress(at step: Int) -> Double {
    guard record.steps > 0, step > 0 else { return 0 }
    return min(Double(step) / Double(record.steps), 1)
  }

  /// Seconds since the run began; 0 when the clock was set back since.
  public var age: Double {
    max(Double(WallClock.now) - Double(record.started), 0)
  }
}
