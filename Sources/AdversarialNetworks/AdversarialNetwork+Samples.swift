import Experiments
import Imaging
import Randomness
import TensorEngine

extension AdversarialNetwork: ImageSampler {
  /// Images made from latent points of the standard normal distribution; with classes, or codes of
  /// several values, each in its turn.
  ///
  /// - Throws: `.unsuitable` for a run that makes points.
  public mutating func sample(count: Int, seed: UInt64) throws -> [Image] {
    guard case .images = source else {
      throw RunError(
        .unsuitable, "this run makes points, not images", hint: "see its picture 'samples'")
    }
    return try images(of: latents(count: count, seed: seed))
  }

  /// Numbers of a latent point and of the continuous codes after it.
  var latentWidth: Int { configuration.latentSize + programs.conditioning.continuousCount }

  /// Latent points of the standard normal distribution, each followed by its continuous codes.
  func latents(count: Int, seed: UInt64) -> [Float] {
    var stream = RandomStream(seed: seed, name: "latent samples")
    let size = configuration.latentSize
    return (0..<count * latentWidth).map { place in
      place % latentWidth < size ? Float(stream.normal()) : 2 * stream.uniform() - 1
    }
  }

  /// The samples of latent points, one after another.
  ///
  /// - Parameter classes: the class of each; nil for each class in its turn.
  func samples(of latents: [Float], classes: [Int32]? = nil) throws(Interruption) -> [Float] {
    let size = latentWidth
    let count = latents.count / size
    let classCount = max(1, programs.conditioning.classCount)
    let classes = classes ?? (0..<count).map { Int32($0 % classCount) }
    let batch = Self.samplingBatch
    var samples: [Float] = []
    samples.reserveCapacity(count * source.shape.count)
    for start in stride(from: 0, to: count, by: batch) {
      try stop.check()
      let end = min(start + batch, count)
      let missing = batch - (end - start)
      sampling.set(
        "latents",
        to: latents[start * size..<end * size] + [Float](repeating: 0, count: missing * size))
      sampling.set("labels", to: classes[start..<end] + [Int32](repeating: 0, count: missing))
      sampling.run(step: 0)
      samples += sampling["samples"].scalars.prefix((end - start) * source.shape.count)
    }
    return samples
  }

  /// The images of latent points.
  func images(of latents: [Float], classes: [Int32]? = nil) throws -> [Image] {
    let shape = source.shape
    return Image.images(
      planar: try samples(of: latents, classes: classes), channels: shape[0], height: shape[1],
      width: shape[2])
  }
}
