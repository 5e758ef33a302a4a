import Experiments
import FeatureNetworks
import FileFormats
import Imaging
import NeuralNetworks
import Randomness
import StyleTransfer
import TensorEngine
import Testing

@Suite struct AdaptiveStyleTests {
  @Test func itsKeysAreWellDeclared() {
    #expect(configurationFaults(of: AdaptiveStyleConfiguration.self).isEmpty)
  }

  @Test func adaptedFeaturesByHand() throws {
    let graph = Graph()
    // Mean 4 and deviation 2, then mean -1 and deviation 0.5.
    let content = graph.constant([2, 6, 2, 6, -1.5, -0.5, -1.5, -0.5], shape: [1, 2, 2, 2])
    // Mean 10 and deviation 1, then mean 0 and deviation 3.
    let style = graph.constant([9, 11, 3, -3], shape: [1, 2, 1, 2])
    let adapted = try content.adapted(to: ChannelStatistics(of: style)).value.scalars
    let expected: [Float] = [9, 11, 9, 11, -3, 3, -3, 3]
    for (value, expected) in zip(adapted, expected) { #expect(abs(value - expected) < 1e-3) }
    let itself = try content.adapted(to: ChannelStatistics(of: content)).value.scalars
    for (value, expected) in zip(itself, try content.value.scalars) {
      #expect(abs(value - expected) < 1e-5)
    }
  }

  @Test func theDecoderMirrorsTheEncoder() throws {
    var random = RandomStream(seed: 1, name: "decoder")
    let encoder = VGG.nineteen(through: "relu4_1", random: &random)
    let decoder = FeatureDecoder(mirroring: encoder.featureLayers, random: &random)
    // The authors' decoder: 512-256, 256-256 three times, 256-128, 128-128, 128-64, 64-64, 64-3.
    let widths = [
      (512, 256), (256, 256), (256, 256), (256, 256), (256, 128), (128, 128), (128, 64), (64, 64),
      (64, 3),
    ]
    #expect(
      decoder.parameterCount == widths.reduce(0) { $0 + $1.1 * ($1.0 * 9 + 1) })
    let graph = Graph()
    let features = graph.input("features", shape: [1, 512, 4, 6])
    #expect(graph.bind(decoder, as: "decoder")(features, mode: .training).shape == [1, 3, 32, 48])
  }

  @Test func aRunThatGoesOnEndsWithTheSameBytes() throws {
    var whole = try tinyAdaptiveStyle()
    let metrics = (0..<5).map { whole.step($0) }
    for metrics in metrics { #expect(metrics.firstNonFinite == nil) }
    var half = try tinyAdaptiveStyle(threads: 2)
    for number in 0..<3 { _ = half.step(number) }
    let state = half.state()
    _ = try half.evaluate()
    let style = StyleChoice(pictures: [picture(width: 16, height: 18)])
    _ = try half.stylized(picture(width: 20, height: 24), in: style)
    #expect(half.state() == state)
    #expect(!state.contains { $0.name.hasPrefix("features.") })
    var resumed = try tinyAdaptiveStyle()
    try resumed.restore(state)
    #expect((3..<5).map { resumed.step($0) } == Array(metrics[3...]))
    #expect(resumed.state() == whole.state())
  }

  @Test func trainingBringsTheLossDown() throws {
    var experiment = try tinyAdaptiveStyle { $0.optimizer.learningRate = 2e-3 }
    let before = try #require(try experiment.evaluate()["loss"])
    for number in 0..<40 { _ = experiment.step(number) }
    let after = try #require(try experiment.evaluate()["loss"])
    #expect(after < 0.8 * before)
  }

  @Test(arguments: [(40, 64), (61, 47)])
  func tilesAreTheWhole(width: Int, height: Int) throws {
    var experiment = try tinyAdaptiveStyle()
    for number in 0..<10 { _ = experiment.step(number) }
    let content = picture(width: width, height: height)
    let style = StyleChoice(
      pictures: [picture(width: 50, height: 33), content], weights: [1, 3], strength: 0.7)
    let whole = try experiment.stylized(content, in: style)
    #expect((whole.width, whole.height) == (width, height))
    #expect(greatestDifference(whole, try experiment.stylized(content, in: style, tile: 16)) <= 1)
  }

  @Test func itsOwnStyleIsNoStyle() throws {
    var experiment = try tinyAdaptiveStyle()
    let content = picture(width: 32, height: 32)
    let other = Image(width: 32, height: 32, filledWith: Colour(0x3366CC))
    func drawn(_ pictures: [Image], _ weights: [Double] = [], strength: Double = 1) throws -> Image
    {
      try experiment.stylized(
        content, in: StyleChoice(pictures: pictures, weights: weights, strength: strength))
    }
    let plain = try drawn([content])
    #expect(greatestDifference(plain, try drawn([other], strength: 0)) <= 1)
    #expect(greatestDifference(plain, try drawn([other, content], [0, 1])) <= 1)
    #expect(try drawn([other]) != plain)
  }

  @Test func sheetsAreWritten() throws {
    let folder = try PictureFolder()
    var experiment = try tinyAdaptiveStyle()
    try experiment.export(to: try Exports(folder: folder.path, epoch: 1))
    let sheet = try PNG.decode(Files.read("\(folder.path)/stylized.png"))
    #expect(sheet.width > 7 * 32 && sheet.height > 6 * 32)
  }

  @Test func whatCannotBeIsRefused() throws {
    func expectUnsuitable(
      _ body: () throws -> Void, sourceLocation: SourceLocation = #_sourceLocation
    ) {
      let error = #expect(throws: RunError.self, sourceLocation: sourceLocation) { try body() }
      #expect(error?.kind == .unsuitable, sourceLocation: sourceLocation)
    }
    expectUnsuitable { _ = try tinyAdaptiveStyle { $0.cropSize = 33 } }
    expectUnsuitable { _ = try tinyAdaptiveStyle { $0.cropSize = 64 } }
    expectUnsuitable { _ = try tinyAdaptiveStyle { $0.batchSize = 7 } }
    #expect(throws: FileError.self) {
      _ = try tinyAdaptiveStyle { $0.styleDataset = "folder:/none" }
    }
    #expect(throws: FileError.self) { _ = try tinyAdaptiveStyle { $0.styleDataset = "none" } }
    var experiment = try tinyAdaptiveStyle()
    let (small, fine) = (picture(width: 40, height: 3), picture(width: 32, height: 32))
    expectUnsuitable { _ = try experiment.stylized(fine, in: StyleChoice()) }
    expectUnsuitable { _ = try experiment.stylized(fine, in: StyleChoice(pictures: [small])) }
    expectUnsuitable { _ = try experiment.stylized(small, in: StyleChoice(pictures: [fine])) }
    expectUnsuitable {
      _ = try experiment.stylized(fine, in: StyleChoice(pictures: [fine], weights: [1, 2]))
    }
    var layers = AdaptiveStyleConfiguration()
    layers.features.contentLayers = ["relu1_1", "relu2_1"]
    #expect(layers.problems.count == 1)
  }
}
