import Imaging
import Testing

private func line(_ points: [(Double, Double)], name: String = "a") -> LinePlot.Series {
  LinePlot.Series(name: name, points: points.map { Point(x: $0.0, y: $0.1) })
}

/// The labels of the vertical axis of a plot of one curve over 0...1, from below.
private func verticalLabels(_ values: [Double], isLogarithmic: Bool = false) throws -> [String] {
  let plot = LinePlot(
    title: "", isLogarithmic: isLogarithmic,
    series: [line(values.enumerated().map { (Double($0), $1) })])
  return try XMLDocument(plot.svg()).elements
    .filter { $0.attributes["text-anchor"] == "end" }.map(\.text)
}

@Suite struct TickTests {
  @Test(
    arguments: [
      ([0, 1], ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
      ([-3, 3], ["-3", "-2", "-1", "0", "1", "2", "3"]),
      ([241, 459], ["250", "300", "350", "400", "450"]),
      ([0, 350_000], ["0", "50k", "100k", "150k", "200k", "250k", "300k", "350k"]),
      ([0, 3_000_000], ["0", "0.5M", "1.0M", "1.5M", "2.0M", "2.5M", "3.0M"]),
      ([0, 3e-7], ["0", "5e-8", "1e-7", "1.5e-7", "2e-7", "2.5e-7", "3e-7"]),
      ([7, 7], ["6.4", "6.6", "6.8", "7.0", "7.2", "7.4", "7.6"]),
      ([0, 0], ["-0.4", "-0.2", "0", "0.2", "0.4"]),
      ([.nan, .infinity], ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
      ([], ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    ] as [([Double], [String])])
  func areRound(values: [Double], labels: [String]) throws {
    #expect(try verticalLabels(values) == labels)
  }

  @Test(
    arguments: [
      ([0.001, 1], ["0.001", "0.01", "0.1", "1"]),
      ([3, 70], ["5", "10", "20", "50"]),
      ([262, 271], ["262", "264", "266", "268", "270"]),
      ([1e-9, 1e9], ["1e-8", "1e-4", "1", "10000", "1e8"]),
      ([-5, 0, 10, 10_000], ["10", "100", "1000", "10000"]),
    ] as [([Double], [String])])
  func areRoundOnALogarithmicAxis(values: [Double], labels: [String]) throws {
    #expect(try verticalLabels(values, isLogarithmic: true) == labels)
  }

  @Test(
    arguments: [
      [-Double.greatestFiniteMagnitude, .greatestFiniteMagnitude], [1e99, -1e99], [1e-99, 1e-98],
      [1, 1.0.nextUp], [.leastNonzeroMagnitude, 0], [1e9, 1e9 + 1],
    ] as [[Double]], [false, true])
  func standExtremeValues(values: [Double], isLogarithmic: Bool) throws {
    #expect(try verticalLabels(values, isLogarithmic: isLogarithmic).count <= 12)
  }
}

@Suite struct LinePlotTests {
  @Test func isValidXMLWhateverTheNames() throws {
    let plot = LinePlot(
      title: "a < b & \"c\" > 'd' \u{0}\u{1B}\u{FFFF} β", horizontalLabel: "<x>",
      verticalLabel: "&y",
      series: [line([(0, 1), (1, 2)], name: "</text>"), line([(0, 2)], name: "]]>")])
    let document = try XMLDocument(plot.svg())
    #expect(document.elements.first?.name == "svg")
    let texts = document.elements.map(\.text)
    #expect(texts.contains("a < b & \"c\" > 'd' \u{FFFD}\u{FFFD}\u{FFFD} β"))
    #expect(texts.contains("</text>") && texts.contains("<x>") && texts.contains("&y"))
  }

  @Test func breaksAtGaps() throws {
    let curve = line([(0, 1), (1, 2), (2, .nan), (3, 2), (4, 1), (5, .infinity), (6, 3)])
    let document = try XMLDocument(LinePlot(title: "", series: [curve]).svg())
    let blue = document.elements.filter { $0.attributes["stroke"] == "#3f90da" }
    #expect(blue.map { $0.attributes["points"]?.split(separator: " ").count } == [2, 2])
    // The value alone is a dot.
    #expect(document.elements.filter { $0.name == "circle" }.count == 1)
  }

  @Test func drawsTheDataInsideOfThePlot() throws {
    let curve = line((0..<100).map { (Double($0), Double($0 * $0)) })
    let document = try XMLDocument(LinePlot(title: "t", series: [curve]).svg())
    let points = document.elements.first { $0.attributes["stroke"] == "#3f90da" }?
      .attributes["points"]?.split(separator: " ").map {
        $0.split(separator: ",").compactMap { Double($0) }
      }
    let places = try #require(points)
    #expect(places.count == 100)
    #expect(places.allSatisfy { 0...560 ~= $0[0] && 0...360 ~= $0[1] })
    // To the right and upward.
    #expect(zip(places, places.dropFirst()).allSatisfy { $0[0] < $1[0] && $0[1] >= $1[1] })
  }

  @Test func smoothsOverAFaintLine() throws {
    var curve = line((0..<50).map { (Double($0), $0.isMultiple(of: 2) ? 10 : 20) })
    curve.smoothing = 0.9
    let document = try XMLDocument(LinePlot(title: "", series: [curve]).svg())
    let lines = document.elements.filter { $0.attributes["stroke"] == "#3f90da" }
    #expect(lines.map { $0.attributes["stroke-opacity"] } == ["0.3", nil])
    func heights(_ element: XMLDocument.Element) -> [Double] {
      (element.attributes["points"] ?? "").split(separator: " ")
        .compactMap { $0.split(separator: ",").last.flatMap { Double($0) } }
    }
    let (raw, smooth) = (heights(lines[0]), heights(lines[1]))
    // Starts at the first value, and ends near the mean with a tenth of the swing.
    #expect(raw[0] == smooth[0])
    #expect(abs(smooth[49] - (raw[48] + raw[49]) / 2) < abs(raw[48] - raw[49]) / 10)
  }

  @Test func marginsAreFaintBarsThatTheAxisSpans() throws {
    var curve = line([(0, 1), (1, 2), (2, 3)])
    curve.margins = [0.5, 0, 100]
    let document = try XMLDocument(LinePlot(title: "", series: [curve]).svg())
    let lines = document.elements.filter { $0.attributes["stroke"] == "#3f90da" }
    #expect(lines.map { $0.attributes["stroke-opacity"] } == ["0.3", "0.3", nil])
    let labels = document.elements.filter { $0.attributes["text-anchor"] == "end" }.map(\.text)
    #expect(labels.first == "-100" && labels.last == "100")
  }

  @Test func namesCurvesOnlyWhereThereAreSome() {
    let one = LinePlot(title: "", series: [line([(0, 1), (1, 2)], name: "alone")])
    let two = LinePlot(title: "", series: one.series + [line([(0, 1)], name: "other")])
    #expect(!one.svg().contains("alone"))
    #expect(two.svg().contains("alone") && two.svg().contains("other"))
  }

  @Test func givesTheSameEveryTime() {
    let plot = LinePlot(title: "t", series: [line([(0, 1), (1, 5), (2, 2)])])
    #expect(plot.svg() == plot.svg())
    #expect(plot.image() == plot.image())
  }

  @Test(arguments: [1, 2, 3])
  func becomesAnImage(scale: Int) {
    let plot = LinePlot(title: "t", series: [line([(0, 1), (1, 5), (2, 2)])])
    let image = plot.image(scale: scale)
    #expect((image.width, image.height) == (560 * scale, 360 * scale))
    let colours = Set((0..<image.width).map { image.colour(x: $0, y: image.height / 2) })
    #expect(colours.contains(Colour(0x3F90DA)))
    #expect(image.colour(x: 0, y: 0) == .white)
  }
}

@Suite struct ScatterPlotTests {
  private let samples = (0..<40).map {
    ScatterPlot.Sample(x: Double($0 % 7), y: Double($0 % 5), classIndex: $0 % 12)
  }

  @Test func drawsEverySampleInItsColour() throws {
    let plot = ScatterPlot(title: "", samples: samples)
    let circles = try XMLDocument(plot.svg()).elements.filter { $0.name == "circle" }
    #expect(circles.count == 40)
    #expect(circles[0].attributes["fill"] == "#3f90da")
    #expect(circles[1].attributes["fill"] == "#ffa90e")
    #expect(circles[10].attributes["fill"] == circles[0].attributes["fill"])
  }

  @Test func leavesOutWhatIsNotFinite() throws {
    let broken = [
      ScatterPlot.Sample(x: .nan, y: 0, classIndex: 0),
      ScatterPlot.Sample(x: 0, y: -.infinity, classIndex: 1),
    ]
    let plot = ScatterPlot(title: "", samples: samples + broken)
    #expect(try XMLDocument(plot.svg()).elements.filter { $0.name == "circle" }.count == 40)
  }

  @Test func namesTheClassesInsideOfThePicture() throws {
    let names = (0..<12).map { "a class with a long name \($0)" }
    let plot = ScatterPlot(title: "Map", samples: samples, classNames: names)
    let entries = try XMLDocument(plot.svg()).elements.filter { names.contains($0.text) }
    #expect(entries.map(\.text) == names)
    for entry in entries {
      let x = try #require(entry.attributes["x"].flatMap { Double($0) })
      #expect(x + 5.5 * Double(entry.text.count) < 560)
    }
  }

  @Test func becomesAnImage() {
    let plot = ScatterPlot(title: "Map", samples: samples, classNames: ["a", "b"])
    let image = plot.image(scale: 1)
    #expect((image.width, image.height) == (560, 480))
    #expect(
      image != ScatterPlot(title: "Map", samples: [], classNames: ["a", "b"]).image(scale: 1))
  }
}
