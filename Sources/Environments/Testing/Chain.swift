import Imaging

/// A corridor whose far end is worth the way though every step towards it pays nothing, after the
/// chain of Osband et al. ("Deep exploration via bootstrapped DQN", 2016): who acts at random must
/// choose right `length` - 1 times in a row, and is paid a little for not doing so.
///
/// The observation is the place, 0 to `length` - 1 (option, usually 10). Action 1 goes one place to
/// the right, 0 goes back to the start at the left. Going back pays 0.001, arriving at the right end
/// pays 1 and ends the task, and all other steps pay 0. The time limit is `length` + 9 steps.
///
/// Differs from the paper: an episode begins at the left end rather than next to it, action 0 leads
/// all the way back rather than one place, and the right end is the end rather than a place to stay.
public struct Chain: TableWalking {
  private static let startReward = 0.001
  private static let endReward = 1.0
  /// Steps that an episode may take beyond the length of the corridor.
  private static let spareSteps = 9

  /// What archives call the state.
  public static let stateName = "place"
  /// Where it has come to.
  public var walk: TableWalk

  /// The task, to be reset.
  ///
  /// - Parameter length: how many places there are; at least 2.
  public init(length: Int = 10) {
    precondition(length >= 2, "a corridor of \(length) places")
    let end = length - 1
    let table = TransitionTable(
      actionCount: 2, startProbabilities: [1] + [Double](repeating: 0, count: end)
    ) { place, action in
      guard action == 1 else {
        return [
          Transition(probability: 1, state: 0, reward: Self.startReward, terminated: false)
        ]
      }
      let next = min(place + 1, end)
      return [
        Transition(
          probability: 1, state: next, reward: next == end ? Self.endReward : 0,
          terminated: next == end)
      ]
    }
    walk = TableWalk(over: table)
  }

  static var spec: EnvironmentSpec {
    let length = 10
    return EnvironmentSpec(
      "Chain-v0", "Walk to the far end of a corridor, for tests of exploration.",
      maxEpisodeSteps: length + spareSteps,
      options: [
        EnvironmentOption(
          "length", .number(Double(length), in: 2...1000), "how many places there are")
      ],
      limit: { options throws(EnvironmentError) in try options.integer("length") + spareSteps }
    ) { options throws(EnvironmentError) in Chain(length: try options.integer("length")) }
  }

  /// The corridor as points, the walker as O, the goal as G.
  public func renderText() -> String {
    let end = table.stateCount - 1
    return (0...end).map { $0 == walk.state ? "O" : $0 == end ? "G" : "." }
      .joined(separator: " ") + "\n"
  }

  /// A picture of the state; of a long corridor the tiles are small.
  public func render() -> Image {
    let end = table.stateCount - 1
    let tile = max(4, min(48, 960 / table.stateCount))
    var picture = GridPicture(rows: 1, columns: table.stateCount, tile: tile) { _, place in
      place == end ? Colour(0xF0DFA8) : Colour(0xE4E6E8)
    }
    picture.disc(row: 0, column: walk.state, size: 0.6, colour: Colour(0xD9663D))
    return picture.canvas.image
  }
}
