import FileFormats
import Testing

/// `ops`, `gradcheck` and `op-eval`, as a person or a script would use them.
@Suite struct OperationCommandTests {
  private func evaluate(
    _ arguments: [String], on arrays: [TensorRecord]
  ) throws -> (outcome: Program.Outcome, results: [TensorRecord]) {
    let folder = TemporaryFolder()
    let (input, output) = (folder.path + "/x.npz", folder.path + "/y.npz")
    try DurableFile.write(NPZ.encode(arrays, path: input), to: input)
    let outcome = try Program.run(["op-eval"] + arguments + ["--in", input, "--out", output])
    return (outcome, outcome.status == 0 ? try NPZ.read(output) : [])
  }

  static let matrix = TensorRecord(name: "x0", shape: [2, 2], values: [1, 2, 3, 4] as [Float])

  @Test func valuesAndGradients() throws {
    let (outcome, results) = try evaluate(
      ["sum", "--attributes", "axes=1", "keepsAxes=true", "--gradient"],
      on: [
        Self.matrix, TensorRecord(name: "cotangent", shape: [2, 1], values: [1, -2] as [Float]),
      ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.isEmpty && outcome.errors.isEmpty)
    #expect(results.map(\.name) == ["g0", "y"])
    #expect(results[0].values(as: Float.self) == [1, 1, -2, -2])
    #expect(results[1] == TensorRecord(name: "y", shape: [2, 1], values: [3, 7] as [Float]))
  }

  @Test func doublePrecisionAndPositions() throws {
    let (_, results) = try evaluate(
      ["gather", "--double"],
      on: [Self.matrix, TensorRecord(name: "x1", values: [1, 1, 0] as [Int64])])
    #expect(results.map(\.shape) == [[3, 2]])
    #expect(results.first?.values(as: Double.self) == [3, 4, 3, 4, 1, 2])
    let (_, order) = try evaluate(["sort", "--attributes", "descending=true"], on: [Self.matrix])
    #expect(order.map(\.name) == ["indices", "y"])
    #expect(order.first?.values(as: Int32.self) == [1, 0, 1, 0])
  }

  @Test func aBatchIsManyCalls() throws {
    let folder = TemporaryFolder()
    let calls = try folder.write(
      """
      {"name": "a", "operation": "neg"}
      {"name": "b", "operation": "clamp", "attributes": {"low": "-inf", "high": 2}}
      """, to: "calls.jsonl")
    let (outcome, results) = try evaluate(
      ["--batch", calls],
      on: [
        TensorRecord(name: "a/x0", shape: [], values: [5] as [Float]),
        TensorRecord(name: "b/x0", values: [-5, 5] as [Float]),
      ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(results.map(\.name) == ["a/y", "b/y"])
    #expect(results.last?.values(as: Float.self) == [-5, 2])
  }

  /// What is wrong, the exit code, and a part of the line that tells.
  static let mistakes: [(arguments: [String], status: Int32, says: String)] = [
    (["sun"], 64, "There is no operation 'sun'; did you mean 'sum'?"),
    (["sum", "--attributes", "axis=0"], 64, "sum has no attribute 'axis'; it has axes, keepsAxes"),
    (["sum", "--attributes", "axes=one"], 64, "the attribute axes takes whole numbers"),
    (["sum", "--attributes", "axes=99999999999999999999"], 64, "whole numbers"),
    (["sum", "--attributes", "axes=9223372036854775807"], 64, "whole numbers"),
    (["sum", "--attributes", "axes"], 64, "has no value"),
    (["sum", "--attributes", "axes=0", "axes=1"], 64, "given twice"),
    (["clamp", "--attributes", "low=nan", "high=1"], 64, "the attribute low takes a number"),
    (["clamp", "--attributes", "low=1", "high=0"], 78, "clamp"),
    (["reshape"], 64, "the attribute shape is missing"),
    (["add"], 64, "1 operands, expected 2"),
    (["sum", "--attributes", "axes=5"], 78, "sum: [2, 2] has no axis 5"),
    (["reshape", "--attributes", "shape=-4"], 78, "negative extent"),
    (["reshape", "--attributes", "shape=1073741824,1073741824,1073741824"], 78, "reshape"),
    (["broadcast", "--attributes", "shape=1073741824,2,2"], 65, "more memory or time"),
    (["broadcast", "--attributes", "shape=1073741824,1073741824,2,2"], 78, "more elements"),
    (["conv2d"], 64, "expected 2"),
  ]

  @Test(arguments: mistakes)
  func mistakesAreToldInALine(arguments: [String], status: Int32, says: String) throws {
    let (outcome, _) = try evaluate(arguments, on: [Self.matrix])
    #expect(outcome.status == status, "\(outcome.errors)")
    #expect(outcome.errors.contains(says), "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }

  @Test(arguments: [
    ([TensorRecord(name: "x1", values: [1] as [Float])], "no array 'x0'"),
    ([matrix, TensorRecord(name: "weights", values: [1] as [Float])], "no array 'x1'"),
    ([TensorRecord(name: "x0", values: [1] as [UInt64])], "numbers of type U64"),
    ([matrix, TensorRecord(name: "cotangent", values: [1] as [Float])], "expected real numbers"),
    ([matrix, TensorRecord(name: "cotangents", values: [1] as [Float])], "no real result"),
  ])
  func arraysThatDoNotSuit(arrays: [TensorRecord], says: String) throws {
    let (outcome, _) = try evaluate(["neg", "--gradient"], on: arrays)
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains(says), "\(outcome.errors)")
  }

  @Test(arguments: [
    ("{", "line 1"), ("{\"name\": \"a\", \"operation\": \"nag\"}", "name of an operation"),
    ("{\"name\": \"a/b\", \"operation\": \"neg\"}", "letters, digits"),
    (
      "{\"name\": \"a\", \"operation\": \"sum\", \"attributes\": {\"axes\": 0.5}}",
      "takes whole numbers"
    ),
    ("{\"name\": \"a\", \"operation\": \"neg\"}", "call 'a'"),
  ])
  func wrongBatches(text: String, says: String) throws {
    let folder = TemporaryFolder()
    let calls = try folder.write(text, to: "calls.jsonl")
    let outcome = try Program.run(
      ["op-eval", "--batch", calls, "--out", folder.path + "/y.npz"])
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains(says), "\(outcome.errors)")
  }

  @Test func filesThatAreMissing() throws {
    let outcome = try Program.run(
      ["op-eval", "neg", "--in", "/nonexistent/x.npz", "--out", "/nonexistent/y.npz"])
    #expect(outcome.status == 66)
  }

  @Test func gradientsAreCheckedOperationByOperation() throws {
    let outcome = try Program.run(["gradcheck", "tanh", "floor", "--json"])
    #expect(outcome.status == 0)
    let lines = try outcome.output.split(separator: "\n").map {
      try JSON.decode(Array($0.utf8), path: "output")
    }
    #expect(lines.map { $0["operation"]?.stringValue } == ["tanh", "floor"])
    for line in lines {
      #expect(line["ok"]?.boolValue == true)
      #expect(line["samples"]?.integerValue ?? 0 >= 8)
    }
    #expect(try Program.run(["gradcheck", "tanhh"]).status == 64)
  }

  @Test func theListHasEverythingThatACallNeeds() throws {
    let outcome = try Program.run(["ops", "--json", "--samples"])
    let list = try JSON.decode(Array(outcome.output.utf8), path: "output")
    let pad = try #require(list.elements?.first { $0["name"]?.stringValue == "pad" })
    #expect(pad["operands"]?[0]?.stringValue == "any")
    #expect(
      pad["attributes"]?.elements?.map { $0["name"]?.stringValue } == [
        "low", "high", "mode", "value",
      ])
    #expect(pad["samples"]?[0]?["operands"]?[0]?["shape"]?.elements != nil)
    #expect(try Program.run(["ops", "--samples"]).status == 64)
  }
}
