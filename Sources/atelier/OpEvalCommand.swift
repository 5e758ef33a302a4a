import ArgumentParser
import FileFormats
import TensorEngine

/// `atelier op-eval`: one operation on arrays of a file, so that others can judge it.
struct OpEvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "op-eval", abstract: "Evaluate an operation on arrays of an npz file.",
    discussion: """
      Examples:
        atelier op-eval sum --in x.npz --attributes axes=0,1 --out y.npz
        atelier op-eval conv2d --in x.npz --attributes stride=2 padding=1 --out y.npz --gradient
        atelier op-eval --batch calls.jsonl --in x.npz --out y.npz

      Operands are the arrays x0, x1 and so on: float32, float64, int32, int64 or uint8. Results
      have the names that 'atelier ops --json' lists, y as a rule. With --gradient there are g0, g1
      and so on too, the gradients of the sum of the result times the array cotangent, of ones
      unless it is given. A line of a batch is one call, such as
        {"name": "a", "operation": "sum", "attributes": {"axes": [0, 1]}}
      and its arrays are a/x0, a/y and so on.
      """)

  @Argument(
    help: ArgumentHelp("An operation that 'atelier ops' lists.", valueName: "op"),
    completion: .custom(Completions.operations))
  var name: String?

  @Option(
    name: .customLong("in"), help: ArgumentHelp("The operands.", valueName: "npz"),
    completion: .file())
  var input: String?

  @Option(
    name: .customLong("out"), help: ArgumentHelp("The results.", valueName: "npz"),
    completion: .file())
  var output: String

  @Option(
    name: .long, parsing: .upToNextOption,
    help: ArgumentHelp("Attributes, as in stride=2 axes=0,1.", valueName: "key=value"))
  var attributes: [String] = []

  @Option(
    help: ArgumentHelp("Calls, one a line, in place of one operation.", valueName: "jsonl"),
    completion: .file())
  var batch: String?

  @Flag(help: "Evaluate the gradients too.")
  var gradient = false

  @Flag(help: "Compute in double precision.")
  var double = false

  func validate() throws {
    guard (name == nil) != (batch == nil) else {
      throw ValidationError("Give an operation, or calls by --batch.")
    }
    guard batch == nil || attributes.isEmpty else {
      throw ValidationError("The calls of a batch have attributes of their own.")
    }
  }

  func run() throws {
    let arrays = try input.map { path throws(FileError) in try NPZ.read(path) } ?? []
    var results: [TensorRecord] = []
    if let batch {
      let calls = try OperationBatch.read(batch, wantsGradient: gradient)
      let strays = OperationBatch.arrays(arrays, ofNoneOf: calls)
      if let array = strays.first {
        throw FileError(
          .damaged, path: input ?? "", place: "array '\(array.name)'", "no call has this array")
      }
      for call in calls {
        do {
          let own = OperationBatch.arrays(arrays, of: call.name)
          results += try evaluate(call.call, own).map { $0.named("\(call.name)/\($0.name)") }
        } catch let error as any CustomStringConvertible & Error
          where error is CallError || error is ShapeError
        {
          throw FileError(
            .damaged, path: batch, place: "call '\(call.name)'", error.description)
        }
      }
    } else {
      do {
        results = try evaluate(try call(), arrays)
      } catch let error as CallError {
        throw ValidationError(error.description)
      }
    }
    try DurableFile.write(NPZ.encode(results, path: output), to: output)
  }

  private func evaluate(_ call: OperationCall, _ arrays: [TensorRecord]) throws -> [TensorRecord] {
    let path = input ?? "no arrays"
    return double
      ? try call.evaluate(arrays, path: path, as: Double.self)
      : try call.evaluate(arrays, path: path, as: Float.self)
  }

  /// The call that the arguments describe.
  private func call() throws -> OperationCall {
    let operation = try GradcheckCommand.operation(named: name ?? "")
    var values: [String: Attribute.Value] = [:]
    for text in attributes {
      guard let sign = text.firstIndex(of: "=") else {
        throw ValidationError("The attribute '\(text.printable(limit: 100))' has no value.")
      }
      let name = String(text[..<sign])
      guard let attribute = operation.attributes.first(where: { $0.name == name }) else {
        let known = operation.attributes.map(\.name).joined(separator: ", ")
        throw ValidationError(
          "\(operation.name) has no attribute '\(name.printable(limit: 100))'; it has "
            + (known.isEmpty ? "none." : "\(known)."))
      }
      guard let value = attribute.value(of: String(text[text.index(after: sign)...])) else {
        throw ValidationError(
          "\(operation.name): the attribute \(name) takes \(attribute.kind.description).")
      }
      guard values.updateValue(value, forKey: name) == nil else {
        throw ValidationError("\(operation.name): the attribute \(name) is given twice.")
      }
    }
    return OperationCall(operation: operation, attributes: values, wantsGradient: gradient)
  }
}
