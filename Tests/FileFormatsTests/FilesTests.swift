import FileFormats
import Glibc
import Testing

@Suite struct FilesTests {
  let folder = TemporaryFolder()

  @Test func readsWholeFiles() throws {
    let path = folder.file("a", "hello")
    #expect(try Files.read(path) == Array("hello".utf8))
    #expect(try Files.read(path, limit: 5).count == 5)
    #expect(try Files.read(folder.file("empty")) == [])
  }

  @Test func refusesWhatCannotBeRead() throws {
    let path = folder.file("a", "hello")
    expectError(.notFound) { _ = try Files.read(path + "b") }
    expectError(.notFound) { _ = try Files.read(path + "/b") }
    expectError(.tooLarge) { _ = try Files.read(path, limit: 4) }
    expectError(.inputOutput) { _ = try Files.read(folder.path) }
    let pipe = folder.path + "/pipe"
    try #require(unsafe mkfifo(pipe, 0o600) == 0)
    expectError(.inputOutput) { _ = try Files.read(pipe) }
  }

  @Test func namesComeInTheOrderOfTheirBytes() throws {
    for name in ["b", "a10", "a9", "Z", ".hidden"] { _ = folder.file(name) }
    #expect(try Files.names(in: folder.path) == [".hidden", "Z", "a10", "a9", "b"])
    expectError(.notFound) { _ = try Files.names(in: folder.path + "/none") }
  }

  @Test func filesAndFoldersMove() throws {
    let path = folder.file("a", "hello")
    #expect(try Files.createFolder(folder.path + "/b"))
    let inode = try #require(Files.inode(of: path))
    try Files.move(path, to: folder.path + "/b/c")
    #expect(Files.kind(of: path) == nil && Files.inode(of: path) == nil)
    #expect(Files.inode(of: folder.path + "/b/c") == inode)
    try Files.move(folder.path + "/b", to: folder.path + "/d")
    #expect(try Files.read(folder.path + "/d/c") == Array("hello".utf8))
    expectError(.cannotCreate) { try Files.move(folder.path + "/none", to: folder.path + "/e") }
  }

  @Test func kindsFollowLinks() throws {
    let path = folder.file("a")
    try #require(unsafe symlink(path, folder.path + "/link") == 0)
    #expect(Files.kind(of: path) == .file)
    #expect(Files.kind(of: folder.path + "/link") == .file)
    #expect(Files.kind(of: folder.path) == .folder)
    #expect(Files.kind(of: "/dev/null") == .other)
    #expect(Files.kind(of: path + "x") == nil)
  }

  @Test func oneOfManyMakesAFolder() async {
    let path = folder.path + "/new"
    let made = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<20 { group.addTask { (try? Files.createFolder(path)) == true } }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(made == 1)
  }

  @Test func makesFoldersAbove() throws {
    try Files.createFolders(folder.path + "/a/b//c/")
    try Files.createFolders(folder.path + "/a/b/c")
    #expect(Files.kind(of: folder.path + "/a/b/c") == .folder)
    let file = folder.file("file")
    expectError(.cannotCreate) { try Files.createFolders(file) }
    expectError(.cannotCreate) { try Files.createFolders(file + "/below") }
  }

  @Test(arguments: [
    ("a/b/c", "a/b", "c"), ("/c", "/", "c"), ("c", ".", "c"), ("a//c/", "a", "c"),
    ("/", "/", ""),
  ]) func partsOfAPath(path: String, parent: String, name: String) {
    #expect(Files.folder(of: path) == parent)
    #expect(Files.name(of: path) == name)
  }

  @Test func anAbsolutePathMeansTheSameFromEveryFolder() throws {
    let current = try #require(Files.currentFolder)
    #expect(Files.kind(of: current) == .folder)
    #expect(Files.absolute("/a/b") == "/a/b")
    #expect(Files.absolute("a/b") == current + "/a/b")
  }
}

@Suite struct RemovalTests {
  let folder = TemporaryFolder()

  @Test func removesFoldersButNotWhatLinksLeadTo() throws {
    let outside = folder.file("outside", "x")
    try Files.createFolders(folder.path + "/a/b")
    _ = folder.file("a/b/c")
    try #require(unsafe symlink(outside, folder.path + "/a/link") == 0)
    try #require(unsafe symlink(folder.path, folder.path + "/a/up") == 0)
    try Files.removeFolder(folder.path + "/a")
    #expect(try Files.names(in: folder.path) == ["outside"])
    expectError(.notFound) { try Files.removeFolder(folder.path + "/a") }
    try Files.remove(outside)
    expectError(.notFound) { try Files.remove(outside) }
  }
}

@Suite struct DurableFileTests {
  let folder = TemporaryFolder()

