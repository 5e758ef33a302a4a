import Experiments
import FileFormats
import Imaging
import Testing

/// Weights, gradients and activations are looked at, which changes nothing else.
@Suite struct WatchTests {
  private static let overrides = ["train.epochs=5", "train.checkpointEvery=7"]

  private func looks(of workshop: Workshop) throws -> [String: [UInt8]] {
    try workshop.results().filter { $0.key.contains("watch") }
  }

  @Test func theRunIsTheSameWithAndWithout() throws {
    let (plain, watched) = (Workshop(), Workshop())
    try plain.fit(Self.overrides)
    try watched.fit(Self.overrides + ["train.watchEvery=2"])
    let expected = try plain.results()
    #expect(try looks(of: plain).isEmpty)
    let results = try watched.results().filter { !$0.key.contains("watch") }
    #expect(results.keys == expected.keys)
    for (name, bytes) in results where !name.hasSuffix(".safetensors") {
      #expect(bytes == expected[name], "\(name)")
    }
    // The checkpoints name their configuration, which differs; their tensors do not.
    let records = try [plain, watched].map { try SafeTensors.read($0.checkpoint(100)).records }
    #expect(records[0] == records[1])
  }

  @Test func tablesAndPicturesTellOfEveryParameterAndLayer() throws {
    let workshop = Workshop()
    let folder = try workshop.fit(Self.overrides + ["train.watchEvery=2"]).folder
    let names = try Files.names(in: folder.images + "/watch")
    #expect(names.sorted() == ["epoch-0001.csv", "epoch-0003.csv", "epoch-0005.csv"])
    let text = String(
      decoding: try Files.read(folder.images + "/watch/epoch-0003.csv"), as: UTF8.self)
    let rows = text.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(rows[0].count == 14 && rows.allSatisfy { $0.count == 14 })
    for role in ["weight", "gradient", "change"] {
      #expect(rows.filter { $0[1] == role }.count == 4, "\(role)")
    }
    #expect(rows.contains { $0[1] == "activation" && $0[2] == "network.0" && $0[3] == "Dense" })
    // The first step of the third epoch of twenty.
    #expect(rows.dropFirst().allSatisfy { $0[0] == "41" })
    let weight = try #require(rows.first { $0[1] == "weight" && $0[2] == "fit.0.weight" })
    let (norm, share) = (try #require(Double(weight[9])), try #require(Double(weight[12])))
    let change = try #require(rows.first { $0[1] == "change" && $0[2] == "fit.0.weight" })
    #expect(abs(share * norm - (Double(change[9]) ?? 0)) < 1e-9)
    #expect(weight[13].split(separator: " ").compactMap { Int($0) }.reduce(0, +) == 16)
    for name in ["watch", "watch-histograms"] {
      _ = try PNG.decode(Files.read("\(folder.images)/\(name).png"))
    }
    let report = String(decoding: try Files.read(folder.report), as: UTF8.self)
    #expect(report.contains("watch-histograms"))
  }

  @Test func interruptedAnywhereItLooksTheSame() throws {
    let overrides = Self.overrides + ["train.watchEvery=1"]
    let reference = Workshop()
    try reference.fit(overrides)
    let expected = try reference.results()
    for step in stride(from: 0, to: 99, by: 19) {
      let workshop = Workshop()
      try workshop.fit(overrides, stopIn: step)
      try workshop.fit([], resumes: true)
      #expect(try workshop.results() == expected, "stopped in step \(step)")
    }
  }

  @Test func anExperimentWithoutProgramsHasNothingToShow() throws {
    let workshop = Workshop()
    #expect(try workshop.begin(["train.watchEvery=1"]).end == .finished)
    #expect(try looks(of: workshop).isEmpty)
  }
}
