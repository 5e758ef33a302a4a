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

  /// What crosses the grid in one of the rows.
  private struct Crosser {
    var x: Int
    let movesRight: Bool
    let isGold: Bool
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
  private var crossers = InlineArray<8, Crosser?>(repeating: nil)
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
      for row in crossers.indices {
        guard var crosser = crossers[row] else { continue }
        crosser.x += crosser.movesRight ? 1 : -1
        crossers[row] = 0...9 ~= crosser.x ? crosser : nil
      }
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
    for row in crossers.indices where crossers[row] == nil { free += 1 }
    guard free > 0 else { return }
    var rank = random.integer(below: free)
    for row in crossers.indices where crossers[row] == nil {
      if rank == 0 {
        crossers[row] = Crosser(x: movesRight ? 0 : 9, movesRight: movesRight, isGold: isGold)
        return
      }
      rank -= 1
    }
  }

  /// What happens when something is in the cell of the player.
  private mutating func meet(_ step: inout Step) {
    guard let crosser = crossers[y - 1], crosser.x == x else { return }
    if crosser.isGold {
      crossers[y - 1] = nil
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

  func show(on screen: inout MinAtarScreen<Channel>) {
    screen[.player][x, y] = true
    for row in crossers.indices {
      guard let crosser = crossers[row] else { continue }
      screen[crosser.isGold ? .gold : .enemy][crosser.x, row + 1] = true
      let behind = crosser.x + (crosser.movesRight ? -1 : 1)
      if 0...9 ~= behind { screen[.trail][behind, row + 1] = true }
    }
  }

  /// What crosses a row is a number of three digits: whether it is gold, whether it moves right, its
  /// column; -1 is an empty row.
  mutating func archive(_ archive: inout StateArchive) throws(EnvironmentError) {
    try archive.integer("x", &x, in: 0...9)
    try archive.integer("y", &y, in: 1...8)
    var codes = crossers.indices.map { row in
      crossers[row].map { ($0.isGold ? 100 : 0) + ($0.movesRight ? 10 : 0) + $0.x } ?? -1
    }
    try archive.integers("crossers", &codes, in: -1...119)
    for (row, code) in codes.enumerated() {
      crossers[row] =
        code < 0
        ? nil : Crosser(x: code % 10, movesRight: code / 10 % 10 == 1, isGold: code >= 100)
    }
    try archive.integer("spawnInterval", &spawnInterval, in: 1...Self.firstSpawnInterval)
    try archive.integer("spawnTimer", &spawnTimer, in: 0...Self.firstSpawnInterval)
    try archive.integer("moveInterval", &moveInterval, in: 1...Self.firstMoveInterval)
    try archive.integer("moveTimer", &moveTimer, in: 0...Self.firstMoveInterval)
    try archive.integer("rampTimer", &rampTimer, in: -1...Self.rampInterval)
    try archive.integer("rampIndex", &rampIndex, in: 0...99)
  }
}
