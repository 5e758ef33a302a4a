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
        atelier env rollout CartPole-v1 --seed 42 --steps 100 --json
      """,
    subcommands: [EnvironmentListCommand.self, EnvironmentRolloutCommand.self])
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
