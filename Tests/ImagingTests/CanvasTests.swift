import Imaging
import Testing

/// The share of black of every pixel of a drawing on white, summed up.
private func ink(_ canvas: Canvas) -> Double {
  canvas.image.pixels.reduce(0) { $0 + (1 - Double($1) / 255) } / 3
}

private func blank(_ width: Int = 40, _ height: Int = 30) -> Canvas {
  Canvas(width: width, height: height, background: .white)
}

@Suite struct CanvasTests {
  @Test func fillsWholePixelsExactly() {
    var canvas = blank(4, 3)
    canvas.fillRectangle(x: 1, y: 1, width: 2, height: 1, colour: .black)
    let image = canvas.image.converted(to: 1)
    #expect(image.pixels == [255, 255, 255, 255, 255, 0, 0, 255, 255, 255, 255, 255])
  }

  @Test func coversPixelsByArea() {
    var canvas = blank(3, 1)
    canvas.fillRectangle(x: 0.5, y: 0, width: 2.25, height: 1, colour: .black)
    #expect(canvas.image.converted(to: 1).pixels == [127, 0, 64])
  }

  @Test func blendsTranslucentColours() {
    var canvas = blank(1, 1)
    canvas.fillRectangle(
      x: 0, y: 0, width: 1, height: 1, colour: Colour(red: 255, green: 0, blue: 0, alpha: 51))
    #expect(canvas.image.pixels == [255, 204, 204])
  }

  @Test func inksTheAreaOfACircle() {
    var canvas = blank()
    canvas.fillCircle(centre: Point(x: 20.3, y: 14.8), radius: 9, colour: .black)
    #expect(abs(ink(canvas) - Double.pi * 81) < 2)
  }

  @Test(arguments: [(33.0, 5.0), (5.0, 25.0), (30.0, 24.0)])
  func inksTheAreaOfALine(end: (x: Double, y: Double)) {
    var canvas = blank()
    let (dx, dy) = (end.x - 5, end.y - 5)
    canvas.strokeLine(
      from: Point(x: 5, y: 5), to: Point(x: end.x, y: end.y), width: 3, colour: .black)
    let length = (dx * dx + dy * dy).squareRoot()
    #expect(abs(ink(canvas) - (3 * length + Double.pi * 2.25)) < 3)
  }

  @Test func doesNotAddUpWhereALineCrossesItself() {
    var canvas = blank()
    let corners = [(5.0, 15.0), (35.0, 15.0), (20.0, 5.0), (20.0, 25.0)]
    canvas.strokePolyline(
      corners.map { Point(x: $0.0, y: $0.1) }, width: 4, colour: .black.withOpacity(0.5))
    #expect(canvas.image.pixels.min() == 127)
  }

  @Test func cutsWhatIsOutside() {
    var canvas = blank()
    canvas.fillCircle(centre: Point(x: 0, y: 0), radius: 10, colour: .black)
    #expect(abs(ink(canvas) - Double.pi * 25) < 2)
    let before = canvas
    canvas.fillRectangle(x: -50, y: -50, width: 20, height: 20, colour: .black)
    canvas.fillCircle(centre: Point(x: 1e12, y: -1e12), radius: 3, colour: .black)
    canvas.strokeLine(
      from: Point(x: 500, y: 500), to: Point(x: 600, y: 1e15), width: 2, colour: .black)
    canvas.write("away", at: Point(x: 1e18, y: 3), colour: .black)
    canvas.draw(Image(width: 3, height: 3, filledWith: .black), x: 41, y: -3)
    #expect(canvas == before)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func drawsNothingAtPlacesThatAreNotFinite(value: Double) {
    var canvas = blank()
    canvas.fillRectangle(x: value, y: 0, width: 5, height: 5, colour: .black)
    canvas.fillCircle(centre: Point(x: 5, y: value), radius: 5, colour: .black)
    canvas.strokePolyline(
      [Point(x: 0, y: 0), Point(x: value, y: 5), Point(x: 9, y: 9)], width: 2, colour: .black)
    canvas.write("x", at: Point(x: value, y: 9), colour: .black)
    #expect(ink(canvas) == 0)
  }

  @Test func drawsImagesWithTheirOpacity() {
    var canvas = blank(2, 2)
    let picture = Image(width: 1, height: 1, channels: 4, pixels: [0, 0, 255, 51])
    canvas.draw(picture, x: 1, y: 0)
    #expect(canvas.image.colour(x: 1, y: 0) == Colour(red: 204, green: 204, blue: 255))
    #expect(canvas.image.colour(x: 0, y: 0) == .white)
  }
}

@Suite struct TextTests {
  @Test func everyLetterIsThereAndItsOwn() {
    var seen: [Image: Character] = [:]
    for code in UInt8(33)...126 {
      let character = Character(UnicodeScalar(code))
      var canvas = blank(8, 12)
      canvas.write(String(character), at: Point(x: 1, y: 9), colour: .black)
      #expect(ink(canvas) >= 1, "\(character) is empty")
      let twin = seen.updateValue(character, forKey: canvas.image)
      #expect(twin == nil || [twin, character] == ["0", "O"] || [twin, character] == ["O", "0"])
    }
  }

  @Test func showsABoxForOtherCharacters() {
    var (box, same) = (blank(), blank())
    box.write("é", at: Point(x: 5, y: 20), colour: .black)
    same.write("\u{7}", at: Point(x: 5, y: 20), colour: .black)
    #expect(ink(box) > 0)
    #expect(box == same)
  }

  @Test func standsOnItsLine() {
    var canvas = blank()
    canvas.write("H", at: Point(x: 10, y: 20), scale: 2, colour: .black)
    let rows = (0..<30).filter { y in (0..<40).contains { canvas.image[$0, y, 0] == 0 } }
    let columns = (0..<40).filter { x in (0..<30).contains { canvas.image[x, $0, 0] == 0 } }
    #expect(rows == Array(6..<20))
    #expect(columns.first == 10 && columns.last == 19)
  }

  @Test func anchorsAndTurns() {
    func box(_ anchor: TextAnchor, upward: Bool) -> (x: ClosedRange<Int>, y: ClosedRange<Int>)? {
      var canvas = blank(60, 60)
      canvas.write("HH", at: Point(x: 30, y: 30), anchor: anchor, upward: upward, colour: .black)
      let places = (0..<3600).filter { canvas.image[$0 % 60, $0 / 60, 0] == 0 }
      let (x, y) = (places.map { $0 % 60 }, places.map { $0 / 60 })
      guard let left = x.min(), let right = x.max(), let top = y.min(), let bottom = y.max() else {
        return nil
      }
      return (left...right, top...bottom)
    }
    // Two letters of 5 dots and a gap: 11 wide.
    #expect(box(.start, upward: false).map { $0 == (30...40, 23...29) } == true)
    #expect(box(.end, upward: false).map { $0 == (19...29, 23...29) } == true)
    #expect(box(.middle, upward: false).map { $0 == (25...35, 23...29) } == true)
    #expect(box(.start, upward: true).map { $0 == (23...29, 19...29) } == true)
    #expect(box(.end, upward: true).map { $0 == (23...29, 30...40) } == true)
  }
}
