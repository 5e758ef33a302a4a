import Imaging

/// Seaquest of MinAtar: a submarine shoots fish and submarines, fetches divers and must surface for
/// air.
///
/// | Channel | What it shows |
/// | --- | --- |
/// | 0, 1 | the front and the back of the submarine |
/// | 2 | its bullets |
/// | 3 | the cells behind fish, enemy submarines and divers |
/// | 4 | bullets of enemies |
/// | 5, 6 | fish; enemy submarines |
/// | 7, 8 | in the last row, the air that is left and the divers aboard |
/// | 9 | divers |
///
/// All six actions have an effect. The submarine moves one cell a frame, within rows 0 to 8, and
/// fires at most every 5 frames; bullets move one cell a frame. Every `spawnInterval` frames an enemy
/// enters one of the rows 1 to 8 from the left or the right, each as probable, unless one that moves
/// the other way is there; it is a submarine, which fires every 11 frames, with a probability of
/// 1/3. Enemies move every `moveInterval` + 1 frames; divers, who enter every 30 frames, every 6.
///
/// A hit pays 1. A diver who is met comes aboard while there are fewer than six. The air lasts 200
/// frames below the surface and is filled up there, at the price of one diver; six divers pay what
/// is left of the air, in tenths. An episode begins at the surface; it ends without air, at the
/// surface with no diver aboard, or when an enemy or its bullet is met. With the difficulty ramping
/// the intervals, 20 and 5 frames at first, shrink with each surfacing.
struct Seaquest: MinAtarRules {
  enum Channel: Int, MinAtarChannel {
    case front, back, bullet, trail, enemyBullet, fish, enemySubmarine, air, diversAboard, diver

    static let count = 10
    static let drawingOrder: [Channel] = [
      .trail, .air, .diversAboard, .diver, .fish, .enemySubmarine, .back, .front, .bullet,
      .enemyBullet,
    ]

    var colour: Colour {
      switch self {
      case .front: Colour(0xE9B949)
      case .back: Colour(0xB08A35)
      case .bullet: Colour(0xF2F2EC)
      case .trail: Colour(0x343D4C)
      case .enemyBullet: Colour(0xE9784D)
      case .fish: Colour(0x7BB274)
      case .enemySubmarine: Colour(0xC8553D)
      case .air: Colour(0x9CC9E8)
      case .diversAboard: Colour(0xB48EC8)
      case .diver: Colour(0xD9B8E8)
      }
    }

    var symbol: Character {
      switch self {
      case .front: "@"
      case .back: "O"
      case .bullet: "*"
      case .trail: "-"
      case .enemyBullet: "+"
      case .fish: "f"
      case .enemySubmarine: "S"
      case .air: "="
      case .diversAboard: "D"
      case .diver: "d"
      }
    }
  }

  static let name = "Seaquest"
  static let summary = "Shoot enemies under water, rescue divers and surface for air."
  static let effectiveActions = MinAtarAction.allCases
  static let rampsDifficulty = true

  // In frames.
  private static let fullAir = 200
  private static let firstSpawnInterval = 20
  private static let diverSpawnInterval = 30
  private static let firstMoveInterval = 5
  private static let leastMoveInterval = 2
  private static let diverMoveInterval = 5
  private static let shotPause = 5
  private static let enemyShotPause = 10

  private static let greatestDivers = 6
  private static let lastRow = 9
  /// More than ever are in the grid, so that the lists need no other storage.
  private static let capacity = 64

  private let difficultyRamping: Bool
  private var x = 5
  private var y = 0
  private var facesRight = false
  private var air = Self.fullAir
  /// Below 0 after six divers were rescued, since a surfacing costs one more.
  private var diversAboard = 0
  private var isAtSurface = true
  // In the order in which they came, which decides who is hit first.
  private var bullets: [Swimmer] = []
  private var enemyBullets: [Swimmer] = []
  private var fish: [Swimmer] = []
  private var submarines: [Swimmer] = []
  private var divers: [Swimmer] = []
  private var spawnInterval = Self.firstSpawnInterval
  private var spawnTimer = Self.firstSpawnInterval
  private var diverSpawnTimer = Self.diverSpawnInterval
  private var moveInterval = Self.firstMoveInterval
  private var rampIndex = 0
  private var shotTimer = 0

  init(difficultyRamping: Bool) {
    self.difficultyRamping = difficultyRamping
    bullets.reserveCapacity(Self.capacity)
    enemyBullets.reserveCapacity(Self.capacity)
    fish.reserveCapacity(Self.capacity)
    submarines.reserveCapacity(Self.capacity)
    divers.reserveCapacity(Self.capacity)
  }

