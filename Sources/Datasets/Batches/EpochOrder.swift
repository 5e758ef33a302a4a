import Randomness

/// The orders in which the images of a set are visited: the order of an epoch is a function of
/// the seed and the epoch, so there is none to store and none to lose.
public struct EpochOrder: Sendable, Hashable {
  /// How many images there are.
  public let count: Int
  /// The run's seed.
  public let seed: UInt64

  /// The orders of `count` images under a run's seed.
  public init(count: Int, seed: UInt64) {
    self.count = count
    self.seed = seed
  }

  /// The places 0 ..< count in the order of an epoch, which counts from 0.
  public func permutation(epoch: Int) -> [Int32] {
    var stream = RandomStream(seed: seed, name: "shuffle", index: UInt64(epoch))
    return stream.permutation(of: count)
  }
}
