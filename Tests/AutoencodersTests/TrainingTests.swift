import Autoencoders
import Experiments
import FileFormats
import Testing

@Suite struct TrainingTests {
  enum Network: CaseIterable {
    case dense, convolutional

    func autoencoder(seed: UInt64 = 1, threads: Int = 1) throws -> Autoencoder {
      try spriteAutoencoder(seed: seed, threads: threads) {
        guard self == .convolutional else { return }
        $0.architecture = .conv
        $0.channels = [4, 8]
        $0.hidden = [32]
        $0.latentSize = 3
      }
    }
  }

  @Test(arguments: Network.allCases)
  func lowersTheLoss(network: Network) throws {
    var autoencoder = try network.autoencoder()
    #expect(autoencoder.stepsPerEpoch == 8)
    #expect(autoencoder.samplesPerStep == 32)
    let before = try #require(try autoencoder.evaluate()["loss"])
    let metrics = try autoencoder.train(0..<40)
    let after = try #require(try autoencoder.evaluate()["loss"])
    #expect(after < 0.8 * before)
    let losses = metrics.compactMap { $0["loss"] }
    let (first, last) = (losses.prefix(8).reduce(0, +), losses.suffix(8).reduce(0, +))
    #expect(last < 0.8 * first)
  }

  @Test(arguments: Network.allCases)
  func givesTheSameBytesForASeedOnAnyNumberOfThreads(network: Network) throws {
    var one = try network.autoencoder(threads: 1)
    var two = try network.autoencoder(threads: 2)
    var other = try network.autoencoder(seed: 2)
    let metrics = try one.train(0..<6)
    #expect(try two.train(0..<6) == metrics)
    #expect(try other.train(0..<6) != metrics)
    #expect(two.state() == one.state())
    #expect(try two.evaluate() == one.evaluate())
  }

  @Test(arguments: Network.allCases)
  func goesOnFromASavedStateToTheBit(network: Network) throws {
    var whole = try network.autoencoder()
    var first = try network.autoencoder()
    let metrics = try whole.train(0..<12)
    try first.train(0..<5)
    let file = SafeTensors.encode(first.state())
    var second = try network.autoencoder()
    try second.restore(SafeTensors.decode(file, path: "step-5.safetensors").records)
    #expect(try second.train(5..<12) == Array(metrics[5...]))
    #expect(second.state() == whole.state())
  }

  @Test func isNotChangedByLookingAtIt() throws {
    let images = try TinyImages(side: 8)
    var looked = try images.autoencoder()
    var plain = try images.autoencoder()
    try looked.train(0..<3)
    let first = try looked.evaluate()
    try looked.export(to: Exports(folder: images.path + "/exports", epoch: 1))
    _ = looked.describe()
    #expect(try looked.evaluate() == first)
    #expect(try looked.train(3..<6) == Array(plain.train(0..<6)[3...]))
    #expect(looked.state() == plain.state())
  }

  @Test func refusesTheStateOfAnotherNetwork() throws {
    let images = try TinyImages(side: 8)
    let small = try images.autoencoder { $0.hidden = [4] }
    var large = try images.autoencoder()
    let before = large.state()
    let error = #expect(throws: (any Error).self) { try large.restore(small.state()) }
    #expect(
      error.map { "\($0)" }
        == "tensor 'optimizer.firstMoment.vae.decoder.0.bias': has shape [4], expected [16]")
    #expect(large.state() == before)
  }

  @Test func namesItsParametersLikePyTorch() throws {
    let autoencoder = try TinyImages(side: 8).autoencoder {
      $0.architecture = .conv
      $0.channels = [2, 4]
    }
    let names = autoencoder.state().map(\.name)
    #expect(
      names.filter { $0.hasPrefix("vae.") && $0.hasSuffix(".weight") } == [
        "vae.decoder.0.weight", "vae.decoder.1.weight", "vae.decoder.3.weight",
        "vae.decoder.4.weight", "vae.encoder.0.weight", "vae.encoder.1.weight",
        "vae.encoder.3.weight", "vae.logVariance.weight", "vae.mean.weight",
      ])
    #expect(names.contains("optimizer.firstMoment.vae.encoder.0.weight"))
    #expect(names.contains("optimizer.updates"))
  }

  /// Layer by layer: inputs times outputs, and a bias for each output.
  @Test func describesItsLayersAndData() throws {
    let description = try TinyImages(side: 8).autoencoder {
      $0.architecture = .conv
      $0.channels = [2, 4]
    }.describe()
    #expect(
      description.layers.map { "\($0.path) \($0.kind) \($0.outputShape) \($0.parameters)" } == [
        "encoder.0 Conv2D [2, 4, 4] 34", "encoder.1 Conv2D [4, 2, 2] 132",
        "encoder.2 Flatten [16] 0", "encoder.3 Dense [16] 272", "mean Dense [2] 34",
        "logVariance Dense [2] 34", "decoder.0 Dense [16] 48", "decoder.1 Dense [16] 272",
        "decoder.2 Reshape [4, 2, 2] 0", "decoder.3 ConvTranspose2D [2, 4, 4] 130",
        "decoder.4 ConvTranspose2D [1, 8, 8] 33",
      ])
    #expect(description.programs.allSatisfy { $0.flops > 0 && $0.bytesMoved > 0 })
    #expect(description.programs.allSatisfy { $0.memoryBytes > 0 })
    #expect(description.sources.map(\.name).first == "train-images-idx3-ubyte")
  }
}
