import ArgumentParser
import Experiments
import FileFormats

/// `atelier describe`: an experiment's configuration, layers and programs.
struct DescribeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "Show an experiment's configuration, layers, programs and data.",
    discussion: """
      Examples:
        atelier describe vae-fashion
        atelier describe vae-fashion latentSize=20
        atelier describe my/experiment.yaml --json
        atelier describe classify-fashion --graph network.svg

      A few steps are taken to tell how long training will last; nothing is written.
      """)

  @OptionGroup var experiment: ExperimentOptions
  @OptionGroup var execution: ExecutionOptions
  @OptionGroup var format: FormatOptions

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Also draw the layers and the tensors between them: .dot or .mmd (Mermaid), or .svg or .png by Graphviz.",
      valueName: "file"),
    completion: .file())
  var graph: String?

  func validate() throws {
    if let graph { _ = try GraphFile(graph) }
  }

  func run() throws {
    let graphFile = try graph.map { try GraphFile($0) }
    try graphFile?.requireProgram()
    let report = try Registry.studio.describe(
      experiment.file(), overrides: experiment.overrides, settings: execution.settings(Journal()))
    if let graph, let graphFile {
      try graphFile.write(NetworkGraph(report.description, title: report.name))
      Journal().note("the graph is in \(graph)")
    }
    if format.json {
      format.print(report.json)
    } else {
      StandardStream.output.write(report.text(for: StandardStream.output.terminal))
    }
  }
}

extension ExperimentReport {
  /// The report for people.
  func text(for terminal: Terminal) -> String {
    var sections = ["\(terminal.styled(name, .bold))  \(summary.printable())\n"]
    sections.append(keyTable.text(for: terminal, overflow: .wrap))
    if !description.layers.isEmpty {
      sections.append(
        TextTable.layers(description.layers).text(for: terminal)
          + "\(Quantity.count(description.parameters, "parameter")) in all\n")
    }
    if !description.programs.isEmpty {
      sections.append(programTable.text(for: terminal))
    }
    if description.programs.contains(where: { $0.freezing != nil }) {
      sections.append(freezingTable.text(for: terminal))
    }
    if !description.notes.isEmpty {
      sections.append(noteTable.text(for: terminal, overflow: .wrap))
    }
    if !description.sources.isEmpty {
      sections.append(sourceTable.text(for: terminal, overflow: .keep))
    }
    sections.append(
      "\(Quantity.count(steps, "step")) of \(Quantity.count(samplesPerStep, "sample")), "
        + "\(Quantity.count(stepsPerEpoch)) an epoch: about "
        + "\(Quantity.duration(secondsPerStep * Double(stepsPerEpoch))) an epoch and "
        + "\(Quantity.duration(secondsPerStep * Double(steps))) in all on this machine\n"
        + room + "\n")
    return sections.joined(separator: "\n")
  }

  /// `182.4 MiB of memory at most, 66.1 MiB on the disk (of 21.3 GiB free)`
  private var room: String {
    let memory = forecast.peakMemoryBytes.map { "\(Quantity.bytes($0)) of memory at most, " }
    let free = forecast.freeDiskBytes.map { " (of \(Quantity.bytes($0)) free)" }
    return "\(memory ?? "")\(Quantity.bytes(forecast.diskBytes)) on the disk\(free ?? "")"
  }

  private var keyTable: TextTable {
    var table = TextTable("KEY", "VALUE", "FROM", "MEANING")
    for key in keys {
      let unit = key.schema.unit.map { " \($0)" } ?? ""
      table.append([
        key.schema.key, key.value, Files.name(of: key.origin),
        "\(key.schema.documentation) [\(key.schema.allowed)\(unit)]",
      ])
    }
    return table
  }

  private var programTable: TextTable {
    var table = TextTable(columns: [
      ("PROGRAM", .left), ("FLOP", .right), ("MOVED", .right), ("MEMORY", .right),
    ])
    for program in description.programs {
      table.append([
        program.name, Quantity.scaled(Double(program.flops)), Quantity.bytes(program.bytesMoved),
        Quantity.bytes(program.memoryBytes),
      ])
    }
    return table
  }

  private var freezingTable: TextTable {
    var table = TextTable(columns: [
      ("PROGRAM", .left), ("NETWORK", .left), ("UPDATED", .right), ("GRADIENTS", .right),
      ("FLOP UNFROZEN", .right), ("SAVED", .right),
    ])
    for program in description.programs {
      for network in program.freezing?.networks ?? [] {
        table.append([
          program.name, network.name, String(network.updates), String(network.gradients),
          Quantity.scaled(Double(program.freezing?.unfrozenFlops ?? 0)),
          "\(Int((100 * (program.freezing?.share(ofFlops: program.flops) ?? 0)).rounded())) %",
        ])
      }
    }
    return table
  }

  private var noteTable: TextTable {
    var table = TextTable("ABOUT", "NOTE")
    for note in description.notes {
      table.append([note.name, note.text])
    }
    return table
  }

  private var sourceTable: TextTable {
    var table = TextTable("DATA", "SHA-256")
    for source in description.sources {
      table.append([source.name, source.sha256])
    }
    return table
  }
}

extension TextTable {
  /// The layers of an experiment.
  static func layers(_ layers: [ExperimentDescription.Layer]) -> TextTable {
    var table = TextTable(columns: [
      ("LAYER", .left), ("KIND", .left), ("OUTPUT", .left), ("PARAMETERS", .right),
    ])
    for layer in layers {
      table.append([
        layer.path, layer.kind, layer.outputShape.map(String.init).joined(separator: " x "),
        Quantity.count(layer.parameters),
      ])
    }
    return table
  }
}
