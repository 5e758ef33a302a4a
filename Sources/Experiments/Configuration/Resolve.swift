/// The configuration that an experiment's files and the overrides say, over the defaults. Later
/// files of the chain win over earlier ones, overrides win over files, and the last of several
/// overrides of one key wins. A list is replaced as a whole.
///
/// - Parameters:
///   - type: the schema.
///   - file: the experiment.
///   - overrides: `key=value` texts, such as "train.epochs=5" or "hidden=[400, 400]".
/// - Throws: every problem of the files and the overrides at once; when there is none, every rule
///   between keys that is broken.
public func resolve<Configuration: ExperimentConfiguration>(
  _ type: Configuration.Type, file: ExperimentFile, overrides: [String] = []
) throws(ConfigurationError) -> Resolved<Configuration> {
  let (value, entries, warnings) = try read(type, file.layers, overrides)
  return Resolved(experiment: file, value: value, entries: entries, warnings: warnings)
}

/// The configuration that overrides say over the defaults, where there is no experiment.
///
/// - Throws: as for a file.
public func resolve<Configuration: ExperimentConfiguration>(
  _ type: Configuration.Type, overrides: [String]
) throws(ConfigurationError) -> Configuration {
  try read(type, [], overrides).value
}

private func read<Configuration: ExperimentConfiguration>(
  _ type: Configuration.Type, _ layers: [ConfigurationNode], _ overrides: [String]
) throws(ConfigurationError) -> (
  value: Configuration, entries: [Resolved<Configuration>.Entry],
  warnings: [ConfigurationDiagnostic]
) {
  let schema = ConfigurationSchema<Configuration>()
  var reader = ConfigurationReader(
    keys: schema.keys.map { .init(path: $0.path, type: $0.property.type, unit: $0.property.unit) },
    groups: schema.groups.map(\.path))
  for layer in layers { reader.read(layer) }
  read(overrides, into: &reader)
  if let error = reader.error { throw error }

  var value = Configuration()
  var entries: [Resolved<Configuration>.Entry] = []
  for (key, assignment) in zip(schema.keys, reader.assignments) {
    if let assignment { key.property.write(&value, assignment.value) }
    entries.append(
      .init(
        key: key.path, value: key.property.read(value),
        origin: ConfigurationOrigin(assignment?.place)))
  }
  for group in schema.groups {
    for problem in group.problems(value) {
      let path = joined(group.path, problem.key)
      reader.report(
        .init(
          message: "'\(path)' \(problem.message)", place: reader.place(of: path),
          help: problem.help))
    }
  }
  if let error = reader.error { throw error }
  let warnings = schema.groups.flatMap { group in
    group.warnings(value).map { warning in
      let path = joined(group.path, warning.key)
      return ConfigurationDiagnostic(
        message: "'\(path)' \(warning.message)", place: reader.place(of: path), help: warning.help)
    }
  }
  return (value, entries, warnings)
}

private func read(_ overrides: [String], into reader: inout ConfigurationReader) {
  guard overrides.count <= ConfigurationLimits.overrides else {
    let message =
      "\(overrides.count) overrides; a command takes at most \(ConfigurationLimits.overrides)"
    return reader.report(ConfigurationError(message, at: nil, help: "write an experiment file"))
  }
  for text in overrides {
    do {
      reader.read(try ConfigurationOverride.parse(text))
    } catch {
      reader.report(error)
    }
  }
}
