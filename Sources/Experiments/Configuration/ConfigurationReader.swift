/// Reads trees against the keys of a schema, one tree after the other, and collects what each key
/// is set to and everything that is wrong.
struct ConfigurationReader {
  /// What the reader knows of a key.
  struct Key {
    let path: String
    let type: ConfigurationType
    let unit: String?
  }

  /// What a key is set to, and where.
  struct Assignment {
    let value: ConfigurationValue
    let place: SourcePlace
  }

  private let keys: [Key]
  private let indices: [String: Int]
  private let groups: Set<String>
  /// By the index of the key; nil for one that nothing sets.
  private(set) var assignments: [Assignment?]
  private var diagnostics: [ConfigurationDiagnostic] = []
  private var omitted = 0

  /// - Parameters:
  ///   - keys: every key, each path once.
  ///   - groups: the paths of the configurations within the root.
  init(keys: [Key], groups: [String]) {
    self.keys = keys
    self.groups = Set(groups)
    indices = Dictionary(uniqueKeysWithValues: zip(keys.map(\.path), keys.indices))
    assignments = Array(repeating: nil, count: keys.count)
  }

  /// The error that says what was wrong so far, or nil.
  var error: ConfigurationError? {
    diagnostics.isEmpty ? nil : ConfigurationError(diagnostics, omitted: omitted)
  }

  /// Where a key is set; nil when it has its default, or there is no such key.
  func place(of path: String) -> SourcePlace? {
    indices[path].flatMap { assignments[$0]?.place }
  }

  /// Adds a problem to those already found.
  mutating func report(_ diagnostic: ConfigurationDiagnostic) {
    if isFull {
      omitted += 1
    } else {
      diagnostics.append(diagnostic)
    }
  }

  /// Whether the problems found are as many as are described.
  private var isFull: Bool { diagnostics.count >= ConfigurationLimits.diagnostics }

  /// Adds the problems of an error to those already found.
  mutating func report(_ error: ConfigurationError) {
    for diagnostic in error.diagnostics { report(diagnostic) }
  }

  /// Reads the keys of a map into the group at `path`; "" is the root.
  mutating func read(_ node: ConfigurationNode, beneath path: String = "") {
    if node.isNothing { return }
    guard case .map(let entries) = node.content else {
      return report(
        .init(
          message: "'\(path)' is a group of keys, not \(node.summary)", place: node.place,
          help: names(beneath: path).first.map { "set its keys, such as '\(joined(path, $0))'" }))
    }
    for entry in entries {
      let entryPath = joined(path, entry.key)
      // Beneath each other is the one way to write nested keys in a file.
      let isName = !entry.key.contains(".")
      if isName, let index = indices[entryPath] {
        read(entry.value, into: index)
      } else if isName, groups.contains(entryPath) {
        read(entry.value, beneath: entryPath)
      } else {
        report(
          .init(
            message: "unknown key '\(entryPath.shown)'",
            place: entry.place,
            help: help(for: entry.key, beneath: path)))
      }
    }
  }

  private mutating func read(_ node: ConfigurationNode, into index: Int) {
    let key = keys[index]
    do {
      assignments[index] = Assignment(
        value: try key.type.value(of: node, unit: key.unit), place: node.place)
    } catch {
      report(
        .init(
          message: "'\(key.path)\(error.element)' must be \(error.expectation), "
            + "not \(error.node.summary)",
          place: error.node.place, help: error.help))
    }
  }

  // MARK: Suggestions

  /// What a person who wrote an unknown key most likely meant.
  private func help(for name: String, beneath path: String) -> String? {
    if isFull { return nil }
    let written = joined(path, name)
    let paths = keys.map(\.path)
    let siblings = names(beneath: path)
    if let dot = name.lastIndex(of: "."), indices[written] != nil || groups.contains(written) {
      return "write '\(name[name.index(after: dot)...]):' beneath '\(name[..<dot]):'"
    }
    if path.isEmpty, reservedKeys.contains(name) {
      return "only a file can say it"
    }
    let suggestion =
      nearest(to: name, in: siblings).map { joined(path, $0) }
      ?? paths.first { $0.hasSuffix("." + name) }
      ?? nearest(to: written, in: paths)
    return suggestion.map { "did you mean '\($0)'?" }
      ?? "the keys here are \(siblings.joined(separator: ", "))"
  }

  /// The names of the keys and groups directly beneath a path, in the order of declaration.
  private func names(beneath path: String) -> [String] {
    let prefix = path.isEmpty ? "" : path + "."
    var names: [String] = []
    for key in keys where key.path.hasPrefix(prefix) {
      let name = String(key.path.dropFirst(prefix.count).prefix { $0 != "." })
      if names.last != name { names.append(name) }
    }
    return path.isEmpty ? names + reservedKeys : names
  }
}
