import Imaging
import Testing

/// The four rectangles of the fixtures: 16 x 8 pixels, split at x = 8 and y = 4.
private func rectangles(_ x: Int, _ y: Int) -> [Int] { [x < 8 ? 40 : 220, y < 4 ? 60 : 200, 120] }

/// The largest difference of the samples of two images.
private func difference(_ first: Image, _ second: Image) -> Int {
  zip(first.pixels, second.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 0
}

@Suite struct JPEGTests {
  @Test(arguments: [JPEGFixtures.baseline, JPEGFixtures.progressive])
  func readsColour(file: [UInt8]) throws {
    let image = try JPEG.decode(file)
    #expect((image.width, image.height, image.channels) == (16, 8, 3))
    // Away from the vertical edge, where the halved chroma bleeds.
    for (x, y) in [(1, 1), (14, 1), (1, 6), (14, 6)] {
      for channel in 0..<3 {
        #expect(abs(Int(image[x, y, channel]) - rectangles(x, y)[channel]) <= 3)
      }
    }
  }

  @Test func readsGrey() throws {
    let image = try JPEG.decode(JPEGFixtures.grey)
    #expect((image.width, image.height, image.channels) == (16, 8, 1))
    // Pillow's values.
    #expect(image[1, 1, 0] == 61)
    #expect(image[6, 6, 0] == 143)
  }

  @Test func turnsUpright() throws {
    let image = try JPEG.decode(JPEGFixtures.exif)
    #expect((image.width, image.height) == (8, 16))
    // Turned right: what was the bottom left corner is the top left one.
    for (channel, value) in rectangles(1, 6).enumerated() {
      #expect(abs(Int(image[1, 1, channel]) - value) <= 3)
    }
  }

  @Test(arguments: 0...9 as ClosedRange<UInt8>, [false, true])
  func knowsEveryOrientation(value: UInt8, bigEndian: Bool) throws {
    let stored = try JPEG.decode(JPEGFixtures.baseline)
    let upright = try JPEG.decode(
      withExif(JPEGFixtures.baseline, orientation: value, bigEndian: bigEndian))
    // Where the corner (0, 0) of the stored image is, and the one to its right: after T.81 and
    // Exif 2.3, table 6 (0 and 9 are not defined and left alone).
    let (right, bottom) = (upright.width - 1, upright.height - 1)
    let corners: [(origin: (Int, Int), next: (Int, Int))] = [
      ((0, 0), (right, 0)), ((right, 0), (0, 0)), ((right, bottom), (0, bottom)),
      ((0, bottom), (right, bottom)), ((0, 0), (0, bottom)), ((right, 0), (right, bottom)),
      ((right, bottom), (right, 0)), ((0, bottom), (0, 0)),
    ]
    let corner = corners[1...8 ~= value ? Int(value) - 1 : 0]
    #expect((upright.width > upright.height) == !(5...8 ~= value))
    for channel in 0..<3 {
      #expect(upright[corner.origin.0, corner.origin.1, channel] == stored[0, 0, channel])
      #expect(upright[corner.next.0, corner.next.1, channel] == stored[15, 0, channel])
    }
  }

  @Test(arguments: [1, 3])
  func roundTripsSmoothImages(channels: Int) throws {
    var image = Image(width: 37, height: 21, channels: channels, filledWith: .black)
    for y in 0..<21 {
      for x in 0..<37 {
        for channel in 0..<channels { image[x, y, channel] = UInt8(4 * x + 3 * y + 20 * channel) }
      }
    }
    let best = try JPEG.decode(JPEG.encode(image, quality: 100))
    #expect((best.width, best.height, best.channels) == (37, 21, channels))
    #expect(difference(best, image) <= 3)
    #expect(JPEG.encode(image, quality: 100).count > JPEG.encode(image, quality: 20).count)
  }

  @Test func blendsOpacityOverWhite() throws {
    let clear = Image(
      width: 8, height: 8, channels: 4, filledWith: Colour(red: 0, green: 0, blue: 0, alpha: 0))
    let decoded = try JPEG.decode(JPEG.encode(clear))
    #expect(decoded == Image(width: 8, height: 8, channels: 3, filledWith: .white))
  }

  @Test func encodesMoreThanAFirstBuffer() throws {
    let image = noise(width: 600, height: 500, channels: 3)
    let file = JPEG.encode(image, quality: 100)
    #expect(file.count > 3 * 64 * 1024)
    #expect(difference(try JPEG.decode(file), image) <= 8)
  }

  @Test(arguments: [JPEGFixtures.baseline, JPEGFixtures.progressive, JPEGFixtures.exif])
  func refusesEveryTruncation(file: [UInt8]) {
    for length in 0..<file.count {
      #expect(throws: ImageError.self) { try JPEG.decode(Array(file.prefix(length))) }
    }
  }

  @Test(arguments: [JPEGFixtures.baseline, JPEGFixtures.progressive, JPEGFixtures.exif])
  func survivesEveryDamage(file: [UInt8]) {
    for place in file.indices {
      for mask: UInt8 in [0x01, 0x80, 0xFF] {
        var damaged = file
        damaged[place] ^= mask
        // JPEG has no checksums: an image or a typed error, and never a crash.
        if let image = try? JPEG.decode(damaged) {
          #expect(image.pixels.count == image.width * image.height * image.channels)
        }
      }
    }
  }

  @Test func refusesPrintColours() {
    let error = #expect(throws: ImageError.self) { try JPEG.decode(JPEGFixtures.cmyk) }
    #expect(
      error?.description
        == "JPEG file with CMYK or other print colours is not supported: expected grey or RGB")
  }

  @Test func refusesSizesBeyondTheLimits() {
    let limits = ImageLimits(side: 15, pixels: 1000)
    #expect(throws: ImageError.tooLarge(.jpeg, width: 16, height: 8, limits: limits)) {
      try JPEG.decode(JPEGFixtures.baseline, limits: limits)
    }
  }

  @Test(arguments: [JPEGFixtures.baseline, JPEGFixtures.progressive])
  func refusesASizeItsBytesCannotHold(file: [UInt8]) throws {
    // The frame header starts FF C0 or FF C2, length, precision; height and width follow.
    let frame = try #require(
      file.indices.dropLast().first { file[$0] == 0xFF && [0xC0, 0xC2].contains(file[$0 + 1]) })
    var lie = file
    lie.replaceSubrange((frame + 5)..<(frame + 9), with: [0x20, 0x00, 0x20, 0x00])
    let error = #expect(throws: ImageError.self) { try JPEG.decode(lie) }
    #expect(error?.description.contains("cannot hold the 8192x8192 pixels") == true)
  }

  @Test func refusesAScanBomb() throws {
    let file = JPEGFixtures.twoScans
    let last = try #require(
      file.indices.dropLast().last { file[$0] == 0xFF && file[$0 + 1] == 0xDA })
    let scan = Array(file[last..<(file.count - 2)])
    func repeated(_ count: Int) -> [UInt8] {
      Array(file[..<last]) + (0..<count).flatMap { _ in scan } + [0xFF, 0xD9]
    }
    #expect(try JPEG.decode(repeated(99)) == JPEG.decode(file))
    let error = #expect(throws: ImageError.self) { try JPEG.decode(repeated(100)) }
    #expect(error?.description.contains("more than 100 scans") == true)
  }
}

/// The file with an Exif segment in front that states the orientation, after another entry.
private func withExif(_ file: [UInt8], orientation: UInt8, bigEndian: Bool) -> [UInt8] {
  func number(_ value: UInt32, _ size: Int) -> [UInt8] {
    let bytes = (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    return bigEndian ? bytes.reversed() : bytes
  }
  let software = number(0x0131, 2) + number(2, 2) + number(2, 4) + [0x61, 0, 0, 0]
  let entry =
    number(0x0112, 2) + number(3, 2) + number(1, 4) + number(UInt32(orientation), 2) + [0, 0]
  let tiff =
    Array((bigEndian ? "MM" : "II").utf8) + number(42, 2) + number(8, 4) + number(2, 2)
    + software + entry + number(0, 4)
  let payload = Array("Exif\0\0".utf8) + tiff
  return [0xFF, 0xD8, 0xFF, 0xE1, 0, UInt8(payload.count + 2)] + payload + file.dropFirst(2)
}