  mutating func reset(using random: inout MersenneTwister) {
    (x, y, facesRight) = (5, 0, false)
    (air, diversAboard, isAtSurface) = (Self.fullAir, 0, true)
    bullets.removeAll(keepingCapacity: true)
    enemyBullets.removeAll(keepingCapacity: true)
    fish.removeAll(keepingCapacity: true)
    submarines.removeAll(keepingCapacity: true)
    divers.removeAll(keepingCapacity: true)
    (spawnInterval, spawnTimer) = (Self.firstSpawnInterval, Self.firstSpawnInterval)
    diverSpawnTimer = Self.diverSpawnInterval
    (moveInterval, rampIndex, shotTimer) = (Self.firstMoveInterval, 0, 0)
  }

  mutating func act(
    _ action: MinAtarAction, using random: inout MersenneTwister
  ) -> Step {
    if spawnTimer == 0 {
      spawnEnemy(using: &random)
      spawnTimer = spawnInterval
    }
    if diverSpawnTimer == 0 {
      let movesRight = random.uniform() < 0.5
      divers.append(
        Swimmer(
          entering: 1 + random.integer(below: 8), movesRight: movesRight,
          moveTimer: Self.diverMoveInterval))
      diverSpawnTimer = Self.diverSpawnInterval
    }
    take(action)
    var step = Step(reward: 0)
    moveBullets(&step)
    moveDivers()
    moveSubmarines(&step)
    moveEnemyBullets(&step)
    moveFish(&step)

    if spawnTimer > 0 { spawnTimer -= 1 }
    if diverSpawnTimer > 0 { diverSpawnTimer -= 1 }
    if shotTimer > 0 { shotTimer -= 1 }
    if air <= 0 { step.terminated = true }
    if y > 0 {
      air -= 1
      isAtSurface = false
    } else if !isAtSurface {
      if diversAboard == 0 {
        step.terminated = true
      } else {
        surface(&step)
      }
    }
    return step
  }

  private mutating func spawnEnemy(using random: inout MersenneTwister) {
    let movesRight = random.uniform() < 0.5
    let isSubmarine = random.uniform() < 1.0 / 3
    let row = 1 + random.integer(below: 8)
    func isInTheWay(_ other: Swimmer) -> Bool { other.y == row && other.movesRight != movesRight }
    if submarines.contains(where: isInTheWay) || fish.contains(where: isInTheWay) { return }
    var enemy = Swimmer(entering: row, movesRight: movesRight, moveTimer: moveInterval)
    if isSubmarine {
      enemy.shotTimer = Self.enemyShotPause
      submarines.append(enemy)
    } else {
      fish.append(enemy)
    }
  }

  private mutating func take(_ action: MinAtarAction) {
    switch action {
    case .left:
      x = max(0, x - 1)
      facesRight = false
    case .right:
      x = min(9, x + 1)
      facesRight = true
    case .up: y = max(0, y - 1)
    case .down: y = min(8, y + 1)
    case .fire where shotTimer == 0:
      bullets.append(Swimmer(x: x, y: y, movesRight: facesRight))
      shotTimer = Self.shotPause
    case .none, .fire: break
    }
  }

  private func isMet(by other: Swimmer) -> Bool { other.x == x && other.y == y }

  // The last ones come first. Who is taken from a list is the first that equals the one meant, which
  // can be one ahead of it in the same cell; then the one meant has another turn, as in the
  // original.

  private mutating func moveBullets(_ step: inout Step) {
    for place in bullets.indices.reversed() {
      bullets[place].move()
      let bullet = bullets[place]
      if !bullet.isInGrid {
        bullets.removeFirst(equalTo: bullet)
      } else if fish.removeFirst(inCellOf: bullet) || submarines.removeFirst(inCellOf: bullet) {
        bullets.removeFirst(equalTo: bullet)
        step.reward += 1
      }
    }
  }

  private mutating func moveDivers() {
    for place in divers.indices.reversed() {
      let canBoard = diversAboard < Self.greatestDivers
      var isAboard = canBoard && isMet(by: divers[place])
      if !isAboard && divers[place].moveWhenDue(every: Self.diverMoveInterval) {
        isAboard = canBoard && isMet(by: divers[place])
      }
      if isAboard { diversAboard += 1 }
      if isAboard || !divers[place].isInGrid { divers.remove(at: place) }
    }
  }

  private mutating func moveSubmarines(_ step: inout Step) {
    for place in submarines.indices.reversed() {
      var submarine = submarines[place]
      let isHit = moveEnemy(&submarine, &step)
      if submarine.shotTimer == 0 {
        submarine.shotTimer = Self.enemyShotPause
        enemyBullets.append(
          Swimmer(x: submarine.x, y: submarine.y, movesRight: submarine.movesRight))
      } else {
        submarine.shotTimer -= 1
      }
      submarines[place] = submarine
      if isHit || !submarine.isInGrid { submarines.remove(at: place) }
    }
  }

