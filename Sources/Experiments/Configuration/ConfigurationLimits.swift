import FileFormats

/// How much a configuration may hold. Whatever exceeds a limit is an error that names it, before
/// memory is spent on it.
enum ConfigurationLimits {
  /// Bytes of a file.
  static let fileBytes = 1 << 20
  /// Maps and lists inside each other.
  static let depth = 32
  /// Maps, lists and scalars of a file.
  static let nodes = 10_000
  /// UTF-8 bytes of one scalar.
  static let scalarBytes = 4096
  /// Overrides of one command.
  static let overrides = 256
  /// UTF-8 bytes of one override.
  static let overrideBytes = 4096
  /// Files an experiment may extend, itself included.
  static let chain = 8
  /// Characters of a name or a value that an error shows.
  static let shown = 200
  /// Problems that one error shows in full.
  static let diagnostics = 20
}

extension StringProtocol {
  /// A name or a value as errors show it: safe on a terminal, and cut where it is very long.
  var shown: String { printable(limit: ConfigurationLimits.shown) }
}
