import ArgumentParser
import Experiments
import FileFormats

/// Where runs are.
struct OutputOptions: ParsableArguments {
  @Option(
    name: .long, help: ArgumentHelp("The folder of the runs.", valueName: "dir"),
    completion: .directory)
  var out = "outputs"
}

/// In what form results are printed.
struct FormatOptions: ParsableArguments {
  @Flag(name: .long, help: "Print JSON.")
  var json = false

  /// Prints a JSON document.
  func print(_ json: JSON) {
    StandardStream.output.writeLine(json.text(pretty: true))
  }
}

/// How much a command says on standard error.
struct VerbosityOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Say nothing but errors; the run's log keeps all.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Say what is otherwise in the run's log only.")
  var verbose = false

  func validate() throws {
    if quiet && verbose { throw ValidationError("Either --quiet or --verbose, not both.") }
  }

  /// Which lines a person sees.
  var level: Verbosity { quiet ? .quiet : verbose ? .verbose : .normal }
}

/// How to carry an experiment out.
struct ExecutionOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "How many threads to compute with; all processors unless given. Results do not depend on it.",
      valueName: "n"))
  var threads: Int?

  @OptionGroup var data: DataOptions

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads \(threads) is not in 1...1024.")
    }
  }

  /// How many threads to compute with.
  var threadCount: Int { threads ?? min(Machine.current.cores, 1024) }

  /// The settings for a run that says what it does to `journal`.
  func settings(_ journal: Journal, stop: StopRequest = StopRequest()) -> RunSettings {
    RunSettings(
      threads: threadCount,
      dataFolder: data.path.map(Files.absolute),
      components: Registry.components, journal: journal, stop: stop)
  }
}

/// An experiment, by its name or its file, and the keys to change of it.
struct ExperimentOptions: ParsableArguments {
  @Argument(
    help: "An experiment's name, or the path of its file.",
    completion: .custom(Completions.experiments))
  var experiment: String

  @Argument(
    help: ArgumentHelp("Keys to change, as in train.epochs=5.", valueName: "key=value"),
    completion: .custom(Completions.keys))
  var overrides: [String] = []

  /// Reads the experiment file.
  func file() throws -> ExperimentFile {
    try ExperimentReference(experiment).file()
  }
}

/// What a person names an experiment by: its name, or the path of its file.
struct ExperimentReference {
  let text: String

  init(_ text: String) {
    self.text = text
  }

  /// Whether it is a path.
  var isFile: Bool { text.contains("/") || text.hasSuffix(".yaml") }

  /// What names it from any folder: the name, or the whole path.
  var lasting: String { isFile ? Files.absolute(text) : text }

  /// Reads the file. What a file elsewhere extends may be a named experiment.
  func file() throws -> ExperimentFile {
    if isFile {
      return try ExperimentFolder.experiment(at: text, extending: Home.experiments)
    }
    return try Home.experiments.experiment(named: text)
  }
}

/// Where the program's own files are: the folder that `ATELIER_HOME` names, or the current one.
/// Paths in the current folder are shown relative to it.
enum Home {
  /// The named experiments.
  static var experiments: ExperimentFolder {
    guard let home = variable("ATELIER_HOME"), !home.isEmpty, home != Files.currentFolder else {
      return ExperimentFolder("experiments")
    }
    return ExperimentFolder(home + "/experiments")
  }
}
