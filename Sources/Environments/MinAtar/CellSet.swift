/// A set of the cells of MinAtar's grid, ten rows of ten columns: one bit a cell, row by row from
/// the upper left.
struct CellSet: Sendable, Hashable {
  /// Rows of the grid, and columns.
  static let side = 10
  private static let all: UInt128 = (1 << 100) - 1

  private var bits: UInt128

  private init(bits: UInt128) {
    self.bits = bits
  }

  /// No cell.
  init() {
    bits = 0
  }

  /// The cells that are in both of the ranges, which lie within the grid.
  init(columns: Range<Int>, rows: Range<Int>) {
    let columnsOfAllRows = Self.firstColumn * ((1 << columns.count) - 1) << columns.lowerBound
    let rowBits: UInt128 = ((1 << (Self.side * rows.count)) - 1) << (Self.side * rows.lowerBound)
    bits = columnsOfAllRows & rowBits
  }

  /// The leftmost cell of every row.
  private static let firstColumn: UInt128 = (0..<side).reduce(0) { $0 | 1 << (side * $1) }

  /// The cells of a column.
  static func column(_ x: Int) -> CellSet { CellSet(bits: firstColumn &<< x) }

  /// Whether a cell of the grid is in the set.
  @inline(__always)
  subscript(x: Int, y: Int) -> Bool {
    get { bits &>> Self.number(x, y) & 1 == 1 }
    set {
      let bit: UInt128 = 1 &<< Self.number(x, y)
      bits = newValue ? bits | bit : bits & ~bit
    }
  }

  @inline(__always)
  private static func number(_ x: Int, _ y: Int) -> Int {
    precondition(0..<side ~= x && 0..<side ~= y, "the cell is not in the grid")
    return side * y + x
  }

  var isEmpty: Bool { bits == 0 }
  var count: Int { bits.nonzeroBitCount }

  /// The row of the lowest cell, nearest to the lower edge; the set must not be empty.
  var lowestRow: Int {
    precondition(!isEmpty, "an empty set has no lowest cell")
    return (127 - bits.leadingZeroBitCount) / Self.side
  }

  func union(_ other: CellSet) -> CellSet { CellSet(bits: bits | other.bits) }
  func intersection(_ other: CellSet) -> CellSet { CellSet(bits: bits & other.bits) }
  func subtracting(_ other: CellSet) -> CellSet { CellSet(bits: bits & ~other.bits) }

  /// Every cell so many places on: 1 is to the right, 10 down, negative numbers are left and up.
  /// What leaves the last row or the first is gone.
  func shifted(by places: Int) -> CellSet {
    CellSet(bits: places < 0 ? bits &>> -places : bits &<< places & Self.all)
  }

  /// Whether 64 cells are in the set, a bit each, from the cell with the number.
  func bits(from number: Int) -> UInt64 { UInt64(truncatingIfNeeded: bits &>> number) }

  /// Calls `body` with the number of each cell, in order: ten times its row, and its column.
  @inline(__always)
  func forEach(_ body: (Int) -> Void) {
    for half in 0..<2 {
      var word = UInt64(truncatingIfNeeded: bits &>> (64 * half))
      while word != 0 {
        body(64 * half + word.trailingZeroBitCount)
        word &= word - 1
      }
    }
  }
}

extension StateArchive {
  /// A part that is cells, by their numbers.
  mutating func cells(_ name: String, _ set: inout CellSet) throws(EnvironmentError) {
    var numbers: [Int] = []
    set.forEach { numbers.append($0) }
    let greatest = CellSet.side * CellSet.side - 1
    try integers(name, &numbers, in: 0...greatest, greatestCount: greatest + 1)
    set = CellSet()
    for number in numbers { set[number % CellSet.side, number / CellSet.side] = true }
  }
}
