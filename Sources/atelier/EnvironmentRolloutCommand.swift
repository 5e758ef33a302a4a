import ArgumentParser
import Environments
import Experiments
import FileFormats

/// `atelier env rollout`: what an environment answers, step by step, so that others can judge it.
struct EnvironmentRolloutCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollout", abstract: "Step through an environment; print what it answers.",
    discussion: """
      Examples:
        atelier env rollout CartPole-v1 --seed 42 --steps 100
        atelier env rollout FrozenLake-v1 map=8x8 slippery=false --actions actions.txt --json
        atelier env rollout CartPole-v1 --state angle=0.1,velocity=0

      A line for each reset and each step, of JSON with --json. An episode that ended is followed by
      a reset that goes on with the environment's random numbers. A file of actions has one to a
      line: a number, or a list in brackets.
      """)

  @Argument(
    help: ArgumentHelp("An environment that 'atelier env list' lists.", valueName: "id"),
    completion: .custom(Completions.environments))
  var id: String

  @Argument(help: ArgumentHelp("Options of the environment.", valueName: "name=value"))
  var options: [String] = []

  @Option(help: "Of the environment's random numbers, and of a random policy's.")
  var seed: UInt64 = 0

  @Option(help: "How many steps are taken (default 200, or all actions of the file).")
  var steps: Int?

  @Option(help: ArgumentHelp("The actions, one to a line.", valueName: "file"))
  var actions: String?

  @Option(
    help: ArgumentHelp(
      "Parts of the state to set after the first reset.", valueName: "name=value,..."))
  var state: String?

  @Option(
    help: ArgumentHelp("Options of the first reset, as in low=-0.1.", valueName: "name=value,..."))
  var reset: String?

  @Flag(help: "Print the state of the environment too.")
  var states = false

  @OptionGroup var format: FormatOptions

  func validate() throws {
    guard steps.map({ $0 >= 0 }) ?? true else {
      throw ValidationError("--steps must not be negative.")
    }
  }

  func run() throws {
    let environment = try EnvironmentSpec.named(id).make(options)
    try rollOut(environment)
  }

  /// The generic body, which `any Environment` opens into.
  private func rollOut<E: Environment>(_ start: E) throws {
    var environment = start
    let script = try actions.map { try Self.actions($0, in: environment.actionSpace) }
    var policy = PCG64(seed: seed)
    let options = try reset.map { try Self.pairs($0, "--reset") } ?? []
    try environment.reset(
      seed: seed,
      options: Dictionary(
        options.map { ($0.key, $0.value.doubleValue ?? .nan) }, uniquingKeysWith: { $1 }))
    if let state {
      try StateArchive.set(
        &environment, to: .object(try Self.pairs(state, "--state")), partial: true)
    }
    tell(environment, [.init("reset", .bool(true))])
    for step in 0..<min(steps ?? .max, script?.count ?? steps ?? 200) {
      let value = script?[step] ?? environment.actionSpace.sample(using: &policy)
      guard let action = E.Action(value) else {
        preconditionFailure("\(value) is in the action space")
      }
      let outcome = try environment.step(action)
      tell(
        environment,
        [
          .init("action", value.json), .init("reward", .number(outcome.reward)),
          .init("terminated", .bool(outcome.terminated)),
          .init("truncated", .bool(outcome.truncated)),
        ])
      if outcome.endsEpisode {
        try environment.reset()
        tell(environment, [.init("reset", .bool(true))])
      }
    }
  }

  private func tell<E: Environment>(_ environment: E, _ members: [JSON.Member]) {
    var members = members
    members.append(.init("observation", environment.observation.value.json))
    members += environment.extras.members.map { .init($0.name, $0.value.json) }
    if states { members.append(.init("state", StateArchive.state(of: environment))) }
    let text =
      format.json
      ? JSON.object(members).text()
      : members.map { "\($0.key) \($0.value.text())" }.joined(separator: "  ")
    StandardStream.output.writeLine(text)
  }

  private static func actions(_ path: String, in space: Space) throws -> [SpaceValue] {
    let lines = try Files.read(path).split(separator: UInt8(ascii: "\n"))
    let values = try lines.enumerated().map { index, line in
      let json = try? JSON.decode(Array(line), path: path)
      guard let value = json.flatMap({ SpaceValue($0, in: space) }) else {
        throw FileError(
          .damaged, path: path, place: "line \(index + 1)",
          "'\(String(decoding: line, as: UTF8.self).printable(limit: 40))' is no action of the "
            + "environment: expected \(space.expectation)")
      }
      return value
    }
    guard !values.isEmpty else { throw FileError(.damaged, path: path, "there are no actions") }
    return values
  }

  /// Named values such as "angle=0.1,velocity=0"; a list in brackets is one value.
  private static func pairs(_ text: String, _ option: String) throws -> [JSON.Member] {
    var depth = 0
    let parts = text.split { character in
      depth += character == "[" ? 1 : character == "]" ? -1 : 0
      return character == "," && depth == 0
    }
    return try parts.map { part in
      let sides = part.split(separator: "=", maxSplits: 1)
      guard sides.count == 2,
        let value = try? JSON.decode(Array(sides[1].utf8), path: option)
      else {
        throw ValidationError("\(option): expected name=value, not '\(part)'.")
      }
      return JSON.Member(String(sides[0]), value)
    }
  }
}

extension Space {
  /// What a value must be, in words.
  fileprivate var expectation: String {
    switch self {
    case .discrete(let count, let start): "an integer in \(start)...\(start + count - 1)"
    case .box(let box): "\(box.low.count) numbers within \(box.low) and \(box.high)"
    case .multiDiscrete(let counts): "integers from 0 and below \(counts)"
    case .multiBinary(let shape): "\(shape.reduce(1, *)) numbers, each 0 or 1"
    case .tuple(let spaces): "a list of \(spaces.map(\.expectation).joined(separator: "; "))"
    case .dictionary(let members):
      "a list of \(members.map { "\($0.name): \($0.space.expectation)" }.joined(separator: "; "))"
    }
  }
}
