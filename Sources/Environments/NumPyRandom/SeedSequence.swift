/// Turns a seed into the first state of a generator, as NumPy's `SeedSequence` does (O'Neill,
/// "Developing a seed_seq alternative", 2015; NumPy 2, `bit_generator.pyx`).
struct SeedSequence {
  /// Four words, as in NumPy by default.
  private var pool = [UInt32](repeating: 0, count: 4)

  // The constants are NumPy's.
  private static let firstHash: UInt32 = 0x43b0_d7e5
  private static let hashFactor: UInt32 = 0x931e_8875
  private static let firstOutputHash: UInt32 = 0x8b51_f9dd
  private static let outputHashFactor: UInt32 = 0x58f3_8ded
  private static let leftFactor: UInt32 = 0xca01_f9dd
  private static let rightFactor: UInt32 = 0x4973_f715

  init(_ seed: UInt64) {
    let entropy = [UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)]
    var hash = Self.firstHash
    for place in pool.indices {
      pool[place] = Self.hashed(place < entropy.count ? entropy[place] : 0, &hash)
    }
    for source in pool.indices {
      for target in pool.indices where target != source {
        pool[target] = Self.mixed(pool[target], Self.hashed(pool[source], &hash))
      }
    }
  }

  /// The first `count` words of 64 bits.
  func words(_ count: Int) -> [UInt64] {
    var hash = Self.firstOutputHash
    let halves = (0..<2 * count).map { place in
      var word = pool[place % pool.count] ^ hash
      hash &*= Self.outputHashFactor
      word &*= hash
      return UInt64(word ^ word >> 16)
    }
    return (0..<count).map { halves[2 * $0] | halves[2 * $0 + 1] << 32 }
  }

  private static func hashed(_ word: UInt32, _ hash: inout UInt32) -> UInt32 {
    var word = word ^ hash
    hash &*= hashFactor
    word &*= hash
    return word ^ word >> 16
  }

  private static func mixed(_ left: UInt32, _ right: UInt32) -> UInt32 {
    let word = leftFactor &* left &- rightFactor &* right
    return word ^ word >> 16
  }
}
