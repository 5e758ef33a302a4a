import FileFormats
import Testing

/// `atelier evaluate`, from outside.
@Suite struct EvaluateCommandTests {
  /// Writes an array whose numbers, 0 ... 10, follow a pattern that the seed shifts.
  private static func write(
    _ shape: [Int], seed: Int = 0, to name: String, in folder: TemporaryFolder
  ) throws -> String {
    let count = shape.reduce(1, *)
    let values = (0..<count).map { Float(($0 * 7 + $0 / 3 * 5 + seed) % 11) }
    let path = folder.path + "/" + name
    let record = TensorRecord(name: name, shape: shape, values: values)
    try DurableFile.write(NPY.encode(record), to: path)
    return path
  }

  @Test func identicalFeaturesAreNoDistanceApart() throws {
    let folder = TemporaryFolder()
    let file = try Self.write([40, 3], to: "features.npy", in: folder)
    let arguments = ["evaluate", "--features", file, file, "--resamples", "5", "--json"]
    let outcome = try Program.run(arguments)
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    let json = try JSON.decode(Array(outcome.output.utf8), path: "output")
    #expect(json["real"]?["rows"]?.integerValue == 40)
    #expect(json["generated"]?["dimension"]?.integerValue == 3)
    #expect(try #require(json["frechetDistance"]?["value"]?.doubleValue) < 1e-6)
    #expect(json["frechetDistance"]?["resamples"]?.integerValue == 5)
    #expect(json["kernelDistance"]?["subsetSize"]?.integerValue == 40)
    #expect(json["precision"]?.doubleValue == 1)
    #expect(try Program.run(arguments).output == outcome.output)
    let other = try Program.run(arguments + ["--seed", "1"])
    #expect(other.output != outcome.output)
  }

