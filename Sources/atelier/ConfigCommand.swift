import ArgumentParser
import Experiments
import FileFormats

/// `atelier config`: what an experiment or a run is configured to do, and what can be configured.
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Show every key, its value and where that was set.",
    discussion: """
      Examples:
        atelier config vae-fashion
        atelier config my/experiment.yaml train.epochs=5
        atelier config vae-fashion-001                     of a run
        atelier config vae-fashion --schema                what can be configured

      No data are read and nothing is built.
      """)

  @Argument(
    help: "An experiment's name or file, or a run's name or folder.",
    completion: .custom(Completions.subjects))
  var subject: String

  @Argument(
    help: ArgumentHelp("Keys to change, as in train.epochs=5.", valueName: "key=value"),
    completion: .custom(Completions.keys))
  var overrides: [String] = []

  @Flag(name: .long, help: "Show type, range, unit, default and meaning of every key instead.")
  var schema = false

  @OptionGroup var output: OutputOptions
  @OptionGroup var format: FormatOptions

  func run() throws {
    let keys = try self.keys()
    if format.json {
      format.print(.array(schema ? keys.map(\.schema.json) : keys.map(\.json)))
    } else {
      let table = schema ? schemaTable(keys.map(\.schema)) : valueTable(keys)
      StandardStream.output.write(
        table.text(for: StandardStream.output.terminal, overflow: .wrap))
    }
  }

  /// The keys of the experiment, or of the run where there is a folder of its name.
  private func keys() throws -> [ExperimentReport.Key] {
    let isRun = [subject, "\(output.out)/\(subject)"].contains { Files.kind(of: $0) == .folder }
    if isRun {
      return try Registry.studio.configuration(
        of: RunFolder.find(subject, in: output.out), overrides: overrides)
    }
    return try Registry.studio.configuration(
      of: ExperimentReference(subject).file(), overrides: overrides)
  }

  private func valueTable(_ keys: [ExperimentReport.Key]) -> TextTable {
    var table = TextTable("KEY", "VALUE", "FROM")
    for key in keys {
      table.append([key.schema.key, key.value, key.origin])
    }
    return table
  }

  private func schemaTable(_ rows: [SchemaRow]) -> TextTable {
    var table = TextTable("KEY", "TYPE", "ALLOWED", "UNIT", "DEFAULT", "RESUME", "MEANING")
    for row in rows {
      table.append([
        row.key, row.type, row.allowed, row.unit ?? "-", row.standard, row.change.rawValue,
        row.documentation,
      ])
    }
    return table
  }
}
