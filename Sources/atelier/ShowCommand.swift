import ArgumentParser
import Experiments
import FileFormats
import Imaging

/// `atelier show`: one run, its configuration, its measures and its files.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a run: where it stands, its keys, measures and files.",
    discussion: """
      Examples:
        atelier show vae-fashion-001
        atelier show outputs/vae-fashion-001 --json
      """)

  @Argument(
    help: ArgumentHelp("A run's name or folder.", valueName: "run"),
    completion: .custom(Completions.runs))
  var name: String

  @OptionGroup var output: OutputOptions
  @OptionGroup var format: FormatOptions

  func run() throws {
    let summary = try RunSummary.find(name, in: output.out)
    let history = RunHistory(of: summary.folder)
    if let damage = history.damage {
      Journal().note("passed over damaged lines: \(damage)")
    }
    if format.json {
      format.print(try json(of: summary, history))
      return
    }
    let terminal = StandardStream.output.terminal
    let guide = Registry.studio.measureGuide(for: summary.record.module)
    let sections = [
      facts(of: summary, history, for: terminal), try keys(of: summary, for: terminal),
      layers(of: summary, for: terminal),
      history.curves.isEmpty ? "" : measures(of: history, guide).text(for: terminal),
      try summary.folder.files().map { $0.printable() + "\n" }.joined(),
    ]
    StandardStream.output.write(sections.filter { !$0.isEmpty }.joined(separator: "\n"))
  }

  private func json(of summary: RunSummary, _ history: RunHistory) throws -> JSON {
    let model = ModelFile.read(summary.folder)
    return .object(
      (summary.json.members ?? []) + [
        .init("keys", .array(try RecordedKey.read(summary.folder).map(\.json))),
        .init("layers", model?.layersJSON ?? .null),
        .init("programs", model?.programsJSON ?? .null),
        .init("metrics", .array(history.lines.map(\.json))),
        .init("files", .array(try summary.folder.files().map { .string($0) })),
      ])
  }

  private func facts(
    of run: RunSummary, _ history: RunHistory, for terminal: Terminal
  ) -> String {
    let record = run.record
    let step = max(record.step, history.lastStep)
    let share = Int(run.progress(at: step) * 100)
    let rate = RunTiming(of: run.folder).sessions.last?.samplesPerSecond
    let problem = record.problem.map { ": \($0)" } ?? ""
    let machine = record.machine
    let facts = [
      ("experiment", "\(record.experiment) (module \(record.module))"),
      ("status", record.status.rawValue + problem),
      ("step", "\(Quantity.count(step)) of \(Quantity.count(record.steps)), \(share)%"),
      ("seed", String(record.seed)),
      ("parameters", Quantity.count(record.parameters)),
      (
        "time",
        "\(Quantity.duration(record.seconds)) in \(Quantity.count(record.sessions, "session"))"
          + (rate.map { ", \(Quantity.scaled($0)) samples/s" } ?? "")
      ),
      ("started", "\(record.startedText), \(Quantity.duration(run.age)) ago"),
      (
        "machine",
        "\(machine.processor), \(Quantity.count(machine.cores, "core")), "
          + Quantity.count(record.threads, "thread")
      ), ("made by", record.components.map { "\($0.name) \($0.version)" }.joined(separator: ", ")),
    ]
    let rows = facts.map { name, value in
      terminal.styled(name, .dim) + String(repeating: " ", count: 12 - name.count)
        + value.printable() + "\n"
    }
    return terminal.styled(run.folder.name.printable(), .bold)
      + "  \(run.folder.path.printable())\n" + rows.joined()
  }

  /// The keys that somebody set; the others have their defaults.
  private func keys(of run: RunSummary, for terminal: Terminal) throws -> String {
    var table = TextTable("KEY", "VALUE", "FROM")
    let keys: [RecordedKey]
    do {
      keys = try RecordedKey.read(run.folder)
    } catch {
      Journal().note("no configuration to show: \(error)")
      return ""
    }
    let chosen = keys.filter(\.isChosen)
    for key in chosen {
      table.append([key.key, key.value, key.origin])
    }
    return chosen.isEmpty ? "" : table.text(for: terminal)
  }

  private func layers(of run: RunSummary, for terminal: Terminal) -> String {
    guard let layers = ModelFile.read(run.folder)?.layers, !layers.isEmpty else { return "" }
    return TextTable.layers(layers).text(for: terminal)
  }

  private func measures(of history: RunHistory, _ guide: MeasureGuide) -> TextTable {
    var table = TextTable(columns: [
      ("MEASURE", .left), ("FIRST", .right), ("LAST", .right), ("BEST", .right),
      ("AT STEP", .right), ("COURSE", .left),
    ])
    for curve in history.curves {
      let best = curve.best(guide)
      table.append([
        curve.name, Quantity.measure(curve.values[0]), Quantity.measure(curve.last.y),
        best.map { Quantity.measure($0.y) } ?? "-", best.map { Quantity.step($0.x) } ?? "-",
        Sparkline.text(curve.values, width: 24),
      ])
    }
    return table
  }
}
