import ArgumentParser
import Experiments
import FileFormats

/// `atelier list`: the named experiments.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the named experiments.",
    discussion: """
      Examples:
        atelier list
        atelier list --json
      """)

  @OptionGroup var format: FormatOptions

  func run() throws {
    let folder = Home.experiments
    var files: [ExperimentFile] = []
    var firstError: (any Error)?
    for name in try folder.names() {
      do {
        files.append(try folder.experiment(named: name))
      } catch {
        // One bad file does not hide the others.
        firstError = firstError ?? error
      }
    }
    if format.json {
      format.print(
        .array(
          files.map { file in
            [
              "name": .string(file.name), "module": .string(file.module),
              "summary": .string(file.summary),
            ]
          }))
    } else {
      var table = TextTable("NAME", "MODULE", "SUMMARY")
      for file in files {
        table.append([file.name, file.module, file.summary])
      }
      StandardStream.output.write(table.text(for: StandardStream.output.terminal))
    }
    if let firstError { throw firstError }
  }
}
