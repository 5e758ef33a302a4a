import FileFormats

/// Runs of one experiment that differ in chosen keys. What is to be trained follows from the
/// experiment and the keys alone, so the same command carries on what was begun.
public struct Sweep: Sendable, Hashable {
  /// One run of a sweep.
  public struct Cell: Sendable, Hashable {
    /// Its name: the experiment's, and a hash of the resolved configuration.
    public let run: String
    /// What it sets: `key=value` for each key of the sweep.
    public let overrides: [String]
  }

  /// The experiment, by its name or the absolute path of its file.
  public let experiment: String
  /// The name of its module.
  public let module: String
  /// The sweep's name: the experiment's, and a hash of its cells.
  public let name: String
  /// The keys that take more than one value, by their full paths.
  public let keys: [String]
  /// The runs; no two are the same.
  public let cells: [Cell]

  /// The key of the seed.
  static let seedKey = "train.seed"
  /// The runs that differ in these keys alone are repetitions of each other: seeds, and the folds of
  /// a cross-validation.
  static let repetitionKeys: Set = [seedKey, "fold"]

  /// The keys of a cell that the sweep varies, with their values, in the order of `keys`.
  public func settings(of cell: Cell) -> [(key: String, value: String)] {
    cell.overrides.compactMap { text in
      guard let equals = text.firstIndex(of: "=") else { return nil }
      let key = String(text[..<equals])
      return keys.contains(key) ? (key, String(text[text.index(after: equals)...])) : nil
    }
  }

  /// The cell as people are told of it: `learningRate=1e-3 train.seed=2`.
  public func label(of cell: Cell) -> String {
    let settings = settings(of: cell)
    return settings.isEmpty
      ? cell.run : settings.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
  }

  /// The sweep's folder among the runs.
  public func folder(in outputs: String) -> SweepFolder {
    SweepFolder(path: "\(outputs)/\(name)")
  }
}

extension Studio {
  /// Plans a sweep and resolves the configuration of each of its runs. Nothing is written.
  ///
  /// - Parameters:
  ///   - file: the experiment.
  ///   - reference: how to find it again: its name, or the absolute path of its file.
  ///   - axes: the keys and their values; `seed` is short for `train.seed`.
  ///   - random: how many runs to draw from the product of the values; nil for all of it.
  /// - Throws: `ConfigurationError` for the first run that cannot be.
  public func planSweep(
    _ file: ExperimentFile, reference: String, axes: [SweepAxis], random: Int? = nil
  ) throws(ConfigurationError) -> Sweep {
    let known = try configuration(of: file, overrides: []).map(\.schema.key)
    let keys = axes.map { axis in
      axis.key == "seed" && !known.contains("seed") ? Sweep.seedKey : axis.key
    }
    if let repeated = keys.indices.first(where: { keys[..<$0].contains(keys[$0]) }) {
      throw ConfigurationError(
        "the key '\(keys[repeated].shown)' is given twice", at: nil,
        help: "give all its values at once")
    }
    var cells: [Sweep.Cell] = []
    var names: Set<String> = []
    for choice in try SweepGrid(axes).choices(random: random) {
      let overrides = zip(keys, choice).map { "\($0)=\($1)" }
      let run = try runName(of: file, overrides: overrides)
      // 1e-3 and 0.001 are one value written in two ways.
      if names.insert(run).inserted { cells.append(Sweep.Cell(run: run, overrides: overrides)) }
    }
    return Sweep(
      experiment: reference, module: file.module, name: sweepName(of: file, "sweep", cells),
      keys: zip(keys, axes).filter { $1.values.count > 1 }.map { $0.0 }, cells: cells)
  }

  /// The name of the run that a configuration has in sweeps: the same for the same experiment and
  /// the same value of every key, however it came to be.
  func runName(
    of file: ExperimentFile, overrides: [String]
  ) throws(ConfigurationError) -> String {
    let keys = try configuration(of: file, overrides: overrides)
    let lines = ["module=\(file.module)"] + keys.map { "\($0.schema.key)=\($0.value)" }
    return "\(file.name)-cell-\(Self.shortHash(lines.joined(separator: "\n")))"
  }

  /// The name of the folder of a sweep: the same for the same cells.
  func sweepName(of file: ExperimentFile, _ kind: String, _ cells: [Sweep.Cell]) -> String {
    "\(file.name)-\(kind)-\(Self.shortHash(cells.map(\.run).joined(separator: "\n")))"
  }

  /// 48 bits of a SHA-256: two of 10,000 runs share them with a chance of one in five million.
  private static func shortHash(_ text: String) -> String {
    String(SHA256.hexadecimal(of: Array(text.utf8)).prefix(12))
  }

  /// Trains a cell of a sweep: begins its run or carries it on. A run that was trained already is
  /// left as it is.
  ///
  /// - Throws: `.diverged` when the run diverged before; what `begin` and `resume` throw.
  public func carryOut(
    _ cell: Sweep.Cell, of file: ExperimentFile, in outputs: String, settings: RunSettings
  ) throws -> RunResult {
    guard try runName(of: file, overrides: cell.overrides) == cell.run else {
      throw RunError(
        .changedConfiguration, "the experiment '\(file.name)' is not what it was for \(cell.run)",
        hint: "begin the sweep anew")
    }
    let folder = RunFolder(path: "\(outputs)/\(cell.run)")
    guard Files.kind(of: folder.record) != nil else {
      return try begin(
        file, overrides: cell.overrides, in: outputs, named: cell.run, settings: settings)
    }
    let record = try RunRecord.read(folder)
    switch record.status {
    case .finished: return RunResult(folder: folder, record: record, end: .finished)
    case .diverged:
      throw RunError(.diverged, record.problem ?? "\(cell.run) diverged")
    default: return try resume(folder, overrides: [], settings: settings)
    }
  }
}
