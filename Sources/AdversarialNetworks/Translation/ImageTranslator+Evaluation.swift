import Datasets
import Experiments
import Imaging
import Randomness
import TensorEngine

extension ImageTranslator: ImageSampler {
  /// The mean distance, over the test images, of what is made to the partner it should be, with that
  /// of the mean training image beside it; with cycle, of what went there and back to what it was.
  public mutating func evaluate() throws -> Metrics {
    let names = ["errorB", "errorA", "cycleErrorA", "cycleErrorB"].filter {
      translation.program.outputNames.contains($0)
        && (sides.arePairs || $0.hasPrefix("cycle"))
    }
    var sums = [Double](repeating: 0, count: names.count)
    let counts = (a: sides.test.a.count, b: sides.test.b.count)
    func count(_ name: String) -> Int { name.hasSuffix("A") ? counts.a : counts.b }
    for start in stride(from: 0, to: max(counts.a, counts.b), by: Self.translationBatch) {
      try stop.check()
      translate(from: start)
      for (place, name) in names.enumerated() {
        let valid = max(0, count(name) - start)
        sums[place] += translation[name].scalars.prefix(valid).reduce(0) { $0 + Double($1) }
      }
    }
    var metrics = Metrics()
    for (name, sum) in zip(names, sums) { metrics.append(name, sum / Double(count(name))) }
    guard sides.arePairs else { return metrics }
    for side in programs.madeSides {
      let (train, test) =
        side == "A" ? (sides.train.a, sides.test.a) : (sides.train.b, sides.test.b)
      metrics.append("meanImageError\(side)", test.error(of: train.meanImage))
    }
    return metrics
  }

  /// What is made of test images of side A; which of them, the seed draws.
  public mutating func sample(count: Int, seed: UInt64) throws -> [Image] {
    var random = RandomStream(seed: seed, name: "translated images")
    let inputs = (0..<count).map { _ in Int32(random.integer(below: sides.test.a.count)) }
    var images: [Image] = []
    for start in stride(from: 0, to: count, by: Self.translationBatch) {
      try stop.check()
      let part = inputs[start..<min(start + Self.translationBatch, count)]
      translate(a: Array(part), b: [])
      images += self.images(of: "madeB", count: part.count)
    }
    return images
  }

  /// Translates a batch of test images from `start` on.
  func translate(from start: Int) {
    func places(_ set: ImageSet) -> [Int32] {
      (start..<max(start, min(start + Self.translationBatch, set.count))).map(Int32.init)
    }
    translate(a: places(sides.test.a), b: places(sides.test.b))
  }

  /// Translates test images, a batch at most; the first image fills what is missing of it.
  private func translate(a: [Int32], b: [Int32]) {
    for (name, places, set) in [("A", a, sides.test.a), ("B", b, sides.test.b)] {
      let missing = Self.translationBatch - places.count
      var pixels: [UInt8] = []
      set.gather(places + [Int32](repeating: 0, count: missing), into: &pixels)
      translation.set(name, to: pixels)
    }
    translation.run(step: 0)
  }

  /// The first images of an output of the last translation.
  func images(of output: String, count: Int) -> [Image] {
    let image = sides.image
    return Image.images(
      planar: translation[output].scalars.prefix(count * image.count), channels: image[0],
      height: image[1], width: image[2])
  }
}

extension ImageSet {
  /// The mean of all images, [C, H, W], in 0 ... 255.
  fileprivate var meanImage: [Double] {
    var sums = [Int](repeating: 0, count: imageSize)
    for image in 0..<count {
      let start = image * imageSize
      for place in 0..<imageSize { sums[place] += Int(pixels[start + place]) }
    }
    return sums.map { Double($0) / Double(count) }
  }

  /// The mean absolute difference of all images to one, of 1 between black and white.
  fileprivate func error(of other: [Double]) -> Double {
    var sum = 0.0
    for image in 0..<count {
      let start = image * imageSize
      for place in 0..<imageSize { sum += abs(Double(pixels[start + place]) - other[place]) }
    }
    return sum / 255 / Double(pixels.count)
  }
}
