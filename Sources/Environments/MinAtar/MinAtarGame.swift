import Imaging

/// A game of MinAtar: an Atari game brought down to a grid of ten by ten cells (Young and Tian,
/// "MinAtar: An Atari-inspired testbed for thorough and reproducible reinforcement learning
/// experiments", 2019).
///
/// An observation is a number of 10 x 10 x channels, `[row, column, channel]`: 1 where something of
/// the channel is, else 0. Version 0 of a game has all six actions, in the order of
/// `MinAtarAction`; version 1 has those that have an effect. With the probability
/// `stickyActionProbability` (option, usually 0.1) the last action is taken again, whatever is
/// asked for; the first action may so be the last one of the episode before, even after a reset
/// with a seed. With `difficultyRamping` (option of Asterix, Seaquest and SpaceInvaders, usually
/// true) the game grows harder. The rules alone end an episode; there is no limit of time.
struct MinAtarGame<Rules: MinAtarRules>: Environment {
  private var random = MersenneTwister(seed: 0)
  private var rules: Rules
  private var lastAction = MinAtarAction.none
  private var hasEnded = false
  private let actions: [MinAtarAction]
  private let stickyActionProbability: Double

  /// The game, to be reset.
  ///
  /// - Parameters:
  ///   - effectiveActionsOnly: leaves out the actions that have no effect.
  ///   - stickyActionProbability: of taking the last action again, in 0...1.
  ///   - difficultyRamping: whether the game grows harder, where it can.
  init(
    effectiveActionsOnly: Bool = false, stickyActionProbability: Double = 0.1,
    difficultyRamping: Bool = true
  ) {
    precondition(0...1 ~= stickyActionProbability, "\(stickyActionProbability) is no probability")
    rules = Rules(difficultyRamping: difficultyRamping)
    actions = effectiveActionsOnly ? Rules.effectiveActions : MinAtarAction.allCases
    self.stickyActionProbability = stickyActionProbability
    rules.reset(using: &random)
  }

  /// Version 0 has all actions, version 1 those that have an effect.
  static func spec(version: Int) -> EnvironmentSpec {
    var options = [
      EnvironmentOption(
        "stickyActionProbability", .number(0.1, in: 0...1),
        "How probable it is that the last action is taken again.")
    ]
    if Rules.rampsDifficulty {
      options.append(
        EnvironmentOption("difficultyRamping", .flag(true), "Whether the game grows harder."))
    }
    return EnvironmentSpec(
      "MinAtar/\(Rules.name)-v\(version)", Rules.summary, maxEpisodeSteps: nil, options: options
    ) { choices in
      MinAtarGame(
        effectiveActionsOnly: version == 1,
        stickyActionProbability: choices.number("stickyActionProbability"),
        difficultyRamping: Rules.rampsDifficulty && choices.flag("difficultyRamping"))
    }
  }

  var observationSpace: Space {
    .box(
      BoxSpace(
        0...1, shape: [CellSet.side, CellSet.side, Rules.Channel.count], elementType: .bool))
  }

  var framesPerSecond: Int { 10 }

  var actionSpace: Space { .discrete(count: actions.count) }

  /// Begins an episode. A seed of more than 32 bits is folded to 32, which is what NumPy's
  /// `RandomState` takes.
  mutating func reset(
    seed: UInt64?, options: [String: Double]
  ) throws(EnvironmentError) {
    try refuseOptions(options)
    if let seed { random = MersenneTwister(seed: UInt32(truncatingIfNeeded: seed ^ seed >> 32)) }
    rules.reset(using: &random)
    hasEnded = false
  }

  mutating func step(_ action: Int) throws(EnvironmentError) -> Step {
    try require(action, below: actions.count)
    if random.uniform() >= stickyActionProbability { lastAction = actions[action] }
    guard !hasEnded else { return Step(reward: 0, terminated: true) }
    let step = rules.act(lastAction, using: &random)
    hasEnded = step.terminated
    return step
  }

  func observe(into observation: inout [UInt8]) {
    observation.fill(count: CellSet.side * CellSet.side * Rules.Channel.count) { numbers in
      numbers.update(repeating: 0)
      rules.show(in: &numbers)
    }
  }

  mutating func archive(_ archive: inout StateArchive) throws(EnvironmentError) {
    try rules.archive(&archive)
    var action = lastAction.rawValue
    try archive.integer("lastAction", &action, in: 0...MinAtarAction.allCases.count - 1)
    lastAction = MinAtarAction(rawValue: action) ?? .none
    try archive.flag("hasEnded", &hasEnded)
    try random.archive(&archive)
  }

  /// What hides the rest in each cell, row by row.
  private var uppermost: [Rules.Channel?] {
    let numbers = observation
    return (0..<CellSet.side * CellSet.side).map { cell in
      Rules.Channel.drawingOrder.last {
        numbers[cell * Rules.Channel.count + $0.rawValue] == 1
      }
    }
  }

  /// Ten lines of ten symbols; a point is an empty cell.
  func renderText() -> String {
    let cells = uppermost.map { $0?.symbol ?? "." }
    return stride(from: 0, to: cells.count, by: CellSet.side)
      .map { cells[$0..<$0 + CellSet.side].map(String.init).joined(separator: " ") + "\n" }
      .joined()
  }

  /// Coloured cells with thin gaps between them.
  func render() -> Image {
    let cellSide = 40.0  // pixels
    let gap = 1.0
    let side = Int(cellSide) * CellSet.side
    var canvas = Canvas(width: side, height: side, background: Colour(0x14161B))
    for (number, channel) in uppermost.enumerated() {
      canvas.fillRectangle(
        x: Double(number % CellSet.side) * cellSide + gap,
        y: Double(number / CellSet.side) * cellSide + gap,
        width: cellSide - 2 * gap, height: cellSide - 2 * gap,
        colour: channel?.colour ?? Colour(0x1F2229))
    }
    return canvas.image
  }
}
