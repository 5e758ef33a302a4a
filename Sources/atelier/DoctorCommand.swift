import ArgumentParser
import Experiments
import FileFormats

/// `atelier doctor`: the machine, the program and its libraries, and what is in place.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Show the machine, the libraries and the data there are.")

  @OptionGroup var format: FormatOptions

  func run() throws {
    let machine = Machine.current
    let facts: [(name: String, value: String)] =
      [
        ("processor", machine.processor), ("cores", String(machine.cores)),
        ("memory", Quantity.bytes(machine.memoryBytes)), ("system", machine.system),
      ] + Registry.components.map { ($0.name, $0.version) }
      + [("experiments", experiments)]
    if format.json {
      format.print(.object(facts.map { .init($0.name, .string($0.value)) }))
      return
    }
    var table = TextTable("WHAT", "FOUND")
    for fact in facts {
      table.append([fact.name, fact.value])
    }
    StandardStream.output.write(table.text(for: StandardStream.output.terminal))
  }

  private var experiments: String {
    let folder = Home.experiments
    guard let names = try? folder.names() else { return "no folder \(folder.path)" }
    return "\(names.count) in \(folder.path)"
  }
}
