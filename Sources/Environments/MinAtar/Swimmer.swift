/// What moves along a row of Seaquest: a bullet, a fish, a submarine or a diver.
struct Swimmer: Sendable, Hashable {
  var x: Int
  let y: Int
  let movesRight: Bool
  /// Frames until it moves, where it does not in every frame.
  var moveTimer = 0
  /// Frames until it fires, if it is a submarine.
  var shotTimer = 0

  init(x: Int, y: Int, movesRight: Bool) {
    self.x = x
    self.y = y
    self.movesRight = movesRight
  }

  /// One that enters a row at the edge from which it moves away.
  init(entering row: Int, movesRight: Bool, moveTimer: Int) {
    self.init(x: movesRight ? 0 : 9, y: row, movesRight: movesRight)
    self.moveTimer = moveTimer
  }

  var isInGrid: Bool { 0..<CellSet.side ~= x }

  mutating func move() { x += movesRight ? 1 : -1 }

  /// Moves when its timer is at 0, which is then set anew; whether it did.
  mutating func moveWhenDue(every interval: Int) -> Bool {
    guard moveTimer == 0 else {
      moveTimer -= 1
      return false
    }
    moveTimer = interval
    move()
    return true
  }
}

extension [Swimmer] {
  mutating func removeFirst(equalTo swimmer: Swimmer) {
    if let place = firstIndex(of: swimmer) { remove(at: place) }
  }

  /// Takes out the first one in the cell of another; false when there is none.
  mutating func removeFirst(inCellOf other: Swimmer) -> Bool {
    guard let place = firstIndex(where: { $0.x == other.x && $0.y == other.y }) else {
      return false
    }
    remove(at: place)
    return true
  }
}

extension Swimmer {
  /// As a number in decimal digits: two of the timer of shots, then the timer of moves, whether it
  /// moves right, the row, the column.
  fileprivate var code: Int {
    shotTimer * 10_000 + moveTimer * 1000 + (movesRight ? 100 : 0) + y * 10 + x
  }

  fileprivate init(code: Int) {
    self.init(x: code % 10, y: code / 10 % 10, movesRight: code / 100 % 10 == 1)
    moveTimer = code / 1000 % 10
    shotTimer = code / 10_000
  }
}

extension StateArchive {
  /// A part that is a list of what swims, each a number of six digits: two of its timer of shots,
  /// then its timer of moves, 1 if it moves right or else 0, its row, its column.
  mutating func swimmers(
    _ name: String, _ swimmers: inout [Swimmer], greatestCount: Int
  ) throws(EnvironmentError) {
    var codes = swimmers.map(\.code)
    try integers(name, &codes, in: 0...999_999, greatestCount: greatestCount)
    swimmers.replaceSubrange(swimmers.startIndex..., with: codes.lazy.map(Swimmer.init(code:)))
  }
}
