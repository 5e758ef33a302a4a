import FileFormats

/// Every key of a configuration, nested ones by their path: "optimizer.learningRate".
struct ConfigurationSchema<Root: ExperimentConfiguration> {
  struct Key {
    let path: String
    let documentation: String
    let property: ConfigurationProperty<Root>
    let change: ConfigurationChange
  }

  /// The root, whose path is "", or a configuration within it.
  struct Group {
    let path: String
    /// The path of the property that holds it: its own, unless its keys stand among those of its
    /// parent.
    let property: String
    let properties: @Sendable () -> [String]
    let problems: @Sendable (Root) -> [ConfigurationProblem]
    let warnings: @Sendable (Root) -> [ConfigurationProblem]
  }

  /// In the order of declaration, groups unfolded where they stand.
  private(set) var keys: [Key] = []
  private(set) var groups: [Group] = []

  init() {
    groups.append(
      Group(
        path: "", property: "", properties: { Root.storedProperties }, problems: { $0.problems },
        warnings: { $0.warnings }))
    unfold(Root.keys, beneath: "")
  }

  private mutating func unfold(_ keys: [ConfigurationKey<Root>], beneath path: String) {
    for key in keys {
      let keyPath = joined(path, key.name)
      switch key.content {
      case .property(let property):
        self.keys.append(
          Key(
            path: keyPath, documentation: key.documentation, property: property, change: key.change)
        )
      case .group(let members):
        groups.append(
          Group(
            path: keyPath, property: keyPath, properties: members.properties,
            problems: members.problems, warnings: members.warnings))
        unfold(members.keys(), beneath: keyPath)
      case .included(let members):
        groups.append(
          Group(
            path: path, property: keyPath, properties: members.properties,
            problems: members.problems, warnings: members.warnings))
        unfold(members.keys(), beneath: path)
      }
    }
  }
}

/// The path of a key beneath a group; the root's path is "".
func joined(_ path: String, _ name: String) -> String {
  path.isEmpty ? name : path + "." + name
}

/// One key of a schema, as `describe` lists it.
public struct SchemaRow: Sendable, Equatable {
  /// The path of the key: "optimizer.learningRate".
  public let key: String
  /// "integer", "number", "flag", "text", "choice" or "list of ...".
  public let type: String
  /// The values it allows, such as "1...512".
  public let allowed: String
  /// What the number counts or measures.
  public let unit: String?
  /// The value when no file and no override sets it, as a file writes it.
  public let standard: String
  /// One sentence that says what it is.
  public let documentation: String
  /// What a resumed run may change of it.
  public let change: ConfigurationChange

  /// The row as `config --schema --json` gives it.
  public var json: JSON {
    [
      "key": .string(key), "type": .string(type), "allowed": .string(allowed),
      "unit": unit.map { .string($0) } ?? .null, "default": .string(standard),
      "resume": .string(change.rawValue), "documentation": .string(documentation),
    ]
  }
}

extension ExperimentConfiguration {
  /// Every key, nested ones by their path, in the order of declaration.
  public static var schemaRows: [SchemaRow] {
    let standard = Self()
    return ConfigurationSchema<Self>().keys.map { key in
      SchemaRow(
        key: key.path, type: key.property.type.name, allowed: key.property.type.allowed,
        unit: key.property.unit, standard: key.property.read(standard).description,
        documentation: key.documentation, change: key.change)
    }
  }
}
