/// A named experiment as its file and those it extends say it, not yet typed: only the module's
/// schema knows what the keys mean.
///
///     module: vae
///     summary: A VAE whose latent space is a plane.
///     extends: vae-base
///     latentSize: 2
public struct ExperimentFile: Sendable {
  /// The name of the experiment, which is its file's name without the ending.
  public let name: String
  /// The module that runs it.
  public let module: String
  /// What it is, in one line; empty when the file does not say.
  public let summary: String
  /// The keys of every file of the chain, the most basic file first.
  let layers: [ConfigurationNode]
  private let modulePlace: SourcePlace

  /// Reads the file and, one after the other, those it extends.
  ///
  /// - Parameters:
  ///   - name: the experiment's name.
  ///   - source: the text of its file.
  ///   - base: gives the text of the experiment that a file extends; the place is that of its
  ///     name, for the error when there is none.
  ///
  /// Throws when a file is not in the subset of ``YAML``, when the experiments extend each other
  /// in a circle or more than 8 deep, or when none names a module.
  public init(
    name: String, source: SourceText,
    base: (_ name: String, _ place: SourcePlace) throws(ConfigurationError) -> SourceText
  ) throws(ConfigurationError) {
    var header = try Header(source)
    var layers = [header.keys]
    var module = header.module
    var summary = header.summary?.text
    var chain = [name]
    while let next = header.extends {
      guard next.text.isExperimentName else {
        throw ConfigurationError(
          "'\(next.text.shown)' is not a name of an experiment",
          at: next.place,
          help: "name a file of the same folder, without its ending")
      }
      chain.append(next.text)
      guard !chain.dropLast().contains(next.text) else {
        throw ConfigurationError(
          "the experiments extend each other in a circle: \(chain.joined(separator: " -> "))",
          at: next.place)
      }
      guard chain.count <= ConfigurationLimits.chain else {
        throw ConfigurationError(
          "more than \(ConfigurationLimits.chain) experiments extend each other: "
            + chain.joined(separator: " -> "),
          at: next.place)
      }
      header = try Header(try base(next.text, next.place))
      layers.append(header.keys)
      if let module, let inherited = header.module, inherited.text != module.text {
        throw ConfigurationError(
          "the module is '\(module.text.shown)', but '\(next.text)', which the experiment "
            + "extends, is of '\(inherited.text.shown)'",
          at: module.place)
      }
      module = module ?? header.module
      summary = summary ?? header.summary?.text
    }
    guard let module else {
      throw ConfigurationError(
        "the file names no module", at: source.place(line: 1), help: "add a line 'module: NAME'")
    }
    self.name = name
    self.module = module.text
    self.modulePlace = module.place
    self.summary = summary ?? ""
    self.layers = layers.reversed()
  }

  /// The error to throw when the file's module is none of those there are.
  public func unknownModule(known: [String]) -> ConfigurationError {
    ConfigurationError(
      "unknown module '\(module.shown)'", at: modulePlace,
      help: nearest(to: module, in: known).map { "did you mean '\($0)'?" }
        ?? "the modules are \(known.joined(separator: ", "))")
  }
}

/// One file, its reserved keys apart from the others.
private struct Header {
  struct Text {
    let text: String
    let place: SourcePlace
  }

  private(set) var module: Text?
  private(set) var summary: Text?
  private(set) var extends: Text?
  let keys: ConfigurationNode

  init(_ source: SourceText) throws(ConfigurationError) {
    let root = try YAML.parse(source)
    guard case .map(let entries) = root.content else {
      throw ConfigurationError(
        "an experiment is a map of keys, not \(root.summary)", at: root.place,
        help: "begin with a line 'module: NAME'")
    }
    var keys: [ConfigurationNode.Entry] = []
    for entry in entries {
      switch entry.key {
      case "module": module = try Self.text(of: entry)
      case "summary": summary = try Self.text(of: entry)
      case "extends": extends = try Self.text(of: entry)
      default: keys.append(entry)
      }
    }
    self.keys = ConfigurationNode(content: .map(keys), place: root.place)
  }

  private static func text(of entry: ConfigurationNode.Entry) throws(ConfigurationError) -> Text {
    guard case .scalar(let text, _) = entry.value.content, 1...1024 ~= text.count else {
      throw ConfigurationError(
        "'\(entry.key)' must be a text of 1...1024 characters, not \(entry.value.summary)",
        at: entry.value.place)
    }
    return Text(text: text, place: entry.value.place)
  }
}
