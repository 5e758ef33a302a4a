/// A named sequence of random numbers: what it gives is a function of (seed, name, index, place)
/// and of nothing else. Streams of different names or indices are independent, so adding one
/// never changes the numbers of another.
///
///     var order = RandomStream(seed: 42, name: "shuffle", index: epoch)
///     let indices = order.permutation(of: 60_000)
public struct RandomStream: Sendable, Hashable {
  /// The Philox key: the seed and the name, mixed.
  public let key: SIMD2<UInt32>
  /// Which sequence of this name, an epoch or a step for example.
  public let index: UInt64
  /// How many 32-bit words were drawn so far.
  public private(set) var position: UInt64 = 0
  private var block = SIMD4<UInt32>()

  /// - Parameters:
  ///   - seed: the run's seed.
  ///   - name: what the numbers are for, such as "noise" or "shuffle".
  ///   - index: which sequence of that name, such as the epoch.
  public init(seed: UInt64, name: String, index: UInt64 = 0) {
    self.key = Self.key(seed: seed, name: name)
    self.index = index
  }

  /// The Philox key of a named stream: FNV-1a over the name, mixed with the seed by the finaliser
  /// of SplitMix64 (Steele, Lea and Flood 2014).
  public static func key(seed: UInt64, name: String) -> SIMD2<UInt32> {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }
    var mixed = hash &+ seed &* 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    mixed ^= mixed >> 31
    return SIMD2(UInt32(truncatingIfNeeded: mixed), UInt32(truncatingIfNeeded: mixed >> 32))
  }

  /// The next 32 random bits.
  public mutating func nextWord() -> UInt32 {
    let lane = Int(position & 3)
    if lane == 0 { block = block(number: position >> 2) }
    position &+= 1
    return block[lane]
  }

  /// Goes on as if `count` words had been drawn.
  public mutating func skip(_ count: Int) {
    precondition(count >= 0, "a stream does not go back")
    position &+= UInt64(count)
    if position & 3 != 0 { block = block(number: position >> 2) }
  }

  private func block(number: UInt64) -> SIMD4<UInt32> {
    let counter = SIMD4(
      UInt32(truncatingIfNeeded: number), UInt32(truncatingIfNeeded: number >> 32),
      UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32))
    return Philox.block(counter: counter, key: key)
  }

  /// The words that a call of ``uniformDouble()`` draws.
  public static let wordsOfUniformDouble = 2

  /// A number in 0 ..< 1 with 24 random bits.
  public mutating func uniform() -> Float {
    Float(nextWord() >> 8) * 0x1p-24
  }

  /// A number in 0 ..< 1 with 53 random bits.
  public mutating func uniformDouble() -> Double {
    let high = UInt64(nextWord() >> 5)
    let low = UInt64(nextWord() >> 6)
    return Double(high << 26 | low) * 0x1p-53
  }

  /// A whole number in 0 ..< bound, every one equally likely (Lemire, "Fast random integer
  /// generation in an interval", 2019).
  public mutating func integer(below bound: Int) -> Int {
    precondition(bound > 0 && bound <= Int(UInt32.max), "bound \(bound) is not in 1...2^32-1")
    let range = UInt64(bound)
    var product = UInt64(nextWord()) &* range
    if UInt64(UInt32(truncatingIfNeeded: product)) < range {
      let threshold = (0x1_0000_0000 &- range) % range
      while UInt64(UInt32(truncatingIfNeeded: product)) < threshold {
        product = UInt64(nextWord()) &* range
      }
    }
    return Int(product >> 32)
  }

  /// The numbers 0 ..< count in random order (Fisher and Yates).
  public mutating func permutation(of count: Int) -> [Int32] {
    var order = Array(Int32(0)..<Int32(count))
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, integer(below: last + 1))
    }
    return order
  }
}
