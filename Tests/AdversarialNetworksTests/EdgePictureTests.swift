import AdversarialNetworks
import Datasets
import Testing

struct EdgePictureTests {
  private func edges(
    _ pixels: [UInt8], channels: Int = 1, width: Int, threshold: Int = 510
  ) -> [UInt8] {
    let height = pixels.count / width / channels
    return ImageSet(
      channels: channels, height: height, width: width, pixels: pixels, labels: [0],
      classNames: ["one"]
    ).edges(threshold: threshold).pixels
  }

  /// A straight border has a slope of 4 · 255 on both of its sides.
  @Test(arguments: [(1020, 255), (1021, 0)] as [(Int, UInt8)])
  func aStraightBorder(threshold: Int, shown: UInt8) {
    let picture = [[UInt8]](repeating: [0, 0, 255, 255], count: 3).flatMap(\.self)
    let expected = [[UInt8]](repeating: [0, shown, shown, 0], count: 3).flatMap(\.self)
    #expect(edges(picture, width: 4, threshold: threshold) == expected)
  }

  /// Beside a white pixel the slope is 510, at its corners 255 · √2 = 360.6, and in it there is none.
  @Test(arguments: [(360, 255), (361, 0), (510, 0)] as [(Int, UInt8)])
  func aWhitePixel(threshold: Int, corner: UInt8) {
    let pixel: [UInt8] = [0, 0, 0, 0, 255, 0, 0, 0, 0]
    #expect(
      edges(pixel, width: 3, threshold: threshold)
        == [corner, 255, corner, 255, 0, 255, corner, 255, corner])
    #expect(edges(pixel, width: 3, threshold: 511) == [UInt8](repeating: 0, count: 9))
  }

  @Test func coloursCountByTheirMeanAndAllChannelsAreAlike() {
    let red: [UInt8] = [0, 0, 255, 255] + [UInt8](repeating: 0, count: 8)
    let shown: [UInt8] = [0, 255, 255, 0]
    #expect(edges(red, channels: 3, width: 4, threshold: 340) == shown + shown + shown)
    #expect(edges(red, channels: 3, width: 4, threshold: 341).allSatisfy { $0 == 0 })
  }

  @Test func eachImageHasItsOwnAndKeepsItsLabel() throws {
    let sprites = try DatasetCatalog.load("sprites", DatasetOptions(limit: 3)).test
    let edges = sprites.edges()
    #expect((edges.count, edges.labels) == (3, sprites.labels))
    for image in 0..<3 {
      let range = image * sprites.imageSize..<(image + 1) * sprites.imageSize
      let alone = ImageSet(
        channels: 1, height: 32, width: 32, pixels: Array(sprites.pixels[range]), labels: [0],
        classNames: ["one"])
      #expect(Array(edges.pixels[range]) == alone.edges().pixels)
      #expect(alone.edges().pixels.contains(255))
    }
  }
}
