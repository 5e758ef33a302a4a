import ArgumentParser
import Environments
import Experiments
import FileFormats
import Glibc

/// `atelier play`: episodes of an environment, without a display.
struct PlayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "play", abstract: "Play episodes of an environment; record or watch them.",
    discussion: """
      Examples:
        atelier play CartPole-v1
        atelier play MinAtar/Breakout-v1 --episodes 3 --record breakout.gif
        atelier play Taxi-v4 --watch
        atelier play FrozenLake-v1 slippery=false --json

      Actions are drawn at random. Every episode has a seed of its own, counted from --seed. A
      recording is an animation, .gif or .apng, or a folder of PNG files.
      """)

  @Argument(
    help: ArgumentHelp("An environment that 'atelier env list' lists.", valueName: "id"),
    completion: .custom(Completions.environments))
  var id: String

  @Argument(help: ArgumentHelp("Options of the environment.", valueName: "name=value"))
  var options: [String] = []

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

  @OptionGroup var format: FormatOptions

  func validate() throws {
    for (name, value) in [("episodes", episodes), ("steps", steps)] where value < 1 {
      throw ValidationError("--\(name) must be at least 1.")
    }
  }

  func run() throws {
    try play(EnvironmentSpec.named(id).make(options))
  }

  /// The generic body, which `any Environment` opens into.
  private func play<E: Environment>(_ start: E) throws {
    var environment = start
    var recording = try record.map {
      try EpisodeRecording($0, framesPerSecond: start.framesPerSecond)
    }
    var returns: [Double] = []
    for episode in 0..<episodes {
      let episodeSeed = seed &+ UInt64(episode)
      var policy = PCG64(seed: episodeSeed)
      try environment.reset(seed: episodeSeed)
      try look(environment, &recording)
      var (episodeReturn, count) = (0.0, 0)
      var step = Step(reward: 0)
      while !step.endsEpisode && count < steps {
        step = try environment.step(environment.randomAction(using: &policy))
        episodeReturn += step.reward
        count += 1
        try look(environment, &recording)
      }
      returns.append(episodeReturn)
      tell(episode, episodeSeed, count, episodeReturn, step)
    }
    try recording?.finish()
    if !format.json { summarize(returns) }
  }

  private func look<E: Environment>(
    _ environment: E, _ recording: inout EpisodeRecording?
  ) throws {
    try recording?.append(environment.render())
    guard watch else { return }
    // CSI H goes to the first place, CSI J erases what follows (ECMA-48).
    let terminal = StandardStream.error.terminal
    StandardStream.error.write(
      (terminal.isInteractive ? "\u{1B}[H\u{1B}[J" : "") + environment.renderText())
    usleep(UInt32(1_000_000 / environment.framesPerSecond))
  }

  private func tell(
    _ episode: Int, _ seed: UInt64, _ steps: Int, _ episodeReturn: Double, _ step: Step
  ) {
    let line: JSON = [
      "episode": .integer(Int64(episode + 1)), "seed": .string(String(seed)),
      "steps": .integer(Int64(steps)), "return": .number(episodeReturn),
      "terminated": .bool(step.terminated), "truncated": .bool(step.truncated),
    ]
    if format.json { return StandardStream.output.writeLine(line.text()) }
    let end = step.terminated ? "terminated" : step.truncated ? "truncated" : "given up"
    StandardStream.output.writeLine(
      "episode \(episode + 1): return \(Quantity.measure(episodeReturn)), "
        + "\(Quantity.count(steps, "step")), \(end)")
  }

  private func summarize(_ returns: [Double]) {
    let mean = returns.reduce(0, +) / Double(returns.count)
    let variance =
      returns.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(returns.count)
    StandardStream.output.writeLine(
      "mean return \(Quantity.measure(mean)), standard deviation "
        + Quantity.measure(variance.squareRoot()))
  }
}
