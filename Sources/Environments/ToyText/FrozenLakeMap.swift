/// A square lake: what each place is, the rows from the top.
struct FrozenLakeMap: Sendable, Hashable {
  /// What a place can be.
  enum Place: Character, Sendable {
    case start = "S"
    case frozen = "F"
    case hole = "H"
    case goal = "G"
  }

  /// How many places a side has.
  let size: Int
  /// The places, row after row.
  let places: [Place]

  /// Gymnasium's lake of 4 x 4 places.
  static let small = FrozenLakeMap(rows: ["SFFF", "FHFH", "FFFH", "HFFG"])
  /// Gymnasium's lake of 8 x 8 places.
  static let large = FrozenLakeMap(rows: [
    "SFFFFFFF", "FFFFFFFF", "FFFHFFFF", "FFFFFHFF", "FFFHFFFF", "FHHFFFHF", "FHFFHFHF", "FFFHFFFG",
  ])

  private init(rows: [String]) {
    size = rows.count
    places = rows.joined().compactMap { Place(rawValue: $0) }
    precondition(places.count == size * size, "a lake of \(rows)")
  }

  /// The lake that Gymnasium's `generate_random_map` makes: lakes are drawn until one has a way from
  /// the start, top left, to the goal, bottom right.
  ///
  /// - Parameters:
  ///   - size: places of a side, at least 2.
  ///   - frozenProbability: how likely a place is frozen.
  /// - Throws: `.invalidOption` when a thousand lakes have no way.
  init(randomOfSize size: Int, frozenProbability: Double, seed: UInt64) throws(EnvironmentError) {
    var random = PCG64(seed: seed)
    let share = frozenProbability / (frozenProbability + (1 - frozenProbability))
    for _ in 0..<1000 {
      var places = [Place](repeating: .hole, count: size * size)
      for place in places.indices where random.uniform() < share { places[place] = .frozen }
      places[0] = .start
      places[places.count - 1] = .goal
      if Self.hasWay(places, size: size) {
        self.size = size
        self.places = places
        return
      }
    }
    throw EnvironmentError(
      .invalidOption,
      "1000 random lakes of size \(size) have no way to the goal: raise 'frozenProbability'")
  }

  private static func hasWay(_ places: [Place], size: Int) -> Bool {
    var reached = [Bool](repeating: false, count: places.count)
    var open = [0]
    reached[0] = true
    while let place = open.popLast() {
      for direction in FrozenLake.Direction.allCases {
        let next = direction.moved(from: place, size: size)
        if places[next] == .goal { return true }
        if places[next] != .hole && !reached[next] {
          reached[next] = true
          open.append(next)
        }
      }
    }
    return false
  }
}
