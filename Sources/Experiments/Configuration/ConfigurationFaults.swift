/// Keys that an experiment file keeps for itself.
let reservedKeys = ["module", "summary", "extends"]

/// What the declaration of a configuration does wrong, one sentence a fault; none for a good one.
/// Tests run it over every configuration there is.
///
/// Every stored property is declared, by its own name; no name is reserved or appears twice; a
/// default lies in its range; every key is documented by a sentence; the defaults break no rule.
public func configurationFaults<Root: ExperimentConfiguration>(of type: Root.Type) -> [String] {
  let schema = ConfigurationSchema<Root>()
  let standard = Root()
  let keys = schema.keys.map(\.path)
  let groups = schema.groups.filter { $0.path == $0.property }.map(\.path)
  let declared = keys + schema.groups.dropFirst().map(\.property)
  var faults: [String] = []
  var seen: Set<String> = []
  for path in keys + groups + reservedKeys where !seen.insert(path).inserted {
    faults.append("'\(path)' appears twice or is reserved.")
  }
  var properties: Set<String> = []
  for group in schema.groups {
    properties.formUnion(group.properties().map { joined(group.path, $0) })
    for problem in group.problems(standard) {
      faults.append("By default, '\(joined(group.path, problem.key))' \(problem.message).")
    }
  }
  for path in declared where !properties.contains(path) {
    faults.append("'\(path)' is not the name of a stored property.")
  }
  for path in properties.sorted() where !declared.contains(path) {
    faults.append("The property '\(path)' is not declared.")
  }
  for key in schema.keys {
    let value = key.property.read(standard)
    if !key.property.type.contains(value) {
      faults.append("The default of '\(key.path)', \(value), is not in its range.")
    }
    if !key.documentation.hasSuffix(".") {
      faults.append("'\(key.path)' is not documented by a sentence.")
    }
  }
  return faults
}

extension ExperimentConfiguration {
  /// The names of the stored properties. The only use of reflection: it sees what was not
  /// declared.
  static var storedProperties: [String] {
    Mirror(reflecting: Self()).children.compactMap(\.label)
  }
}
