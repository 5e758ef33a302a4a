import FileFormats

/// A key of a run's `config.yaml`, as text.
public struct RecordedKey: Sendable, Hashable {
  /// The path of the key: "optimizer.learningRate".
  public let key: String
  /// What it is set to, as the file writes it.
  public let value: String
  /// Where that was said: "default", "override", or a file and a line. Empty when the file does not
  /// tell.
  public let origin: String

  /// Whether somebody chose the value.
  public var isChosen: Bool { origin != ConfigurationOrigin.standard.description }

  /// The key as JSON.
  public var json: JSON {
    ["key": .string(key), "value": .string(value), "origin": .string(origin)]
  }

  /// The keys of a run, in the order of the file.
  ///
  /// - Throws: `ConfigurationError` or `FileError` when the file cannot be read.
  public static func read(_ folder: RunFolder) throws -> [RecordedKey] {
    let path = folder.configuration
    let bytes = try Files.read(path, limit: ConfigurationLimits.fileBytes)
    let source = try SourceText(path: path, bytes: bytes)
    guard case .map(let entries) = try YAML.parse(source).content else { return [] }
    let lines = source.text.split(separator: "\n", omittingEmptySubsequences: false)
    let own = entries.filter { !["module", "summary", "extends"].contains($0.key) }
    return keys(own, beneath: "") { line in
      lines[line - 1].ranges(of: "  # ").last.map { String(lines[line - 1][$0.upperBound...]) }
        ?? ""
    }
  }

  private static func keys(
    _ entries: [ConfigurationNode.Entry], beneath path: String, origin: (Int) -> String
  ) -> [RecordedKey] {
    entries.flatMap { entry in
      let key = joined(path, entry.key)
      if case .map(let members) = entry.value.content {
        return keys(members, beneath: key, origin: origin)
      }
      return [
        RecordedKey(key: key, value: text(of: entry.value), origin: origin(entry.place.line))
      ]
    }
  }

  private static func text(of node: ConfigurationNode) -> String {
    switch node.content {
    case .scalar(let text, let isQuoted): isQuoted ? quoted(text) : text
    case .list(let elements): "[" + elements.map(text).joined(separator: ", ") + "]"
    case .map(let entries):
      "{" + entries.map { "\($0.key): \(text(of: $0.value))" }.joined(separator: ", ") + "}"
    }
  }
}
