import ArgumentParser
import Datasets
import Experiments
import FileFormats

/// `atelier doctor`: the machine, the program and its libraries, and what is in place.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Show the machine, the libraries and the data there are.")

  @OptionGroup var data: DataOptions
  @OptionGroup var format: FormatOptions

  func run() throws {
    let machine = Machine.current
    var facts = [
      ("processor", machine.processor), ("cores", String(machine.cores)),
      ("memory", Quantity.bytes(machine.memoryBytes)), ("system", machine.system),
    ]
    facts += Registry.components.map { ($0.name, $0.version) }
    facts.append(("experiments", experiments))
    for entry in DatasetCatalog.entries {
      let isAvailable = entry.isAvailable(DatasetOptions(folder: data.path))
      facts.append(("data \(entry.name)", isAvailable ? "there" : "not there"))
    }
    if format.json {
      format.print(.object(facts.map { .init($0, .string($1)) }))
      return
    }
    var table = TextTable("WHAT", "FOUND")
    for (name, value) in facts {
      table.append([name, value])
    }
    StandardStream.output.write(table.text(for: StandardStream.output.terminal))
  }

  private var experiments: String {
    let folder = Home.experiments
    guard let names = try? folder.names() else { return "no folder \(folder.path)" }
    return "\(names.count) in \(folder.path)"
  }
}
