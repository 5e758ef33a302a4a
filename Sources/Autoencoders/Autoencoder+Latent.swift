import Datasets
import Experiments
import Imaging
import Randomness
import RealModule
import TensorEngine

extension Autoencoder: LatentModel {
  /// Latent points of training images that a mixture is fitted to.
  private static let fittedPoints = 5000
  /// Gaussians of that mixture (Ghosh et al., "From variational to deterministic autoencoders", 2020,
  /// section 4).
  private static let fittedComponents = 10

  /// Numbers of one latent point.
  public var latentSize: Int { programs.model.latentSize }
  /// Images of the test set.
  public var testCount: Int { data.test.count }
  /// What the classes are called.
  public var classNames: [String] { data.test.classNames }
  /// One image of the test set.
  public func testImage(_ index: Int) -> Image { data.test.image(at: index) }
  /// The class of one image of the test set.
  public func testLabel(_ index: Int) -> Int { Int(data.test.labels[index]) }

  /// The means of the pixels of latent points.
  public func decode(_ latents: [[Float]]) throws(Interruption) -> [Image] {
    let images = data.test
    var decoded: [Image] = []
    for start in stride(from: 0, to: latents.count, by: Self.evaluationBatch) {
      try stop.check()
      let part = latents[start..<min(start + Self.evaluationBatch, latents.count)]
      let missing = Self.evaluationBatch - part.count
      decoding.set(
        "latents",
        to: part.flatMap { $0 } + [Float](repeating: 0, count: missing * latentSize))
      decoding.run(step: 0)
      decoded += Image.images(
        planar: decoding["images"].scalars.prefix(part.count * images.imageSize),
        channels: images.channels, height: images.height, width: images.width)
    }
    return decoded
  }

  /// The latent points of images of the test set; of a distribution its mean.
  public func encode(_ testImages: Range<Int>) throws(Interruption) -> [[Float]] {
    try encode(testImages, of: data.test, stream: "test pixels")
  }

  private func encode(
    _ images: Range<Int>, of set: ImageSet, stream: String
  ) throws(Interruption) -> [[Float]] {
    var latents: [[Float]] = []
    for start in stride(
      from: images.lowerBound, to: images.upperBound, by: Self.evaluationBatch)
    {
      try stop.check()
      let range = start..<min(start + Self.evaluationBatch, images.upperBound)
      let batch = batch(range, of: set, stream: stream)
      encoding.set("images", to: batch.pixels)
      encoding.set("labels", to: batch.labels)
      encoding.run(step: 0)
      let points = encoding["latents"].scalars
      latents += range.indices.map {
        Array(points[($0 - start) * latentSize..<($0 - start + 1) * latentSize])
      }
    }
    return latents
  }

  /// Images of the model's prior; a model that has none draws from a mixture of Gaussians fitted to the
  /// latent points of training images, and one that is told classes each class in its turn.
  public func sample(count: Int, seed: UInt64) throws -> [Image] {
    try decode(drawnLatents(count: count, seed: seed))
  }

  private func drawnLatents(count: Int, seed: UInt64) throws(Interruption) -> [[Float]] {
    var stream = RandomStream(seed: seed, name: "latent samples")
    switch programs.model.prior {
    case .standardNormal:
      return (0..<count).map { _ in (0..<latentSize).map { _ in Float(stream.normal()) } }
    case .classes(let classes):
      return (0..<count).map { sample in
        (0..<latentSize - classes).map { _ in Float(stream.normal()) }
          + (0..<classes).map { $0 == sample % classes ? 1 : 0 }
      }
    case .fittedMixture:
      let points = try encode(
        0..<min(Self.fittedPoints, data.train.count), of: data.train, stream: "training pixels")
      let mixture = GaussianMixture(
        fittedTo: points, components: Self.fittedComponents, seed: self.seed)
      return (0..<count).map { _ in mixture.point(&stream) }
    case .pseudoInputs:
      guard let prior else { preconditionFailure("a learnt prior has a program") }
      prior.run(step: 0)
      let (means, logVariances) = (prior["mean"].scalars, prior["logVariance"].scalars)
      return (0..<count).map { _ in
        let start = stream.integer(below: means.count / latentSize) * latentSize
        return (start..<start + latentSize).map { place in
          means[place] + Float(stream.normal()) * .exp(0.5 * logVariances[place])
        }
      }
    case .codes(let grid): return try drawnCodes(grid, count: count, seed: seed)
    }
  }

  /// Draws one code after another, each given those before it, of as many images at once as a program
  /// takes.
  private func drawnCodes(
    _ grid: CodeGrid, count: Int, seed: UInt64
  ) throws(Interruption) -> [[Float]] {
    guard let prior else { preconditionFailure("a learnt prior has a program") }
    var latents: [[Float]] = []
    for start in stride(from: 0, to: count, by: Self.samplingBatch) {
      let images = min(Self.samplingBatch, count - start)
      var streams = (0..<images).map {
        RandomStream(seed: seed, name: "code samples", index: UInt64(start + $0))
      }
      var codes = [Int32](repeating: 0, count: Self.samplingBatch * grid.places)
      for place in 0..<grid.places {
        try stop.check()
        prior.set("codes", to: codes)
        prior.run(step: 0)
        let logits = prior["logits"].scalars
        for image in 0..<images {
          let column = (0..<grid.codes).map {
            logits[(image * grid.codes + $0) * grid.places + place]
          }
          codes[image * grid.places + place] = Self.choice(column, &streams[image])
        }
      }
      prior.set("codes", to: codes)
      prior.run(step: 0)
      let points = prior["latents"].scalars
      latents += (0..<images).map { Array(points[$0 * latentSize..<($0 + 1) * latentSize]) }
    }
    return latents
  }

  /// A place, drawn with the probabilities softmax(logits).
  private static func choice(_ logits: [Float], _ stream: inout RandomStream) -> Int32 {
    let largest = logits.max() ?? 0
    let weights = logits.map { Double.exp(Double($0 - largest)) }
    var rest = stream.uniformDouble() * weights.reduce(0, +)
    for (place, weight) in weights.enumerated() {
      rest -= weight
      if rest < 0 { return Int32(place) }
    }
    return Int32(logits.count - 1)
  }

  /// Writes pictures of the latent space, of samples and of reconstructions.
  public mutating func export(to exports: Exports) throws {
    try exports.write(try sampleSheet(count: 100, columns: 10, seed: seed), named: "samples")
    try exports.write(try reconstructionSheet(count: 16), named: "reconstructions")
    if configuration.latentSize <= 2, case .standardNormal = programs.model.prior {
      try exports.write(try latentGrid(side: 20), named: "latent-grid")
    }
    if case .codes = programs.model.prior { return }
    let map = try latentMap()
    try exports.write(map.image(), named: "latent-map")
    try exports.write(svg: map.svg(), named: "latent-map")
  }
}
