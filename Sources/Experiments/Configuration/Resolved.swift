import FileFormats

/// Where the value of a key comes from.
public enum ConfigurationOrigin: Sendable, Equatable, CustomStringConvertible {
  /// Nothing sets the key.
  case standard
  /// A line of a file, counted from 1.
  case file(path: String, line: Int)
  /// The command line.
  case override

  init(_ place: SourcePlace?) {
    switch place?.source.kind {
    case .file: self = .file(path: place?.source.name ?? "", line: place?.line ?? 0)
    case .override: self = .override
    case nil: self = .standard
    }
  }

  /// "default", "experiments/vae.yaml:14" or "override".
  public var description: String {
    switch self {
    case .standard: "default"
    case .file(let path, let line): "\(path.printable()):\(line)"
    case .override: "override"
    }
  }
}

/// A configuration whose every key has its value, and the origin of each.
public struct Resolved<Configuration: ExperimentConfiguration>: Sendable {
  /// A key with its value.
  public struct Entry: Sendable, Equatable {
    /// The path of the key: "optimizer.learningRate".
    public let key: String
    /// What it is set to.
    public let value: ConfigurationValue
    /// Where that is said.
    public let origin: ConfigurationOrigin
  }

  /// The experiment it configures.
  public let experiment: ExperimentFile
  /// The configuration.
  public let value: Configuration
  /// Every key in the order of declaration.
  public let entries: [Entry]
  /// What contradicts what the field does.
  public let warnings: [ConfigurationDiagnostic]

  /// The configuration as a YAML file, each value followed by its origin. Resolving that file gives
  /// the same value.
  public var yaml: String {
    var lines = ["module: \(quotedWhereNeeded(experiment.module))"]
    if !experiment.summary.isEmpty {
      lines.append("summary: \(quoted(experiment.summary))")
    }
    lines.append("")
    var openGroups: [Substring] = []
    for entry in entries {
      let path = entry.key.split(separator: ".")
      let groups = Array(path.dropLast())
      let shared = zip(openGroups, groups).prefix { $0 == $1 }.count
      for level in shared..<groups.count {
        lines.append(indent(level) + "\(groups[level]):")
      }
      openGroups = groups
      lines.append(
        indent(groups.count) + "\(path[groups.count]): \(entry.value)  # \(entry.origin)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func indent(_ level: Int) -> String {
    String(repeating: "  ", count: level)
  }
}

/// A key that two configurations set differently.
public struct ConfigurationDifference: Sendable, Equatable, CustomStringConvertible {
  /// The path of the key.
  public let key: String
  /// What the earlier configuration sets it to.
  public let left: ConfigurationValue
  /// What the later configuration sets it to.
  public let right: ConfigurationValue

  /// "train.epochs: 10 -> 20".
  public var description: String { "\(key): \(left) -> \(right)" }
}

extension ExperimentConfiguration {
  /// The keys that this configuration sets differently from `other`, in the order of declaration;
  /// the other's value is the left one.
  public func differences(from other: Self) -> [ConfigurationDifference] {
    ConfigurationSchema<Self>().keys.compactMap { key in
      let left = key.property.read(other)
      let right = key.property.read(self)
      return left == right ? nil : ConfigurationDifference(key: key.path, left: left, right: right)
    }
  }
}
