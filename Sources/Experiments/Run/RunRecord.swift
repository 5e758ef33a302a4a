import FileFormats

/// `run.json`: what a run is, where it stands and what it ran on. Nothing that a result depends on
/// is read from it.
public struct RunRecord: Sendable, Hashable {
  /// Where a run stands.
  public enum Status: String, Sendable, Hashable, CaseIterable {
    /// A process is at work.
    case running
    /// Its process ended without a word. Never written: see `RunSummary`.
    case killed
    /// Saved and stopped by a signal.
    case stopped
    /// Trained to its end.
    case finished
    /// Stopped by a measure that became infinite or not a number.
    case diverged
    /// Stopped by an error.
    case failed
  }

  /// A library or program that took part, with its version.
  public struct Component: Sendable, Hashable {
    /// Its name, such as `OpenBLAS`.
    public let name: String
    /// What it says of its version and build.
    public let version: String

    /// Names a component.
    public init(_ name: String, _ version: String) {
      self.name = name
      self.version = version
    }
  }

  /// Where the run stands, as its last owner wrote it.
  public var status: Status
  /// Why it failed or diverged.
  public var problem: String?
  /// Where its numbers stopped being finite, if it diverged.
  public var divergence: Divergence?
  /// Name of the experiment.
  public let experiment: String
  /// Name of the module.
  public let module: String
  /// The seed of every random stream.
  public let seed: Int
  /// Steps done at the last save.
  public var step: Int
  /// Steps of the whole run.
  public var steps: Int
  /// Epochs of the whole run.
  public var epochs: Int
  /// The newest test measures at the last save.
  public var evaluation: Metrics
  /// Trainable numbers.
  public let parameters: Int
  /// When the run began: seconds since 1970.
  public let started: Int
  /// When this file was written: seconds since 1970.
  public var updated: Int
  /// Seconds at work, all sessions together.
  public var seconds: Double
  /// How many processes worked on the run so far.
  public var sessions: Int
  /// Threads of the last session.
  public var threads: Int
  /// The folder of data files that the user named.
  public var dataFolder: String?
  /// What the run learns from.
  public let sources: [ExperimentDescription.Source]
  /// Program and libraries of the last session.
  public var components: [Component]
  /// Machine of the last session.
  public var machine: Machine

  /// When the run began, as `2026-11-21T23:43:05Z`.
  public var startedText: String { WallClock.text(started) }

  /// When the record was written, in the same form.
  public var updatedText: String { WallClock.text(updated) }

  /// Writes the record into its folder.
  func write(to folder: RunFolder) throws(FileError) {
    try DurableFile.write(
      Array((json(in: folder).text(pretty: true) + "\n").utf8), to: folder.record)
  }

  /// The record as `run.json` and `atelier show --json` give it.
  public func json(in folder: RunFolder) -> JSON {
    [
      "run": .string(folder.name), "status": .string(status.rawValue),
      "problem": problem.map { .string($0) } ?? .null,
      "divergence": divergence?.json ?? .null,
      "experiment": .string(experiment), "module": .string(module),
      "seed": .integer(Int64(seed)), "step": .integer(Int64(step)),
      "steps": .integer(Int64(steps)), "epochs": .integer(Int64(epochs)),
      "evaluation": .object(evaluation.members),
      "parameters": .integer(Int64(parameters)),
      "started": .string(startedText), "startedSeconds": .integer(Int64(started)),
      "updated": .string(updatedText), "updatedSeconds": .integer(Int64(updated)),
      "seconds": .number(seconds), "sessions": .integer(Int64(sessions)),
      "threads": .integer(Int64(threads)),
      "dataFolder": dataFolder.map { .string($0) } ?? .null,
      "sources": .array(
        sources.map { ["name": .string($0.name), "sha256": .string($0.sha256)] }),
      "components": .object(components.map { .init($0.name, .string($0.version)) }),
      "machine": [
        "processor": .string(machine.processor), "cores": .integer(Int64(machine.cores)),
        "memoryBytes": .integer(Int64(machine.memoryBytes)), "system": .string(machine.system),
      ],
    ]
  }

  /// Reads the record of a run.
  ///
  /// - Throws: `.notFound` when the folder is no run's, `.damaged`, `.inputOutput`.
  public static func read(_ folder: RunFolder) throws(FileError) -> RunRecord {
    let json = try JSON.decode(Files.read(folder.record, limit: 1 << 20), path: folder.record)
    guard let record = RunRecord(json) else {
      throw FileError(.damaged, path: folder.record, "expected the record of a run")
    }
    return record
  }
}

extension RunRecord {
  private init?(_ json: JSON) {
    guard let status = json["status"]?.stringValue.flatMap(Status.init(rawValue:)),
      let experiment = json["experiment"]?.stringValue, let module = json["module"]?.stringValue,
      let seed = json["seed"]?.integerValue, let step = json["step"]?.integerValue,
      let steps = json["steps"]?.integerValue, let epochs = json["epochs"]?.integerValue,
      let parameters = json["parameters"]?.integerValue,
      let started = json["startedSeconds"]?.integerValue,
      let updated = json["updatedSeconds"]?.integerValue,
      let seconds = json["seconds"]?.doubleValue, let sessions = json["sessions"]?.integerValue,
      let threads = json["threads"]?.integerValue,
      let machine = json["machine"].flatMap(Machine.init)
    else { return nil }
    self.status = status
    self.problem = json["problem"]?.stringValue
    self.divergence = json["divergence"].flatMap(Divergence.init)
    self.experiment = experiment
    self.module = module
    self.seed = seed
    self.step = step
    self.steps = steps
    self.epochs = epochs
    self.evaluation = Metrics(json["evaluation"]?.members ?? [])
    self.parameters = parameters
    self.started = started
    self.updated = updated
    self.seconds = seconds
    self.sessions = sessions
    self.threads = threads
    self.dataFolder = json["dataFolder"]?.stringValue
    self.sources = (json["sources"]?.elements ?? []).compactMap { source in
      guard let name = source["name"]?.stringValue, let sha256 = source["sha256"]?.stringValue
      else { return nil }
      return .init(name: name, sha256: sha256)
    }
    self.components = (json["components"]?.members ?? []).compactMap { member in
      member.value.stringValue.map { Component(member.key, $0) }
    }
    self.machine = machine
  }
}

extension Machine {
  fileprivate init?(_ json: JSON) {
    guard let processor = json["processor"]?.stringValue, let cores = json["cores"]?.integerValue,
      let memoryBytes = json["memoryBytes"]?.integerValue, let system = json["system"]?.stringValue
    else { return nil }
    self.init(processor: processor, cores: cores, memoryBytes: memoryBytes, system: system)
  }
}
