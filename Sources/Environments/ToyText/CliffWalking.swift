import Imaging

/// A walk along a cliff, after example 6.6 of Sutton and Barto ("Reinforcement learning: an
/// introduction", 2018), as Gymnasium's `CliffWalking`.
///
/// The observation is the place, row * 12 + column from the top left of 4 rows. Actions: 0 up,
/// 1 right, 2 down, 3 left; at the edge the walker stays. Every step pays -1; stepping off the cliff,
/// between the start, bottom left, and the goal, bottom right, pays -100 and leads back to the start.
/// When it is slippery the walker goes where it means to and to each side with a third each. The task
/// ends at the goal.
public struct CliffWalking: TableWalking {
  private static let rows = 4
  private static let columns = 12
  private static let start = (rows - 1) * columns
  private static let goal = rows * columns - 1
  private static let cliff = start + 1..<goal
  private static let stepReward = -1.0
  private static let cliffReward = -100.0
  /// The actions: how the row and the column change.
  private static let moves = [(-1, 0), (0, 1), (1, 0), (0, -1)]

  /// What archives call the state.
  public static let stateName = "place"
  /// Where it has come to.
  public var walk: TableWalk

  /// The task, to be reset.
  public init(isSlippery: Bool = false) {
    let table = TransitionTable(
      actionCount: Self.moves.count,
      startProbabilities: (0..<Self.rows * Self.columns).map { $0 == Self.start ? 1 : 0 }
    ) { place, action in
      let turns = isSlippery ? [-1, 0, 1] : [0]
      return turns.map { turn in
        Self.outcome(of: (action + turn) & 3, from: place, probability: 1 / Double(turns.count))
      }
    }
    walk = TableWalk(over: table, at: Self.start)
  }

  private static func outcome(
    of action: Int, from place: Int, probability: Double
  ) -> Transition {
    let (down, right) = moves[action]
    let row = min(max(place / columns + down, 0), rows - 1)
    let column = min(max(place % columns + right, 0), columns - 1)
    let next = row * columns + column
    let falls = cliff.contains(next)
    return Transition(
      probability: probability, state: falls ? start : next,
      reward: falls ? cliffReward : stepReward, terminated: next == goal)
  }

  static func spec(_ id: String, isSlippery: Bool) -> EnvironmentSpec {
    EnvironmentSpec(
      id, "Walk along a cliff to the goal.", maxEpisodeSteps: nil,
      options: [
        EnvironmentOption("slippery", .flag(isSlippery), "whether the walker slides to the sides")
      ]
    ) { options in CliffWalking(isSlippery: options.flag("slippery")) }
  }

  /// The ground as points, the cliff as C, the goal as G, the walker as O.
  public func renderText() -> String {
    (0..<Self.rows).map { row in
      (0..<Self.columns).map { column in
        let place = row * Self.columns + column
        if place == walk.state { return "O" }
        return Self.cliff.contains(place) ? "C" : place == Self.goal ? "G" : "."
      }.joined(separator: "  ") + "\n"
    }.joined()
  }

  /// A picture of the state.
  public func render() -> Image {
    var picture = GridPicture(rows: Self.rows, columns: Self.columns, tile: 48) { row, column in
      let place = row * Self.columns + column
      return Self.cliff.contains(place)
        ? Colour(0x7A6455) : place == Self.goal ? Colour(0xF0DFA8) : Colour(0xCFE3C4)
    }
    let letters = Colour(0x4A5560)
    picture.letter("S", row: Self.rows - 1, column: 0, colour: letters)
    picture.letter("G", row: Self.rows - 1, column: Self.columns - 1, colour: letters)
    picture.disc(
      row: walk.state / Self.columns, column: walk.state % Self.columns, size: 0.45,
      colour: Colour(0xD9663D))
    return picture.canvas.image
  }
}
