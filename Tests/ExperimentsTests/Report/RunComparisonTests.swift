import Experiments
import FileFormats
import Testing

@Suite struct RunComparisonTests {
  private let workshop = Workshop()

  private func compare(_ names: [String]) throws -> RunComparison {
    try RunComparison(
      names.map { try RunSummary.find($0, in: workshop.outputs) }, studio: workshop.studio)
  }

  @Test func onlyWhatDiffersIsListed() throws {
    try workshop.begin(["train.epochs=2", "train.logEvery=1"])
    try workshop.begin(["train.epochs=3", "train.logEvery=1", "learningRate=0.2"])
    let comparison = try compare(["descent-001", "descent-002"])
    #expect(comparison.differences.map(\.key) == ["train.epochs", "learningRate"])
    #expect(comparison.differences.map(\.values) == [["2", "3"], ["0.1", "0.2"]])
    #expect(comparison.measures.map(\.name) == ["loss", "test loss", "speed"])
    #expect(comparison.measures[1].unit == "square metres")
    let json = comparison.json
    #expect(json["runs"]?[1]?["run"]?.stringValue == "descent-002")
    let last = try #require(MetricsLine.read(comparison.runs[1].folder).last)
    #expect(json["measures"]?[1]?["final"]?[1]?.doubleValue == last.metrics["loss"])
    #expect(json["measures"]?[2]?["name"]?.stringValue == "speed")
    #expect(json["measures"]?[2]?["bestStep"]?[0]?.doubleValue != nil)
  }

  @Test func equalRunsDifferInNothing() throws {
    try workshop.begin(["train.epochs=1"])
    try workshop.begin(["train.epochs=1"])
    #expect(try compare(["descent-001", "descent-002"]).differences.isEmpty)
  }

  @Test func runsOfDifferentModulesAreComparedInWhatTheyShare() throws {
    try workshop.begin(["train.epochs=1"])
    try workshop.begin(["train.epochs=2"])
    let other = RunFolder(path: workshop.outputs + "/descent-002")
    let record = String(decoding: try Files.read(other.record), as: UTF8.self)
      .replacing("\"module\": \"descent\"", with: "\"module\": \"ascent\"")
    try DurableFile.write(Array(record.utf8), to: other.record)
    let keys = String(decoding: try Files.read(other.configuration), as: UTF8.self)
      .replacing("learningRate: 0.1", with: "slope: 0.1")
    try DurableFile.write(Array(keys.utf8), to: other.configuration)
    let comparison = try compare(["descent-001", "descent-002"])
    #expect(comparison.modules == ["descent", "ascent"])
    #expect(comparison.differences.map(\.key) == ["train.epochs"])
  }

  @Test func theCurvesAreOneDocumentWithTextAndALegend() throws {
    for epochs in [2, 3, 4] { try workshop.begin(["train.epochs=\(epochs)", "train.logEvery=1"]) }
    let svg = try compare(["descent-001", "descent-002", "descent-003"]).svg()
    #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
    #expect(svg.ranges(of: ">descent-002</text>").count == 3)
    #expect(svg.contains(">test loss</text>") && svg.contains(">square metres</text>"))
    #expect(!svg.contains("<script"))
  }
}
