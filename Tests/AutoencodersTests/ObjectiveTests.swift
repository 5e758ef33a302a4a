import Autoencoders
import Experiments
import FileFormats
import Imaging
import NeuralNetworks
import RealModule
import TensorEngine
import Testing

/// An autoencoder without hidden layers, computed anew in Double from its weights and images.
private struct LinearReference {
  let weights: [String: [Double]]
  /// Images in 0 ... 1.
  let images: [[Double]]
  let latentSize: Int

  init(_ autoencoder: Autoencoder, _ pixels: [UInt8]) throws {
    var weights: [String: [Double]] = [:]
    for record in autoencoder.state() {
      weights[record.name] = try #require(record.values(as: Float.self)).map { Double($0) }
    }
    self.weights = weights
    let size = autoencoder.testImage(0).pixels.count
    images = stride(from: 0, to: pixels.count, by: size).map { start in
      pixels[start..<start + size].map { Double($0) / 255 }
    }
    latentSize = autoencoder.latentSize
  }

  func dense(_ name: String, _ x: [Double]) -> [Double] {
    let weight = weights["vae.\(name).weight"] ?? []
    return (weights["vae.\(name).bias"] ?? []).enumerated().map { output, bias in
      zip(x, weight[(output * x.count)...]).reduce(bias) { $0 + $1.0 * $1.1 }
    }
  }

  func means(_ image: Int) -> [Double] { dense("mean", images[image]) }

  /// The means of the pixels of a latent point.
  func pixels(_ latent: [Double]) -> [Double] {
    dense("decoder.0", latent).map { 1 / (1 + .exp(-$0)) }
  }

  /// Reconstruction and divergence of an image in nats, with the given noise.
  func terms(_ image: Int, _ noise: [Double]) -> (reconstruction: Double, kl: Double) {
    let mean = means(image)
    let logVariance = dense("logVariance", images[image])
    let latent = (0..<latentSize).map { mean[$0] + .exp(logVariance[$0] / 2) * noise[$0] }
    let reconstruction = zip(pixels(latent), images[image]).reduce(0) { sum, pair in
      sum - pair.1 * .log(pair.0) - (1 - pair.1) * .log(1 - pair.0)
    }
    let kl = zip(mean, logVariance).reduce(0) { sum, pair in
      sum + (.exp(pair.1) + pair.0 * pair.0 - 1 - pair.1) / 2
    }
    return (reconstruction, kl)
  }
}

/// What the loss is made of, against the definition.
@Suite struct ObjectiveTests {
  private let images: TinyImages
  private var autoencoder: Autoencoder

  init() throws {
    images = try TinyImages(side: 6)
    autoencoder = try images.autoencoder {
      $0.hidden = []
      $0.latentSize = 3
    }
    try autoencoder.train(0..<20)
  }

  private func reference() throws -> LinearReference {
    try LinearReference(autoencoder, images.pixels("t10k", count: TinyImages.testCount))
  }

  /// Standard normal numbers of a stream of the engine, in rows.
  private func noise(stream: String, rows: Int) throws -> [[Double]] {
    let graph = Graph()
    let program = try graph.compile(["z": graph.randomNormal([rows, 3], stream: stream)])
    let loaded = Workspace<Float>(threads: 1, seed: 1).load(program)
    loaded.run(step: 0)
    let numbers = loaded["z"].scalars.map { Double($0) }
    return (0..<rows).map { Array(numbers[$0 * 3..<$0 * 3 + 3]) }
  }

  private func isClose(_ found: Double?, _ expected: Double) -> Bool {
    found.map { ($0 - expected).magnitude < 1e-5 * max(1, expected.magnitude) } ?? false
  }

  @Test mutating func isInNatsPerImage() throws {
    let reference = try reference()
    let noise = try noise(stream: "test posterior", rows: TinyImages.testCount)
    let terms = noise.enumerated().map { reference.terms($0, $1) }
    let count = Double(terms.count)
    let reconstruction = terms.map(\.reconstruction).reduce(0, +) / count
    let kl = terms.map(\.kl).reduce(0, +) / count
    let metrics = try autoencoder.evaluate()
    #expect(metrics.measures.map(\.name) == ["loss", "reconstruction", "kl"])
    #expect(isClose(metrics["reconstruction"], reconstruction))
    #expect(isClose(metrics["kl"], kl))
    #expect(isClose(metrics["loss"], reconstruction + kl))
    #expect(kl > 0.1, "a divergence that says something")
  }

  @Test mutating func isTheSumOfItsTermsAtEveryStep() throws {
    for metrics in try autoencoder.train(20..<25) {
      let reconstruction = try #require(metrics["reconstruction"])
      #expect(isClose(metrics["loss"], reconstruction + (metrics["kl"] ?? .nan)))
    }
  }

  @Test func encodesToThePosteriorMean() throws {
    let reference = try reference()
    let latents = try autoencoder.encode(2..<TinyImages.testCount)
    #expect(latents.count == TinyImages.testCount - 2)
    for (index, latent) in latents.enumerated() {
      for (found, expected) in zip(latent, reference.means(index + 2)) {
        #expect(isClose(Double(found), expected))
      }
    }
  }

  @Test func decodesToTheMeansOfThePixels() throws {
    let reference = try reference()
    let latents: [[Float]] = [[0, 0, 0], [1, -2, 0.5], [-3, 0, 3]]
    for (latent, image) in zip(latents, try autoencoder.decode(latents)) {
      #expect((image.width, image.height, image.channels) == (6, 6, 1))
      for (found, expected) in zip(image.pixels, reference.pixels(latent.map { Double($0) })) {
        #expect((Double(found) - 255 * expected).magnitude < 0.501)
      }
    }
  }

  /// More points than one batch holds, and none. The place in a batch may change a mean by its last
  /// bit, and so a pixel by one.
  @Test func decodesAnyNumberOfPoints() throws {
    let latents = (0..<1203).map { [Float($0) / 600 - 1, 0, 1] }
    let images = try autoencoder.decode(latents)
    #expect(images.count == latents.count)
    for place in [0, 499, 500, 700, 1202] {
      let alone = try autoencoder.decode([latents[place]])[0]
      #expect(zip(images[place].pixels, alone.pixels).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
    }
    #expect(try autoencoder.decode([]).isEmpty)
  }
}
