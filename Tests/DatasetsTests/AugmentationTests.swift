import Datasets
import Randomness
import Testing

@Suite struct AugmentationTests {
  /// A grey image of 3 x 4 whose samples are all different.
  static let image: [UInt8] = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120]

  func changed(
    _ image: [UInt8] = image, channels: Int = 1, seed: UInt64 = 1, step: Int = 0,
    _ configure: (inout ImageAugmentation) -> Void
  ) -> [UInt8] {
    var augmentation = ImageAugmentation()
    configure(&augmentation)
    var batch = image
    augmentation.apply(
      to: &batch, channels: channels, height: 3, width: 4, seed: seed, step: step)
    return batch
  }

  @Test func nothingIsChangedUnlessAsked() {
    #expect(ImageAugmentation().isNone)
    #expect(changed { _ in } == Self.image)
    #expect(changed { $0.fill = .edge } == Self.image)
    var turned = ImageAugmentation()
    turned.rotation = 1
    #expect(!turned.isNone)
  }

  @Test func flipsMirrorExactly() {
    #expect(
      changed { $0.horizontalFlip = 1 } == [40, 30, 20, 10, 80, 70, 60, 50, 120, 110, 100, 90])
    #expect(
      changed { $0.verticalFlip = 1 } == [90, 100, 110, 120, 50, 60, 70, 80, 10, 20, 30, 40])
  }

  @Test func cropsAreMovesByWholePixelsAndAllOfThemOccur() {
    /// The image moved right by x and down by y over black.
    func moved(_ x: Int, _ y: Int) -> [UInt8] {
      (0..<12).map { place in
        let (row, column) = (place / 4 - y, place % 4 - x)
        return (0..<3).contains(row) && (0..<4).contains(column) ? Self.image[row * 4 + column] : 0
      }
    }
    let expected = Set((-1...1).flatMap { x in (-1...1).map { moved(x, $0) } })
    let seen = Set((0..<200).map { step in changed(step: step) { $0.cropPadding = 1 } })
    #expect(seen == expected)
  }

  @Test(arguments: [
    (ImageAugmentation.Fill.edge, UInt8(10)), (.reflect, 20), (.zeros, 0),
  ])
  func whatLiesBeyondTheEdgesIsFilled(fill: ImageAugmentation.Fill, first: UInt8) {
    let seen = (0..<200).map { step in
      changed([10, 20, 30, 40, 10, 20, 30, 40, 10, 20, 30, 40], step: step) {
        $0.cropPadding = 1
        $0.fill = fill
      }
    }
    // Rows that came from one to the left.
    #expect(seen.contains { $0[4..<8] == [first, 10, 20, 30] })
  }

  @Test func aTurnByHalfACircleMirrorsBothWays() throws {
    // The largest turn that is drawn comes close to 180 degrees.
    let turned = (0..<2000).map { step in changed(step: step) { $0.rotation = 180 } }
    let reversed = Array(Self.image.reversed())
    let closest = turned.map { image in
      zip(image, reversed).map { abs(Int($0) - Int($1)) }.max() ?? 255
    }.min()
    #expect(try #require(closest) <= 2)
  }

  @Test func coloursChangeWithinTheirRanges() {
    let grey = [UInt8](repeating: 100, count: 12)
    let lit = (0..<100).map { step in changed(grey, step: step) { $0.brightness = 0.5 } }
    #expect(lit.allSatisfy { image in image.allSatisfy { (50...150).contains($0) } })
    #expect(Set(lit.map { $0[0] }).count > 50)
    // A plane image has no contrast, a grey one no saturation.
    #expect(changed(grey) { $0.contrast = 1 } == grey)
    #expect(changed(grey + grey + grey, channels: 3) { $0.saturation = 1 } == grey + grey + grey)
    #expect(changed { $0.saturation = 1 } == Self.image)
    #expect(changed { $0.contrast = 1 } != Self.image)
    let red = [UInt8](repeating: 200, count: 12) + [UInt8](repeating: 0, count: 24)
    #expect(changed(red, channels: 3) { $0.saturation = 1 } != red)
  }

  @Test func anImageDependsOnSeedStepAndPlaceAlone() {
    func all(_ augmentation: inout ImageAugmentation) {
      augmentation.rotation = 30
      augmentation.zoom = 0.2
      augmentation.translation = 0.1
      augmentation.shear = 10
      augmentation.contrast = 0.5
    }
    let pair = changed(Self.image + Self.image, step: 5, all)
    #expect(Array(pair[..<12]) == changed(step: 5, all))
    #expect(pair[..<12] != pair[12...])
    #expect(changed(step: 5, all) != changed(step: 6, all))
    #expect(changed(seed: 2, step: 5, all) != changed(step: 5, all))
  }

  /// A range that is switched on must not change what the others draw.
  @Test func rangesAreDrawnIndependently() {
    let moved = changed(step: 3) { $0.cropPadding = 1 }
    let both = changed(step: 3) {
      $0.cropPadding = 1
      $0.brightness = 1e-9
      $0.rotation = 1e-9
    }
    #expect(moved == both)
  }
}
