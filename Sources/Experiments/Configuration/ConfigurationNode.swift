import FileFormats

/// What a configuration file holds before a schema gives it types: maps, lists and raw scalars,
/// each with its place.
public struct ConfigurationNode: Sendable {
  /// A key of a map with what it holds.
  public struct Entry: Sendable {
    /// The key.
    public let key: String
    /// Where the key stands.
    public let place: SourcePlace
    /// What it holds.
    public let value: ConfigurationNode
  }

  /// The three shapes of a node.
  public enum Content: Sendable {
    /// Keys in the order of the file, none twice.
    case map([Entry])
    /// Elements in the order of the file.
    case list([ConfigurationNode])
    /// A scalar as it is written, without its quotes and escapes.
    case scalar(String, isQuoted: Bool)
  }

  /// What the node is.
  public let content: Content
  /// Where it begins; for a scalar, all of it.
  public let place: SourcePlace

  /// Whether nothing is written where a value could be: `key:` with nothing after it.
  var isNothing: Bool {
    if case .scalar("", isQuoted: false) = content { true } else { false }
  }

  /// The node in a few words, for messages: "'abc'", "a list of 3".
  var summary: String {
    switch content {
    case .map: "a map of keys"
    case .list(let elements): "a list of \(elements.count)"
    case .scalar("", isQuoted: false): "nothing"
    case .scalar(let text, isQuoted: false): "'\(text.printable(limit: 40))'"
    case .scalar(let text, isQuoted: true): "the quoted text '\(text.printable(limit: 40))'"
    }
  }
}
