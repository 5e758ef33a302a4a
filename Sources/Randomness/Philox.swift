/// Philox4x32-10: a counter-based generator. The same key and counter always give the same four
/// words, so any draw can be made again from its name and its place without storing a state.
///
/// Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
/// Constants are the paper's.
public enum Philox {
  private static let multiplier0: UInt64 = 0xD251_1F53
  private static let multiplier1: UInt64 = 0xCD9E_8D57
  private static let weyl0: UInt32 = 0x9E37_79B9
  private static let weyl1: UInt32 = 0xBB67_AE85

  /// Four random words for a 128-bit counter under a 64-bit key.
  @inlinable
  public static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    rounds(counter, key)
  }

  @usableFromInline
  static func rounds(_ counter: SIMD4<UInt32>, _ key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var (c, k) = (counter, key)
    for round in 0..<10 {
      if round > 0 {
        k.x &+= weyl0
        k.y &+= weyl1
      }
      let product0 = multiplier0 &* UInt64(c.x)
      let product1 = multiplier1 &* UInt64(c.z)
      c = SIMD4(
        UInt32(truncatingIfNeeded: product1 >> 32) ^ c.y ^ k.x,
        UInt32(truncatingIfNeeded: product1),
        UInt32(truncatingIfNeeded: product0 >> 32) ^ c.w ^ k.y,
        UInt32(truncatingIfNeeded: product0))
    }
    return c
  }
}
