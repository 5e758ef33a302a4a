import Datasets
import Experiments
import Randomness

/// Squares cut from pictures in colour: in training anywhere and mirrored every other time, as the
/// seed and the step say; to be judged by from the middle.
struct PictureCrops {
  let set: ImageSet
  /// Height and width of a crop.
  let size: Int
  private let seed: UInt64
  private let name: String

  /// Crops of the pictures of a set.
  ///
  /// - Parameter name: of the stream that they are drawn from.
  /// - Throws: `.unsuitable` when the pictures are smaller.
  init(_ set: ImageSet, size: Int, seed: UInt64, name: String) throws(RunError) {
    guard size <= min(set.height, set.width) else {
      throw RunError(
        .unsuitable, "no crops of \(size)x\(size) in images of \(set.height)x\(set.width)",
        hint: "choose a smaller cropSize or a greater imageSize")
    }
    (self.set, self.size, self.seed, self.name) = (set, size, seed, name)
  }

  /// A picture's part.
  private struct Place {
    var left: Int
    var top: Int
    var isMirrored = false
  }

  /// The crops of a step, [pictures, 3, size, size]. A number beyond the pictures begins again with
  /// the first.
  func gather(
    _ pictures: some Collection<Int32>, ofStep step: Int, into batch: inout [UInt8]
  ) {
    var random = RandomStream(seed: seed, name: name, index: UInt64(step))
    batch.removeAll(keepingCapacity: true)
    for picture in pictures {
      let place = Place(
        left: random.integer(below: set.width - size + 1),
        top: random.integer(below: set.height - size + 1),
        isMirrored: random.integer(below: 2) == 1)
      append(Int(picture) % set.count, place, to: &batch)
    }
  }

  /// The middles of pictures, [pictures, 3, size, size].
  func gatherMiddles(_ pictures: some Collection<Int>, into batch: inout [UInt8]) {
    batch.removeAll(keepingCapacity: true)
    let place = Place(left: (set.width - size) / 2, top: (set.height - size) / 2)
    for picture in pictures { append(picture % set.count, place, to: &batch) }
  }

  private func append(_ picture: Int, _ place: Place, to batch: inout [UInt8]) {
    for channel in 0..<3 {
      // Grey is repeated.
      let plane = picture * set.channels + min(channel, set.channels - 1)
      for row in place.top..<place.top + size {
        let start = (plane * set.height + row) * set.width + place.left
        let part = set.pixels[start..<start + size]
        if place.isMirrored { batch += part.reversed() } else { batch += part }
      }
    }
  }
}
