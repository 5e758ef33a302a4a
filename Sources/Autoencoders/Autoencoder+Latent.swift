import Datasets
import Experiments
import Imaging
import TensorEngine

extension Autoencoder: LatentModel {
  /// Numbers of one latent point.
  public var latentSize: Int { programs.model.latentSize }
  /// Images of the test set.
  public var testCount: Int { data.test.count }
  /// The classes, where the model is told them.
  public var toldClasses: [String] { programs.model.usesClasses ? classNames : [] }
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
    try latents(testImages, of: data.test, stream: "test pixels", by: encoding)
  }

  /// What a program makes of images; a batch is a step.
  func latents(
    _ images: Range<Int>, of set: ImageSet, stream: String, by program: LoadedProgram<Float>
  ) throws(Interruption) -> [[Float]] {
    var latents: [[Float]] = []
    for start in stride(
      from: images.lowerBound, to: images.upperBound, by: Self.evaluationBatch)
    {
      try stop.check()
      let range = start..<min(start + Self.evaluationBatch, images.upperBound)
      let batch = batch(range, of: set, stream: stream)
      program.set("images", to: batch.pixels)
      program.set("labels", to: batch.labels)
      program.run(step: start / Self.evaluationBatch)
      let points = program["latents"].scalars
      latents += range.indices.map {
        Array(points[($0 - start) * latentSize..<($0 - start + 1) * latentSize])
      }
    }
    return latents
  }

  /// Writes pictures of the latent space, of samples and of reconstructions.
  public mutating func export(to exports: Exports) throws {
    try exports.write(try sampleSheet(count: 100, columns: 10, seed: seed), named: "samples")
    try exports.write(try reconstructionSheet(count: 16), named: "reconstructions")
    if configuration.latentSize <= 2, toldClasses.isEmpty,
      case .standardNormal = programs.model.prior
    {
      try exports.write(try latentGrid(side: 20), named: "latent-grid")
    }
    if case .codes = programs.model.prior { return }
    let map = try latentMap()
    try exports.write(map.image(), named: "latent-map")
    try exports.write(svg: map.svg(), named: "latent-map")
  }
}
