/// Every key of a configuration, nested ones by their path: "optimizer.learningRate".
struct ConfigurationSchema<Root: ExperimentConfiguration> {
  struct Key {
    let path: String
    let documentation: String
    let property: ConfigurationProperty<Root>
  }

  /// A configuration within the root; the root itself has the path "".
  struct Group {
    let path: String
    let problems: @Sendable (Root) -> [ConfigurationProblem]
  }

  /// In the order of declaration, groups unfolded where they stand.
  private(set) var keys: [Key] = []
  private(set) var groups: [Group] = []

  init() {
    groups.append(Group(path: "", problems: { $0.problems }))
    unfold(Root.keys, beneath: "")
  }

  private mutating func unfold(_ keys: [ConfigurationKey<Root>], beneath path: String) {
    for key in keys {
      let keyPath = joined(path, key.name)
      switch key.content {
      case .property(let property):
        self.keys.append(
          Key(path: keyPath, documentation: key.documentation, property: property))
      case .group(let members):
        groups.append(Group(path: keyPath, problems: members.problems))
        unfold(members.keys(), beneath: keyPath)
      case .included(let members):
        groups.append(Group(path: path, problems: members.problems))
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
}

extension ExperimentConfiguration {
  /// Every key, nested ones by their path, in the order of declaration.
  public static var schemaRows: [SchemaRow] {
    let standard = Self()
    return ConfigurationSchema<Self>().keys.map { key in
      SchemaRow(
        key: key.path, type: key.property.type.name, allowed: key.property.type.allowed,
        unit: key.property.unit, standard: key.property.read(standard).description,
        documentation: key.documentation)
    }
  }
}

/// Keys that an experiment file keeps for itself.
let reservedKeys = ["module", "summary", "extends"]

/// What a configuration's declaration does wrong, one sentence a fault; none for a good one. Tests
/// run it over every configuration there is.
///
/// A name must be one lower-camel-case word, must not be `module`, `summary` or `extends` at the top, and must not
/// appear twice; a default must lie in its range; every key is documented by a sentence.
public func configurationFaults<Root: ExperimentConfiguration>(of type: Root.Type) -> [String] {
  let schema = ConfigurationSchema<Root>()
  let standard = Root()
  var faults: [String] = []
  var seen: Set<String> = []
  for path in schema.keys.map(\.path) + reservedKeys where !seen.insert(path).inserted {
    faults.append("'\(path)' appears twice or is reserved.")
  }
  for key in schema.keys {
    let value = key.property.read(standard)
    for name in key.path.split(separator: ".")
    where name.wholeMatch(of: /[a-z][A-Za-z0-9]*/) == nil {
      faults.append("'\(key.path)' is not in lower camel case.")
    }
    if !key.property.type.contains(value) {
      faults.append("The default of '\(key.path)', \(value), is not in its range.")
    }
    if !key.documentation.hasSuffix(".") {
      faults.append("'\(key.path)' is not documented by a sentence.")
    }
  }
  for group in schema.groups {
    for problem in group.problems(standard) {
      faults.append("By default '\(joined(group.path, problem.key))' \(problem.message).")
    }
  }
  return faults
}
