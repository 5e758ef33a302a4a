import FileFormats
import NeuralNetworks
import Randomness

/// Images made earlier, so that a discriminator does not forget what it has learnt of them
/// (Shrivastava et al., "Learning from simulated and unsupervised images through adversarial
/// training", 2017). The first images fill it. Of those that follow, half are shown as they are, and
/// half take the place of an older one, which is shown instead.
public struct ImagePool: Sendable {
  /// How many images it holds; 0 shows all as they are.
  public let capacity: Int
  /// The most memory that all pools of a run may take, in bytes.
  static let greatestSize = 4 << 30

  private let name: String
  private let imageSize: Int
  private let seed: UInt64
  private var images: [Float]

  /// An empty pool of images of `imageSize` numbers; its draws are a function of the seed and name.
  public init(capacity: Int, imageSize: Int, name: String, seed: UInt64) {
    self.capacity = capacity
    self.name = name
    self.imageSize = imageSize
    self.seed = seed
    images = [Float](repeating: 0, count: capacity * imageSize)
  }

  /// Takes images made in a step and gives as many to be shown. Each step has as many images.
  public mutating func exchange(_ made: [Float], step: Int) -> [Float] {
    guard capacity > 0 else { return made }
    var random = RandomStream(seed: seed, name: name, index: UInt64(step))
    var shown = made
    let count = made.count / imageSize
    for index in 0..<count {
      let range = index * imageSize..<(index + 1) * imageSize
      let number = step * count + index
      if number < capacity {
        images.replaceSubrange(place(number), with: made[range])
      } else if random.integer(below: 2) == 0 {
        let place = place(random.integer(below: capacity))
        shown.replaceSubrange(range, with: images[place])
        images.replaceSubrange(place, with: made[range])
      }
    }
    return shown
  }

  private func place(_ number: Int) -> Range<Int> {
    number * imageSize..<(number + 1) * imageSize
  }

  /// What it holds, for a checkpoint.
  var record: TensorRecord {
    TensorRecord(name: name, shape: [capacity, imageSize], values: images)
  }

  /// Takes over what `record` gave, of a pool of the same sizes.
  ///
  /// - Throws: `WeightError`; nothing is changed then.
  mutating func restore(_ table: RecordTable) throws(WeightError) {
    images = try table.values(named: name, count: images.count) { $0.isFinite }
  }
}
