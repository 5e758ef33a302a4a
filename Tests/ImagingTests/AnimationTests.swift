import Imaging
import Testing

struct AnimationTests {
  /// Three frames: a picture of few colours, a part of it changed, nothing changed.
  private static let frames: [Image] = {
    var canvas = Canvas(width: 40, height: 30, background: .white)
    canvas.fillRectangle(x: 2, y: 3, width: 20, height: 10, colour: Colour(0xC8553D))
    let first = canvas.image
    canvas.fillRectangle(x: 30, y: 20, width: 4, height: 5, colour: Colour(0x6FA8DC))
    return [first, canvas.image, canvas.image]
  }()

  /// Every colour of a square of noise is another.
  private static let noise = Image(
    width: 64, height: 64, channels: 3,
    pixels: (0..<64 * 64 * 3).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) })

  @Test func framesOfAGIFComeBack() throws {
    var animation = GIF(delay: 5)
    for frame in Self.frames { animation.append(frame) }
    let decoded = try #require(GIFReader.frames(of: animation.encoded()))
    #expect(decoded == Self.frames.map(\.pixels))
  }

  @Test func manyColoursOfAGIFAreNear() throws {
    var animation = GIF(delay: 2)
    animation.append(Self.noise)
    let decoded = try #require(GIFReader.frames(of: animation.encoded())?.first)
    let differences = zip(decoded, Self.noise.pixels).map { abs(Int($0) - Int($1)) }
    #expect(differences.reduce(0, +) / differences.count < 20)
  }

  @Test func aGIFOfOneImageIsTheSameEachTime() {
    func file() -> [UInt8] {
      var animation = GIF(delay: 2)
      animation.append(Self.noise)
      return animation.encoded()
    }
    #expect(file() == file())
  }

  @Test func theFirstFrameOfAnAPNGIsItsPicture() throws {
    var animation = APNG(delay: 5)
    for frame in Self.frames { animation.append(frame) }
    let file = animation.encoded()
    #expect(try PNG.decode(file) == Self.frames[0])
    let text = String(decoding: file, as: Unicode.ASCII.self)
    #expect(text.ranges(of: "acTL").count == 1)
    #expect(text.ranges(of: "fcTL").count == 3)
    #expect(text.ranges(of: "fdAT").count == 2)
  }
}
