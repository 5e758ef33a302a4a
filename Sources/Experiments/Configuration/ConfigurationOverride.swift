/// A `key=value` of the command line.
enum ConfigurationOverride {
  /// The override as a tree of maps, so that it is read as a file is: `a.b=v` is `a: { b: v }`.
  ///
  /// A value that begins with a bracket, a brace or a quote is read as YAML; any other is taken
  /// as it stands. Throws when there is no key or no '=', or the value is not in the subset.
  static func parse(_ text: String) throws(ConfigurationError) -> ConfigurationNode {
    let source = try SourceText(override: text)
    let characters = Array(text.unicodeScalars)
    guard let equals = characters.firstIndex(of: "=") else {
      throw ConfigurationError(
        "an override without '='", at: place(in: source, 0..<characters.count),
        help: "write key=value, such as train.epochs=5")
    }
    var components: [(name: String, place: SourcePlace)] = []
    var start = 0
    for end in 0...equals where end == equals || characters[end] == "." {
      let place = place(in: source, start..<end)
      guard start < end, components.count < ConfigurationLimits.depth else {
        throw ConfigurationError(
          start < end ? "more than \(ConfigurationLimits.depth) levels" : "a name is missing here",
          at: place, help: "write key=value, such as train.epochs=5")
      }
      components.append((characters[start..<end].text, place))
      start = end + 1
    }
    var node = try value(of: source, characters, from: equals + 1)
    for component in components.reversed() {
      let entry = ConfigurationNode.Entry(
        key: component.name, place: component.place, value: node)
      node = ConfigurationNode(content: .map([entry]), place: component.place)
    }
    return node
  }

  private static func value(
    of source: SourceText, _ characters: [Unicode.Scalar], from start: Int
  ) throws(ConfigurationError) -> ConfigurationNode {
    if start < characters.count, "[{\"'".unicodeScalars.contains(characters[start]) {
      return try YAML.parseValue(source, at: start)
    }
    return ConfigurationNode(
      content: .scalar(characters[start...].text, isQuoted: false),
      place: place(in: source, start..<characters.count))
  }

  private static func place(in source: SourceText, _ range: Range<Int>) -> SourcePlace {
    SourcePlace(source: source, line: 1, column: range.lowerBound + 1, length: range.count)
  }
}

extension ArraySlice<Unicode.Scalar> {
  fileprivate var text: String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: self)
    return String(view)
  }
}
