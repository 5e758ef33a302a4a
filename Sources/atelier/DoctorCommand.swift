import ArgumentParser
import Datasets
import Experiments
import FileFormats

/// `atelier doctor`: the machine, the program and its libraries, and what is in place.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Show the machine, the libraries and the data there are.",
    discussion: """
      Examples:
        atelier doctor
        atelier doctor --json
      """)

  @OptionGroup var data: DataOptions
  @OptionGroup var format: FormatOptions

  func run() throws {
    let datasets = DatasetCatalog.entries.map { entry in
      (entry.name, entry.isAvailable(DatasetOptions(folder: data.path)))
    }
    if format.json {
      format.print(json(datasets))
      return
    }
    var table = TextTable("WHAT", "FOUND")
    table.append(["processor", machine.processor])
    table.append(["cores", String(machine.cores)])
    table.append(["memory", Quantity.bytes(machine.memoryBytes)])
    table.append(["system", machine.system])
    for component in Registry.components {
      table.append([component.name, component.version])
    }
    let count = names.map { "\($0.count) in" } ?? "no folder"
    table.append(["experiments", "\(count) \(Home.experiments.path)"])
    for (name, isAvailable) in datasets {
      table.append(["data \(name)", isAvailable ? "there" : "not there"])
    }
    StandardStream.output.write(
      table.text(for: StandardStream.output.terminal, overflow: .wrap))
  }

  private var machine: Machine { .current }

  /// The named experiments, or nil when their folder cannot be read.
  private var names: [String]? { try? Home.experiments.names() }

  private func json(_ datasets: [(name: String, isAvailable: Bool)]) -> JSON {
    [
      "machine": [
        "processor": .string(machine.processor), "cores": .integer(Int64(machine.cores)),
        "memoryBytes": .integer(Int64(machine.memoryBytes)), "system": .string(machine.system),
      ],
      "components": .object(
        Registry.components.map { .init($0.name, .string($0.version)) }),
      "experiments": [
        "folder": .string(Files.absolute(Home.experiments.path)),
        "names": names.map { .array($0.map { .string($0) }) } ?? .null,
      ],
      "datasets": .array(
        datasets.map { ["name": .string($0.name), "available": .bool($0.isAvailable)] }),
    ]
  }
}
