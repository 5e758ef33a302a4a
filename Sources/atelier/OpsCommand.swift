import ArgumentParser
import Experiments
import FileFormats
import TensorEngine
import TensorEngineChecks

/// `atelier ops`: the operations of the engine.
struct OpsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ops", abstract: "List the operations of the engine.",
    discussion: """
      Examples:
        atelier ops
        atelier ops --json             operands, attributes and results too
        atelier ops --json --samples   and the calls that checks are made with
      """)

  @Flag(name: .long, help: "With --json, list the calls that checks are made with.")
  var samples = false

  @OptionGroup var format: FormatOptions

  func validate() throws {
    if samples && !format.json { throw ValidationError("--samples needs --json.") }
  }

  func run() throws {
    let operations = OperationRegistry.operations
    if format.json {
      format.print(.array(operations.map { $0.json(withSamples: samples) }))
      return
    }
    var table = TextTable("NAME", "GRADIENT", "SUMMARY")
    for operation in operations {
      table.append([
        operation.name, operation.differentiability == .anyOrder ? "yes" : "no", operation.summary,
      ])
    }
    StandardStream.output.write(
      table.text(for: StandardStream.output.terminal, overflow: .wrap))
  }
}

extension Operation {
  /// Everything about the operation that a program can want to know.
  fileprivate func json(withSamples: Bool) -> JSON {
    let samples = OperationSample.all.filter { $0.operation == name }
    let kinds: JSON =
      switch operands {
      case .fixed(let kinds): .array(kinds.map { .string($0.rawValue) })
      case .several: "several"
      }
    return [
      "name": .string(name), "summary": .string(summary), "operands": kinds,
      "attributes": .array(attributes.map(\.json)), "results": .array(results.map { .string($0) }),
      "differentiability": .string(differentiability.rawValue),
      "samples": withSamples
        ? .array(samples.compactMap(\.json)) : .integer(Int64(samples.count)),
    ]
  }
}

extension Attribute {
  fileprivate var json: JSON {
    var members: [JSON.Member] = [JSON.Member("name", .string(name))]
    switch kind {
    case .integer: members.append(JSON.Member("kind", "integer"))
    case .integers: members.append(JSON.Member("kind", "integers"))
    case .number: members.append(JSON.Member("kind", "number"))
    case .flag: members.append(JSON.Member("kind", "flag"))
    case .word(let words):
      members.append(JSON.Member("kind", "word"))
      members.append(JSON.Member("words", .array(words.map { .string($0) })))
    }
    members.append(JSON.Member("optional", .bool(isOptional)))
    members.append(JSON.Member("default", standard?.json ?? .null))
    return .object(members)
  }
}

extension Attribute.Value {
  /// The value; an infinite number as the text "inf" or "-inf", which is how it can be given.
  var json: JSON {
    switch self {
    case .integer(let value): .integer(Int64(value))
    case .integers(let values): .array(values.map { .integer(Int64($0)) })
    case .number(let value): value.isFinite ? .number(value) : .string("\(value)")
    case .flag(let value): .bool(value)
    case .word(let value): .string(value)
    }
  }
}

extension OperationSample {
  /// The call, for `op-eval`; nil if the sample is a chain of calls.
  fileprivate var json: JSON? {
    guard let attributes else { return nil }
    let named = attributes.sorted { $0.key < $1.key }
    return [
      "note": .string(note),
      "operands": .array(
        shapes.indices.map { index in
          [
            "shape": .array(shapes[index].dimensions.map { .integer(Int64($0)) }),
            "type": .string(types[index].rawValue),
            "range": [.number(ranges[index].lowerBound), .number(ranges[index].upperBound)],
            "whole": .bool(wholeOperands.contains(index)),
          ]
        }),
      "attributes": .object(named.map { JSON.Member($0.key, $0.value.json) }),
    ]
  }
}
