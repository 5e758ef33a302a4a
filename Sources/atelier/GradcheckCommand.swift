import ArgumentParser
import Experiments
import FileFormats
import TensorEngine
import TensorEngineChecks

/// `atelier gradcheck`: derived gradients against measured ones.
struct GradcheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gradcheck",
    abstract: "Compare the gradients of operations with central differences, in Double.",
    discussion: """
      Examples:
        atelier gradcheck
        atelier gradcheck conv2d matmul
        atelier gradcheck --json

      Every element of every operand is compared, in first and second order, also with operands
      that arrive transposed, strided or twice. An operation without gradient must have none, and
      a result that does not change.
      """)

  @Argument(
    help: ArgumentHelp("Operations; all unless given.", valueName: "op"),
    completion: .custom(Completions.operations))
  var names: [String] = []

  @OptionGroup var format: FormatOptions

  func run() throws {
    let operations = try names.isEmpty ? OperationRegistry.operations : names.map(Self.operation)
    var table = TextTable(
      columns: [("NAME", .left)]
        + ["CALLS", "COMPARED", "FIRST ORDER", "SECOND ORDER"].map { ($0, .right) }
        + [("RESULT", .left)])
    var isKept = true
    for operation in operations {
      let check = try OperationCheck(operation)
      isKept = isKept && check.failures.isEmpty
      if format.json { StandardStream.output.writeLine(check.json(operation).text()) }
      table.append(check.row)
      for failure in check.failures {
        StandardStream.error.writeLine("gradcheck: \(failure)")
      }
    }
    if !format.json {
      StandardStream.output.write(table.text(for: StandardStream.output.terminal))
    }
    if !isKept { throw ExitCode.failure }
  }

  /// The operation of a name, or an error with the name that may have been meant.
  static func operation(named name: String) throws -> Operation {
    if let operation = OperationRegistry.operation(named: name) { return operation }
    let names = OperationRegistry.operations.map(\.name)
    let way =
      nearest(to: name, in: names).map { "did you mean '\($0)'?" } ?? "'atelier ops' lists them."
    throw ValidationError("There is no operation '\(name.printable(limit: 100))'; \(way)")
  }
}

extension OperationCheck {
  fileprivate var row: [String] {
    [operation, Quantity.count(variants), Quantity.count(compared)]
      + largestErrors.map(Quantity.measure) + [failures.isEmpty ? "ok" : "FAIL"]
  }

  fileprivate func json(_ operation: Operation) -> JSON {
    [
      "operation": .string(operation.name),
      "differentiability": .string(operation.differentiability.rawValue),
      "samples": .integer(Int64(samples)), "checks": .integer(Int64(variants)),
      "compared": .integer(Int64(compared)), "firstOrderError": number(largestErrors[0]),
      "secondOrderError": number(largestErrors[1]), "ok": .bool(failures.isEmpty),
    ]
  }

  private func number(_ error: Double) -> JSON { error.isFinite ? .number(error) : .null }
}
