/// The batches of a run, step by step. An epoch is a shuffle of all images cut into batches of one
/// size; the images left over at its end are dropped, others in each epoch.
public struct Batches: Sendable {
  /// Images a batch.
  public let batchSize: Int
  /// Batches an epoch.
  public let perEpoch: Int
  private let order: EpochOrder
  /// The order of the epoch asked for last, since the next step is likely to be in it.
  private var current: (epoch: Int, permutation: [Int32])?

  /// The batches of `count` images under a run's seed; `batchSize` is in 1 ... count.
  public init(count: Int, batchSize: Int, seed: UInt64) {
    precondition(
      (1...max(1, count)).contains(batchSize) && count > 0,
      "batches of \(batchSize) from \(count) images")
    self.batchSize = batchSize
    perEpoch = count / batchSize
    order = EpochOrder(count: count, seed: seed)
  }

  /// Which batch of which epoch a step takes; all three count from 0.
  public func place(ofStep step: Int) -> (epoch: Int, batch: Int) {
    let (epoch, batch) = step.quotientAndRemainder(dividingBy: perEpoch)
    return (epoch, batch)
  }

  /// The images of a step's batch: a function of the step, whatever steps were asked for before.
  public mutating func indices(ofStep step: Int) -> ArraySlice<Int32> {
    let (epoch, batch) = place(ofStep: step)
    let permutation: [Int32]
    if let current, current.epoch == epoch {
      permutation = current.permutation
    } else {
      permutation = order.permutation(epoch: epoch)
      current = (epoch, permutation)
    }
    return permutation[(batch * batchSize)..<((batch + 1) * batchSize)]
  }
}
