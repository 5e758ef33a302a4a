import Imaging
import Testing

@Suite struct CroppingTests {
  private let image = Image(
    width: 3, height: 2, channels: 3, pixels: (0..<18).map { UInt8($0) })

  @Test func aPartKeepsItsPixels() {
    let part = image.cropped(x: 1, y: 1, width: 2, height: 1)
    #expect((part.width, part.height) == (2, 1))
    #expect(part.pixels == [12, 13, 14, 15, 16, 17])
    #expect(image.cropped(x: 0, y: 0, width: 3, height: 2) == image)
  }

  @Test func bordersAreMirroredWithoutTheOutermost() {
    let image = Image(width: 3, height: 2, channels: 1, pixels: [1, 2, 3, 4, 5, 6])
    let mirrored = image.mirrored(toMultipleOf: 2)
    #expect((mirrored.width, mirrored.height) == (4, 2))
    #expect(mirrored.pixels == [1, 2, 3, 2, 4, 5, 6, 5])
    #expect(image.mirrored(toMultipleOf: 1) == image)
    let column = Image(width: 4, height: 5, channels: 1, pixels: (0..<20).map { UInt8($0) })
    let longer = column.mirrored(toMultipleOf: 4)
    #expect((longer.width, longer.height) == (4, 8))
    #expect(Array(longer.pixels[20...]) == [12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7])
  }
}
