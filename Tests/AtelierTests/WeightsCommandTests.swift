import FileFormats
import Testing

/// `atelier weights`, from outside.
@Suite struct WeightsCommandTests {
  private static let fixtures =
    Files.folder(of: Files.folder(of: #filePath)) + "/Fuzz/Seeds/weights/"

  @Test func theTensorsAreListed() throws {
    let outcome = try Program.run(["weights", "inspect", Self.fixtures + "network.pth"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 9)
    #expect(lines[0] == "NAME\tTYPE\tSHAPE\tCOUNT\tSIZE")
    #expect(lines[1] == "features.weight\tF32\t[3, 2, 2, 2]\t24\t96 B")
    #expect(lines[8] == "pytorch: 7 tensors, 40 numbers, 164 B")
    let document = try Program.run(
      ["weights", "inspect", "--json", Self.fixtures + "network-legacy.pth"])
    let json = try JSON.decode(Array(document.output.utf8), path: "output")
    #expect(json["format"]?.stringValue == "pytorch-legacy")
    #expect(json["count"]?.integerValue == 40)
    #expect(json["bytes"]?.integerValue == 164)
    #expect(json["tensors"]?.elements?.last?["name"]?.stringValue == "norm.num_batches_tracked")
    #expect(json["tensors"]?.elements?.last?["type"]?.stringValue == "I64")
  }

  @Test(arguments: ["safetensors", "npz"]) func namesAndValuesAreKept(format: String) throws {
    let folder = TemporaryFolder()
    let output = folder.path + "/out." + format
    let outcome = try Program.run(
      ["weights", "convert", Self.fixtures + "checkpoint.pth", "-o", output])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output == output + "\n")
    let expected = try NPZ.read(Self.fixtures + "checkpoint.npz")
    #expect(try Set(WeightFile.read(output)) == Set(expected))
  }

  @Test func halvesBecomeFloats() throws {
    let folder = TemporaryFolder()
    let (types, output) = (Self.fixtures + "types.pth", folder.path + "/out.npz")
    let refused = try Program.run(["weights", "convert", types, "-o", output])
    #expect(refused.status == 65)
    #expect(refused.errors.contains("NumPy has no bfloat16; convert it to float32"))
    #expect(Files.kind(of: output) == nil)
    let outcome = try Program.run(
      ["weights", "convert", types, "-o", output, "--type", "float32", "--json"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let expected = try NPZ.read(Self.fixtures + "types.npz").map { $0.inSinglePrecision() }
    #expect(try NPZ.read(output) == expected)
    let json = try JSON.decode(Array(outcome.output.utf8), path: "output")
    #expect(json["format"]?.stringValue == "npz")
  }

  @Test(arguments: [
    (["inspect", "none.pth"], 66, "none.pth: cannot read"),
    (["inspect", fixtures + "hostile-system.pth"], 65, "calls posix.system, which is not allowed"),
    (["inspect", fixtures], 74, "not a regular file"),
    (["inspect", #filePath], 65, "begins as no file of weights"),
    (["convert", fixtures + "network.pth", "-o", "x.bin"], 64, ".safetensors or .npz"),
    (["convert", fixtures + "network.pth", "-o", "/none/x.npz"], 73, "cannot create"),
    (["convert", fixtures + "network.pth", "-o", "x.npz", "--type", "int8"], 64, "float32"),
  ])
  func wrongUseIsTold(arguments: [String], status: Int32, message: String) throws {
    let outcome = try Program.run(["weights"] + arguments)
    #expect(outcome.status == status)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
  }
}
