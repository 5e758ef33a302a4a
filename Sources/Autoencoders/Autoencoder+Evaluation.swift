import Datasets
import Experiments
import Randomness
import TensorEngine

extension Autoencoder {
  /// The means of the model's terms over the test set, with one latent point for each image, and the
  /// loss that they make, with the weights of the end of the schedule.
  public mutating func evaluate() throws -> Metrics {
    var sums = [Double](repeating: 0, count: evaluatedTerms.count)
    var loss = 0.0
    for range in data.test.batches(of: Self.evaluationBatch) {
      try stop.check()
      let batch = testBatch(range)
      evaluation.set("images", to: batch.pixels)
      evaluation.set("labels", to: batch.labels)
      evaluation.run(step: range.lowerBound / Self.evaluationBatch)
      let count = Double(range.count)
      for (place, term) in evaluatedTerms.enumerated() {
        let sum =
          term.isOfImages
          ? evaluation[term.name].scalars.prefix(range.count).sum
          : count * Double(evaluation.scalar(term.name))
        sums[place] += sum
        if term.isReplaced {
          loss += count * Double(evaluation.scalar("minimized.\(term.name)"))
        }
      }
    }
    for (sum, term) in zip(sums, evaluatedTerms) where !term.isReplaced {
      loss += term.weight * sum
    }
    let count = Double(data.test.count)
    var metrics: Metrics = ["loss": loss / count]
    for (sum, term) in zip(sums, evaluatedTerms) { metrics.append(term.name, sum / count) }
    return metrics
  }

  /// Images of the test set, filled up to a batch with the first of them.
  func testBatch(_ range: Range<Int>) -> (pixels: [UInt8], labels: [Int32]) {
    batch(range, of: data.test, stream: "test pixels")
  }

  /// Images of one of the sets, made black or white where that is configured, filled up to a batch with
  /// the first of them.
  func batch(
    _ range: Range<Int>, of images: ImageSet, stream: String
  ) -> (pixels: [UInt8], labels: [Int32]) {
    let indices = (0..<Self.evaluationBatch).map { offset in
      Int32(offset < range.count ? range.lowerBound + offset : range.lowerBound)
    }
    var (pixels, labels): ([UInt8], [Int32]) = ([], [])
    images.gatherLabels(indices, into: &labels)
    guard configuration.binarization != .none else {
      images.gather(indices, into: &pixels)
      return (pixels, labels)
    }
    var image: [UInt8] = []
    for index in indices {
      images.gather([index], into: &image)
      configuration.binarization.apply(
        to: &image, RandomStream(seed: 0, name: stream, index: UInt64(index)))
      pixels += image
    }
    return (pixels, labels)
  }
}

extension ImageSet {
  /// Consecutive ranges of so many images; the last may have fewer.
  func batches(of size: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
  }
}

extension Sequence<Float> {
  /// The sum, in double precision.
  var sum: Double { reduce(0) { $0 + Double($1) } }
}
