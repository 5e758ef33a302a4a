/// The numbers of NumPy's `RandomState(seed)`, which MinAtar's games draw from: MT19937
/// (Matsumoto and Nishimura, 1998) and the legacy distributions of NumPy.
public struct MersenneTwister: Sendable, Hashable {
  private static let size = 624
  private static let middle = 397

  private var state: [UInt32]
  /// The next word of the state to be given out.
  private var place: Int

  /// The generator that a seed gives.
  public init(seed: UInt32) {
    state = [seed]
    state.reserveCapacity(Self.size)
    for index in 1..<Self.size {
      let last = state[index - 1]
      // The multiplier is Knuth's ("The Art of Computer Programming" 2, 3rd edition, p. 106).
      state.append(1_812_433_253 &* (last ^ last >> 30) &+ UInt32(index))
    }
    place = Self.size
  }

  private mutating func refill() {
    func twisted(_ upper: UInt32, _ lower: UInt32, _ far: UInt32) -> UInt32 {
      let word = upper & 0x8000_0000 | lower & 0x7fff_ffff
      return far ^ word >> 1 ^ (lower & 1 == 0 ? 0 : 0x9908_b0df)
    }
    for index in 0..<Self.size - Self.middle {
      state[index] = twisted(state[index], state[index + 1], state[index + Self.middle])
    }
    for index in Self.size - Self.middle..<Self.size - 1 {
      state[index] = twisted(
        state[index], state[index + 1], state[index + Self.middle - Self.size])
    }
    state[Self.size - 1] = twisted(state[Self.size - 1], state[0], state[Self.middle - 1])
    place = 0
  }

  /// The next 32 random bits.
  public mutating func next() -> UInt32 {
    if place == Self.size { refill() }
    var word = state[place]
    place += 1
    word ^= word >> 11
    word ^= word << 7 & 0x9d2c_5680
    word ^= word << 15 & 0xefc6_0000
    return word ^ word >> 18
  }

  /// `rand()`: uniform in 0 ..< 1, a multiple of 2^-53.
  public mutating func uniform() -> Double {
    let upper = Double(next() >> 5)
    let lower = Double(next() >> 6)
    return (upper * 0x1p26 + lower) * 0x1p-53
  }

  /// `randint(count)`: uniform in 0 ..< count, which is at most 2^32. One integer costs no draw.
  public mutating func integer(below count: Int) -> Int {
    precondition(1...(1 << 32) ~= count, "no integers below \(count)")
    guard count > 1 else { return 0 }
    let mask = UInt32.max >> UInt32(count - 1).leadingZeroBitCount
    while true {
      let word = next() & mask
      if Int(word) < count { return Int(word) }
    }
  }

  /// `choice(count, p:)`: the first place at which the running sum of the probabilities, scaled to
  /// end at 1, is above a uniform number.
  public mutating func choice(of probabilities: [Double]) -> Int {
    var sums: [Double] = []
    for probability in probabilities { sums.append((sums.last ?? 0) + probability) }
    let threshold = uniform()
    let total = sums.last ?? 1
    return sums.firstIndex { $0 / total > threshold } ?? probabilities.count - 1
  }
}

extension MersenneTwister {
  /// Writes or reads the generator's place in its sequence.
  mutating func archive(_ archive: inout StateArchive) throws(EnvironmentError) {
    var words = state.map(UInt64.init) + [UInt64(place)]
    try archive.words("generator", &words)
    place = Int(min(words[Self.size], UInt64(Self.size)))
    state = words.prefix(Self.size).map { UInt32(truncatingIfNeeded: $0) }
  }
}
