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

  /// Marks what is seen on an empty screen.
  func show(on screen: inout MinAtarScreen<Channel>)

  /// Writes or reads the state of the game.
  mutating func archive(_ archive: inout StateArchive) throws(EnvironmentError)
}

/// What a player can do; the raw values are the actions of the games with all six.
enum MinAtarAction: Int, Sendable, Hashable, CaseIterable {
  case none, left, up, right, down, fire
}

/// A kind of thing that a MinAtar game shows; the raw value is its place in an observation.
protocol MinAtarChannel: RawRepresentable<Int>, CaseIterable, Sendable {
  /// In a picture.
  var colour: Colour { get }
  /// In a text.
  var symbol: Character { get }
}

/// What a MinAtar game shows: the cells of each channel.
struct MinAtarScreen<Channel: MinAtarChannel>: Sendable {
  /// As many as Seaquest has.
  private var sets = InlineArray<10, CellSet>(repeating: CellSet())

  /// The cells in which something of the channel is.
  subscript(channel: Channel) -> CellSet {
    get { sets[channel.rawValue] }
    set { sets[channel.rawValue] = newValue }
  }

  /// Writes 1 for what is seen and 0 for the rest, the channels of a cell side by side.
  @inline(__always)
  func write(to numbers: inout MutableSpan<UInt8>, channelCount: Int) {
    numbers.update(repeating: 0)
    for channel in 0..<channelCount {
      sets[channel].forEach { numbers[$0 * channelCount + channel] = 1 }
    }
  }

  /// Of each cell the last channel that is in it, row by row.
  var uppermost: [Channel?] {
    var cells = [Channel?](repeating: nil, count: CellSet.side * CellSet.side)
    for channel in Channel.allCases {
      self[channel].forEach { cells[$0] = channel }
    }
    return cells
  }
}