  private mutating func moveEnemyBullets(_ step: inout Step) {
    for place in enemyBullets.indices.reversed() {
      if isMet(by: enemyBullets[place]) { step.terminated = true }
      enemyBullets[place].move()
      if isMet(by: enemyBullets[place]) { step.terminated = true }
      if !enemyBullets[place].isInGrid { enemyBullets.remove(at: place) }
    }
  }

  private mutating func moveFish(_ step: inout Step) {
    for place in fish.indices.reversed() {
      var swimmer = fish[place]
      let isHit = moveEnemy(&swimmer, &step)
      fish[place] = swimmer
      if isHit || !swimmer.isInGrid { fish.removeFirst(equalTo: swimmer) }
    }
  }

  /// Moves an enemy when it is due; true when it moves into a bullet.
  private mutating func moveEnemy(_ enemy: inout Swimmer, _ step: inout Step) -> Bool {
    if isMet(by: enemy) { step.terminated = true }
    guard enemy.moveWhenDue(every: moveInterval), enemy.isInGrid else { return false }
    if isMet(by: enemy) {
      step.terminated = true
      return false
    }
    guard bullets.removeFirst(inCellOf: enemy) else { return false }
    step.reward += 1
    return true
  }

  private mutating func surface(_ step: inout Step) {
    isAtSurface = true
    if diversAboard == Self.greatestDivers {
      diversAboard = 0
      step.reward += Double(air * 10 / Self.fullAir)
    }
    air = Self.fullAir
    diversAboard -= 1
    guard difficultyRamping, spawnInterval > 1 || moveInterval > Self.leastMoveInterval else {
      return
    }
    if moveInterval > Self.leastMoveInterval && !rampIndex.isMultiple(of: 2) { moveInterval -= 1 }
    if spawnInterval > 1 { spawnInterval -= 1 }
    rampIndex += 1
  }

  func show(in observation: inout MutableSpan<UInt8>) {
    observation.mark(Channel.front, x, y)
    observation.mark(Channel.back, x + (facesRight ? -1 : 1), y)
    for column in 0..<max(0, air) * 10 / Self.fullAir {
      observation.mark(Channel.air, column, Self.lastRow)
    }
    for column in 9 - max(0, diversAboard)..<9 {
      observation.mark(Channel.diversAboard, column, Self.lastRow)
    }
    for bullet in bullets { observation.mark(Channel.bullet, bullet.x, bullet.y) }
    for bullet in enemyBullets { observation.mark(Channel.enemyBullet, bullet.x, bullet.y) }
    show(fish, as: .fish, in: &observation)
    show(submarines, as: .enemySubmarine, in: &observation)
    show(divers, as: .diver, in: &observation)
  }

  private func show(
    _ swimmers: [Swimmer], as channel: Channel, in observation: inout MutableSpan<UInt8>
  ) {
    for swimmer in swimmers {
      observation.mark(channel, swimmer.x, swimmer.y)
      let behind = swimmer.x + (swimmer.movesRight ? -1 : 1)
      if 0...9 ~= behind { observation.mark(Channel.trail, behind, swimmer.y) }
    }
  }

  mutating func archive(_ archive: inout StateArchive) throws(EnvironmentError) {
    try archive.integer("x", &x, in: 0...9)
    try archive.integer("y", &y, in: 0...8)
    try archive.flag("facesRight", &facesRight)
    guard 0...9 ~= x + (facesRight ? -1 : 1) else {
      throw EnvironmentError(
        .invalidState, "part 'facesRight' of the state: the back is outside of the grid")
    }
    try archive.integer("air", &air, in: -1...Self.fullAir)
    // Each surfacing takes one, so that no bound is certain.
    try archive.integer("diversAboard", &diversAboard, in: -(1 << 40)...Self.greatestDivers)
    try archive.flag("isAtSurface", &isAtSurface)
    try archive.swimmers("bullets", &bullets, greatestCount: Self.capacity)
    try archive.swimmers("enemyBullets", &enemyBullets, greatestCount: Self.capacity)
    try archive.swimmers("fish", &fish, greatestCount: Self.capacity)
    try archive.swimmers("submarines", &submarines, greatestCount: Self.capacity)
    try archive.swimmers("divers", &divers, greatestCount: Self.capacity)
    try archive.integer("spawnInterval", &spawnInterval, in: 1...Self.firstSpawnInterval)
    try archive.integer("spawnTimer", &spawnTimer, in: 0...Self.firstSpawnInterval)
    try archive.integer("diverSpawnTimer", &diverSpawnTimer, in: 0...Self.diverSpawnInterval)
    try archive.integer(
      "moveInterval", &moveInterval, in: Self.leastMoveInterval...Self.firstMoveInterval)
    try archive.integer("rampIndex", &rampIndex, in: 0...99)
    try archive.integer("shotTimer", &shotTimer, in: 0...Self.shotPause)
  }
}
