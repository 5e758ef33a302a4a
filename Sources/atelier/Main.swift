import ArgumentParser
import Experiments
import FileFormats
import Glibc

/// Where the program begins and ends: every error leaves as one message and one exit code.
@main
enum Main {
  static func main() {
    StandardStream.openClosed()
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      try refuseUnknownCommand(arguments[...])
      try carryOut(arguments)
      if let failure = StandardStream.outputFailure { throw failure }
    } catch let code as ExitCode {
      // A command that has said all there is to say.
      exit(code.rawValue)
    } catch {
      let status = ExitStatus(error)
      let parserCode = Atelier.exitCode(for: error)
      if status == nil && parserCode == .validationFailure {
        StandardStream.error.writeLine(usageMessage(for: error, arguments))
        exit(parserCode.rawValue)
      }
      StandardStream.error.writeLine(message(for: error))
      exit((status ?? .fault).rawValue)
    }
  }

  /// Carries the command out. What ArgumentParser answers by itself, such as help, is a result too.
  private static func carryOut(_ arguments: [String]) throws {
    do {
      var command = try Atelier.parseAsRoot(arguments)
      try command.run()
    } catch  where ExitStatus(error) == nil && Atelier.exitCode(for: error) == .success {
      let answer = Atelier.fullMessage(for: error)
      if !answer.isEmpty { StandardStream.output.writeLine(answer) }
    }
  }

  /// A wrong use in one line, with the command whose help tells the right one.
  private static func usageMessage(for error: any Error, _ arguments: [String]) -> String {
    var command: any ParsableCommand.Type = Atelier.self
    var words = ["atelier"]
    for argument in arguments {
      let commands = command.configuration.subcommands
      guard let next = commands.first(where: { $0.configuration.commandName == argument })
      else { break }
      command = next
      words.append(argument)
    }
    let text = Atelier.message(for: error).printable()
    let stop = text.last.map { ".?!".contains($0) } == true ? "" : "."
    return "\(label) \(text)\(stop) See '\(words.joined(separator: " ")) --help'."
  }

  private static var label: String {
    StandardStream.error.terminal.styled("error:", .red)
  }

  /// The error in one line. Configuration errors come with the source lines they are about.
  private static func message(for error: any Error) -> String {
    let text = "\(error)".printable(keepingLines: true)
    guard error is ConfigurationError else { return "\(label) \(text)" }
    return text.replacing("error:", with: label, maxReplacements: 1)
  }

  /// ArgumentParser refuses an unknown command without saying which one may have been meant.
  private static func refuseUnknownCommand(
    _ arguments: ArraySlice<String>, of parent: any ParsableCommand.Type = Atelier.self
  ) throws {
    let commands = parent.configuration.subcommands
    guard let name = arguments.first, !name.hasPrefix("-"), !commands.isEmpty else { return }
    if name == "help" {
      return try refuseUnknownCommand(arguments.dropFirst(), of: parent)
    }
    if let command = commands.first(where: { $0.configuration.commandName == name }) {
      return try refuseUnknownCommand(arguments.dropFirst(), of: command)
    }
    let known = commands.compactMap {
      $0.configuration.shouldDisplay ? $0.configuration.commandName : nil
    }
    if let second = arguments.dropFirst().first, known.contains(second) {
      throw ValidationError("The command goes first: '\(second) \(name.printable())'.")
    }
    let suggestion =
      nearest(to: name, in: known).map { "Did you mean '\($0)'?" }
      ?? "The commands are \(known.joined(separator: ", "))."
    throw ValidationError("There is no command '\(name.printable())'. \(suggestion)")
  }
}
