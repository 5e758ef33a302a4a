import Experiments
import Imaging
import Randomness
import TensorEngine

/// A latent point is what the generator is given: numbers of the standard normal distribution, InfoGAN's
/// continuous codes, and the class one-hot.
extension AdversarialNetwork: LatentDecoder {
  /// Numbers of a latent point.
  public var latentSize: Int {
    configuration.latentSize + programs.conditioning.continuousCount
      + programs.conditioning.classCount
  }

  /// The classes that the generator is told, or the values of InfoGAN's code.
  public var toldClasses: [String] {
    programs.conditioning.areClasses
      ? source.classNames : (0..<programs.conditioning.classCount).map { "code \($0)" }
  }

  /// Points of the standard normal distribution, each with continuous codes even in -1 ... 1 and, where
  /// there are classes or codes of several values, each in its turn.
  public func priorLatents(count: Int, seed: UInt64) -> [[Float]] {
    var stream = RandomStream(seed: seed, name: "latent samples")
    return (0..<count).map { point in
      (0..<plainSize).map { place in
        place < configuration.latentSize ? Float(stream.normal()) : 2 * stream.uniform() - 1
      } + oneHot(point % max(1, toldClasses.count))
    }
  }

  /// The images of latent points.
  ///
  /// - Throws: `.unsuitable` for a run that makes points.
  public func decode(_ latents: [[Float]]) throws -> [Image] {
    guard case .images = source else {
      throw RunError(
        .unsuitable, "this run makes points, not images", hint: "see its picture 'samples'")
    }
    let shape = source.shape
    return Image.images(
      planar: try samples(of: latents), channels: shape[0], height: shape[1], width: shape[2])
  }

  /// The samples of latent points, one after another.
  func samples(of latents: [[Float]]) throws(Interruption) -> [Float] {
    let (size, batch) = (latentSize, Self.samplingBatch)
    var samples: [Float] = []
    samples.reserveCapacity(latents.count * source.shape.count)
    for start in stride(from: 0, to: latents.count, by: batch) {
      try stop.check()
      let part = latents[start..<min(start + batch, latents.count)]
      sampling.set(
        "latents",
        to: part.flatMap(\.self) + [Float](repeating: 0, count: (batch - part.count) * size))
      sampling.run(step: 0)
      samples += sampling["samples"].scalars.prefix(part.count * source.shape.count)
    }
    return samples
  }
}
