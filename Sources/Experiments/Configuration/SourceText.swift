import FileFormats

/// The text of one configuration file or of one override, checked to hold nothing that could
/// mislead a reader or a terminal.
public struct SourceText: Sendable {
  /// Where a text comes from.
  public enum Kind: Sendable {
    /// A file; the name is its path.
    case file
    /// A `key=value` of the command line.
    case override
  }

  /// The path of the file, or "override".
  public let name: String
  /// Where the text comes from.
  public let kind: Kind
  /// The text, its lines separated by line feeds.
  public let text: String

  private init(name: String, kind: Kind, text: String) {
    self.name = name
    self.kind = kind
    self.text = text
  }

  /// Decodes the bytes of a file. A byte order mark is dropped and CR LF becomes LF.
  ///
  /// Throws when the file is larger than 1 MiB, is not UTF-8, or holds a tab, a control character
  /// or a character that changes the direction of writing.
  public init(path: String, bytes: [UInt8]) throws(ConfigurationError) {
    let limit = ConfigurationLimits.fileBytes
    guard bytes.count <= limit else {
      let empty = SourceText(name: path, kind: .file, text: "")
      throw ConfigurationError(
        "the file holds \(bytes.count) bytes; a configuration holds at most \(limit)",
        at: empty.place(line: 1))
    }
    var line = 1
    for part in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      guard String(validating: part, as: UTF8.self) != nil else {
        let repaired = SourceText(
          name: path, kind: .file, text: String(decoding: bytes, as: UTF8.self))
        throw ConfigurationError("the line is not UTF-8 text", at: repaired.place(line: line))
      }
      line += 1
    }
    var scalars = String.UnicodeScalarView()
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      if scalar == "\n", scalars.last == "\r" { scalars.removeLast() }
      scalars.append(scalar)
    }
    if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
    self.init(name: path, kind: .file, text: String(scalars))
    try refuseMisleadingCharacters()
  }

  /// Takes an override of the command line. Throws as for a file.
  init(override text: String) throws(ConfigurationError) {
    self.init(name: "override", kind: .override, text: text)
    guard text.utf8.count <= ConfigurationLimits.overrideBytes else {
      throw ConfigurationError(
        "an override of \(text.utf8.count) bytes; it holds at most "
          + "\(ConfigurationLimits.overrideBytes)",
        at: place(line: 1))
    }
    try refuseMisleadingCharacters()
  }

  private func refuseMisleadingCharacters() throws(ConfigurationError) {
    var line = 1
    var column = 1
    for scalar in text.unicodeScalars {
      if scalar == "\n", kind == .file {
        line += 1
        column = 1
        continue
      }
      if scalar.isMisleading {
        let place = SourcePlace(source: self, line: line, column: column, length: 1)
        throw scalar == "\t"
          ? ConfigurationError("a tab", at: place, help: "use spaces")
          : ConfigurationError(
            "a character that cannot be shown: \(scalar.escaped)", at: place, help: "remove it")
      }
      column += 1
    }
  }

  /// The start of a line, as a place.
  func place(line: Int) -> SourcePlace {
    SourcePlace(source: self, line: line, column: 1, length: 0)
  }

  /// The text of line `number`, counted from 1, without its line feed.
  func line(_ number: Int) -> Substring.UnicodeScalarView {
    let scalars = text.unicodeScalars
    var start = scalars.startIndex
    for _ in 1..<max(number, 1) {
      guard let end = scalars[start...].firstIndex(of: "\n") else { return scalars[start..<start] }
      start = scalars.index(after: end)
    }
    let end = scalars[start...].firstIndex(of: "\n") ?? scalars.endIndex
    return Substring(scalars[start..<end]).unicodeScalars
  }
}

/// A stretch of one line of a source.
public struct SourcePlace: Sendable {
  /// The text it lies in.
  public let source: SourceText
  /// Counted from 1.
  public let line: Int
  /// Counted from 1, in Unicode scalars.
  public let column: Int
  /// In Unicode scalars; 0 marks a point.
  public let length: Int

  /// `experiments/vae.yaml:14:3`, or `override`.
  public var label: String {
    switch source.kind {
    case .file: "\(source.name.printable()):\(line):\(column)"
    case .override: source.name
    }
  }
}
