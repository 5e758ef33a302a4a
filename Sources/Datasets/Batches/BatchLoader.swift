import FileFormats

/// Gives a run its batches, step by step. Where images are read from files or changed by chance, a
/// few batches are made ahead of the step that asks for them, each on a thread of its own. What a
/// batch holds is a function of the seed and the step, whoever makes it.
public struct BatchLoader {
  /// The images of a step.
  public struct Batch: Sendable, Hashable {
    /// Their samples, [images, channels, height, width].
    public var pixels: [UInt8] = []
    /// Their classes.
    public var labels: [Int32] = []

    /// A batch of no images.
    public init() {}
  }

  /// Batches that are made ahead, at most: what the memory of a run whose images are in files grows
  /// by.
  public static let greatestLead = 2

  private let source: any ImageSource
  private let augmentation: ImageAugmentation
  private let seed: UInt64
  private var batches: Batches
  /// What is being made for the steps that come next, in their order.
  private var ahead: [(step: Int, work: BackgroundWork<Result<Batch, FileError>>)] = []

  /// The batches of a source under a run's seed; `batchSize` is in 1 ... source.count.
  public init(
    _ source: any ImageSource, batchSize: Int, seed: UInt64,
    augmentation: ImageAugmentation = ImageAugmentation()
  ) {
    (self.source, self.augmentation, self.seed) = (source, augmentation, seed)
    batches = Batches(count: source.count, batchSize: batchSize, seed: seed)
  }

  /// Batches an epoch.
  public var perEpoch: Int { batches.perEpoch }

  /// Puts the images of a step into `batch`, whose memory is used again.
  ///
  /// - Throws: what reading a file of this step throws.
  public mutating func load(_ step: Int, into batch: inout Batch) throws(FileError) {
    guard source.readsFiles || !augmentation.isNone else {
      let indices = batches.indices(ofStep: step)
      try source.gather(indices, into: &batch.pixels)
      source.gatherLabels(indices, into: &batch.labels)
      return
    }
    ahead.removeAll { !(step...step + Self.greatestLead).contains($0.step) }
    if ahead.first?.step != step { ahead = [] }
    for next in step + ahead.count...step + Self.greatestLead { begin(next) }
    batch = try ahead.removeFirst().work.value().get()
  }

  private mutating func begin(_ step: Int) {
    let indices = Array(batches.indices(ofStep: step))
    ahead.append(
      (
        step,
        BackgroundWork { [source, augmentation, seed] in
          Result { () throws(FileError) in
            var batch = Batch()
            try source.gather(indices, into: &batch.pixels)
            source.gatherLabels(indices, into: &batch.labels)
            if !augmentation.isNone {
              augmentation.apply(
                to: &batch.pixels, channels: source.channels, height: source.height,
                width: source.width, seed: seed, step: step)
            }
            return batch
          }
        }
      ))
  }
}
