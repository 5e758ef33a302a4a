/// The numbers of NumPy's `default_rng(seed)`, which Gymnasium's environments draw from: the
/// permuted congruential generator PCG-XSL-RR-128/64 (O'Neill, 2014) and the distributions of
/// NumPy's `Generator`.
public struct PCG64: Sendable, Hashable {
  private var state: UInt128 = 0
  private let increment: UInt128
  /// The upper half of a word whose lower half was asked for.
  private var half: UInt32?

  /// O'Neill's multiplier for 128 bits.
  private static let multiplier: UInt128 = 0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645

  /// The generator that a seed gives.
  public init(seed: UInt64) {
    let words = SeedSequence(seed).words(4)
    increment = (UInt128(words[2]) << 64 | UInt128(words[3])) << 1 | 1
    advance()
    state &+= UInt128(words[0]) << 64 | UInt128(words[1])
    advance()
  }

  private mutating func advance() {
    state = state &* Self.multiplier &+ increment
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    advance()
    let folded = UInt64(truncatingIfNeeded: state >> 64) ^ UInt64(truncatingIfNeeded: state)
    let turn = UInt64(truncatingIfNeeded: state >> 122)
    return folded >> turn | folded << ((64 - turn) & 63)
  }

  private mutating func nextHalf() -> UInt32 {
    if let upper = half {
      half = nil
      return upper
    }
    let word = next()
    half = UInt32(truncatingIfNeeded: word >> 32)
    return UInt32(truncatingIfNeeded: word)
  }

  /// `random()`: uniform in 0 ..< 1, a multiple of 2^-53.
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// `uniform(low, high)`: uniform in low ..< high.
  public mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * uniform()
  }

  /// `integers(count)`: uniform in 0 ..< count, which is at most 2^32 - 1 (Lemire, "Fast random
  /// integer generation in an interval", 2019). One integer costs no draw.
  public mutating func integer(below count: Int) -> Int {
    precondition(1...Int(UInt32.max) ~= count, "no integers below \(count)")
    guard count > 1 else { return 0 }
    let count = UInt32(count)
    var product = UInt64(nextHalf()) * UInt64(count)
    if UInt32(truncatingIfNeeded: product) < count {
      let threshold = (0 &- count) % count
      while UInt32(truncatingIfNeeded: product) < threshold {
        product = UInt64(nextHalf()) * UInt64(count)
      }
    }
    return Int(product >> 32)
  }

  /// The first place at which the running sum of the probabilities is above a uniform number, as
  /// Gymnasium's tabular environments choose; 0 when there is none.
  public mutating func choice(of probabilities: some Sequence<Double>) -> Int {
    let threshold = uniform()
    var sum = 0.0
    for (place, probability) in probabilities.enumerated() {
      sum += probability
      if sum > threshold { return place }
    }
    return 0
  }
}

extension PCG64 {
  /// Writes or reads the generator's place in its sequence.
  mutating func archive(_ archive: inout StateArchive) throws(EnvironmentError) {
    var words = [
      state >> 64, state, increment >> 64, increment, half.map { UInt128($0) | 1 << 32 } ?? 0,
    ].map { UInt64(truncatingIfNeeded: $0) }
    try archive.words("generator", &words)
    self = PCG64(words: words)
  }

  private init(words: [UInt64]) {
    state = UInt128(words[0]) << 64 | UInt128(words[1])
    increment = UInt128(words[2]) << 64 | UInt128(words[3]) | 1
    half = words[4] >> 32 == 0 ? nil : UInt32(truncatingIfNeeded: words[4])
  }
}
