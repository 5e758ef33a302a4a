import Imaging
import Testing

@Suite struct HeatMapTests {
  @Test func aMapOfALineStaysALineAtAnotherSize() {
    let map = HeatMap(width: 4, height: 2, values: [0, 1, 2, 3, 0, 1, 2, 3])
    let large = map.resized(width: 16, height: 6)
    for y in 0..<6 {
      for x in 0..<16 {
        let expected = min(max((Float(x) + 0.5) / 4 - 0.5, 0), 3)
        #expect(abs(large.values[y * 16 + x] - expected) < 1e-6)
      }
    }
    #expect(map.resized(width: 4, height: 2) == map)
    #expect(
      HeatMap(width: 1, height: 1, values: [7]).resized(width: 3, height: 2).values == [
        7, 7, 7, 7, 7, 7,
      ])
  }

  @Test func theEndsOfTheRangeHaveTheEndsOfTheColours() {
    let map = HeatMap(width: 5, height: 1, values: [-9, 2, 3, 4, .nan])
    let image = map.image(.inferno, from: 2, to: 4)
    #expect(image.colour(x: 0, y: 0) == Colour(0x000004))
    #expect(image.colour(x: 1, y: 0) == Colour(0x000004))
    #expect(image.colour(x: 2, y: 0) == Colour(0xBC3754))
    #expect(image.colour(x: 3, y: 0) == Colour(0xFCFFA4))
    #expect(image.colour(x: 4, y: 0) == Colour(0x000004))
    #expect(map.image(.inferno, from: 3, to: 3).colour(x: 3, y: 0) == Colour(0x000004))
  }

  /// So that the map reads in grey too.
  @Test(arguments: ColourMap.allCases) func coloursGrowLighter(map: ColourMap) {
    let lumas = (0...100).map { map.colour(of: Float($0) / 100).luma }
    #expect(zip(lumas, lumas.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(lumas[0] < 40 && lumas[100] > 200)
  }

  @Test func anOverlayLeavesTheImageWhereTheMapIsLow() {
    let image = Image(width: 2, height: 1, channels: 1, pixels: [100, 100])
    let overlay = HeatMap(width: 2, height: 1, values: [0, 1]).overlay(
      on: image, .viridis, from: 0, to: 1)
    #expect(overlay.colour(x: 0, y: 0) == Colour(red: 100, green: 100, blue: 100))
    let covered = overlay.colour(x: 1, y: 0)
    #expect(covered.red > 200 && covered.blue < 80)
  }

  @Test func theRangeAndQuantilesAreThoseOfTheNumbers() {
    let map = HeatMap(width: 3, height: 1, values: [4, -.infinity, 1])
    #expect(map.range == (1, 4))
    let ramp = HeatMap(width: 101, height: 1, values: (0...100).map(Float.init).reversed())
    #expect(ramp.quantile(0) == 0 && ramp.quantile(0.99) == 99 && ramp.quantile(1) == 100)
  }
}

@Suite struct ImageStackTests {
  private let images = [
    Image(width: 3, height: 2, channels: 1, filledWith: .black),
    Image(width: 5, height: 4, channels: 3, filledWith: Colour(0xBD1F01)),
  ]

  @Test func imagesFollowEachOther() {
    let below = ImageStack(images, axis: .vertical, spacing: 1).image()
    #expect((below.width, below.height) == (7, 9))
    #expect(below.colour(x: 1, y: 1) == .black && below.colour(x: 1, y: 4) == Colour(0xBD1F01))
    let beside = ImageStack(images, axis: .horizontal, spacing: 1).image()
    #expect((beside.width, beside.height) == (11, 6))
    #expect(beside.colour(x: 5, y: 1) == Colour(0xBD1F01) && beside.colour(x: 1, y: 3) == .white)
  }

  @Test func captionsHaveTheirRoom() {
    let plain = ImageStack(images, axis: .vertical).image()
    let named = ImageStack(images, axis: .vertical, captions: ["a", "b"]).image()
    #expect(named.height == plain.height + 28 && named.width == plain.width)
    let ink = Colour(0x333333)
    let inked = (0..<named.height).filter { y in
      (0..<named.width).contains { named.colour(x: $0, y: y) == ink }
    }
    #expect(!inked.isEmpty && inked.allSatisfy { $0 < named.height - 8 - 4 })
  }

  @Test func imagesOfAGridHaveCaptionsToo() {
    var grid = ImageGrid(
      images: (0..<4).map { _ in Image(width: 20, height: 10, channels: 1, filledWith: .white) },
      columns: 2)
    let plain = grid.image()
    grid.captions = ["1", "2", "3", "4"]
    let named = grid.image()
    #expect(named.height > plain.height + 2 * 7)
    let ink = Colour(0x333333)
    let rows = (0..<named.height).filter { y in
      (0..<named.width).contains { named.colour(x: $0, y: y) == ink }
    }
    // Two lines of text, each seven dots high.
    #expect(rows.count == 14 && (rows.last ?? 0) - (rows.first ?? 0) > 14)
  }
}

@Suite struct ThumbnailPlotTests {
  private func plot(_ places: [(Double, Double)], channels: Int = 1) -> ThumbnailPlot {
    ThumbnailPlot(
      ScatterPlot(
        title: "A map",
        samples: places.enumerated().map { .init(x: $1.0, y: $1.1, classIndex: $0) },
        classNames: ["a", "b", "c"]),
      images: places.map { _ in
        Image(width: 4, height: 4, channels: channels, filledWith: .white)
      })
  }

  @Test func imagesThatWouldHideOthersAreDots() throws {
    let document = try XMLDocument(plot([(0, 0), (0, 0.001), (1, 1), (.nan, 1)]).svg())
    let images = document.elements.filter { $0.name == "image" }
    #expect(images.count == 2)
    // Three of the legend and one of the map.
    #expect(document.elements.filter { $0.name == "circle" }.count == 4)
    for image in images {
      let link = try #require(image.attributes["xlink:href"])
      #expect(link.hasPrefix("data:image/png;base64,iVBORw0KGgo"))
    }
  }

  @Test(arguments: [1, 3]) func theColourOfTheClassIsSeen(channels: Int) {
    let image = plot([(0, 0), (0.5, 0.2), (1, 1)], channels: channels).image(scale: 1)
    for place in 0..<3 {
      let seen = (0..<image.width * image.height).contains {
        let (y, x) = $0.quotientAndRemainder(dividingBy: image.width)
        // Below the legend.
        return y > 60 && image.colour(x: x, y: y) == .category(place)
      }
      #expect(seen, "class \(place)")
    }
  }
}
