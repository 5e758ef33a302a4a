import Autoencoders
import Experiments
import FileFormats
import Imaging
import Testing

/// The pictures of a latent space.
@Suite struct LatentTests {
  private let images: TinyImages
  private var autoencoder: Autoencoder

  init() throws {
    images = try TinyImages(side: 8)
    autoencoder = try images.autoencoder()
    try autoencoder.train(0..<12)
  }

  /// Every image is shown two times larger, without space between.
  @Test mutating func theGridIsAsWideAsItsImages() throws {
    let grid = try autoencoder.latentGrid(side: 5)
    #expect((grid.width, grid.height) == (5 * 16, 5 * 16))
  }

  /// The first dimension to the right, the second upward, at the quantiles of the prior: with three
  /// places the middle one is the origin, the last one 0.9674 (five sixths of the distribution).
  @Test mutating func theGridRunsRightAndUp() throws {
    let grid = try autoencoder.latentGrid(side: 3)
    for (latent, column, row) in [
      ([0, 0], 1, 1), ([0.967_422, 0], 2, 1), ([0, 0.967_422], 1, 0), ([-0.967_422, 0], 0, 1),
    ] as [([Float], Int, Int)] {
      let image = try autoencoder.decode([latent])[0]
      let differences = (0..<64).map { pixel in
        let (y, x) = pixel.quotientAndRemainder(dividingBy: 8)
        return abs(Int(grid[column * 16 + 2 * x, row * 16 + 2 * y, 0]) - Int(image[x, y, 0]))
      }
      #expect((differences.max() ?? 255) <= 1, "at \(latent)")
    }
  }

  @Test func aLineOfPointsIsOneRow() throws {
    var narrow = try images.autoencoder { $0.latentSize = 1 }
    let grid = try narrow.latentGrid(side: 5)
    #expect((grid.width, grid.height) == (5 * 16, 16))
    #expect(try narrow.latentMap().verticalLabel.isEmpty)
  }

  @Test mutating func interpolationEndsAtTheReconstructions() throws {
    let sheet = try autoencoder.interpolationSheet(pairs: [(0, 3), (5, 5)], steps: 4)
    #expect((sheet.width, sheet.height) == (6 * 18 + 2, 2 * 18 + 2))
    func cell(_ column: Int, _ row: Int) -> [UInt8] {
      (0..<64).map { sheet[2 + column * 18 + $0 % 8 * 2, 2 + row * 18 + $0 / 8 * 2, 0] }
    }
    func reconstruction(_ index: Int) throws -> [UInt8] {
      try autoencoder.decode(autoencoder.encode(index..<index + 1))[0].pixels
    }
    #expect(cell(0, 0) == autoencoder.testImage(0).pixels)
    #expect(try cell(1, 0) == reconstruction(0))
    #expect(try cell(4, 0) == reconstruction(3))
    #expect(cell(5, 0) == autoencoder.testImage(3).pixels)
    // From an image to itself nothing changes.
    let reconstructed = try reconstruction(5)
    #expect((1...4).allSatisfy { cell($0, 1) == reconstructed })
    #expect(cell(2, 0) != cell(1, 0))
  }

  @Test mutating func aSeedAlwaysGivesTheSameSamples() throws {
    let samples = try autoencoder.sample(count: 20, seed: 3)
    #expect(samples.count == 20)
    #expect(try autoencoder.sample(count: 20, seed: 3) == samples)
    #expect(try autoencoder.sample(count: 5, seed: 3) == Array(samples[..<5]))
    #expect(try autoencoder.sample(count: 20, seed: 4) != samples)
    #expect(Set(samples).count > 10)
  }

  /// Of four dimensions the encoder is made to use the second and the last.
  @Test func theMapShowsTheDimensionsInUse() throws {
    var wide = try images.autoencoder {
      $0.hidden = []
      $0.latentSize = 4
    }
    let gains: [Float] = [0.01, 1, 0, 5]
    try wide.restore(
      wide.state().map { record in
        guard record.name == "vae.mean.weight", let values = record.values(as: Float.self) else {
          return record
        }
        let scaled = values.enumerated().map { $1 * gains[$0 / 64] }
        return TensorRecord(name: record.name, shape: record.shape, values: scaled)
      })
    let map = try wide.latentMap()
    #expect((map.horizontalLabel, map.verticalLabel) == ("latent 1", "latent 3"))
    let latents = try wide.encode(0..<TinyImages.testCount)
    #expect(
      map.samples.map(\.position) == latents.map { Point(x: Double($0[1]), y: Double($0[3])) })
    #expect(map.samples.map(\.classIndex) == (0..<TinyImages.testCount).map { $0 % 8 })

