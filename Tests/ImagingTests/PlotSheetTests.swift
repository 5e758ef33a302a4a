import Imaging
import Testing

@Suite struct PlotSheetTests {
  private func plot(_ title: String, _ steps: ClosedRange<Int>) -> LinePlot {
    let points = steps.map { Point(x: Double($0), y: Double($0 % 3)) }
    return LinePlot(
      title: title, horizontalExtent: 0...100, series: [.init(name: "a", points: points)])
  }

  @Test(arguments: [(0, 560, 390), (1, 560, 390), (2, 1120, 390), (3, 1120, 750)])
  func isAsLargeAsItsPlots(count: Int, width: Int, height: Int) throws {
    let plots = (0..<count).map { plot("plot \($0)", 0...9) }
    let sheet = PlotSheet(title: "sheet", plots: plots, columns: 2)
    let root = try #require(XMLDocument(sheet.svg()).elements.first)
    #expect(root.attributes["viewBox"] == "0 0 \(width) \(height)")
    #expect(sheet.image(scale: 1).width == width)
  }

  @Test func plotsOfOneExtentAreAligned() throws {
    let sheet = PlotSheet(title: "", plots: [plot("a", 0...50), plot("b", 20...100)], columns: 1)
    let texts = try XMLDocument(sheet.svg()).elements.filter { $0.name == "text" }
    let hundreds = texts.filter { $0.text == "100" }.compactMap { $0.attributes["x"] }
    #expect(hundreds.count == 2 && hundreds[0] == hundreds[1])
    let titles = texts.filter { ["a", "b"].contains($0.text) }.compactMap { $0.attributes["y"] }
    #expect(titles.compactMap(Double.init).count == 2)
    #expect(Double(titles[1]) == Double(titles[0]).map { $0 + 360 })
  }
}
