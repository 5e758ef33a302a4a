import Imaging

/// A ball that falls and a paddle to catch it with, as the `Catch` of bsuite (Osband et al.,
/// "Behaviour suite for reinforcement learning", 2020): the smallest task with something to see.
///
/// The observation is a board of 10 rows and 5 columns, row by row from the top: 1 where the ball or
/// the paddle is, else 0. The ball begins in the top row, in a random column, and falls one row a
/// step; the paddle begins in the middle of the bottom row. Actions: 0 left, 1 stay, 2 right; at the
/// edge the paddle stays. The task ends when the ball reaches the bottom row and pays 1 there if the
/// paddle catches it, else -1; all other steps pay 0.
///
/// Differs from bsuite's: the columns are drawn from PCG64, as all of Gymnasium's tasks draw.
public struct Catch: Environment {
  private static let rows = 10
  private static let columns = 5

  private var random = PCG64(seed: 0)
  private var ball = (row: 0, column: 0)
  private var paddle = columns / 2

  /// The task, to be reset.
  public init() {}

  static var spec: EnvironmentSpec {
    EnvironmentSpec(
      "Catch-v0", "Catch a falling ball with a paddle, for tests.", maxEpisodeSteps: nil
    ) { _ in Catch() }
  }

  /// The observations there are.
  public var observationSpace: Space {
    .box(BoxSpace(0...1, shape: [Self.rows, Self.columns]))
  }

  /// How many steps a second look natural.
  public var framesPerSecond: Int { 10 }

  /// The actions there are.
  public var actionSpace: Space { .discrete(count: 3) }

  /// Begins an episode.
  public mutating func reset(
    seed: UInt64?, options: [String: Double]
  ) throws(EnvironmentError) {
    try refuseOptions(options)
    if let seed { random = PCG64(seed: seed) }
    ball = (0, random.integer(below: Self.columns))
    paddle = Self.columns / 2
  }

  /// Acts once.
  public mutating func step(_ action: Int) throws(EnvironmentError) -> Step {
    try require(action, below: 3)
    guard !isOver else {
      throw EnvironmentError(.needsReset, "the ball has fallen: reset first")
    }
    paddle = min(max(paddle + action - 1, 0), Self.columns - 1)
    ball.row += 1
    guard isOver else { return Step(reward: 0) }
    return Step(reward: ball.column == paddle ? 1 : -1, terminated: true)
  }

  private var isOver: Bool { ball.row == Self.rows - 1 }

  /// Writes what the agent sees now.
  public func observe(into observation: inout [Float]) {
    observation.fill(count: Self.rows * Self.columns) { cells in
      cells.update(repeating: 0)
      cells[ball.row * Self.columns + ball.column] = 1
      cells[(Self.rows - 1) * Self.columns + paddle] = 1
    }
  }

  /// Writes or reads the state.
  public mutating func archive(_ archive: inout StateArchive) throws(EnvironmentError) {
    try archive.integer("ballRow", &ball.row, in: 0...Self.rows - 1)
    try archive.integer("ballColumn", &ball.column, in: 0...Self.columns - 1)
    try archive.integer("paddle", &paddle, in: 0...Self.columns - 1)
    try random.archive(&archive)
  }

  /// The board: points, the ball as o, the paddle as =.
  public func renderText() -> String {
    (0..<Self.rows).map { row in
      (0..<Self.columns).map { column in
        if (row, column) == ball { return "o" }
        return (row, column) == (Self.rows - 1, paddle) ? "=" : "."
      }.joined(separator: " ") + "\n"
    }.joined()
  }

  /// A picture of the state.
  public func render() -> Image {
    var picture = GridPicture(rows: Self.rows, columns: Self.columns, tile: 40) { row, column in
      (row, column) == (Self.rows - 1, paddle) ? Colour(0x3D6FA8) : Colour(0xE4E6E8)
    }
    picture.disc(row: ball.row, column: ball.column, size: 0.6, colour: Colour(0xD9663D))
    return picture.canvas.image
  }
}
