import Experiments
import FeatureNetworks
import FileFormats
import Imaging
import Randomness
import StyleTransfer
import Testing

@Suite struct OptimizationTests {
  /// Ways to change a picture, each at two sizes.
  enum Method: CaseIterable {
    case adam, lbfgs, texture, moments

    func picture(seed: UInt64 = 1, threads: Int = 1) throws -> PictureOptimization {
      try smallPicture(seed: seed, threads: threads) {
        $0.scales = 2
        $0.scaleSteps = 3
        switch self {
        case .adam: $0.colours = .luminance
        case .lbfgs: $0.optimizer.rule = .lbfgs
        case .texture: ($0.content, $0.initial) = ("", .noise)
        case .moments: ($0.statistics, $0.variationWeight) = (.moments, 1)
        }
      }
    }
  }

  @Test("a step makes the loss smaller", arguments: StyleStatisticsKind.allCases)
  func lowersTheLoss(statistics: StyleStatisticsKind) throws {
    var picture = try smallPicture { $0.statistics = statistics }
    let losses = try (0..<12).map { try #require(try picture.step($0)["loss"]) }
    #expect(losses[11] < 0.8 * losses[0])
    let after = try picture.evaluate()
    #expect(try #require(after["loss"]) < losses[11])
    #expect(after["content"] != nil && after["style"] != nil)
  }

  @Test("the same seed gives the same bytes on any threads", arguments: Method.allCases)
  func isReproducible(method: Method) throws {
    var one = try method.picture(threads: 1)
    var two = try method.picture(threads: 2)
    let metrics = try (0..<6).map { try one.step($0) }
    #expect(try (0..<6).map { try two.step($0) } == metrics)
    #expect(two.state() == one.state())
    #expect(try two.picture() == one.picture())
  }

  @Test("a saved picture goes on to the bit", arguments: Method.allCases)
  func goesOn(method: Method) throws {
    for pause in [2, 3, 5] {
      var whole = try method.picture()
      var first = try method.picture()
      let metrics = try (0..<7).map { try whole.step($0) }
      for step in 0..<pause { _ = try first.step(step) }
      let file = SafeTensors.encode(first.state())
      var second = try method.picture()
      try second.restore(SafeTensors.decode(file, path: "saved.safetensors").records)
      #expect(try second.picture() == first.picture())
      #expect(try (pause..<7).map { try second.step($0) } == Array(metrics[pause...]))
      #expect(second.state() == whole.state())
    }
  }

  @Test("by tiles the steps are those of the whole picture", arguments: [false, true])
  func tiles(usesLBFGS: Bool) throws {
    func steps(tile: Int) throws -> (losses: [Double], picture: [Float], programs: Int) {
      var picture = try smallPicture {
        ($0.size, $0.tile, $0.variationWeight) = (120, tile, 1)
        // Windows of 32 with a margin of 16 to each side, in a picture of 120 by 120.
        $0.features.styleLayers = ["relu1_1", "relu2_1"]
        ($0.style, $0.styleShares) = (["drawn:waves", "drawn:mosaic"], [1, 3])
        if usesLBFGS { $0.optimizer.rule = .lbfgs }
      }
      let losses = try (0..<5).map { try #require(try picture.step($0)["loss"]) }
      let name = usesLBFGS ? "lbfgs.point" : "picture.0"
      let record = try #require(picture.state().first { $0.name == name })
      return (losses, try #require(record.values()), try picture.describe().programs.count)
    }
    let whole = try steps(tile: 0)
    let tiled = try steps(tile: 32)
    #expect(tiled.programs > whole.programs)
    // Where a gradient is next to nothing, rounding decides which way Adam goes.
    for (place, (one, other)) in zip(whole.losses, tiled.losses).enumerated() {
      #expect(abs(one - other) < (place == 0 ? 5e-5 : 1e-3) * one)
    }
    let apart = zip(whole.picture, tiled.picture).map { abs($0 - $1) }
    #expect(apart.reduce(0, +) / Float(apart.count) < 4e-3)
  }

  @Test("neither the network nor the targets are saved")
  func savesLittle() throws {
    var picture = try smallPicture { _ in }
    _ = try picture.step(0)
    let count = picture.state().reduce(0) { $0 + $1.bytes.count }
    // The picture and Adam's two moments of it, and a few counters.
    #expect(count < 4 * 4 * 3 * 48 * 48)
  }

  @Test("regions take the style of regions of the same colour")
  func regions() throws {
    let folder = try TemporaryFolder()
    // Left and right of the content take the halves of a style that is half black and half white.
    func halves(_ left: Colour, _ right: Colour, named name: String) throws -> String {
      var canvas = Canvas(width: 48, height: 48, background: left)
      canvas.fillRectangle(x: 24, y: 0, width: 24, height: 48, colour: right)
      let path = "\(folder.path)/\(name).png"
      try DurableFile.write(PNG.encode(canvas.image), to: path)
      return path
    }
    let style = try halves(.black, .white, named: "style")
    let regions = try halves(Colour(0xFF0000), Colour(0x0000FF), named: "regions")
    let swapped = try halves(Colour(0x0000FF), Colour(0xFF0000), named: "swapped")
    var picture = try smallPicture {
      $0.style = [style]
      (
        $0.regions.content, $0.regions.style, $0.contentWeight, $0.initial
      ) = (swapped, regions, 0, .noise)
      $0.features.styleLayers = ["relu1_1"]
      $0.statistics = .moments
      $0.optimizer.learningRate = 0.05
    }
    for step in 0..<60 { _ = try picture.step(step) }
    let result = try picture.picture()
    func brightness(_ columns: Range<Int>) -> Int {
      columns.reduce(0) { $0 + Int(result.colour(x: $1, y: 24).luma) } / columns.count
    }
    #expect(brightness(4..<20) > brightness(28..<44) + 60)

    let photograph = try smallPicture { $0.size = 48 }.picture()
    try DurableFile.write(PNG.encode(photograph), to: "\(folder.path)/photograph.png")
    let error = #expect(throws: RunError.self) {
      try smallPicture {
        ($0.regions.content, $0.regions.style) = ("\(folder.path)/photograph.png", regions)
      }
    }
    #expect(error?.message.contains("more than 16 colours") == true)
    let missing = #expect(throws: RunError.self) {
      try smallPicture { ($0.regions.content, $0.regions.style) = (regions, style) }
    }
    #expect(missing?.message.contains("lacks the colour #ff0000") == true)
  }

  @Test("pictures that cannot be are refused in a line")
  func refuses() throws {
    let folder = try TemporaryFolder()
    let dot = "\(folder.path)/dot.png"
    try DurableFile.write(
      PNG.encode(Image(width: 1, height: 1, filledWith: .white)), to: dot)
    let text = "\(folder.path)/text.png"
    try DurableFile.write(Array("no picture".utf8), to: text)
    #expect(throws: FileError.self) { try smallPicture { $0.content = "\(folder.path)/none.png" } }
    #expect(throws: FileError.self) { try smallPicture { $0.style = [text] } }
    let small = #expect(throws: RunError.self) { try smallPicture { $0.content = dot } }
    #expect(small?.description == "\(dot) has 1x1 pixels; a picture needs 16 a side")
    let unknown = #expect(throws: RunError.self) { try smallPicture { $0.style = ["drawn:wave"] } }
    #expect(
      unknown?.description == "there is no drawing 'wave'; did you mean 'drawn:waves'?")
    let narrow = #expect(throws: RunError.self) {
      try smallPicture { ($0.size, $0.scales, $0.features.styleLayers) = (16, 1, ["relu5_1"]) }
      try smallPicture { ($0.size, $0.styleScale) = (16, 0.1) }
    }
    #expect(narrow?.kind == .unsuitable)
  }
}

/// A picture of 48 pixels a side, painted through the first layers of VGG.
@discardableResult
func smallPicture(
  seed: UInt64 = 1, threads: Int = 1, _ change: (inout StyleConfiguration) -> Void = { _ in }
) throws -> PictureOptimization {
  var configuration = StyleConfiguration()
  configuration.content = "drawn:balls"
  configuration.style = ["drawn:waves"]
  configuration.size = 48
  configuration.features.source.network = .vgg19
  configuration.features.contentLayers = ["relu2_1"]
  configuration.features.styleLayers = ["relu1_1", "relu2_1"]
  configuration.epochSteps = 4
  change(&configuration)
  return try PictureOptimization(configuration, in: RunContext(seed: seed, threads: threads))
}
