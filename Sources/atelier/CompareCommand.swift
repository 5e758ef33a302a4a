import ArgumentParser
import Experiments
import FileFormats
import Imaging

/// `atelier compare`: what differs between runs, and what came of it.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare runs: the keys that differ, final and best measures, aligned curves.",
    discussion: """
      Examples:
        atelier compare vae-fashion-001 vae-fashion-002
        atelier compare vae-fashion-001 vae-fashion-002 -o curves.svg
        atelier compare vae-fashion-001 vae-fashion-002 --json
      """)

  @Argument(
    help: ArgumentHelp("Names or folders of runs.", valueName: "run"),
    completion: .custom(Completions.runs))
  var names: [String]

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("An SVG file to write the curves to.", valueName: "file"),
    completion: .file())
  var curves: String?

  @OptionGroup var output: OutputOptions
  @OptionGroup var format: FormatOptions

  /// As many as there are colours to tell them apart.
  private static let counts = 2...Colour.categories.count

  func validate() throws {
    guard Self.counts.contains(names.count) else {
      throw ValidationError(
        "Between \(Self.counts.lowerBound) and \(Self.counts.upperBound) runs, not \(names.count).")
    }
  }

  func run() throws {
    let comparison = try RunComparison(
      names.map { try RunSummary.find($0, in: output.out) }, studio: Registry.studio)
    let journal = Journal()
    for damage in comparison.histories.compactMap(\.damage) {
      journal.note("passed over damaged lines: \(damage)")
    }
    if comparison.modules.count > 1 {
      let modules = comparison.modules.joined(separator: ", ")
      journal.note(
        "the runs are of different modules (\(modules)): only what they share is compared")
    }
    if let curves {
      if comparison.measures.isEmpty { journal.note("the runs share no measure: no curves") }
      try DurableFile.write(Array(comparison.svg().utf8), to: curves)
    }
    if format.json {
      format.print(comparison.json)
      return
    }
    let terminal = StandardStream.output.terminal
    var sections = [comparison.runTable, comparison.keyTable, comparison.measureTable]
      .compactMap { $0?.text(for: terminal) }
    if let curves { sections.append(curves.printable() + "\n") }
    StandardStream.output.write(sections.joined(separator: "\n"))
  }
}

extension RunComparison {
  fileprivate var runTable: TextTable? {
    var table = TextTable(columns: [
      ("RUN", .left), ("MODULE", .left), ("STATUS", .left), ("STEP", .right), ("OF", .right),
      ("PARAMETERS", .right), ("TIME", .right),
    ])
    for (run, history) in zip(runs, histories) {
      let record = run.record
      table.append([
        run.folder.name, record.module, record.status.rawValue,
        Quantity.count(max(record.step, history.lastStep)), Quantity.count(record.steps),
        Quantity.count(record.parameters), Quantity.duration(record.seconds),
      ])
    }
    return table
  }

  fileprivate var keyTable: TextTable? {
    guard !differences.isEmpty else { return nil }
    var table = TextTable(columns: [("KEY", .left)] + names.map { ($0, .left) })
    for difference in differences {
      table.append([difference.key] + difference.values.map { $0 ?? "-" })
    }
    return table
  }

  fileprivate var measureTable: TextTable? {
    guard !measures.isEmpty else { return nil }
    var table = TextTable(
      columns: [("MEASURE", .left), ("", .left)] + names.map { ($0, .right) })
    for measure in measures {
      table.append(
        [measure.name, "final"]
          + measure.curves.map { $0.map { Quantity.measure($0.last.y) } ?? "-" })
      let best = measure.curves.map { $0?.best(guide) }
      guard best.contains(where: { $0 != nil }) else { continue }
      table.append(
        [measure.name, "best"] + best.map { $0.map { Quantity.measure($0.y) } ?? "-" })
    }
    return table
  }

  private var names: [String] { runs.map(\.folder.name) }
}
