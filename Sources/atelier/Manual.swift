import ArgumentParser
import Experiments
import FileFormats

/// The manual page, in the macros of man(7), made of what the argument parser knows of the commands.
struct Manual {
  /// The section, the day of the last change of its own words, and the source of the page.
  private static let heading = #".TH ATELIER 1 "2026\-11\-22" "atelier \#(Registry.version)""#

  /// What follows the commands: a heading, and items of a word and its meaning.
  private static let closing: [(heading: String, items: [(String, String)])] = [
    (
      "EXIT STATUS",
      [
        ("0", "All is well."), ("64", "Wrong use."), ("65", "Damaged or unsupported data."),
        ("66", "No such file, experiment, run or data set."), ("70", "A fault of the program."),
        ("73", "A file or folder cannot be created."), ("74", "Reading or writing failed."),
        ("75", "Another process owns the run; try again later."),
        ("76", "The run diverged: a number became infinite or not a number."),
        ("78", "The configuration is wrong, or does not fit the machine."),
        ("130, 143", "Stopped by a signal, after a save."),
      ]
    ),
    (
      "ENVIRONMENT",
      [
        ("ATELIER_DATA", "The folder of the data files, when --data is not given."),
        ("ATELIER_HOME", "The folder that holds experiments/; the current one unless set."),
        ("NO_COLOR", "Not empty: no colour."),
      ]
    ),
    (
      "FILES",
      [
        ("experiments/NAME.yaml", "The named experiments."),
        ("outputs/EXPERIMENT-NNN/", "A run: configuration, record, measures, log, checkpoints."),
      ]
    ),
  ]

  /// The page.
  ///
  /// - Throws: `FileError` when the parser describes itself in another form than it did.
  static func text() throws(FileError) -> String {
    let dump = try JSON.decode(Array(Atelier._dumpHelp().utf8), path: "the parser's description")
    guard let root = dump["command"], let name = root["commandName"]?.stringValue else {
      throw FileError(.damaged, path: "the parser's description", "expected a command")
    }
    var lines = [heading, ".SH NAME", escaped("\(name) - \(root["abstract"]?.stringValue ?? "")")]
    lines += [".SH SYNOPSIS", #".B \#(name)"#, ".I command", "[argument ...]"]
    lines += [".SH DESCRIPTION"] + literal(root["discussion"]?.stringValue ?? "")
    lines += [".SH COMMANDS"]
    for command in shown(root["subcommands"]) { lines += section(command, beneath: [name]) }
    for part in closing {
      lines.append(".SH \(part.heading)")
      for (word, meaning) in part.items {
        lines += [".TP", ".B " + escaped(word), escaped(meaning)]
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A command, or those it is made of.
  private static func section(_ command: JSON, beneath parents: [String]) -> [String] {
    let words = parents + [command["commandName"]?.stringValue ?? ""]
    let parts = shown(command["subcommands"])
    if !parts.isEmpty { return parts.flatMap { section($0, beneath: words) } }
    let arguments = shown(command["arguments"]).filter { argument in
      !["--help", "--version"].contains { names(of: argument).contains($0) }
    }
    let usage = ([words.joined(separator: " ")] + arguments.map(usage)).joined(separator: " ")
    var lines = [".SS \"\(escaped(words.joined(separator: " ")))\""]
    lines += [escaped(command["abstract"]?.stringValue ?? ""), ".PP", escaped(usage)]
    lines += literal(command["discussion"]?.stringValue ?? "")
    for argument in arguments {
      let meaning = argument["abstract"]?.stringValue ?? ""
      let standard = argument["defaultValue"]?.stringValue.map { " (default: \($0))" } ?? ""
      lines += [".TP", ".B " + escaped(title(of: argument)), escaped(meaning + standard)]
    }
    return lines
  }

  /// `<run>`, `[--seed <n>]`, `[--smoke]`.
  private static func usage(_ argument: JSON) -> String {
    let title = title(of: argument).split(separator: ", ").last.map(String.init) ?? ""
    let repeated = argument["isRepeating"]?.boolValue == true ? " ..." : ""
    return argument["isOptional"]?.boolValue == true ? "[\(title)\(repeated)]" : title + repeated
  }

  /// `-o, --output <file>`, or `<run>` of what has no name.
  private static func title(of argument: JSON) -> String {
    let value = "<\(argument["valueName"]?.stringValue ?? "")>"
    switch argument["kind"]?.stringValue {
    case "positional": return value
    case "flag": return names(of: argument).joined(separator: ", ")
    default: return names(of: argument).joined(separator: ", ") + " " + value
    }
  }

  private static func names(of argument: JSON) -> [String] {
    (argument["names"]?.elements ?? []).compactMap { name in
      name["name"]?.stringValue.map { (name["kind"]?.stringValue == "long" ? "--" : "-") + $0 }
    }.sorted { $0.count < $1.count }
  }

  private static func shown(_ list: JSON?) -> [JSON] {
    (list?.elements ?? []).filter {
      $0["shouldDisplay"]?.boolValue != false && $0["commandName"]?.stringValue != "help"
    }
  }

  /// Lines as they stand.
  private static func literal(_ text: String) -> [String] {
    guard !text.isEmpty else { return [] }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return [".PP", ".nf"] + lines.map { $0.isEmpty ? ".sp" : escaped(String($0)) } + [".fi"]
  }

  /// Text that no macro and no escape is read into.
  private static func escaped(_ text: String) -> String {
    let text = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
    return text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" + text : text
  }
}

/// `atelier manual`: what `docs/atelier.1` is made by.
struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual", abstract: "Print the manual page.", shouldDisplay: false)

  func run() throws {
    StandardStream.output.write(try Manual.text())
  }
}
