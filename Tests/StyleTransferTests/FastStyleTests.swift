import Experiments
import FileFormats
import Imaging
import StyleTransfer
import Testing

@Suite struct FastStyleTests {
  @Test func itsKeysAreWellDeclared() {
    #expect(configurationFaults(of: FastStyleConfiguration.self).isEmpty)
  }

  @Test func aRunThatGoesOnEndsWithTheSameBytes() throws {
    var whole = try tinyFastStyle()
    let metrics = (0..<5).map { whole.step($0) }
    for metrics in metrics { #expect(metrics.firstNonFinite == nil) }
    var half = try tinyFastStyle(threads: 2)
    for number in 0..<3 { _ = half.step(number) }
    let state = half.state()
    // What evaluating and drawing compute must not matter.
    _ = try half.evaluate()
    _ = try half.stylized(picture(width: 20, height: 24), in: StyleChoice())
    #expect(half.state() == state)
    #expect(!state.contains { $0.name.hasPrefix("features.") })
    var resumed = try tinyFastStyle()
    try resumed.restore(state)
    #expect((3..<5).map { resumed.step($0) } == Array(metrics[3...]))
    #expect(resumed.state() == whole.state())
  }

  @Test func partsCountForTheirWeights() throws {
    var experiment = try tinyFastStyle {
      $0.contentWeight = 2
      $0.styleWeight = 7
      $0.variationWeight = 30
    }
    let metrics = experiment.step(0)
    let (content, style, variation) = (
      try #require(metrics["content"]), try #require(metrics["style"]),
      try #require(metrics["variation"])
    )
    #expect(content > 0 && style > 0 && variation > 0)
    let loss = try #require(metrics["loss"])
    #expect(abs(loss - (2 * content + 7 * style + 30 * variation)) < 1e-4 * loss)
  }

  @Test func trainingBringsTheLossDown() throws {
    var experiment = try tinyFastStyle { $0.optimizer.learningRate = 5e-3 }
    let before = try #require(try experiment.evaluate()["loss"])
    for number in 0..<40 { _ = experiment.step(number) }
    let after = try #require(try experiment.evaluate()["loss"])
    #expect(after < 0.8 * before)
  }

  @Test func sheetsAreWritten() throws {
    let folder = try PictureFolder()
    var experiment = try tinyFastStyle()
    try experiment.export(to: try Exports(folder: folder.path, epoch: 1))
    #expect(
      try Files.names(in: folder.path).sorted()
        == ["stylized.png", "training-00001.png", "training.apng", "training.gif"])
    let sheet = try PNG.decode(Files.read("\(folder.path)/stylized.png"))
    // Two styles beside the picture, six pictures below the styles.
    #expect(sheet.width > 3 * 32 && sheet.height > 7 * 32)
  }

  // MARK: Pictures of any size

  @Test(arguments: [(40, 64), (61, 47), (128, 130)])
  func tilesAreTheWhole(width: Int, height: Int) throws {
    var experiment = try tinyFastStyle { $0.transform.blocks = 0 }
    for number in 0..<3 { _ = experiment.step(number) }
    let picture = picture(width: width, height: height)
    let choice = StyleChoice(weights: [1, 2])
    let whole = try experiment.stylized(picture, in: choice)
    #expect((whole.width, whole.height) == (width, height))
    let tiled = try experiment.stylized(picture, in: choice, tile: 16)
    #expect(greatestDifference(whole, tiled) <= 1)
    #expect(greatestDifference(whole, picture) > 20)
  }

  @Test func stylesAreChosenMixedAndWeakened() throws {
    var experiment = try tinyFastStyle { $0.optimizer.learningRate = 1e-2 }
    for number in 0..<20 { _ = experiment.step(number) }
    let picture = picture(width: 32, height: 32)
    #expect(experiment.learntStyles == ["drawn:waves", "drawn:mosaic"])
    func drawn(_ weights: [Double], strength: Double = 1) throws -> Image {
      try experiment.stylized(picture, in: StyleChoice(weights: weights, strength: strength))
    }
    let (first, second, both) = (try drawn([1, 0]), try drawn([0, 3]), try drawn([1, 1]))
    #expect(first == (try drawn([])))
    #expect(greatestDifference(first, second) > 2)
    #expect(both != first && both != second)
    #expect(try drawn([1, 0], strength: 0) == picture)
    let weak = try drawn([1, 0], strength: 0.5)
    for (place, value) in weak.pixels.enumerated() {
      let mean = (Int(first.pixels[place]) + Int(picture.pixels[place])) / 2
      #expect(abs(Int(value) - mean) <= 1)
    }
  }

  // MARK: What cannot be

  private func expectUnsuitable(
    _ body: () throws -> Void, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: RunError.self, sourceLocation: sourceLocation) { try body() }
    #expect(error?.kind == .unsuitable, sourceLocation: sourceLocation)
    #expect(error?.hint != nil, sourceLocation: sourceLocation)
  }

  @Test func unsuitableConfigurationsAreRefused() throws {
    let folder = try PictureFolder()
    let narrow = try folder.write("narrow", width: 400, height: 20)
    expectUnsuitable { _ = try tinyFastStyle { $0.cropSize = 64 } }
    expectUnsuitable { _ = try tinyFastStyle { $0.batchSize = 7 } }
    expectUnsuitable { _ = try tinyFastStyle { $0.styles = ["drawn:nothing"] } }
    expectUnsuitable { _ = try tinyFastStyle { $0.styles = [narrow] } }
    #expect(throws: FileError.self) { _ = try tinyFastStyle { $0.styles = ["/none.png"] } }
    #expect(throws: FileError.self) {
      _ = try tinyFastStyle { $0.data.dataset = "folder:\(folder.path)/none" }
    }
    #expect(throws: FileError.self) {
      _ = try tinyFastStyle { $0.data.dataset = "folder:\(folder.path)" }
    }
    // Pictures of several sizes are cut and brought to one.
    try folder.write("wide", width: 90, height: 33)
    var experiment = try tinyFastStyle {
      $0.data.dataset = "folder:\(folder.path)"; $0.batchSize = 1
    }
    #expect(experiment.step(0).firstNonFinite == nil)
  }

  @Test func unsuitableChoicesAreRefused() throws {
    var experiment = try tinyFastStyle()
    let small = picture(width: 40, height: 7)
    let fine = picture(width: 32, height: 32)
    expectUnsuitable { _ = try experiment.stylized(small, in: StyleChoice()) }
    expectUnsuitable { _ = try experiment.stylized(fine, in: StyleChoice(pictures: [fine])) }
    expectUnsuitable { _ = try experiment.stylized(fine, in: StyleChoice(), tile: 0) }
    for weights in [[1], [0, 0], [-1, 2], [.infinity, 1], [.nan, 1]] {
      expectUnsuitable { _ = try experiment.stylized(fine, in: StyleChoice(weights: weights)) }
    }
    for strength in [-0.1, 1.1, .nan] {
      expectUnsuitable { _ = try experiment.stylized(fine, in: StyleChoice(strength: strength)) }
    }
  }
}