  @Test func theTableHasAllMeasures() throws {
    let folder = TemporaryFolder()
    let real = try Self.write([40, 3], to: "real.npy", in: folder)
    let generated = try Self.write([30, 3], seed: 4, to: "generated.npy", in: folder)
    let outcome = try Program.run(["evaluate", "--features", real, generated])
    #expect(outcome.status == 0)
    let names = outcome.output.split(separator: "\n").map { $0.prefix { $0 != "\t" } }
    #expect(
      names == [
        "MEASURE", "Frechet distance", "kernel distance", "precision", "recall", "density",
        "coverage",
      ])
  }

  @Test func longRowsHaveAnIntervalOnlyWhenItIsAskedFor() throws {
    let folder = TemporaryFolder()
    let file = try Self.write([8, 257], to: "long.npy", in: folder)
    let arguments = ["evaluate", "--features", file, file, "--json"]
    let without = try Program.run(arguments)
    #expect(without.status == 0)
    #expect(without.errors.contains("unless --resamples is given"))
    let json = try JSON.decode(Array(without.output.utf8), path: "output")
    #expect(json["frechetDistance"]?["low"] == .some(.null))
    let with = try Program.run(arguments + ["--resamples", "1"])
    #expect(with.errors == "")
    let asked = try JSON.decode(Array(with.output.utf8), path: "output")
    #expect(asked["frechetDistance"]?["low"]?.doubleValue != nil)
  }

  @Test(arguments: [
    ([40, 3], [40, 4], [], 65, "rows of 4 numbers, those of"),
    ([40, 3], [120], [], 65, "an array of shape [120], expected rows and columns"),
    ([40, 3], [1, 3], [], 65, "1 row, at least 2 are needed"),
    ([40, 3], [5, 3], [], 64, "--neighbours 5 is too many"),
    ([40, 3], [9, 3], ["--subset-size", "10"], 64, "--subset-size 10 is more than the 9 rows"),
    ([40, 3], [9, 3], ["--prior", "normal"], 64, "--prior belongs to samples of a run"),
    ([40, 3], [9, 3], ["--subsets", "0"], 64, "--subsets 0: expected at least 1"),
  ])
  func whatCannotBeMeasuredIsAnsweredByALineAndACode(
    real: [Int], generated: [Int], options: [String], status: Int32, says: String
  ) throws {
    let folder = TemporaryFolder()
    let files = [
      try Self.write(real, to: "real.npy", in: folder),
      try Self.write(generated, to: "generated.npy", in: folder),
    ]
    let outcome = try Program.run(["evaluate", "--features"] + files + options)
    #expect(outcome.status == status)
    #expect(outcome.output == "")
    #expect(outcome.errors.split(separator: "\n").count == 1)
    #expect(outcome.errors.contains(says), "\(outcome.errors)")
  }

  @Test func missingFilesAreNamed() throws {
    let folder = TemporaryFolder()
    let file = try Self.write([9, 2], to: "real.npy", in: folder)
    let missing = folder.path + "/missing.npy"
    let outcome = try Program.run(["evaluate", "--features", file, missing])
    #expect(outcome.status == 66)
    #expect(outcome.errors.contains("missing.npy"))
    #expect(try Program.run(["evaluate", "--features", file]).status == 64)
  }

  /// A folder with a classifier's run and an adversarial one's, of a few sprites and hardly trained.
  private static func runs(in folder: TemporaryFolder) throws {
    let common = "data:\n  dataset: sprites\n  imageLimit: 40\nbatchSize: 8\n"
    let experiments = [
      "tells": "module: classifier\nsummary: s\ntrain:\n  epochs: 1\n" + common
        + "channels: [2, 2]\nfeatures: 4\n",
      "makes": "module: gan\nsummary: s\ntrain:\n  epochs: 1\n" + common
        + "latentSize: 4\ngenerator:\n  architecture: mlp\n  hidden: [8]\n"
        + "discriminator:\n  architecture: mlp\n  hidden: [8]\n",
    ]
    for (name, text) in experiments.sorted(by: { $0.key < $1.key }) {
      let path = folder.path + "/\(name).yaml"
      let yaml = text.replacing("data:\n  dataset", with: "dataset")
        .replacing("  imageLimit", with: "imageLimit")
      try DurableFile.write(Array(yaml.utf8), to: path)
      let outcome = try Program.run(["run", path, "--out", folder.path, "--quiet"])
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
  }

  /// Writes images of noise.
  private static func images(_ shape: [Int], in folder: TemporaryFolder) throws -> String {
    let path = folder.path + "/images.npy"
    let bytes = (0..<shape.reduce(1, *)).map { UInt8(truncatingIfNeeded: $0 * 37 + $0 / 11 * 5) }
    let record = TensorRecord(name: "images", shape: shape, values: bytes)
    try DurableFile.write(NPY.encode(record), to: path)
    return path
  }

  @Test func samplesAreSeenByAClassifier() throws {
    let folder = TemporaryFolder()
    try Self.runs(in: folder)
    let eyes = ["--by", "tells-001", "--out", folder.path, "--json", "--resamples", "3"]
    let ofRun = try Program.run(["evaluate", "makes-001", "--count", "20"] + eyes)
    #expect(ofRun.status == 0, "\(ofRun.errors)")
    let json = try JSON.decode(Array(ofRun.output.utf8), path: "output")
    #expect(json["run"]?.stringValue == "makes-001")
    #expect(json["count"]?.integerValue == 20)
    #expect(json["classifierHash"]?.stringValue?.count == 64)
    #expect(try #require(json["frechetDistance"]?["value"]?.doubleValue) > 0)

    let file = try Self.images([12, 1, 32, 32], in: folder)
    let ofFile = try Program.run(["evaluate", "--samples", file] + eyes)
    #expect(ofFile.status == 0, "\(ofFile.errors)")
    let other = try JSON.decode(Array(ofFile.output.utf8), path: "output")
    #expect(other["samples"]?.stringValue == file)
    #expect(other["count"]?.integerValue == 12)
    #expect(other["classifierHash"] == json["classifierHash"])

    for (shape, status, says) in [
      ([12, 1, 16, 16], Int32(78), "1x32x32 only"), ([12, 32, 32], 65, "expected U8 of"),
      ([12, 2, 32, 32], 65, "expected U8 of"), ([1, 1, 32, 32], 78, "1 row"),
    ] {
      let file = try Self.images(shape, in: folder)
      let outcome = try Program.run(["evaluate", "--samples", file] + eyes)
      #expect(outcome.status == status, "\(shape) \(outcome.errors)")
      #expect(outcome.errors.contains(says), "\(outcome.errors)")
      #expect(outcome.output == "")
    }
    let outcome = try Program.run(["evaluate", "--samples", file, "makes-001"] + eyes)
    #expect(outcome.status == 64)
  }
}
