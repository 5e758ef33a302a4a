import Imaging

/// A walk over a frozen lake to a goal, past holes, as Gymnasium's `FrozenLake`. The ice is slippery:
/// the walker may slide to either side of where it means to go.
///
/// The observation is the place, row * size + column from the top left. Actions: 0 left, 1 down,
/// 2 right, 3 up; at the shore the walker stays. On slippery ice the walker goes where it means to
/// with probability `successRate` and to each side with half of the rest. Reaching the goal pays
/// `goalReward`, a hole `holeReward`, any other place `frozenReward`. Episodes begin at the start,
/// top left; the task ends at the goal and in a hole.
public struct FrozenLake: TableWalking {
  /// The actions, in their order.
  enum Direction: Int, CaseIterable {
    case left, down, right, up

    /// The place next to one in this direction, or itself at the shore.
    func moved(from place: Int, size: Int) -> Int {
      let (row, column) = (place / size, place % size)
      return switch self {
      case .left: column > 0 ? place - 1 : place
      case .down: row < size - 1 ? place + size : place
      case .right: column < size - 1 ? place + 1 : place
      case .up: row > 0 ? place - size : place
      }
    }

    /// This direction turned by so many quarters to the left.
    func turned(by quarters: Int) -> Direction {
      Direction.allCases[(rawValue + quarters) & 3]
    }
  }

  /// What the places that are reached pay.
  struct Rewards {
    var goal = 1.0
    var hole = 0.0
    var frozen = 0.0
  }

  private let map: FrozenLakeMap
  /// What archives call the state.
  public static let stateName = "place"
  /// Where it has come to.
  public var walk: TableWalk

  /// The task, to be reset.
  ///
  /// - Parameters:
  ///   - successRate: how likely the walker goes where it means to; nil on ice that is not slippery.
  init(map: FrozenLakeMap, successRate: Double? = 1.0 / 3.0, rewards: Rewards = Rewards()) {
    self.map = map
    func outcome(_ probability: Double, _ direction: Direction, from place: Int) -> Transition {
      let next = direction.moved(from: place, size: map.size)
      let reward =
        switch map.places[next] {
        case .goal: rewards.goal
        case .hole: rewards.hole
        case .start, .frozen: rewards.frozen
        }
      return Transition(
        probability: probability, state: next, reward: reward, terminated: map.ends(next))
    }
    let table = TransitionTable(
      actionCount: Direction.allCases.count,
      startProbabilities: map.places.map { $0 == .start ? 1 : 0 }
    ) { place, action in
      if map.ends(place) {
        return [Transition(probability: 1, state: place, reward: 0, terminated: true)]
      }
      let direction = Direction.allCases[action]
      guard let successRate else { return [outcome(1, direction, from: place)] }
      let failRate = (1 - successRate) / 2
      return [
        outcome(failRate, direction.turned(by: -1), from: place),
        outcome(successRate, direction, from: place),
        outcome(failRate, direction.turned(by: 1), from: place),
      ]
    }
    walk = TableWalk(over: table)
  }

  static func spec(
    _ id: String, map: String, maxEpisodeSteps: Int, rewardThreshold: Double
  ) -> EnvironmentSpec {
    EnvironmentSpec(
      id, "Walk over a frozen lake to the goal, past holes in the ice.",
      maxEpisodeSteps: maxEpisodeSteps, rewardThreshold: rewardThreshold,
      options: [
        EnvironmentOption("map", .text(map, of: ["4x4", "8x8", "random"]), "which lake"),
        EnvironmentOption("size", .number(8, in: 2...100), "places of a side of a random lake"),
        EnvironmentOption(
          "frozenProbability", .number(0.8, in: 0.5...1), "how much of a random lake is frozen"),
        EnvironmentOption("mapSeed", .number(0, in: 0...0x1p53), "which of the random lakes"),
        EnvironmentOption("slippery", .flag(true), "whether the walker slides to the sides"),
        EnvironmentOption(
          "successRate", .number(1.0 / 3.0, in: 0...1),
          "how likely the walker goes where it means to on slippery ice"),
        EnvironmentOption("goalReward", .number(1, in: rewardRange), "paid at the goal"),
        EnvironmentOption("holeReward", .number(0, in: rewardRange), "paid in a hole"),
        EnvironmentOption("frozenReward", .number(0, in: rewardRange), "paid elsewhere"),
      ]
    ) { options throws(EnvironmentError) in
      let map =
        switch options.text("map") {
        case "4x4": FrozenLakeMap.small
        case "8x8": FrozenLakeMap.large
        default:
          try FrozenLakeMap(
            randomOfSize: try options.integer("size"),
            frozenProbability: options.number("frozenProbability"),
            seed: UInt64(try options.integer("mapSeed")))
        }
      return FrozenLake(
        map: map, successRate: options.flag("slippery") ? options.number("successRate") : nil,
        rewards: Rewards(
          goal: options.number("goalReward"), hole: options.number("holeReward"),
          frozen: options.number("frozenReward")))
    }
  }

  private static let rewardRange = -1e6...1e6

  /// The letters of the places, the walker's in brackets.
  public func renderText() -> String {
    (0..<map.size).map { row in
      (0..<map.size).map { column in
        let place = row * map.size + column
        let letter = map.places[place].rawValue
        return place == walk.state ? "[\(letter)]" : " \(letter) "
      }.joined() + "\n"
    }.joined()
  }

  /// A picture of the state.
  public func render() -> Image {
    let size = map.size
    var picture = GridPicture(rows: size, columns: size, tile: max(4, min(64, 512 / size))) {
      map.places[$0 * size + $1] == .goal ? Colour(0xD9EED6) : Colour(0xDCE9F4)
    }
    for (place, kind) in map.places.enumerated() {
      let (row, column) = (place / size, place % size)
      switch kind {
      case .hole: picture.disc(row: row, column: column, size: 0.8, colour: Colour(0x2F5F8A))
      case .start: picture.letter("S", row: row, column: column, colour: Colour(0x4A5560))
      case .goal: picture.letter("G", row: row, column: column, colour: Colour(0x3E7A45))
      case .frozen: break
      }
    }
    picture.disc(
      row: walk.state / size, column: walk.state % size, size: 0.45, colour: Colour(0xD9663D))
    return picture.canvas.image
  }
}

extension FrozenLakeMap {
  /// Whether the task ends at a place.
  fileprivate func ends(_ place: Int) -> Bool {
    places[place] == .goal || places[place] == .hole
  }
}
