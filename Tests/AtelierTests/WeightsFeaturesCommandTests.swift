import FileFormats
import Testing

/// `atelier weights features`, from outside.
@Suite struct WeightsFeaturesCommandTests {
  private static let root = Files.folder(of: Files.folder(of: Files.folder(of: #filePath)))
  private static let picture = root + "/docs/images/dcgan-fashion.png"

  /// SqueezeNet's first layer, whose every feature is the bias.
  private static func weights(bias: Float, in folder: TemporaryFolder) throws -> String {
    let path = folder.path + "/weights.safetensors"
    let records = [
      TensorRecord(
        name: "features.0.weight", shape: [64, 3, 3, 3], values: [Float](repeating: 0, count: 1728)),
      TensorRecord(name: "features.0.bias", values: [Float](repeating: bias, count: 64)),
    ]
    try DurableFile.write(SafeTensors.encode(records), to: path)
    return path
  }

  @Test func featuresAreWrittenAndTold() throws {
    let folder = TemporaryFolder()
    let file = try Self.weights(bias: 0.5, in: folder)
    let output = folder.path + "/seen.npz"
    let outcome = try Program.run([
      "weights", "features", file, "--network", "squeezenet1_1", "--image", Self.picture, "--size",
      "65", "--layers", "relu1", "-o", output, "--json",
    ])
    #expect(outcome.errors == "")
    #expect(outcome.status == 0)
    let json = try JSON.decode(Array(outcome.output.utf8), path: "output")
    #expect(json["network"]?.stringValue == "squeezenet1_1")
    #expect(json["width"]?.integerValue == 65)
    let layer = try #require(json["layers"]?[0])
    #expect(layer["name"]?.stringValue == "relu1" && layer["stride"]?.integerValue == 2)
    #expect(layer["mean"]?.doubleValue == 0.5 && layer["largest"]?.doubleValue == 0.5)
    let records = try NPZ.read(output)
    #expect(records.map(\.name) == ["relu1"])
    #expect(records[0].shape == layer["shape"]?.elements?.compactMap(\.integerValue))
    #expect(records[0].shape.prefix(2) == [1, 64] && records[0].shape[3] == 32)
    #expect(try #require(records[0].values(as: Float.self)).allSatisfy { $0 == 0.5 })
  }

  @Test(arguments: [
    (["--network", "vgg18"], 64, "Did you mean 'vgg16'?"),
    (["--network", "squeezenet1_1", "--layers", "relu2"], 64, "Did you mean 'relu1'?"),
    (["--network", "squeezenet1_1", "--layers", ","], 64, "--layers names none."),
    (["--size", "31"], 64, "--size 31 is not in 32...4096."),
    ([], 65, "the tensors are of no network that is known here"),
    (["--network", "vgg19"], 65, "not the weights of vgg19: 30 missing (features.10.bias, "),
    (["--network", "squeezenet1_1"], 65, "48 missing (features.10.expand1x1.bias, "),
  ])
  func wrongUsesAreExplained(arguments: [String], status: Int32, message: String) throws {
    let folder = TemporaryFolder()
    let file = try Self.weights(bias: 1, in: folder)
    let outcome = try Program.run(
      ["weights", "features", file, "--image", Self.picture] + arguments)
    #expect(outcome.status == status)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1 && outcome.output.isEmpty)
  }

  @Test func filesThatCannotBeReadAreNamed() throws {
    let folder = TemporaryFolder()
    let file = try Self.weights(bias: 1, in: folder)
    let text = try folder.write("no picture", to: "text.png")
    let narrow = ["--network", "squeezenet1_1", "--layers", "relu1"]
    for (weights, image, status) in [
      ("/nonexistent", Self.picture, Int32(66)), (text, Self.picture, 65), (file, text, 65),
      (file, "/nonexistent.png", 66),
    ] {
      let outcome = try Program.run(["weights", "features", weights, "--image", image] + narrow)
      #expect(outcome.status == status)
      #expect(outcome.errors.split(separator: "\n").count == 1)
    }
  }
}
