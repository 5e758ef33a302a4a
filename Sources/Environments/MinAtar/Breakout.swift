import Imaging

/// Breakout of MinAtar: a paddle at the lower edge bounces a ball that breaks bricks.
///
/// | Channel | What it shows |
/// | --- | --- |
/// | 0 | the paddle, in the last row |
/// | 1 | the ball |
/// | 2 | the cell where the ball was before |
/// | 3 | the bricks |
///
/// Effective actions: none, left, right. The ball moves one cell along a diagonal each frame and is
/// reflected by walls, bricks and the paddle, by which it turns back when it comes from beside
/// the paddle. A brick that is broken pays 1, and after it the ball breaks no other until it has
/// left the bricks. When none are left, three rows come back as the ball comes down to the paddle.
/// An episode begins with the ball at the left or right wall, each as probable, moving down; it
/// ends when the ball passes the paddle.
struct Breakout: MinAtarRules {
  enum Channel: Int, MinAtarChannel {
    case paddle, ball, trail, brick

    static let count = 4
    static let drawingOrder: [Channel] = [.trail, .brick, .paddle, .ball]

    var colour: Colour {
      switch self {
      case .paddle: Colour(0x6FA8DC)
      case .ball: Colour(0xF2F2EC)
      case .trail: Colour(0x6B6E76)
      case .brick: Colour(0xC8553D)
      }
    }

    var symbol: Character {
      switch self {
      case .paddle: "="
      case .ball: "o"
      case .trail: "'"
      case .brick: "#"
      }
    }
  }

  static let name = "Breakout"
  static let summary = "Bounce a ball so that it breaks all the bricks."
  static let effectiveActions: [MinAtarAction] = [.none, .left, .right]
  static let rampsDifficulty = false

  private static let brickRows = 1..<4
  private static let firstBricks = CellSet(columns: 0..<10, rows: brickRows)
  private static let paddleRow = 9

  private var paddle = 4
  private var x = 0
  private var y = 3
  private var lastX = 0
  private var lastY = 3
  private var movesRight = true
  private var movesDown = true
  private var bricks = Self.firstBricks
  /// Whether the ball broke a brick and is still among the bricks.
  private var isAmongBricks = false

  init(difficultyRamping: Bool) {}

  mutating func reset(using random: inout MersenneTwister) {
    self = Breakout(difficultyRamping: false)
    movesRight = random.integer(below: 2) == 0
    x = movesRight ? 0 : 9
    lastX = x
  }

  mutating func act(
    _ action: MinAtarAction, using random: inout MersenneTwister
  ) -> Step {
    switch action {
    case .left: paddle = max(0, paddle - 1)
    case .right: paddle = min(9, paddle + 1)
    case .none, .up, .down, .fire: break
    }

    (lastX, lastY) = (x, y)
    x += movesRight ? 1 : -1
    y += movesDown ? 1 : -1
    if !(0...9 ~= x) {
      x = lastX
      movesRight.toggle()
    }
    var step = Step(reward: 0)
    var isInBrick = false
    if y < 0 {
      y = 0
      movesDown.toggle()
    } else if bricks[x, y] {
      isInBrick = true
      if !isAmongBricks {
        step.reward = 1
        bricks[x, y] = false
        y = lastY
        movesDown.toggle()
      }
    } else if y == Self.paddleRow {
      if bricks.isEmpty { bricks = Self.firstBricks }
      if lastX == paddle || x == paddle {
        if lastX != paddle { movesRight.toggle() }
        movesDown.toggle()
        y = lastY
      } else {
        step.terminated = true
      }
    }
    isAmongBricks = isInBrick
    return step
  }

  func show(in observation: inout MutableSpan<UInt8>) {
    observation.mark(Channel.paddle, paddle, Self.paddleRow)
    observation.mark(Channel.ball, x, y)
    observation.mark(Channel.trail, lastX, lastY)
    observation.write(Channel.brick, bricks, rows: Self.brickRows)
  }

  mutating func archive(_ archive: inout StateArchive) throws(EnvironmentError) {
    try archive.integer("paddle", &paddle, in: 0...9)
    try archive.integer("x", &x, in: 0...9)
    try archive.integer("y", &y, in: 0...9)
    try archive.integer("lastX", &lastX, in: 0...9)
    try archive.integer("lastY", &lastY, in: 0...9)
    try archive.flag("movesRight", &movesRight)
    try archive.flag("movesDown", &movesDown)
    try archive.cells("bricks", &bricks)
    guard bricks.subtracting(Self.firstBricks).isEmpty else {
      throw EnvironmentError(
        .invalidState, "part 'bricks' of the state: expected cells of the rows 1 to 3")
    }
    try archive.flag("isAmongBricks", &isAmongBricks)
  }
}
