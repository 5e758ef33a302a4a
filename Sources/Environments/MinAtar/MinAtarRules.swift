import Imaging

/// The rules of a MinAtar game: everything that differs between the games.
protocol MinAtarRules: Sendable {
  /// The kinds of things that are seen.
  associatedtype Channel: MinAtarChannel

  /// As in the id of the game.
  static var name: String { get }
  /// What is to be done, in one line.
  static var summary: String { get }
  /// The actions that have an effect, in the order of their numbers.
  static var effectiveActions: [MinAtarAction] { get }
  /// Whether the game grows harder unless that is switched off.
  static var rampsDifficulty: Bool { get }

  /// The game, to be reset.
  init(difficultyRamping: Bool)

  /// Begins an episode.
  mutating func reset(using random: inout MersenneTwister)

  /// Plays one frame of an episode that has not ended.
  mutating func act(_ action: MinAtarAction, using random: inout MersenneTwister) -> Step

  /// Marks what is seen in an observation that is empty.
  func show(in observation: inout MutableSpan<UInt8>)

  /// Writes or reads the state of the game.
  mutating func archive(_ archive: inout StateArchive) throws(EnvironmentError)
}

/// What a player can do; the raw values are the actions of the games with all six.
enum MinAtarAction: Int, Sendable, Hashable, CaseIterable {
  case none, left, up, right, down, fire
}

/// A kind of thing that a MinAtar game shows; the raw value is its place in an observation.
protocol MinAtarChannel: RawRepresentable<Int>, Sendable {
  /// How many there are.
  static var count: Int { get }
  /// All of them; in pictures and texts, a later one hides an earlier one.
  static var drawingOrder: [Self] { get }
  /// In a picture.
  var colour: Colour { get }
  /// In a text.
  var symbol: Character { get }
}

extension MutableSpan<UInt8> {
  /// Something of the channel is in the cell.
  @inline(__always)
  mutating func mark<Channel: MinAtarChannel>(_ channel: Channel, _ x: Int, _ y: Int) {
    self[(CellSet.side * y + x) * Channel.count + channel.rawValue] = 1
  }

  /// Something of the channel is in each of the cells.
  @inline(__always)
  mutating func mark<Channel: MinAtarChannel>(_ channel: Channel, _ cells: CellSet) {
    cells.forEach { self[$0 * Channel.count + channel.rawValue] = 1 }
  }

  /// Something of the channel is in those cells of a few dense rows that are in the set, and in no
  /// other of them. Without branches, this is faster than to mark most of the cells.
  @inline(__always)
  mutating func write<Channel: MinAtarChannel>(
    _ channel: Channel, _ cells: CellSet, rows: Range<Int>
  ) {
    let places = rows.lowerBound * CellSet.side..<rows.upperBound * CellSet.side
    var bits = cells.bits(from: places.lowerBound)
    for place in places {
      self[place * Channel.count + channel.rawValue] = UInt8(truncatingIfNeeded: bits & 1)
      bits >>= 1
    }
  }
}

extension StateArchive {
  /// A part that is a number of each of eight lanes.
  mutating func lanes<Lane, Number: BinaryInteger>(
    _ name: String, _ lanes: inout InlineArray<8, Lane>, _ number: WritableKeyPath<Lane, Number>,
    in range: ClosedRange<Int>
  ) throws(EnvironmentError) {
    var numbers = lanes.indices.map { Int(lanes[$0][keyPath: number]) }
    try integers(name, &numbers, in: range)
    for lane in lanes.indices { lanes[lane][keyPath: number] = Number(numbers[lane]) }
  }
}
