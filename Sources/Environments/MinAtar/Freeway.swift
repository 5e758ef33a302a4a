import Imaging

/// Freeway of MinAtar: a chicken crosses eight lanes of cars, from the lower edge to the upper.
///
/// | Channel | What it shows |
/// | --- | --- |
/// | 0 | the chicken, in column 4 |
/// | 1 | the cars |
/// | 2...6 | the cell behind each car, in the channel of its speed, from the fastest to the slowest |
///
/// Effective actions: none, up, down. The chicken moves one cell at most every 3 frames. A car in
/// each of the rows 1 to 8 moves one cell every 2 to 6 frames, to the left or the right, and comes
/// back at the other edge. To arrive pays 1 and puts the chicken back to the start, as a car that
/// hits it does. The cars' speeds and directions are drawn at the beginning and at every arrival,
/// each as probable. An episode ends after 2501 frames.
struct Freeway: MinAtarRules {
  enum Channel: Int, MinAtarChannel {
    case chicken, car, fastest, fast, middling, slow, slowest

    static let count = 7
    static let drawingOrder: [Channel] = [
      .slowest, .slow, .middling, .fast, .fastest, .car, .chicken,
    ]

    var colour: Colour {
      switch self {
      case .chicken: Colour(0xE9B949)
      case .car: Colour(0xC8553D)
      case .fastest: Colour(0xA9AEBA)
      case .fast: Colour(0x898E9A)
      case .middling: Colour(0x6C717C)
      case .slow: Colour(0x535760)
      case .slowest: Colour(0x3E4149)
      }
    }

    var symbol: Character {
      switch self {
      case .chicken: "@"
      case .car: "#"
      case .fastest: "1"
      case .fast: "2"
      case .middling: "3"
      case .slow: "4"
      case .slowest: "5"
      }
    }
  }

  private struct Car {
    var x = 0
    /// Frames until it moves.
    var timer = 0
    /// Frames that it waits between two moves, 1...5.
    var pause = 1
    /// 1 to the right, -1 to the left.
    var direction = 1

    mutating func advance() {
      guard timer == 0 else {
        timer -= 1
        return
      }
      timer = pause
      x = Self.column(x + direction)
    }

    /// The column that the car came from.
    var behind: Int { Self.column(x - direction) }

    /// What leaves the grid comes back at the other edge.
    private static func column(_ x: Int) -> Int { x < 0 ? 9 : x > 9 ? 0 : x }
  }

  static let name = "Freeway"
  static let summary = "Cross eight lanes of cars, as often as time allows."
  static let effectiveActions: [MinAtarAction] = [.none, .up, .down]
  static let rampsDifficulty = false

  private static let column = 4
  private static let firstRow = 9
  private static let movePause = 3  // frames between two moves of the chicken
  private static let frames = 2500  // of an episode; its end is seen one later

  private var row = Self.firstRow
  private var moveTimer = Self.movePause
  private var framesLeft = Self.frames
  /// By their rows, from row 1.
  private var cars = InlineArray<8, Car>(repeating: Car())

  init(difficultyRamping: Bool) {}

  mutating func reset(using random: inout MersenneTwister) {
    self = Freeway(difficultyRamping: false)
    drawSpeeds(using: &random)
  }

  /// Draws all speeds first, then all directions.
  private mutating func drawSpeeds(using random: inout MersenneTwister) {
    for lane in cars.indices {
      cars[lane].pause = 1 + random.integer(below: 5)
      cars[lane].timer = cars[lane].pause
    }
    for lane in cars.indices { cars[lane].direction = random.uniform() < 0.5 ? -1 : 1 }
  }

  mutating func act(
    _ action: MinAtarAction, using random: inout MersenneTwister
  ) -> Step {
    if moveTimer == 0 && (action == .up || action == .down) {
      moveTimer = Self.movePause
      row = action == .up ? max(0, row - 1) : min(9, row + 1)
    }
    var step = Step(reward: 0)
    if row == 0 {
      step.reward = 1
      drawSpeeds(using: &random)
      row = Self.firstRow
    }
    let isHitBefore = isHit
    moveCars()
    if isHitBefore || isHit { row = Self.firstRow }
    if moveTimer > 0 { moveTimer -= 1 }
    framesLeft -= 1
    step.terminated = framesLeft < 0
    return step
  }

  /// Whether a car is in the cell of the chicken.
  private var isHit: Bool { 1...8 ~= row && cars.span[row - 1].x == Self.column }

  // Spans, since the subscript of an inline array copies all of it.
  private mutating func moveCars() {
    var cars = cars.mutableSpan
    for lane in cars.indices { cars[lane].advance() }
  }

  func show(in observation: inout MutableSpan<UInt8>) {
    observation.mark(Channel.chicken, Self.column, row)
    let cars = cars.span
    for lane in cars.indices {
      let car = cars[lane]
      observation.mark(Channel.car, car.x, lane + 1)
      observation.mark(Self.trail(pause: car.pause), car.behind, lane + 1)
    }
  }

  private static func trail(pause: Int) -> Channel {
    switch pause {
    case 1: .fastest
    case 2: .fast
    case 3: .middling
    case 4: .slow
    default: .slowest
    }
  }

  mutating func archive(_ archive: inout StateArchive) throws(EnvironmentError) {
    try archive.integer("row", &row, in: 0...9)
    try archive.integer("moveTimer", &moveTimer, in: 0...Self.movePause)
    try archive.integer("framesLeft", &framesLeft, in: -1...Self.frames)
    try archive.lanes("columns", &cars, \.x, in: 0...9)
    try archive.lanes("timers", &cars, \.timer, in: 0...5)
    try archive.lanes("pauses", &cars, \.pause, in: 1...5)
    try archive.lanes("directions", &cars, \.direction, in: -1...1)
  }
}
