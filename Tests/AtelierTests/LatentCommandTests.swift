import FileFormats
import Testing

/// `atelier latent` from outside, of runs with an encoder and of runs without.
@Suite struct LatentCommandTests {
  private let folder = TemporaryFolder()

  /// A run of four steps.
  private func run(_ name: String, _ text: String) throws {
    let file = try folder.write(
      "module: \(text)\nsummary: s\ndataset: sprites\nimageLimit: 60\nbatchSize: 4\n",
      to: "\(name).yaml")
    let outcome = try Program.run(
      ["run", file, "--smoke", "-q", "--out", folder.path + "/out"])
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  private func latent(_ arguments: [String]) throws -> Program.Outcome {
    try Program.run(arguments + ["--out", folder.path + "/out"])
  }

  private static let generator =
    "gan\nlatentSize: 4\ngenerator:\n  architecture: mlp\n  hidden: [8]\n"
    + "discriminator:\n  architecture: mlp\n  hidden: [8]"

  @Test func generatorsShowWhatNeedsNoEncoder() throws {
    try run("makes", Self.generator)
    for arguments in [
      ["grid", "makes-001", "--side", "3"], ["interpolate", "makes-001", "--steps", "3"],
      ["interpolate", "makes-001", "--spherical", "--seed", "9"],
      ["traverse", "makes-001", "--image", "5", "--dimensions", "0", "3"],
    ] {
      let path = folder.path + "/picture.png"
      let outcome = try latent(["latent"] + arguments + ["-o", path])
      #expect(outcome.status == 0 && outcome.output == path + "\n", "\(outcome.errors)")
      try DurableFile.write([], to: path)
    }
    for arguments in [
      ["reconstruct"], ["map"], ["neighbours"], ["attribute", "--from", "heart", "--to", "square"],
      ["analogy", "--image", "0", "1", "2"],
    ] {
      let outcome = try latent(["latent", arguments[0], "makes-001"] + arguments.dropFirst())
      #expect(outcome.status == 64 && outcome.output == "")
      #expect(outcome.errors.contains("has no encoder"), "\(outcome.errors)")
    }
    let prior = try latent(["sample", "makes-001", "--prior", "twoStage"])
    #expect(prior.status == 64 && prior.errors.contains("--prior is for autoencoders"))
  }

  @Test func animationsAreWrittenTwice() throws {
    try run("learns", "vae\nhidden: [8]\nlatentSize: 3")
    let outcome = try latent([
      "latent", "traverse", "learns-001", "--animate", "--steps", "3", "--json", "-o",
      folder.path + "/walk.gif",
    ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let json = try JSON.decode(Array(outcome.output.utf8), path: "output")
    let files = ["gif", "apng"].map { JSON.string(folder.path + "/walk." + $0) }
    #expect(json["files"] == .array(files))
    #expect(try Files.read(folder.path + "/walk.gif").starts(with: "GIF89a".utf8))
    #expect(try Files.read(folder.path + "/walk.apng").starts(with: [0x89, 0x50, 0x4E, 0x47]))
  }

  @Test func analogiesTakeImagesAndClasses() throws {
    try run("learns", "vae\nhidden: [8]\nlatentSize: 3")
    let path = folder.path + "/analogy.png"
    let analogy = ["latent", "analogy", "learns-001", "-o", path, "--image"]
    #expect(try latent(analogy + ["heart", "Square", "7"]).status == 0)
    for (images, says) in [
      (["1", "2"], "not 2"), (["1", "2", "hat"], "no test image is of a class 'hat'"),
      (["1", "2", "99999999"], "--image 99999999 is not in"),
    ] {
      let outcome = try latent(analogy + images)
      #expect(outcome.status == 64 && outcome.errors.contains(says), "\(outcome.errors)")
    }
  }

  @Test func aPriorIsChosenForSamples() throws {
    try run("learns", "vae\nhidden: [8]\nlatentSize: 3")
    let path = folder.path + "/samples.png"
    func sample(_ prior: [String]) throws -> [UInt8] {
      let outcome = try latent(["sample", "learns-001", "--json", "-o", path] + prior)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let json = try JSON.decode(Array(outcome.output.utf8), path: "output")
      #expect(json["prior"]?.stringValue == prior.last)
      return try Files.read(path)
    }
    let own = try sample([])
    #expect(try sample(["--prior", "normal"]) == own)
    #expect(try sample(["--prior", "mixture"]) != own)
    let outcome = try latent(["sample", "learns-001", "--prior", "gauss"])
    #expect(outcome.status == 64 && outcome.errors.contains("gauss"))
  }
}
