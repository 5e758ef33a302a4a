import Imaging

/// Asterix of MinAtar: gold and enemies cross the grid, the one to be met, the others not.
///
/// | Channel | What it shows |
/// | --- | --- |
/// | 0 | the player |
/// | 1 | enemies |
/// | 2 | the cells behind what crosses the grid |
/// | 3 | gold |
///
/// Effective actions: none, left, up, right, down. The player moves one cell a frame, within rows 1
/// to 8. Every `spawnInterval` frames something enters a free one of these rows, from the left or
/// the right, each as probable, and is gold with a probability of 1/3; every `moveInterval` frames
/// all of it moves on by one cell. Gold that is met pays 1 and is gone. An episode begins with the
/// player in the middle and intervals of 10 and 5 frames; it ends when an enemy is met. With the
/// difficulty ramping, the intervals shrink about every 100 frames.
struct Asterix: MinAtarRules {
  enum Channel: Int, MinAtarChannel {
    case player, enemy, trail, gold

    static let count = 4
    static let drawingOrder: [Channel] = [.trail, .gold, .enemy, .player]

    var colour: Colour {
      switch self {
      case .player: Colour(0x6FA8DC)
      case .enemy: Colour(0xC8553D)
      case .trail: Colour(0x4A4D55)
      case .gold: Colour(0xE9B949)
      }
    }

    var symbol: Character {
      switch self {
      case .player: "@"
      case .enemy: "x"
      case .trail: "-"
      case .gold: "$"
      }
    }
  }

  /// What crosses the grid in one of the rows; small, since inline arrays are often copied whole.
  private struct Crosser {
    /// -1 where there is none.
    var x: Int8 = -1
    /// 1 to the right, -1 to the left.
    var direction: Int8 = 1
    /// 1 for gold, 0 for an enemy.
    var gold: Int8 = 0

    mutating func advance() {
      guard x >= 0 else { return }
      x += direction
      if x > 9 { x = -1 }
    }
  }

  static let name = "Asterix"
  static let summary = "Fetch gold and keep away from enemies, which cross the grid."
  static let effectiveActions: [MinAtarAction] = [.none, .left, .up, .right, .down]
  static let rampsDifficulty = true

  // Frames between two entrances, two moves and two steps of the difficulty, at the beginning.
  private static let firstSpawnInterval = 10
  private static let firstMoveInterval = 5
  private static let rampInterval = 100

  private let difficultyRamping: Bool
  private var x = 5
  private var y = 5
  /// By their rows, from row 1.
  private var crossers = InlineArray<8, Crosser>(repeating: Crosser())
  private var spawnInterval = Self.firstSpawnInterval
  private var spawnTimer = Self.firstSpawnInterval
  private var moveInterval = Self.firstMoveInterval
  private var moveTimer = Self.firstMoveInterval
  private var rampTimer = Self.rampInterval
  private var rampIndex = 0

  init(difficultyRamping: Bool) {
    self.difficultyRamping = difficultyRamping
  }

  mutating func reset(using random: inout MersenneTwister) {
    self = Asterix(difficultyRamping: difficultyRamping)
  }

  mutating func act(
    _ action: MinAtarAction, using random: inout MersenneTwister
  ) -> Step {
    if spawnTimer == 0 {
      spawn(using: &random)
      spawnTimer = spawnInterval
    }
    switch action {
    case .left: x = max(0, x - 1)
    case .right: x = min(9, x + 1)
    case .up: y = max(1, y - 1)
    case .down: y = min(8, y + 1)
    case .none, .fire: break
    }
    var step = Step(reward: 0)
    meet(&step)
    if moveTimer == 0 {
      moveTimer = moveInterval
      moveCrossers()
      meet(&step)
    }
    spawnTimer -= 1
    moveTimer -= 1
    if difficultyRamping { ramp() }
    return step
  }

  /// Lets something enter a free row; when there is none, nothing.
  private mutating func spawn(using random: inout MersenneTwister) {
    let movesRight = random.uniform() < 0.5
    let isGold = random.uniform() < 1.0 / 3
    var free = 0
    for lane in crossers.indices where crossers[lane].x < 0 { free += 1 }
    guard free > 0 else { return }
    var rank = random.integer(below: free)
    for lane in crossers.indices where crossers[lane].x < 0 {
      if rank == 0 {
        crossers[lane] = Crosser(
          x: movesRight ? 0 : 9, direction: movesRight ? 1 : -1, gold: isGold ? 1 : 0)
        return
      }
      rank -= 1
    }
  }

  private mutating func moveCrossers() {
    var crossers = crossers.mutableSpan
    for lane in crossers.indices { crossers[lane].advance() }
  }

  /// What happens when something is in the cell of the player.
  private mutating func meet(_ step: inout Step) {
    let lane = y - 1
    guard Int(crossers[lane].x) == x else { return }
    if crossers[lane].gold == 1 {
      crossers[lane].x = -1
      step.reward += 1
    } else {
      step.terminated = true
    }
  }

  private mutating func ramp() {
    guard spawnInterval > 1 || moveInterval > 1 else { return }
    guard rampTimer < 0 else {
      rampTimer -= 1
      return
    }
    if moveInterval > 1 && !rampIndex.isMultiple(of: 2) { moveInterval -= 1 }
    if spawnInterval > 1 { spawnInterval -= 1 }
    rampIndex += 1
    rampTimer = Self.rampInterval
  }

  func show(in observation: inout MutableSpan<UInt8>) {
    observation.mark(Channel.player, x, y)
    let crossers = crossers.span
    for lane in crossers.indices {
      let crosser = crossers[lane]
      let column = Int(crosser.x)
      guard column >= 0 else { continue }
      observation.mark(crosser.gold == 1 ? Channel.gold : .enemy, column, lane + 1)
      let behind = column - Int(crosser.direction)
      if 0...9 ~= behind { observation.mark(Channel.trail, behind, lane + 1) }
    }
  }

  mutating func archive(_ archive: inout StateArchive) throws(EnvironmentError) {
    try archive.integer("x", &x, in: 0...9)
    try archive.integer("y", &y, in: 1...8)
    try archive.lanes("columns", &crossers, \.x, in: -1...9)
    try archive.lanes("directions", &crossers, \.direction, in: -1...1)
    try archive.lanes("golds", &crossers, \.gold, in: 0...1)
    try archive.integer("spawnInterval", &spawnInterval, in: 1...Self.firstSpawnInterval)
    try archive.integer("spawnTimer", &spawnTimer, in: 0...Self.firstSpawnInterval)
    try archive.integer("moveInterval", &moveInterval, in: 1...Self.firstMoveInterval)
    try archive.integer("moveTimer", &moveTimer, in: 0...Self.firstMoveInterval)
    try archive.integer("rampTimer", &rampTimer, in: -1...Self.rampInterval)
    try archive.integer("rampIndex", &rampIndex, in: 0...99)
  }
}
