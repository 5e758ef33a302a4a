import FileFormats
import TensorEngine

/// Calls of operations, a line of JSON each.
struct OperationBatch {
  /// A call and the name that its arrays begin with.
  struct NamedCall {
    let name: String
    let call: OperationCall
  }

  private static let limits = JSONLimits(bytes: 1 << 20, depth: 4, nodes: 10_000)

  /// The calls of a file.
  ///
  /// - Throws: `FileError`.
  static func read(_ path: String, wantsGradient: Bool) throws(FileError) -> [NamedCall] {
    let bytes = try Files.read(path, limit: 64 << 20)
    var calls: [NamedCall] = []
    var names: Set<String> = []
    for (index, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
      let place = "line \(index + 1)"
      let json: JSON
      do throws(FileError) {
        json = try JSON.decode(Array(line), path: path, limits: limits)
      } catch {
        throw FileError(error.problem, path: path, place: place, error.message)
      }
      guard let name = json["name"]?.stringValue, isValid(name), names.insert(name).inserted else {
        throw FileError(
          .damaged, path: path, place: place,
          "expected a name of letters, digits and '-' that no other call has")
      }
      guard let operation = json["operation"]?.stringValue.flatMap(OperationRegistry.operation)
      else {
        throw FileError(.damaged, path: path, place: place, "expected the name of an operation")
      }
      var attributes: [String: Attribute.Value] = [:]
      for member in json["attributes"]?.members ?? [] {
        guard let value = value(of: member, in: operation) else {
          throw FileError(
            .damaged, path: path, place: place,
            "\(operation.name) takes no such attribute as '\(member.key)' here")
        }
        attributes[member.key] = value
      }
      calls.append(
        NamedCall(
          name: name,
          call: OperationCall(
            operation: operation, attributes: attributes, wantsGradient: wantsGradient)))
    }
    return calls
  }

  /// The arrays of a call, by the names they have without the call's.
  static func arrays(_ arrays: [TensorRecord], of name: String) -> [TensorRecord] {
    arrays.filter { $0.name.hasPrefix("\(name)/") }.map {
      $0.named(String($0.name.dropFirst(name.count + 1)))
    }
  }

  /// The arrays that belong to none of the calls.
  static func arrays(
    _ arrays: [TensorRecord], ofNoneOf calls: [NamedCall]
  ) -> [TensorRecord] {
    let names = Set(calls.map(\.name))
    return arrays.filter { array in
      let end = array.name.firstIndex(of: "/") ?? array.name.startIndex
      return !names.contains(String(array.name[..<end]))
    }
  }

  private static func isValid(_ name: String) -> Bool {
    (1...100).contains(name.utf8.count)
      && name.unicodeScalars.allSatisfy {
        $0 == "-" || ($0.isASCII && $0.properties.isAlphabetic) || ("0"..."9").contains($0)
      }
  }

  /// A JSON value as the attribute takes it; a text as the command line takes it.
  private static func value(
    of member: JSON.Member, in operation: Operation
  ) -> Attribute.Value? {
    switch member.value {
    case .integer(let value): return .integer(Int(value))
    case .number(let value): return .number(value)
    case .bool(let value): return .flag(value)
    case .array(let elements):
      let values = elements.compactMap(\.integerValue)
      return values.count == elements.count ? .integers(values) : nil
    case .string(let text):
      return operation.attributes.first { $0.name == member.key }?.value(of: text)
    case .null, .object: return nil
    }
  }
}

extension TensorRecord {
  /// The same numbers under another name.
  func named(_ name: String) -> TensorRecord {
    TensorRecord(name: name, elementType: elementType, shape: shape, bytes: bytes)
  }
}
