import Imaging

/// Where the taxi and its passenger are, and the rules of their world.
struct TaxiState {
  private static let side = 5
  /// The place of the passenger that is in the taxi.
  private static let inTaxi = stands.count
  /// Where passengers wait and go to: red, green, yellow, blue.
  static let stands: [(row: Int, column: Int)] = [(0, 0), (0, 4), (4, 0), (4, 3)]
  /// Places with a wall on their right side.
  private static let walls = [(0, 1), (1, 1), (3, 0), (3, 2), (4, 0), (4, 2)]
  /// The first four actions: how the row and the column change.
  private static let moves = [(1, 0), (-1, 0), (0, 1), (0, -1)]
  /// What lies to the left and to the right of each of them, in rain.
  private static let sides = [(2, 3), (3, 2), (1, 0), (0, 1)]
  private static let pickUp = 4

  static let actionCount = 6
  static let count = side * side * (stands.count + 1) * stands.count

  private static let stepReward = -1.0
  private static let mistakeReward = -10.0
  private static let goalReward = 20.0

  var row: Int
  var column: Int
  /// The stand the passenger is at, or 4 in the taxi.
  var passenger: Int
  var destination: Int

  /// The state of a number below `count`.
  init(_ number: Int) {
    let stands = Self.stands.count
    destination = number % stands
    passenger = number / stands % (stands + 1)
    column = number / (stands * (stands + 1)) % Self.side
    row = number / (stands * (stands + 1) * Self.side)
  }

  /// The number of the state.
  var number: Int {
    ((row * Self.side + column) * (Self.stands.count + 1) + passenger) * Self.stands.count
      + destination
  }

  var isOccupied: Bool { passenger == Self.inTaxi }

  /// Whether an episode can begin so.
  var isStart: Bool { !isOccupied && passenger != destination }

  /// The stand where the taxi is.
  private var stand: Int? {
    Self.stands.firstIndex { $0 == (row, column) }
  }

  /// For each action whether it changes the state.
  var actionMask: [Bool] {
    (0..<4).map { moved($0) != nil } + [stand == passenger, isOccupied && stand != nil]
  }

  /// The state after a move; nil when a wall is there.
  private func moved(_ action: Int) -> TaxiState? {
    let (down, right) = Self.moves[action]
    var next = self
    next.row += down
    next.column += right
    guard 0..<Self.side ~= next.row, 0..<Self.side ~= next.column else { return nil }
    let left = min(column, next.column)
    guard right == 0 || !Self.walls.contains(where: { $0 == (row, left) }) else { return nil }
    return next
  }

  /// What an action does.
  func transitions(by action: Int, rainyProbability: Double?) -> [Transition] {
    guard action < Self.moves.count else { return [handling(isPickUp: action == Self.pickUp)] }
    func move(_ probability: Double, _ next: TaxiState) -> Transition {
      Transition(
        probability: probability, state: next.number, reward: Self.stepReward, terminated: false)
    }
    let ahead = moved(action)
    guard let rainyProbability else { return [move(1, ahead ?? self)] }
    // A taxi that cannot go ahead does not slip to the sides either.
    let (left, right) = Self.sides[action]
    let sideProbability = (1 - rainyProbability) / 2
    return [
      move(rainyProbability, ahead ?? self),
      move(sideProbability, ahead == nil ? self : moved(left) ?? self),
      move(sideProbability, ahead == nil ? self : moved(right) ?? self),
    ]
  }

  /// The passenger gets in or out.
  private func handling(isPickUp: Bool) -> Transition {
    var next = self
    var reward = Self.mistakeReward
    var terminated = false
    if isPickUp {
      if stand == passenger {
        next.passenger = Self.inTaxi
        reward = Self.stepReward
      }
    } else if isOccupied, let stand {
      next.passenger = stand
      terminated = stand == destination
      reward = terminated ? Self.goalReward : Self.stepReward
    }
    return Transition(
      probability: 1, state: next.number, reward: reward, terminated: terminated)
  }
}

extension TaxiState {
  private static let letters = ["R", "G", "Y", "B"]

  /// The streets with their walls, the taxi in brackets with P for its passenger, and the orders.
  var text: String {
    let edge = "+" + String(repeating: "-", count: 4 * Self.side - 1) + "+\n"
    let rows = (0..<Self.side).map { line in
      let places = (0..<Self.side).map { place in
        let stand = Self.stands.firstIndex { $0 == (line, place) }
        let isTaxi = (line, place) == (row, column)
        let letter = isTaxi && isOccupied ? "P" : stand.map { Self.letters[$0] } ?? " "
        let wall = Self.walls.contains { $0 == (line, place) } || place == Self.side - 1
        return (isTaxi ? "[\(letter)]" : " \(letter) ") + (wall ? "|" : ":")
      }
      return "|" + places.joined() + "\n"
    }
    let waiting = isOccupied ? "in the taxi" : "at \(Self.letters[passenger])"
    return edge + rows.joined() + edge
      + "passenger \(waiting), to \(Self.letters[destination])\n"
  }

  /// The streets, the four stands in their colours, the destination ringed, the passenger dark.
  var image: Image {
    let paints = [Colour(0xE9A6A0), Colour(0xAAD3A2), Colour(0xF0E3A0), Colour(0xA6BEE6)]
    let street = Colour(0xE4E6E8)
    var picture = GridPicture(rows: Self.side, columns: Self.side, tile: 80) { line, place in
      Self.stands.firstIndex { $0 == (line, place) }.map { paints[$0] } ?? street
    }
    let goal = Self.stands[destination]
    picture.disc(row: goal.row, column: goal.column, size: 0.9, colour: Colour(0x4A5560))
    picture.disc(row: goal.row, column: goal.column, size: 0.82, colour: paints[destination])
    for (stand, letter) in zip(Self.stands, Self.letters) {
      picture.letter(letter, row: stand.row, column: stand.column, colour: Colour(0x4A5560))
    }
    for (line, place) in Self.walls { picture.wall(rightOf: line, column: place) }
    picture.disc(row: row, column: column, size: 0.62, colour: Colour(0xF2B632))
    let place = isOccupied ? (row: row, column: column) : Self.stands[passenger]
    picture.disc(row: place.row, column: place.column, size: 0.28, colour: Colour(0x2B3036))
    return picture.canvas.image
  }
}
