/// Why a run could not be found, begun or carried on. One line of text, and what to do.
public struct RunError: Error, Hashable, CustomStringConvertible {
  /// What kind of trouble it is.
  public enum Kind: Sendable, Hashable {
    /// No run, or no experiment, of that name.
    case notFound
    /// The run's files or its data are damaged, or not what they were.
    case damaged
    /// The configuration is not the one the run was begun with.
    case changedConfiguration
    /// The configuration is sound in itself but does not suit the data.
    case unsuitable
    /// A measure became infinite or not a number.
    case diverged
  }

  /// What kind of trouble it is.
  public let kind: Kind
  /// What is wrong, and where.
  public let message: String
  /// What to do about it.
  public let hint: String?

  /// Describes what went wrong.
  public init(_ kind: Kind, _ message: String, hint: String? = nil) {
    self.kind = kind
    self.message = message
    self.hint = hint
  }

  /// The message and the hint.
  public var description: String {
    hint.map { "\(message); \($0)" } ?? message
  }
}
