import FileFormats

/// What is wrong with a configuration: every problem at once, each with its place and, where there
/// is one, the way out. The command line answers it with exit code 78.
public struct ConfigurationError: Error, Sendable, CustomStringConvertible {
  /// The problems, in the order of their files and lines.
  public let diagnostics: [ConfigurationDiagnostic]
  /// How many further problems were found and are not described.
  public let omitted: Int

  init(_ diagnostics: [ConfigurationDiagnostic], omitted: Int = 0) {
    self.diagnostics = diagnostics
    self.omitted = omitted
  }

  /// An error of one problem.
  init(_ message: String, at place: SourcePlace?, help: String? = nil) {
    self.init([ConfigurationDiagnostic(message: message, place: place, help: help)])
  }

  /// Every problem as a block of lines, ready to print.
  public var description: String {
    var blocks = diagnostics.map(\.description)
    if omitted > 0 {
      blocks.append("error: and \(omitted) more")
    }
    return blocks.joined(separator: "\n\n")
  }
}

/// One problem of a configuration.
public struct ConfigurationDiagnostic: Sendable, CustomStringConvertible {
  /// What is wrong, in one line.
  public let message: String
  /// Where, when a file or an override says it.
  public let place: SourcePlace?
  /// What to do.
  public let help: String?

  /// The problem in the way of a compiler:
  ///
  ///     error: unknown key 'optimizer.learningRat'
  ///       --> experiments/vae.yaml:14:3
  ///     14 |   learningRat: 1e-3
  ///        |   ^^^^^^^^^^^
  ///       help: did you mean 'optimizer.learningRate'?
  public var description: String {
    var lines = ["error: \(message)"]
    if let place {
      lines.append("  --> \(place.label)")
      lines += excerpt(of: place)
    }
    if let help {
      lines.append("  help: \(help)")
    }
    return lines.joined(separator: "\n")
  }

  /// The problem as a warning in one line: `warning: 'loss' ... (vae.yaml:14:3); help`.
  public var warning: String {
    "warning: \(message)" + (place.map { " (\($0.label))" } ?? "") + (help.map { "; \($0)" } ?? "")
  }

  /// The source line with the place underlined. Of a long line only the surroundings are shown.
  private func excerpt(of place: SourcePlace) -> [String] {
    let line = place.source.line(place.line)
    guard !line.isEmpty else { return [] }
    let before = 40
    let width = 100
    let skipped = line.count > width ? max(0, place.column - 1 - before) : 0
    let shown = Substring(line.dropFirst(skipped)).printable(limit: width)
    let lead = skipped > 0 ? "…" : ""
    let number = place.source.kind == .file ? "\(place.line)" : ""
    let margin = String(repeating: " ", count: number.count)
    let indent = String(repeating: " ", count: place.column - 1 - skipped + lead.count)
    let room = max(1, width - (place.column - 1 - skipped))
    let carets = String(repeating: "^", count: min(max(1, place.length), room))
    return ["\(number) | \(lead)\(shown)", "\(margin) | \(indent)\(carets)"]
  }
}

/// A rule between keys that a configuration breaks, found by its ``ExperimentConfiguration/problems``.
public struct ConfigurationProblem: Sendable, Equatable {
  /// The key to change, relative to the configuration that reports it.
  public var key: String
  /// What is wrong, as the rest of a sentence that begins with the key.
  public var message: String
  /// What to do.
  public var help: String?

  /// - Parameters:
  ///   - key: the key to change, such as "batchSize" or "optimizer.learningRate".
  ///   - message: the rest of the sentence, such as "must be even when 'paired' is true".
  ///   - help: what to do.
  public init(_ key: String, _ message: String, help: String? = nil) {
    self.key = key
    self.message = message
    self.help = help
  }
}
