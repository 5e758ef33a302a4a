import Experiments
import FileFormats
import Testing

@Suite struct RunTrashTests {
  private let workshop = Workshop()

  @Test func aRemovedRunLiesWholeInTheTrash() throws {
    let run = try workshop.begin(["train.epochs=1"]).folder
    let record = try Files.read(run.record)
    let trashed = RunFolder(path: try run.moveToTrash())
    #expect(Files.kind(of: run.path) == nil)
    #expect(trashed.path.hasPrefix(workshop.outputs + "/.trash/descent-001-2"))
    #expect(try Files.read(trashed.record) == record)
    #expect(try RunSummary.all(in: workshop.outputs).isEmpty)
    try Files.move(trashed.path, to: run.path)
    #expect(try RunSummary.find("descent-001", in: workshop.outputs).record.status == .finished)
  }

  @Test func runsOfOneNameDoNotMeetThere() throws {
    let paths = try (0..<3).map { _ in
      try workshop.begin(["train.epochs=1"]).folder.moveToTrash()
    }
    #expect(Set(paths).count == 3)
    #expect(try Files.names(in: workshop.outputs + "/.trash").count == 3)
  }

  @Test func aRunAtWorkStays() throws {
    let run = try workshop.begin(["train.epochs=1"]).folder
    let lock = try FolderLock(run.path)
    let error = #expect(throws: FileError.self) { try run.moveToTrash() }
    #expect(error?.problem == .busy)
    #expect(Files.kind(of: run.record) == .file)
    withExtendedLifetime(lock) {}
  }
}
