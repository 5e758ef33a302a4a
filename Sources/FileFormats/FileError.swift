/// What kind of trouble a file gave. The command line chooses its exit code by it.
public enum FileProblem: Sendable, Hashable, CaseIterable {
  /// There is no such file or folder.
  case notFound
  /// The bytes break the rules of their format.
  case damaged
  /// The bytes may follow their format but use a part of it that is not read here.
  case unsupported
  /// The file, or what it would unfold to, is above a limit.
  case tooLarge
  /// A file or folder cannot be made at this place.
  case cannotCreate
  /// The system refused or failed to read or write.
  case inputOutput
  /// Another process owns it.
  case busy
}

/// One trouble with one file, told in one line: where it is, what was expected, what to do.
public struct FileError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kind of trouble.
  public var problem: FileProblem
  /// The file or folder.
  public var path: String
  /// The place in the file, such as `byte 16`, `line 3, column 7` or `tensor 'decoder.weight'`.
  public var place: String?
  /// What was found and what was expected.
  public var message: String
  /// What the reader can do about it.
  public var hint: String?

  /// An error about `path`.
  public init(
    _ problem: FileProblem, path: String, place: String? = nil, _ message: String,
    hint: String? = nil
  ) {
    self.problem = problem
    self.path = path
    self.place = place
    self.message = message
    self.hint = hint
  }

  /// `PATH, PLACE: MESSAGE; HINT` in one line. Characters that could move a terminal's cursor or
  /// turn its text around are written as `\u{...}`, since names come from files.
  public var description: String {
    var text = path
    if let place { text += ", " + place }
    text += ": " + message
    if let hint { text += "; " + hint }
    return text.printable()
  }
}
