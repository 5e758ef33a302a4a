import Imaging
import Testing

/// The 5 x 3 colour image of the fixtures.
private func colours(_ x: Int, _ y: Int) -> [UInt8] {
  [UInt8(x * 50), UInt8(y * 80), UInt8(x * y * 15)]
}

private func image(channels: Int, _ pixel: (Int, Int) -> [UInt8]) -> Image {
  let pixels = (0..<3).flatMap { y in (0..<5).flatMap { x in pixel(x, y) } }
  return Image(width: 5, height: 3, channels: channels, pixels: pixels)
}

@Suite struct PNGTests {
  @Test(arguments: [
    PNGFixtures.rgb, PNGFixtures.rgb16, PNGFixtures.interlaced, PNGFixtures.metadata,
  ])
  func readsColour(file: [UInt8]) throws {
    #expect(try PNG.decode(file) == image(channels: 3, colours))
  }

  @Test func readsGrey() throws {
    #expect(
      try PNG.decode(PNGFixtures.grey) == image(channels: 1) { x, y in [UInt8(x * 50 + y * 10)] })
    #expect(
      try PNG.decode(PNGFixtures.oneBit)
        == image(channels: 1) { x, y in [(x + y).isMultiple(of: 2) ? 0 : 255] })
  }

  @Test func looksUpPalettes() throws {
    let palette: [[UInt8]] = [[255, 0, 0], [0, 255, 0], [0, 0, 255]]
    let opacity: [UInt8] = [255, 128, 0]
    #expect(
      try PNG.decode(PNGFixtures.palette)
        == image(channels: 3) { x, y in palette[(x + y) % 3] })
    #expect(
      try PNG.decode(PNGFixtures.paletteTransparent)
        == image(channels: 4) { x, y in palette[(x + y) % 3] + [opacity[(x + y) % 3]] })
  }

  @Test func readsOpacity() throws {
    #expect(
      try PNG.decode(PNGFixtures.rgba)
        == image(channels: 4) { x, y in colours(x, y) + [UInt8(y * 100)] })
    #expect(
      try PNG.decode(PNGFixtures.greyAlpha)
        == image(channels: 4) { x, y in
          [UInt8](repeating: UInt8(x * 50), count: 3) + [UInt8(y * 100)]
        })
    #expect(
      try PNG.decode(PNGFixtures.rgbKeyed)
        == image(channels: 4) { x, y in colours(x, y) + [(x, y) == (2, 1) ? 0 : 255] })
  }

  @Test(arguments: [1, 3, 4], [(1, 1), (7, 5), (300, 200)])
  func roundTrips(channels: Int, size: (width: Int, height: Int)) throws {
    let image = noise(width: size.width, height: size.height, channels: channels)
    let file = PNG.encode(image)
    #expect(try PNG.decode(file) == image)
    #expect(PNG.encode(image) == file)
    #expect(try Image(decoding: file) == image)
  }

  @Test(arguments: [PNGFixtures.rgb, PNGFixtures.paletteTransparent, PNGFixtures.interlaced])
  func refusesEveryTruncation(file: [UInt8]) {
    for length in 0..<file.count {
      #expect(throws: ImageError.self) { try PNG.decode(Array(file.prefix(length))) }
    }
  }

  @Test(arguments: [PNGFixtures.rgb, PNGFixtures.paletteTransparent, PNGFixtures.metadata])
  func refusesEveryFlippedByte(file: [UInt8]) {
    for place in file.indices {
      var damaged = file
      damaged[place] ^= 0x55
      #expect(throws: ImageError.self, "byte \(place)") { try PNG.decode(damaged) }
    }
  }

  @Test func saysWhereAFileEnds() {
    let error = #expect(throws: ImageError.self) {
      try PNG.decode(Array(PNGFixtures.rgb.prefix(50)))
    }
    #expect(error == .damaged(.png, reason: "the file ends early", byte: 50))
    #expect(error?.description == "damaged PNG file: the file ends early (at byte 50)")
  }

  @Test func refusesWhatIsNoPNG() {
    #expect(throws: ImageError.wrongSignature(expected: [.png])) {
      try PNG.decode(JPEGFixtures.baseline)
    }
    #expect(throws: ImageError.wrongSignature(expected: [.png, .jpeg])) {
      try Image(decoding: [1, 2, 3])
    }
  }

  @Test func refusesSizesBeyondTheLimits() {
    let limits = ImageLimits(side: 100, pixels: 14)
    #expect(throws: ImageError.tooLarge(.png, width: 5, height: 3, limits: limits)) {
      try PNG.decode(PNGFixtures.rgb, limits: limits)
    }
    // Width and height of the header lie: all ones, beyond what PNG allows.
    var lie = PNGFixtures.rgb
    lie.replaceSubrange(16..<24, with: repeatElement(0xFF, count: 8))
    #expect(
      throws: ImageError.tooLarge(
        .png, width: 0xFFFF_FFFF, height: 0xFFFF_FFFF, limits: .default)
    ) { try PNG.decode(lie) }
  }

  @Test func refusesAnImageWithFewerRowsThanPromised() {
    // An honest file of one row, with the header (and its checksum) of a much higher image.
    let row = PNG.encode(Image(width: 1000, height: 1, channels: 3, filledWith: .white))
    let high = PNG.encode(Image(width: 1000, height: 1000, channels: 3, filledWith: .white))
    #expect(throws: ImageError.self) { try PNG.decode(Array(high[..<33]) + Array(row[33...])) }
  }
}