  @Test func writesAndReplaces() throws {
    let path = folder.path + "/a"
    try DurableFile.write([1, 2, 3], to: path)
    #expect(try Files.read(path) == [1, 2, 3])
    try DurableFile.write(chunks: [[4], [], [5, 6]], to: path)
    #expect(try Files.read(path) == [4, 5, 6])
    #expect(try Files.names(in: folder.path) == ["a"])
  }

  @Test func failureLeavesNothingBehind() throws {
    expectError(.cannotCreate) { try DurableFile.write([1], to: folder.path + "/none/a") }
    _ = try Files.createFolder(folder.path + "/taken")
    let error = expectError(.cannotCreate) {
      try DurableFile.write([1], to: folder.path + "/taken")
    }
    #expect(error?.path == folder.path + "/taken")
    #expect(try Files.names(in: folder.path) == ["taken"])
  }

  @Test func removesOnlyTemporaryFilesOfTheDead() throws {
    // Process numbers end at 2^22 on Linux; process 1 is always there.
    let stale = [".a.4194305.tmp", ".step-1.safetensors.4194305.tmp", ".b.\(getpid()).tmp"]
    let kept = [
      ".a.1.tmp", ".a.4194305.tmp2", ".a.x.tmp", ".4194305.tmp", "a.4194305.tmp", "notes.txt",
    ]
    for name in stale + kept { _ = folder.file(name) }
    let link = folder.path + "/.link.4194305.tmp"
    try #require(unsafe symlink(folder.path + "/notes.txt", link) == 0)
    let removed = try DurableFile.removeStaleTemporaryFiles(in: folder.path)
    #expect(removed.sorted() == stale.sorted())
    #expect(try Files.names(in: folder.path) == (kept + [".link.4194305.tmp"]).sorted())
  }
}

@Suite struct AppendFileTests {
  let folder = TemporaryFolder()

  @Test func goesOnWhereItIsTold() throws {
    let path = folder.path + "/log"
    var log = try AppendFile(path)
    try log.append(line: "one")
    let length = log.length
    try log.append(line: "two")
    try log.synchronize()
    #expect(length == 4)
    log = try AppendFile(path)
    #expect(log.length == 8)
    log = try AppendFile(path, keeping: length)
    try log.append(line: "drei")
    #expect(try Files.read(path) == Array("one\ndrei\n".utf8))
  }

  @Test func writesOnlyRegularFiles() throws {
    let target = folder.file("target", "one\n")
    let link = folder.path + "/link"
    try #require(unsafe symlink(target, link) == 0)
    expectError(.cannotCreate) { _ = try AppendFile(link) }
    expectError(.cannotCreate) { _ = try AppendFile(folder.path) }
    expectError(.inputOutput) { _ = try AppendFile("/dev/null") }
    #expect(try Files.read(target) == Array("one\n".utf8))
  }

  @Test func aLogShorterThanRememberedIsDamaged() {
    let path = folder.file("log", "one\n")
    expectError(.damaged) { _ = try AppendFile(path, keeping: 5) }
  }
}

@Suite struct FolderLockTests {
  let folder = TemporaryFolder()

  @Test func oneOwnerAtATime() throws {
    var lock: FolderLock? = try FolderLock(folder.path)
    let error = expectError(.busy) { _ = try FolderLock(folder.path) }
    #expect(error?.message.contains("process \(getpid())") == true)
    withExtendedLifetime(lock) {}
    lock = nil
    _ = try FolderLock(folder.path)
  }

  /// Between taking the lock and writing its name, a new owner finds the name of one that is gone.
  @Test func nobodyThatIsGoneIsNamed() throws {
    let lock = try FolderLock(folder.path)
    let path = "\(folder.path)/\(FolderLock.fileName)"
    let line = String(decoding: try Files.read(path).dropLast(), as: UTF8.self)
    // No process has the greatest number there is.
    let gone = line.replacing("\(getpid())", with: "2147483647")
    let file = try AppendFile(path, keeping: 0)
    try file.append(line: gone)
    let error = expectError(.busy) { _ = try FolderLock(folder.path) }
    #expect(error?.message.contains("another process") == true)
    withExtendedLifetime(lock) {}
  }

  @Test func theFolderMustExist() {
    expectError(.cannotCreate) { _ = try FolderLock(folder.path + "/none") }
  }
}

@Suite struct FileErrorTests {
  @Test func isOneLineOfPlainText() {
    let error = FileError(
      .damaged, path: "a\u{1B}[2J\n", place: "byte 3", "expected \u{202E}x", hint: "make it again")
    #expect(
      error.description
        == "a\\u{1B}[2J\\u{A}, byte 3: expected \\u{202E}x; make it again")
  }
}
