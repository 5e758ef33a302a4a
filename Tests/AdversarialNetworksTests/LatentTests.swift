import AdversarialNetworks
import Experiments
import FileFormats
import Imaging
import Testing

/// The latent space of generators.
@Suite struct LatentTests {
  @Test func aLatentPointEndsWithItsCodesAndClass() throws {
    let plain = try tinyImages()
    #expect((plain.latentSize, plain.toldClasses) == (4, []))
    let told = try tinyImages { $0.condition = .projection }
    #expect(told.toldClasses.count == 3 && told.latentSize == 4 + 3)
    let points = told.priorLatents(count: 5, seed: 1)
    #expect(points.map { Array($0[4...]) } == (0..<5).map { told.oneHot($0 % 3) })
    #expect(told.priorLatents(count: 2, seed: 1) == Array(points[..<2]))
    #expect(told.priorLatents(count: 5, seed: 2) != points)

    let coded = try tinyImages {
      $0.condition = .information
      $0.codes.categories = 4
      $0.codes.continuous = 2
    }
    #expect(coded.toldClasses == ["code 0", "code 1", "code 2", "code 3"])
    for point in coded.priorLatents(count: 50, seed: 1) {
      #expect(point.count == 4 + 2 + 4 && point[4..<6].allSatisfy { (-1...1).contains($0) })
    }
  }

  @Test func examplesArePointsOfThePrior() throws {
    var experiment = try tinyImages()
    let points = experiment.priorLatents(count: 6, seed: 3)
    let examples = try experiment.examples([5, 0], seed: 3)
    #expect(examples == [LatentExample(latent: points[5]), LatentExample(latent: points[0])])
  }

  /// Without an encoder there are no originals at the ends.
  @Test func interpolationGoesFromPointToPoint() throws {
    var experiment = try tinyImages()
    let ends = try experiment.decode(
      experiment.examples([2, 7], seed: 3).map(\.latent))
    let sheet = try experiment.interpolationSheet(pairs: [(2, 7)], steps: 4, seed: 3)
    #expect((sheet.width, sheet.height) == (4 * 66 + 2, 66 + 2))
    for (place, end) in [(0, ends[0]), (3, ends[1])] {
      #expect(
        (0..<1024).allSatisfy {
          sheet[2 + place * 66 + $0 % 32 * 2, 2 + $0 / 32 * 2, 0] == end.pixels[$0]
        })
    }
  }

  /// On the great circle the numbers keep their length, and a class goes straight to the other.
  @Test func waysLeaveClassesOut() throws {
    let experiment = try tinyImages { $0.condition = .projection }
    let ends = experiment.priorLatents(count: 2, seed: 3)
    let way = experiment.way(from: ends[0], to: ends[1], steps: 3, path: .spherical)
    #expect(way[0] == ends[0])
    #expect(way[1][4...] == [0.5, 0.5, 0])
  }

  /// A generator that is deaf to a number has it last.
  @Test func theDimensionsThatChangeImagesComeFirst() throws {
    var experiment = try tinyImages { $0.generator.architecture = .mlp }
    let deaf = experiment.state().map { record in
      guard record.name == "generator.layers.0.weight",
        let values = record.values(as: Float.self)
      else { return record }
      let changed = values.enumerated().map { $0 % 4 == 2 ? 0 : $0 % 4 == 1 ? 10 * $1 : $1 }
      return TensorRecord(name: record.name, shape: record.shape, values: changed)
    }
    try experiment.restore(deaf)
    let used = try experiment.usedDimensions()
    #expect(used.sorted() == [0, 1, 2, 3])
    #expect(used.first == 1 && used.last == 2)
    let sheet = try experiment.traversalSheet(of: 0, limit: 2, steps: 3)
    #expect(sheet.height < 3 * 66)
    #expect(try experiment.latentGrid(side: 3).width == 3 * 64)
  }

  @Test func pointsAreNoImages() throws {
    var experiment = try tinyPoints()
    let error = #expect(throws: RunError.self) { try experiment.latentGrid(side: 3) }
    #expect(error?.kind == .unsuitable)
  }
}
