import ArgumentParser
import Environments
import Experiments
import FileFormats
import Glibc

/// `atelier play`: episodes of an environment, without a display.
struct PlayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "play",
    abstract: "Play episodes, as a trained agent or at random; record or watch.",
    discussion: """
      Examples:
        atelier play dqn-cartpole-001
        atelier play dqn-cartpole-001 --policy epsilon=0.05 --episodes 100 --json
        atelier play dqn-cartpole-001 --episodes 1 --record pole.gif
        atelier play Taxi-v4 --watch
        atelier play FrozenLake-v1 slippery=false --json

      A run's agent takes its best actions; where only an environment is named, actions are drawn at
      random. Every episode has a seed of its own, counted from --seed. A recording is an animation,
      .gif or .apng, or a folder of PNG files.
      """)

  @Argument(
    help: ArgumentHelp(
      "A run of an agent, or an environment that 'atelier env list' lists.", valueName: "run|id"),
    completion: .custom(Completions.players))
  var name: String

  @Argument(
    help: ArgumentHelp("Options of an environment named by its id.", valueName: "name=value"))
  var options: [String] = []

  @Option(
    help: ArgumentHelp(
      "greedy, random or epsilon=P; greedy for a run unless given.", valueName: "policy"))
  var policy: Policy?

  @Option(help: "How many episodes are played.")
  var episodes = 10

  @Option(help: "Of the first episode.")
  var seed: UInt64 = 0

  @Option(help: "After how many steps an episode that has no end of its own is given up.")
  var steps = 10_000

  @Option(
    help: ArgumentHelp("Where the pictures go: a .gif, an .apng or a folder.", valueName: "path"),
    completion: .file())
  var record: String?

  @Flag(help: "Show every step in the terminal, at its natural speed.")
  var watch = false

  @Option(
    name: .long,
    help: ArgumentHelp("Of a run: newest, best or a step.", valueName: "which"))
  var checkpoint = CheckpointChoice.newest

  @OptionGroup var output: OutputOptions
  @OptionGroup var execution: ExecutionOptions
  @OptionGroup var format: FormatOptions

  func validate() throws {
    for (name, value) in [("episodes", episodes), ("steps", steps)] where value < 1 {
      throw ValidationError("--\(name) must be at least 1.")
    }
  }

  func run() throws {
    if let spec = EnvironmentCatalog.spec(name) {
      return try playAtRandom(spec)
    }
    guard options.isEmpty else {
      throw ValidationError("'\(options[0].printable())': a run has the options it was begun with.")
    }
    let summary: RunSummary
    do {
      summary = try RunSummary.find(name, in: output.out)
    } catch {
      guard let near = nearest(to: name, in: EnvironmentCatalog.specs.map(\.id)) else {
        throw error
      }
      throw RunError(
        .notFound, "there is no run and no environment '\(name.printable())'",
        hint: "did you mean '\(near)'?")
    }
    let opened = try Registry.studio.open(
      summary.folder, at: checkpoint, settings: execution.settings(Journal()))
    guard var model = opened.experiment as? any ActingModel else {
      throw ValidationError(
        "The run '\(name.printable())' of module \(summary.record.module) cannot play.")
    }
    let choice = model.environment
    let vector: VectorEnvironment<Int>? = try EnvironmentSpec.named(choice.id)
      .makeVector(layout(stack: choice.stack), choices: choice.options)
    guard let vector else {
      throw RunError(.unsuitable, "\(choice.id) takes numbers for actions")
    }
    try play(vector) { outcome, generators in
      var actions = try model.actions(for: outcome.observations, count: vector.count)
      let epsilon = (policy ?? .greedy).epsilon
      for index in actions.indices where generators[index].uniform() < epsilon {
        actions[index] = vector.randomAction(using: &generators[index])
      }
      return actions
    }
  }

  private func playAtRandom(_ spec: EnvironmentSpec) throws {
    guard (policy ?? .random) == .random else {
      throw ValidationError("--policy must be random where no run is named.")
    }
    func play<Action>(_ vector: VectorEnvironment<Action>) throws {
      try self.play(vector) { _, generators in
        generators.indices.map { vector.randomAction(using: &generators[$0]) }
      }
    }
    if let vector = try spec.makeVector(layout(stack: 1), choices: options, of: Int.self) {
      try play(vector)
    } else if let vector = try spec.makeVector(layout(stack: 1), choices: options, of: [Float].self)
    {
      try play(vector)
    }
  }

  /// Side by side, unless every step is to be seen.
  private func layout(stack: Int) -> VectorLayout {
    let most = 64
    return VectorLayout(count: watch || record != nil ? 1 : min(episodes, most), stack: stack)
  }

  private func play<Action>(
    _ vector: VectorEnvironment<Action>,
    choose: (VectorOutcome, inout [PCG64]) throws -> [Action]
  ) throws {
    var recording = try record.map {
      try EpisodeRecording($0, framesPerSecond: vector.framesPerSecond)
    }
    var played: [Episode] = []
    while played.count < episodes {
      let first = seed &+ UInt64(played.count)
      var generators = (0..<vector.count).map { PCG64(seed: first &+ UInt64($0)) }
      let together = try vector.playEpisodes(
        seed: first, stepLimit: steps, look: { _ in try look(vector, &recording) },
        choose: { try choose($0, &generators) })
      for episode in together.prefix(episodes - played.count) {
        played.append(episode)
        tell(played.count, episode)
      }
    }
    try recording?.finish()
    if !format.json { summarize(played) }
  }

  private func look<Action>(
    _ vector: VectorEnvironment<Action>, _ recording: inout EpisodeRecording?
  ) throws {
    try recording?.append(vector.render(0))
    guard watch else { return }
    // CSI H goes to the first place, CSI J erases what follows (ECMA-48).
    let terminal = StandardStream.error.terminal
    StandardStream.error.write(
      (terminal.isInteractive ? "\u{1B}[H\u{1B}[J" : "") + vector.renderText(0))
    usleep(UInt32(1_000_000 / vector.framesPerSecond))
  }

  private func tell(_ number: Int, _ episode: Episode) {
    let line: JSON = [
      "episode": .integer(Int64(number)), "seed": .string(String(episode.seed)),
      "steps": .integer(Int64(episode.steps)), "return": .number(episode.totalReward),
      "terminated": .bool(episode.terminated), "truncated": .bool(episode.truncated),
    ]
    if format.json { return StandardStream.output.writeLine(line.text()) }
    let end = episode.terminated ? "terminated" : episode.truncated ? "truncated" : "given up"
    StandardStream.output.writeLine(
      "episode \(number): return \(Quantity.measure(episode.totalReward)), "
        + "\(Quantity.count(episode.steps, "step")), \(end)")
  }

  private func summarize(_ episodes: [Episode]) {
    StandardStream.output.writeLine(
      "mean return \(Quantity.measure(episodes.meanReturn)), standard deviation "
        + Quantity.measure(episodes.returnDeviation))
  }
}

/// How actions are chosen.
enum Policy: Hashable, ExpressibleByArgument {
  case greedy
  case random
  case exploring(epsilon: Double)

  /// `greedy`, `random` or `epsilon=P` with a probability P.
  init?(argument: String) {
    switch argument {
    case "greedy": self = .greedy
    case "random": self = .random
    default:
      guard argument.hasPrefix("epsilon="), let epsilon = Double(argument.dropFirst(8)),
        0...1 ~= epsilon
      else { return nil }
      self = .exploring(epsilon: epsilon)
    }
  }

  /// How likely an action is random.
  var epsilon: Double {
    switch self {
    case .greedy: 0
    case .random: 1
    case .exploring(let epsilon): epsilon
    }
  }
}
