import ArgumentParser
import Environments
import Experiments
import FileFormats

/// `atelier env`: the environments that agents act in.
struct EnvironmentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "env", abstract: "List, check, measure or step through environments.",
    discussion: """
      Examples:
        atelier env list
        atelier env check
        atelier env bench CartPole-v1
        atelier env rollout CartPole-v1 --seed 42 --steps 100 --json
      """,
    subcommands: [
      EnvironmentListCommand.self, EnvironmentCheckCommand.self, EnvironmentBenchCommand.self,
      EnvironmentRolloutCommand.self,
    ])
}

/// `atelier env list`: which environments there are.
struct EnvironmentListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the environments.",
    discussion: """
      Examples:
        atelier env list
        atelier env list --json
      """)

  @OptionGroup var format: FormatOptions

  func run() throws {
    let specs = EnvironmentCatalog.specs
    if format.json {
      return format.print(.array(specs.map(\.json)))
    }
    var table = TextTable("ID", "STEPS", "SOLVED", "SUMMARY")
    for spec in specs {
      table.append([
        spec.id, spec.maxEpisodeSteps.map { "\($0)" } ?? "",
        spec.rewardThreshold.map { Quantity.measure($0) } ?? "", spec.summary,
      ])
    }
    StandardStream.output.write(table.text(for: StandardStream.output.terminal, overflow: .wrap))
  }
}

/// Which environments a command is about.
struct EnvironmentSelection: ParsableArguments {
  @Argument(
    help: ArgumentHelp("Environments (default all).", valueName: "id"),
    completion: .custom(Completions.environments))
  var ids: [String] = []

  /// The entries of the ids, or all.
  func specs() throws -> [EnvironmentSpec] {
    try ids.isEmpty ? EnvironmentCatalog.specs : ids.map { try EnvironmentSpec.named($0) }
  }
}

/// `atelier env check`: whether environments keep the rules.
struct EnvironmentCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check that environments keep the rules that agents rely on.",
    discussion: """
      Examples:
        atelier env check
        atelier env check CartPole-v1 --json

      Equal seeds give equal episodes, copies and restored states go on alike, everything seen is in
      its space, what is refused changes nothing. Exit code 70 when a rule is broken.
      """)

  @OptionGroup var selection: EnvironmentSelection
  @OptionGroup var format: FormatOptions

  func run() throws {
    let checked = try selection.specs().map { spec in
      (id: spec.id, problems: EnvironmentCheck.problems(of: try spec.make()))
    }
    if format.json {
      format.print(
        .array(
          checked.map { id, problems in
            ["id": .string(id), "problems": .array(problems.map { .string($0) })]
          }))
    } else {
      for (id, problems) in checked {
        StandardStream.output.writeLine(
          "\(id): \(problems.isEmpty ? "ok" : problems.joined(separator: "; "))")
      }
    }
    if checked.contains(where: { !$0.problems.isEmpty }) {
      throw ExitCode(ExitStatus.fault.rawValue)
    }
  }
}

/// `atelier env bench`: how fast environments are.
struct EnvironmentBenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure the steps a second of environments, on one thread.",
    discussion: """
      Examples:
        atelier env bench
        atelier env bench CartPole-v1 --json
        atelier env bench --vector 64

      Random actions, resets and observations included: the median and the best of 9 repetitions.
      """)

  @OptionGroup var selection: EnvironmentSelection
  @OptionGroup var format: FormatOptions

  @Option(
    help: ArgumentHelp("How many environments act side by side; 1 acts alone.", valueName: "n"))
  var vector = 1

  func validate() throws { try requireCount(vector, named: "--vector") }

  private static let repetitions = 9
  /// How long one repetition takes, about.
  private static let seconds = 0.2

  func run() throws {
    for spec in try selection.specs() {
      let rates = try rates(of: spec).sorted()
      let median = rates[rates.count / 2]
      let best = rates[rates.count - 1]
      if format.json {
        format.print([
          "id": .string(spec.id), "vector": .integer(Int64(vector)),
          "stepsPerSecond": .number(median), "best": .number(best),
        ])
      } else {
        StandardStream.output.writeLine(
          "\(spec.id): \(Quantity.scaled(median)) steps/s, \(Quantity.scaled(best)) at best")
      }
    }
  }

  private func rates(of spec: EnvironmentSpec) throws -> [Double] {
    func rate(steps: Int) throws -> Double {
      let start = ContinuousClock.now
      _ =
        vector == 1
        ? try spec.exercise(steps: steps)
        : try spec.exercise(steps: steps, sideBySide: vector)
      return Double(steps) / (start.duration(to: .now) / .seconds(1))
    }
    let steps = Int(try rate(steps: 20_000) * Self.seconds)
    return try (0..<Self.repetitions).map { _ in try rate(steps: max(steps, 1000)) }
  }
}

extension EnvironmentSpec {
  /// As `env list --json` gives it.
  fileprivate var json: JSON {
    [
      "id": .string(id), "summary": .string(summary),
      "maxEpisodeSteps": maxEpisodeSteps.map { .integer(Int64($0)) } ?? .null,
      "rewardThreshold": rewardThreshold.map { .number($0) } ?? .null,
      "options": .array(
        options.map { option in
          [
            "name": .string(option.name), "summary": .string(option.summary),
            "allowed": .string(option.allowed),
          ]
        }),
    ]
  }

  /// The entry of an id from the command line.
  static func named(_ id: String) throws -> EnvironmentSpec {
    if let spec = EnvironmentCatalog.spec(id) { return spec }
    let near = nearest(to: id, in: EnvironmentCatalog.specs.map(\.id))
    throw RunError(
      .notFound, "there is no environment '\(id.printable())'",
      hint: near.map { "did you mean '\($0)'?" } ?? "'atelier env list' names them all")
  }
}
