import Imaging
import TensorEngine

/// What a network needs to see: how much less likely a class becomes when a part of the image is
/// covered (Zeiler and Fergus, "Visualizing and understanding convolutional networks", 2014,
/// section 4.2).
///
/// Differs from the paper: the cover has the image's mean colour, which stands out less than grey; a
/// pixel's number is the mean over the covers that hide it.
extension ClassifyingModel {
  /// Covers that are looked at together.
  private var occlusionBatch: Int { 64 }

  /// By how much the probability of a class falls, pixel by pixel.
  ///
  /// - Parameters:
  ///   - patch: height and width of the cover, at most the image's.
  ///   - stride: pixels between the places of the cover, at least 1 and at most `patch`.
  public func occlusionMap(
    of image: Image, class chosen: Int, patch: Int, stride step: Int
  ) throws -> HeatMap {
    let (width, height, channels) = (image.width, image.height, image.channels)
    precondition((1...min(width, height)).contains(patch) && (1...patch).contains(step))
    let view = NetworkView(self, batch: occlusionBatch)
    let program = try load(["probabilities": view.logits.softmax()], of: view)
    let pixels = image.planarShares
    let plane = width * height
    let means = (0..<channels).map { channel in
      pixels[channel * plane..<(channel + 1) * plane].reduce(0, +) / Float(plane)
    }
    func covered(_ place: (x: Int, y: Int)) -> [Float] {
      var covered = pixels
      for channel in 0..<channels {
        for y in place.y..<place.y + patch {
          let row = channel * plane + y * width
          for x in place.x..<place.x + patch { covered[row + x] = means[channel] }
        }
      }
      return covered
    }
    let places = Self.places(height, patch, step).flatMap { y in
      Self.places(width, patch, step).map { x in (x: x, y: y) }
    }
    // The first is the image as it is.
    var found: [Float] = []
    for start in Swift.stride(from: 0, through: places.count, by: occlusionBatch) {
      let here = min(occlusionBatch, places.count + 1 - start)
      var batch = (start..<start + here).flatMap { $0 == 0 ? pixels : covered(places[$0 - 1]) }
      for _ in here..<occlusionBatch { batch += pixels }
      program.set("images", to: batch)
      program.run(step: 0)
      let probabilities = program["probabilities"].scalars
      found += (0..<here).map { probabilities[$0 * classNames.count + chosen] }
    }
    var (sums, counts) = ([Float](repeating: 0, count: plane), [Float](repeating: 0, count: plane))
    for (place, probability) in zip(places, found.dropFirst()) {
      for y in place.y..<place.y + patch {
        for x in place.x..<place.x + patch {
          sums[y * width + x] += found[0] - probability
          counts[y * width + x] += 1
        }
      }
    }
    return HeatMap(width: width, height: height, values: zip(sums, counts).map { $0 / $1 })
  }

  /// Where a cover begins along a side, the last place at its end.
  private static func places(_ side: Int, _ patch: Int, _ step: Int) -> [Int] {
    var places = Array(stride(from: 0, through: side - patch, by: step))
    if places.last != side - patch { places.append(side - patch) }
    return places
  }
}
