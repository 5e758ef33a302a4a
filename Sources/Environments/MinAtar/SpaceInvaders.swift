import Imaging

/// SpaceInvaders of MinAtar: a cannon at the lower edge shoots at aliens that come down and shoot
/// back.
///
/// | Channel | What it shows |
/// | --- | --- |
/// | 0 | the cannon, in the last row |
/// | 1 | the aliens |
/// | 2 | the aliens while they move left |
/// | 3 | the aliens while they move right |
/// | 4 | the bullets of the cannon |
/// | 5 | the bullets of the aliens |
///
/// Effective actions: none, left, right, fire. The cannon moves one cell a frame and fires at most
/// every 5 frames; bullets move one cell a frame. The aliens move together, every `moveInterval`
/// frames or as many as there are aliens, if that is less: sideways, and at a wall one row down and
/// back. Every 10 frames the alien nearest to the cannon's column fires. An alien that is shot pays
/// 1; when all are, 24 new ones come, with the difficulty ramping faster ones. An episode begins
/// with 24 aliens moving left; it ends when a bullet or an alien is in the cannon's cell, or when
/// the aliens would leave the last row.
struct SpaceInvaders: MinAtarRules {
  enum Channel: Int, MinAtarChannel {
    case cannon, alien, alienToLeft, alienToRight, cannonBullet, alienBullet

    static let count = 6
    static let drawingOrder: [Channel] = [
      .alien, .alienToLeft, .alienToRight, .cannon, .cannonBullet, .alienBullet,
    ]

    var colour: Colour {
      switch self {
      case .cannon: Colour(0x6FA8DC)
      case .alien: Colour(0x7BB274)
      case .alienToLeft: Colour(0x6BA05F)
      case .alienToRight: Colour(0x8CC084)
      case .cannonBullet: Colour(0xF2F2EC)
      case .alienBullet: Colour(0xE9784D)
      }
    }

    var symbol: Character {
      switch self {
      case .cannon: "A"
      case .alien: "M"
      case .alienToLeft: "<"
      case .alienToRight: ">"
      case .cannonBullet: "|"
      case .alienBullet: "!"
      }
    }
  }

  static let name = "SpaceInvaders"
  static let summary = "Shoot the aliens that come down, and evade their bullets."
  static let effectiveActions: [MinAtarAction] = [.none, .left, .right, .fire]
  static let rampsDifficulty = true

  private static let firstAliens = CellSet(columns: 2..<8, rows: 0..<4)
  private static let cannonRow = 9
  private static let lastRow = CellSet(columns: 0..<10, rows: cannonRow..<cannonRow + 1)
  // In frames.
  private static let cannonPause = 5
  private static let alienPause = 10
  private static let greatestMoveInterval = 12
  private static let leastMoveInterval = 6

  private let difficultyRamping: Bool
  private var x = 5
  private var cannonBullets = CellSet()
  private var alienBullets = CellSet()
  private var aliens = Self.firstAliens
  private var movesRight = false
  private var moveInterval = Self.greatestMoveInterval
  private var moveTimer = Self.greatestMoveInterval
  private var alienShotTimer = Self.alienPause
  private var cannonShotTimer = 0

  init(difficultyRamping: Bool) {
    self.difficultyRamping = difficultyRamping
  }

  mutating func reset(using random: inout MersenneTwister) {
    self = SpaceInvaders(difficultyRamping: difficultyRamping)
  }

  mutating func act(
    _ action: MinAtarAction, using random: inout MersenneTwister
  ) -> Step {
    switch action {
    case .left: x = max(0, x - 1)
    case .right: x = min(9, x + 1)
    case .fire where cannonShotTimer == 0:
      cannonBullets[x, Self.cannonRow] = true
      cannonShotTimer = Self.cannonPause
    case .none, .up, .down, .fire: break
    }
    cannonBullets = cannonBullets.shifted(by: -CellSet.side)
    alienBullets = alienBullets.shifted(by: CellSet.side)
    var step = Step(reward: 0)
    step.terminated = alienBullets[x, Self.cannonRow] || aliens[x, Self.cannonRow]
    if moveTimer == 0 {
      moveTimer = min(aliens.count, moveInterval)
      if !moveAliens() || aliens[x, Self.cannonRow] { step.terminated = true }
    }
    if alienShotTimer == 0 {
      alienShotTimer = Self.alienPause
      fireFromNearestAlien()
    }
    let hit = aliens.intersection(cannonBullets)
    step.reward = Double(hit.count)
    aliens = aliens.subtracting(hit)
    cannonBullets = cannonBullets.subtracting(hit)

    if cannonShotTimer > 0 { cannonShotTimer -= 1 }
    moveTimer -= 1
    alienShotTimer -= 1
    if aliens.isEmpty {
      if difficultyRamping && moveInterval > Self.leastMoveInterval { moveInterval -= 1 }
      aliens = Self.firstAliens
    }
    return step
  }

  /// Moves the aliens sideways, or down at a wall; false when they have come down all the way. Those
  /// of the last row are then seen in the first.
  private mutating func moveAliens() -> Bool {
    guard !aliens.intersection(.column(movesRight ? 9 : 0)).isEmpty else {
      aliens = aliens.shifted(by: movesRight ? 1 : -1)
      return true
    }
    movesRight.toggle()
    let lowest = aliens.intersection(Self.lastRow)
    aliens = aliens.shifted(by: CellSet.side)
      .union(lowest.shifted(by: -CellSet.side * Self.cannonRow))
    return lowest.isEmpty
  }

  /// Of columns as near, the left one's lowest alien fires.
  private mutating func fireFromNearestAlien() {
    for distance in 0..<CellSet.side {
      if fire(from: x - distance) || fire(from: x + distance) { return }
    }
  }

  /// Lets the lowest alien of a column fire; false when there is none, or no such column.
  private mutating func fire(from column: Int) -> Bool {
    guard 0..<CellSet.side ~= column else { return false }
    let candidates = aliens.intersection(.column(column))
    guard !candidates.isEmpty else { return false }
    alienBullets[column, candidates.lowestRow] = true
    return true
  }

  func show(in observation: inout MutableSpan<UInt8>) {
    observation.mark(Channel.cannon, x, Self.cannonRow)
    observation.mark(Channel.alien, aliens)
    observation.mark(movesRight ? Channel.alienToRight : .alienToLeft, aliens)
    observation.mark(Channel.cannonBullet, cannonBullets)
    observation.mark(Channel.alienBullet, alienBullets)
  }

  mutating func archive(_ archive: inout StateArchive) throws(EnvironmentError) {
    try archive.integer("x", &x, in: 0...9)
    try archive.cells("cannonBullets", &cannonBullets)
    try archive.cells("alienBullets", &alienBullets)
    try archive.cells("aliens", &aliens)
    guard !aliens.isEmpty else {
      throw EnvironmentError(.invalidState, "part 'aliens' of the state: expected one at least")
    }
    try archive.flag("movesRight", &movesRight)
    try archive.integer(
      "moveInterval", &moveInterval, in: Self.leastMoveInterval...Self.greatestMoveInterval)
    try archive.integer("moveTimer", &moveTimer, in: 0...Self.greatestMoveInterval)
    try archive.integer("alienShotTimer", &alienShotTimer, in: 0...Self.alienPause)
    try archive.integer("cannonShotTimer", &cannonShotTimer, in: 0...Self.cannonPause)
  }
}