    let chosen = try wide.latentMap(limit: 3, dimensions: (2, 0))
    #expect((chosen.horizontalLabel, chosen.verticalLabel) == ("latent 2", "latent 0"))
    #expect(chosen.samples.count == 3)
  }

  /// A is to A as C is to C; beside the originals stand C's reconstruction and the answer.
  @Test mutating func analogiesAddDifferences() throws {
    let sheet = try autoencoder.analogySheet([
      (a: .testImage(2), b: .testImage(2), c: .testImage(5)),
      (a: .testImage(0), b: .testImage(3), c: .testImage(0)),
      (a: .classMean(1), b: .classMean(1), c: .classMean(4)),
    ])
    func reconstruction(_ index: Int) throws -> [UInt8] {
      try autoencoder.decode(autoencoder.encode(index..<index + 1))[0].pixels
    }
    // Captions stand above; cells are read from below, where 12 pixels are left.
    func cell(_ column: Int, _ row: Int) -> [UInt8] {
      let top = sheet.height - (3 - row) * 18 - 10
      let left = sheet.width - (5 - column) * 18 - 10
      return (0..<64).map { sheet[left + $0 % 8 * 2, top + $0 / 8 * 2, 0] }
    }
    #expect(cell(0, 0) == autoencoder.testImage(2).pixels)
    #expect(cell(2, 0) == autoencoder.testImage(5).pixels)
    #expect(try cell(3, 0) == reconstruction(5))
    #expect(try cell(4, 0) == reconstruction(5))
    #expect(try cell(4, 1) == reconstruction(3))
    #expect(cell(3, 2) == cell(2, 2) && cell(4, 2) == cell(2, 2))
    // The only test images of classes 1 and 4 are those of the same numbers.
    #expect(try cell(0, 2) == reconstruction(1))
  }

  /// The frames go there and back; each shows a column of the sheet.
  @Test mutating func traversalsMoveThereAndBack() throws {
    let frames = try autoencoder.traversalFrames(of: 1, dimensions: [1, 0], steps: 4)
    #expect(frames.count == 6)
    #expect(Set(frames).count == 4)
    #expect(frames[5] == frames[1] && frames[4] == frames[2])
    let sheet = try autoencoder.traversalSheet(of: 1, dimensions: [1, 0], steps: 4)
    func pixels(_ image: Image, fromRight: Int, fromBelow: Int) -> [UInt8] {
      (0..<64).map {
        image[
          image.width - 10 - fromRight * 18 + $0 % 8 * 2,
          image.height - 10 - fromBelow * 18 + $0 / 8 * 2, 0]
      }
    }
    for (step, frame) in frames.prefix(4).enumerated() {
      #expect(
        pixels(frame, fromRight: 2, fromBelow: 1)
          == pixels(sheet, fromRight: 4 - step, fromBelow: 2))
      #expect(
        pixels(frame, fromRight: 1, fromBelow: 1)
          == pixels(sheet, fromRight: 4 - step, fromBelow: 1))
    }
  }

  /// A latent point of a model that is told classes ends with the class.
  @Test func aGridIsOfOneClass() throws {
    var conditional = try images.autoencoder { $0.model = .conditional }
    try conditional.train(0..<12)
    #expect(conditional.toldClasses == conditional.classNames)
    let middle = try conditional.decode([[0, 0] + conditional.oneHot(3)])[0]
    let grid = try conditional.latentGrid(side: 1, class: 3)
    #expect((0..<64).allSatisfy { grid[$0 % 8 * 2, $0 / 8 * 2, 0] == middle.pixels[$0] })
    #expect(try conditional.latentGrid(side: 1, class: 4) != grid)
    #expect(try conditional.usedDimensions().sorted() == [0, 1])
  }

  @Test mutating func exportsEveryPicture() throws {
    let folder = images.path + "/images"
    try autoencoder.export(to: Exports(folder: folder, epoch: 1))
    #expect(
      try Files.names(in: folder).sorted() == [
        "latent-grid.png", "latent-map.png", "latent-map.svg", "reconstructions.png",
        "samples.png",
      ])
  }
}
