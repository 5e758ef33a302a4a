import ArgumentParser
import Experiments
import Glibc

/// Where the program begins and ends: every error leaves as one message and one exit code.
@main
enum Main {
  static func main() {
    do {
      let arguments = Array(CommandLine.arguments.dropFirst())
      try refuseUnknownCommand(arguments[...])
      var command = try Atelier.parseAsRoot(arguments)
      try command.run()
    } catch {
      let parserCode = Atelier.exitCode(for: error)
      if ExitStatus(error) == nil && parserCode != .failure {
        // Requests for help, usage errors, and the exit codes that commands choose themselves.
        Atelier.exit(withError: error)
      }
      StandardStream.error.writeLine(message(for: error))
      exit((ExitStatus(error) ?? .fault).rawValue)
    }
  }

  /// The error in one line. Configuration errors come with the source lines they are about.
  private static func message(for error: any Error) -> String {
    let label = StandardStream.error.terminal.styled("error:", .red)
    let text = "\(error)".printable
    guard error is ConfigurationError else { return "\(label) \(text)" }
    return text.replacing("error:", with: label, maxReplacements: 1)
  }

  /// ArgumentParser refuses an unknown command without saying which one may have been meant.
  private static func refuseUnknownCommand(
    _ arguments: ArraySlice<String>, of parent: any ParsableCommand.Type = Atelier.self
  ) throws {
    let commands = parent.configuration.subcommands
    guard let name = arguments.first, !name.hasPrefix("-"), name != "help", !commands.isEmpty
    else { return }
    if let command = commands.first(where: { $0.configuration.commandName == name }) {
      return try refuseUnknownCommand(arguments.dropFirst(), of: command)
    }
    let known = commands.compactMap { $0.configuration.commandName }
    let suggestion =
      nearest(to: name, in: known).map { "Did you mean '\($0)'?" }
      ?? "The commands are \(known.joined(separator: ", "))."
    throw ValidationError("There is no command '\(name.printable)'. \(suggestion)")
  }
}
