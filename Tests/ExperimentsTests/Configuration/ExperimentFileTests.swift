import Experiments
import FileFormats
import Glibc
import Testing

@Suite("Experiment files")
struct ExperimentFileTests {
  @Test("extend each other key by key")
  func extends() throws {
    let file = try experiment(
      "c",
      files: [
        "a": "module: vae\nsummary: A\nlatentSize: 3\nhidden: [1, 2]\noptimizer: {momentum: 0.1}",
        "b": "extends: a\nhidden: [3]\noptimizer: {learningRate: 0.1}",
        "c": "extends: b\nsummary: C\nlatentSize: 4",
      ])
    #expect(file.name == "c")
    #expect(file.module == "vae")
    #expect(file.summary == "C")
    let resolved = try resolve(SampleRun.self, file: file)
    #expect(resolved.value.module.latentSize == 4)
    #expect(resolved.value.module.hidden == [3])
    #expect(resolved.value.module.optimizer.momentum == 0.1)
    #expect(resolved.value.module.optimizer.learningRate == 0.1)
    let origin = resolved.entries.first { $0.key == "hidden" }?.origin
    #expect(origin == .file(path: "experiments/b.yaml", line: 2))
  }

  @Test(
    "are refused when their header is wrong",
    arguments: [
      (["x": "latentSize: 2"], "names no module", "x.yaml:1:1"),
      (["x": "module:"], "'module' must be a text", "x.yaml:1:1"),
      (["x": "module: [vae]"], "'module' must be a text", "x.yaml:1:9"),
      (["x": "- 1"], "an experiment is a map of keys", "x.yaml:1:1"),
      (["x": "just text"], "an experiment is a map of keys", "x.yaml:1:1"),
      (["x": "extends: x"], "in a circle: x -> x", "x.yaml:1:10"),
      (
        ["x": "extends: y", "y": "extends: z", "z": "extends: y"], "x -> y -> z -> y", "z.yaml:1:10"
      ),
      (["x": "extends: ../secret"], "not a name of an experiment", "x.yaml:1:10"),
      (["x": "extends: /etc/passwd"], "not a name of an experiment", "x.yaml:1:10"),
      (["x": "extends: .."], "not a name of an experiment", "x.yaml:1:10"),
      (["x": "extends: 'a\u{2F}b'"], "not a name of an experiment", "x.yaml:1:10"),
      (["x": "extends: y\nmodule: gan", "y": "module: vae"], "is of 'vae'", "x.yaml:2:9"),
      (["x": "extends: y", "y": "a: &b"], "anchors", "y.yaml:1:4"),
    ])
  func refuses(files: [String: String], message: String, place: String) throws {
    let error = try #require(throws: ConfigurationError.self) { try experiment("x", files: files) }
    #expect(error.description.contains(message))
    #expect(error.diagnostics.first?.place?.label == "experiments/" + place)
  }

  @Test("extend each other at most 8 deep")
  func depth() throws {
    var files = ["e0": "module: vae"]
    for level in 1..<9 { files["e\(level)"] = "extends: e\(level - 1)" }
    #expect(throws: Never.self) { try experiment("e7", files: files) }
    let error = try #require(throws: ConfigurationError.self) { try experiment("e8", files: files) }
    #expect(error.description.contains("more than 8"))
  }

  @Test("suggest the module that was meant")
  func modules() throws {
    let error = try experiment("module: veae").unknownModule(known: ["gan", "vae"])
    #expect(error.description.contains("unknown module 'veae'"))
    #expect(error.description.contains("did you mean 'vae'?"))
    #expect(error.diagnostics.first?.place?.label == "experiments/sample.yaml:1:9")
  }

  @Test(
    "have names that cannot lead out of their folder",
    arguments: [
      ("vae-fashion_2.0", true), ("a", true), (String(repeating: "a", count: 100), true),
      (String(repeating: "a", count: 101), false), ("", false), (".", false), ("..", false),
      (".hidden", false), ("a/b", false), ("a\\b", false), ("a b", false), ("-a", false),
      ("%2e%2e", false), ("a\n", false), ("é", false), ("a\0", false),
    ])
  func names(name: String, isName: Bool) {
    #expect(name.isExperimentName == isName)
  }
}

