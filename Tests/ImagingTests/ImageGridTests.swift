import Imaging
import Testing

@Suite struct ImageGridTests {
  private let images = (0..<5).map { index in
    Image(
      width: 4, height: 3, channels: [1, 3, 4][index % 3],
      filledWith: Colour(UInt32(index) * 0x202020))
  }

  @Test func placesImagesInRows() {
    let sheet = ImageGrid(
      images: images, columns: 3, spacing: 2, scale: 2, background: Colour(0xFF0000)
    ).image()
    // Three columns of 8 and two rows of 6, with 2 between and around.
    #expect((sheet.width, sheet.height, sheet.channels) == (3 * 8 + 4 * 2, 2 * 6 + 3 * 2, 3))
    for (index, image) in images.enumerated() {
      let (x, y) = (2 + index % 3 * 10, 2 + index / 3 * 8)
      let colour = image.colour(x: 0, y: 0)
      #expect(sheet.colour(x: x, y: y) == colour)
      #expect(sheet.colour(x: x + 7, y: y + 5) == colour)
      #expect(sheet.colour(x: x - 1, y: y) == Colour(0xFF0000))
      #expect(sheet.colour(x: x, y: y - 1) == Colour(0xFF0000))
    }
    // The place of the sixth is empty.
    #expect(sheet.colour(x: 25, y: 12) == Colour(0xFF0000))
  }

  @Test func canBeWithoutSpacing() {
    let sheet = ImageGrid(images: Array(images.prefix(4)), columns: 2, spacing: 0).image()
    #expect((sheet.width, sheet.height) == (8, 6))
  }

  @Test func makesRoomForTexts() {
    let bare = ImageGrid(images: images, columns: 3).image()
    var grid = ImageGrid(images: images, columns: 3)
    grid.title = "Samples"
    let titled = grid.image()
    grid.rowCaptions = ["first", "second"]
    let captioned = grid.image()
    grid.columnCaptions = ["a", "b", "a caption that is wider than its column"]
    let full = grid.image()
    #expect(titled.height > bare.height)
    #expect(captioned.width > titled.width && captioned.height == titled.height)
    #expect(full.height > captioned.height && full.width == captioned.width)
  }

  @Test(arguments: [Colour.white, .black])
  func writesInAContrast(background: Colour) {
    var grid = ImageGrid(images: images, columns: 1, background: background)
    let plain = grid.image()
    grid.title = "T"
    let titled = grid.image()
    #expect(Set(plain.pixels) != Set(titled.pixels))
    let ink: UInt8 = background == .white ? 0x33 : 0xDD
    #expect(titled.pixels.contains(ink))
  }
}
