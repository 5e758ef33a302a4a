import Imaging
import Testing

@Suite struct ImageTests {
  @Test func takesPlanarValues() {
    // [3, 1, 2]: red, green and blue of two pixels.
    let image = Image(
      planar: [0, 1, 0.5, -1, 2, .nan], channels: 3, height: 1, width: 2)
    #expect(image == Image(width: 2, height: 1, channels: 3, pixels: [0, 128, 255, 255, 0, 0]))
  }

  @Test func keepsEveryByteAsAPlanarValue() {
    let bytes = (0...255).map(UInt8.init)
    let image = Image(planar: bytes.map { Float($0) / 255 }, channels: 1, height: 16, width: 16)
    #expect(image.pixels == bytes)
  }

  @Test func readsAndWritesSamples() {
    var image = Image(width: 3, height: 2, channels: 3, filledWith: .black)
    image[2, 1, 0] = 7
    #expect(image.pixels == [UInt8](repeating: 0, count: 15) + [7, 0, 0])
    #expect(image[2, 1, 0] == 7)
    #expect(image.colour(x: 2, y: 1) == Colour(red: 7, green: 0, blue: 0))
  }

  @Test func convertsChannels() {
    let grey = Image(width: 1, height: 1, channels: 1, pixels: [90])
    #expect(grey.converted(to: 3).pixels == [90, 90, 90])
    #expect(grey.converted(to: 4).pixels == [90, 90, 90, 255])
    #expect(grey.converted(to: 4).converted(to: 1) == grey)
    // 0.299 red + 0.587 green + 0.114 blue.
    let colour = Image(width: 1, height: 1, channels: 3, pixels: [200, 100, 50])
    #expect(colour.converted(to: 1).pixels == [124])
    let half = Image(width: 1, height: 1, channels: 4, pixels: [255, 0, 0, 51])
    #expect(half.converted(to: 3).pixels == [255, 204, 204])
    #expect(half.converted(to: 3, over: .black).pixels == [51, 0, 0])
  }

  @Test(arguments: [1, 3, 4])
  func scalesByRepeating(channels: Int) {
    let image = noise(width: 5, height: 4, channels: channels)
    let scaled = image.scaled(by: 3)
    #expect((scaled.width, scaled.height) == (15, 12))
    for (x, y) in [(0, 0), (2, 2), (3, 2), (14, 11)] {
      #expect(scaled.colour(x: x, y: y) == image.colour(x: x / 3, y: y / 3))
    }
  }
}

@Suite struct ResamplingTests {
  @Test(arguments: [1, 3, 4], [(1, 1), (7, 50), (64, 3), (33, 21)])
  func keepsAPlainColour(channels: Int, size: (width: Int, height: Int)) {
    let colour = Colour(red: 200, green: 100, blue: 3, alpha: 77)
    let image = Image(width: 20, height: 30, channels: channels, filledWith: colour)
    #expect(
      image.resized(width: size.width, height: size.height)
        == Image(width: size.width, height: size.height, channels: channels, filledWith: colour))
  }

  @Test func keepsEveryByteOfAnUnchangedSide() {
    let image = Image(width: 256, height: 2, channels: 1, pixels: Array(0...255) + Array(0...255))
    #expect(image.resized(width: 256, height: 1).pixels == Array(0...255))
  }

  @Test func averagesLightWhereItShrinks() {
    // Half of the light of white is the sample 188, not 128 (IEC 61966-2-1).
    let stripes = Image(width: 4, height: 1, channels: 1, pixels: [0, 255, 255, 0])
    #expect(stripes.resized(width: 2, height: 1).pixels == [188, 188])
    #expect(stripes.resized(width: 1, height: 1).pixels == [188])
    // From 3 to 2: one and a half pixels each; a third of the light is the sample 156.
    let thirds = Image(width: 3, height: 1, channels: 1, pixels: [255, 0, 255])
    #expect(thirds.resized(width: 2, height: 1).pixels == [213, 213])
  }

  @Test func growsSmoothlyAndStaysMirrored() {
    let step = Image(width: 4, height: 1, channels: 1, pixels: [60, 60, 200, 200])
    let grown = step.resized(width: 16, height: 1).pixels
    #expect(grown.first == 60 && grown.last == 200)
    // Rises across the step, and overshoots a little beside it, as Catmull-Rom does.
    #expect(grown[6] < grown[7] && grown[7] < grown[8] && grown[8] < grown[9])
    #expect(grown.contains { $0 > 200 })
    let mirrored = Image(width: 4, height: 1, channels: 1, pixels: [200, 200, 60, 60])
    #expect(mirrored.resized(width: 16, height: 1).pixels == grown.reversed())
  }

  @Test func doesNotLetTransparentColoursBleed() {
    let edge = Image(width: 2, height: 1, channels: 4, pixels: [10, 20, 30, 255, 255, 0, 255, 0])
    #expect(edge.resized(width: 1, height: 1).pixels == [10, 20, 30, 128])
  }
}