@Suite("Experiment folders")
struct ExperimentFolderTests {
  /// A folder of files that is removed after the test.
  private func withFolder(
    _ files: [String: String], _ body: (ExperimentFolder) throws -> Void
  ) throws {
    let path = "/tmp/atelier-experiments-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    try Files.createFolders(path)
    defer {
      for name in files.keys { try? Files.remove(path + "/" + name) }
      _ = unsafe rmdir(path)
    }
    for (name, text) in files { try DurableFile.write(Array(text.utf8), to: path + "/" + name) }
    try body(ExperimentFolder(path))
  }

  @Test("list and read their experiments")
  func reads() throws {
    try withFolder([
      "vae.yaml": "module: vae", "vae-big.yaml": "extends: vae\nlatentSize: 20", "notes.txt": "",
      ".vae.yaml": "", "config.yml": "extends: vae",
    ]) { folder in
      #expect(try folder.names() == ["vae", "vae-big"])
      let file = try folder.experiment(named: "vae-big")
      #expect(file.module == "vae")
      #expect(try resolve(SampleRun.self, file: file).value.module.latentSize == 20)
      #expect(try ExperimentFolder.experiment(at: folder.path + "/config.yml").name == "config")
    }
  }

  /// The size of the latent space that a file of a folder says.
  private func latentSize(
    _ name: String, of folder: ExperimentFolder, extending named: ExperimentFolder
  ) throws -> Int {
    let file = try ExperimentFolder.experiment(at: "\(folder.path)/\(name)", extending: named)
    return try resolve(SampleRun.self, file: file).value.module.latentSize
  }

  @Test("let a file elsewhere extend a named experiment, its own neighbours first")
  func extendsAcrossFolders() throws {
    try withFolder(["vae.yaml": "module: vae\nlatentSize: 3", "far.yaml": "extends: vae"]) {
      named in
      try withFolder([
        "mine.yaml": "extends: far", "other.yaml": "extends: vae", "lost.yaml": "extends: fra",
        "vae.yaml": "module: vae\nlatentSize: 7",
      ]) { folder in
        // What the named experiment extends is named, too.
        let mine = try latentSize("mine.yaml", of: folder, extending: named)
        #expect(mine == 3)
        let other = try latentSize("other.yaml", of: folder, extending: named)
        #expect(other == 7)
        let error = #expect(throws: ConfigurationError.self) {
          try latentSize("lost.yaml", of: folder, extending: named)
        }
        #expect(error?.description.contains("did you mean 'far'?") == true)
      }
    }
  }

  @Test("say what is missing, and what was meant")
  func missing() throws {
    try withFolder([
      "vae-fashion.yaml": "module: vae", "broken.yaml": "extends: vae-fashon",
      "large.yaml": String(repeating: "# comment\n", count: 1_000_000),
    ]) { folder in
      let unknown = try #require(throws: FileError.self) {
        try folder.experiment(named: "vae-fashon")
      }
      #expect(unknown.problem == .notFound)
      #expect(unknown.hint == "did you mean 'vae-fashion'?")
      let escape = try #require(throws: FileError.self) {
        try folder.experiment(named: "../vae-fashion")
      }
      #expect(escape.problem == .notFound)
      let base = try #require(throws: ConfigurationError.self) {
        try folder.experiment(named: "broken")
      }
      #expect(base.description.contains("broken.yaml:1:10"))
      #expect(base.description.contains("did you mean 'vae-fashion'?"))
      let large = try #require(throws: ConfigurationError.self) {
        try folder.experiment(named: "large")
      }
      #expect(large.description.contains("at most 1048576"))
    }
    let unnamable = try #require(throws: FileError.self) {
      try ExperimentFolder.experiment(at: "/nonexistent/my vae.yaml")
    }
    #expect(unnamable.problem == .unsupported)
    let nowhere = try #require(throws: FileError.self) {
      try ExperimentFolder("/nonexistent").names()
    }
    #expect(nowhere.problem == .notFound)
  }
}
