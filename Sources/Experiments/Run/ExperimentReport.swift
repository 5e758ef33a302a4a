import FileFormats

/// What an experiment is configured to do and what it consists of, without the types of its module.
public struct ExperimentReport: Sendable {
  /// A key of the configuration with its value, its meaning and where it was set.
  public struct Key: Sendable {
    /// Name, type, range, unit, default and meaning.
    public let schema: SchemaRow
    /// The value, as a file writes it.
    public let value: String
    /// Where the value was set.
    public let origin: String

    /// The key as `atelier config --json` gives it.
    public var json: JSON {
      .object(
        [
          .init("key", .string(schema.key)), .init("value", .string(value)),
          .init("origin", .string(origin)),
        ] + (schema.json.members ?? []).dropFirst())
    }
  }

  /// Name of the experiment.
  public let name: String
  /// What it is, in one line.
  public let summary: String
  /// Name of the module.
  public let module: String
  /// Every key, in the order of the schema.
  public let keys: [Key]
  /// Layers, programs and data.
  public let description: ExperimentDescription
  /// Steps of an epoch.
  public let stepsPerEpoch: Int
  /// Steps of a whole run.
  public let steps: Int
  /// Samples of a step.
  public let samplesPerStep: Int
  /// What a run takes of memory and disk.
  public let forecast: RunForecast
  /// Seconds of a step on this machine, by a few that were taken: an estimate.
  public let secondsPerStep: Double
  /// By how many bytes the process grew from the making of its workspace to the last of these steps;
  /// nil where the system or the experiment does not tell.
  public let memoryGrowth: Int?
  /// The measures that have a unit.
  public let units: [(measure: String, unit: String)]

  init<Module: Experiment>(
    _ experiment: consuming Module, _ resolved: Resolved<Runner<Module>.Configuration>,
    _ growth: MemoryGrowth, in outputs: String
  ) throws {
    let plan = TrainingPlan(resolved.value.train, stepsPerEpoch: experiment.stepsPerEpoch)
    name = resolved.experiment.name
    summary = resolved.experiment.summary.isEmpty ? Module.summary : resolved.experiment.summary
    module = Module.module
    keys = resolved.keys
    description = try experiment.describe()
    stepsPerEpoch = plan.stepsPerEpoch
    steps = plan.steps
    samplesPerStep = experiment.samplesPerStep
    secondsPerStep = try experiment.secondsPerStep(of: plan)
    memoryGrowth = growth.bytes
    // The copy of the state is no part of the growth.
    forecast = RunForecast(
      try experiment.state(), plan, peakMemoryBytes: growth.plannedPeak, in: outputs)
    try forecast.refuseTooLittleDisk(plan, in: outputs)
    units = Module.metricUnits.map { ($0.key, $0.value) }
  }

  /// The report as `atelier describe --json` gives it.
  public var json: JSON {
    [
      "name": .string(name), "summary": .string(summary), "module": .string(module),
      "keys": .array(keys.map(\.json)),
      "layers": description.layersJSON,
      "parameters": .integer(Int64(description.parameters)),
      "programs": description.programsJSON, "notes": description.notesJSON,
      "sources": .array(
        description.sources.map { ["name": .string($0.name), "sha256": .string($0.sha256)] }),
      "stepsPerEpoch": .integer(Int64(stepsPerEpoch)), "steps": .integer(Int64(steps)),
      "samplesPerStep": .integer(Int64(samplesPerStep)), "forecast": forecast.json,
      "secondsPerStep": .number(secondsPerStep),
      "memoryGrowth": memoryGrowth.map { .integer(Int64($0)) } ?? .null,
      "units": .object(units.map { .init($0.measure, .string($0.unit)) }),
    ]
  }
}

extension Resolved {
  /// Every key with its schema.
  var keys: [ExperimentReport.Key] {
    zip(Configuration.schemaRows, entries).map { row, entry in
      .init(schema: row, value: entry.value.description, origin: entry.origin.description)
    }
  }
}

extension Experiment {
  /// How long a step takes: the median of those that two seconds allow, a hundred at most, after one
  /// that warms caches and threads up. Leaves the experiment trained by them.
  fileprivate mutating func secondsPerStep(of plan: TrainingPlan) throws -> Double {
    var times: [Double] = []
    var number = 0
    let start = ContinuousClock.now
    repeat {
      let before = ContinuousClock.now
      _ = try step(number)
      times.append(before.duration(to: .now) / .seconds(1))
      number += 1
    } while number < min(plan.steps, 100) && start.duration(to: .now) < .seconds(2)
    let steady = times.count > 1 ? times.dropFirst().sorted() : times
    return steady[steady.count / 2]
  }
}
