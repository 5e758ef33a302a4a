import Experiments
import FileFormats
import Testing

@Suite struct VerificationTests {
  private func finished(_ workshop: Workshop) throws -> RunFolder {
    try workshop.begin(["train.epochs=3", "train.exportEvery=2"]).folder
  }

  @Test func everyFileOfAFreshRunIsWhole() throws {
    let workshop = Workshop()
    let folder = try finished(workshop)
    let files = try workshop.studio.verify(folder)
    #expect(files.allSatisfy { $0.problem == nil }, "\(files)")
    let names = Set(files.map { String($0.path.dropFirst(folder.path.count + 1)) })
    let expected = [
      "config.yaml", "run.json", "metrics.jsonl", "timing.jsonl", "model.json", "report.html",
      "checkpoints/step-000012.safetensors", "images/place.png", "images/losses.svg",
      "images/p.csv", "images/epoch-0002/place.png",
    ]
    #expect(names.isSuperset(of: expected), "\(names)")
  }

  @Test(arguments: [
    ("config.yaml", VerifiedFile.Kind.configuration), ("run.json", .record),
    ("metrics.jsonl", .metrics), ("timing.jsonl", .log), ("model.json", .document),
    ("checkpoints/step-000012.safetensors", .checkpoint), ("images/place.png", .picture),
    ("images/epoch-0002/p.csv", .text),
  ])
  func aDamagedFileIsFoundAndNoOther(name: String, kind: VerifiedFile.Kind) throws {
    let workshop = Workshop()
    let folder = try finished(workshop)
    let path = "\(folder.path)/\(name)"
    var bytes = try Files.read(path)
    bytes[bytes.count / 2] = 0xFF
    try DurableFile.write(bytes, to: path)
    let damaged = try workshop.studio.verify(folder).filter { $0.problem != nil }
    #expect(damaged.map(\.path) == [path])
    #expect(damaged.first?.kind == kind)
    #expect(damaged.first?.problem?.contains(name.split(separator: "/").last ?? "") == true)
    #expect(workshop.studio.verify(file: path).problem == damaged.first?.problem)
  }

  @Test func aMissingConfigurationAndACutLogAreFound() throws {
    let workshop = Workshop()
    let folder = try finished(workshop)
    try Files.remove(folder.configuration)
    try DurableFile.write([], to: folder.metrics)
    let damaged = try workshop.studio.verify(folder).filter { $0.problem != nil }
    // The checkpoints go with lines that are not there any more.
    #expect(
      damaged.map(\.kind).filter { $0 == .checkpoint }.count == (try workshop.savedSteps().count))
    #expect(damaged.contains { $0.path == folder.configuration })
  }

  @Test func aCheckpointUnderAnotherNameIsFound() throws {
    let workshop = Workshop()
    _ = try finished(workshop)
    let copy = workshop.checkpoint(99)
    try DurableFile.write(Files.read(workshop.checkpoint(12)), to: copy)
    #expect(workshop.studio.verify(file: copy).problem?.contains("step 12") == true)
  }

  @Test func aFileOfAnotherKindIsRefused() throws {
    let workshop = Workshop()
    try DurableFile.write([1], to: workshop.path + "/x.bin")
    #expect(workshop.studio.verify(file: workshop.path + "/x.bin").problem != nil)
  }
}
