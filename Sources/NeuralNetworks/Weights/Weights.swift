import FileFormats
import TensorEngine

/// Named parameters as they lie in a file, under the names and layouts of PyTorch's state dicts.
extension Module {
  /// The parameters and running statistics as records, named by their paths below `path`.
  public func records(at path: String = "") -> [TensorRecord] {
    states(at: path).map { path, parameter in
      TensorRecord(
        name: path, shape: parameter.shape.dimensions, values: parameter.value.scalars)
    }
  }

  /// Takes over parameters from records; every parameter must be there with its shape, as 32-bit
  /// floats. Records that the module does not name are left alone.
  ///
  /// - Throws: `WeightError`, naming the first parameter that does not suit; nothing is changed
  ///   then.
  public mutating func load(_ records: [TensorRecord], at path: String = "") throws(WeightError) {
    let table = RecordTable(records)
    var loaded = self
    var problem: WeightError?
    loaded.walkParameters(at: path) { path, parameter in
      do throws(WeightError) {
        parameter.value = try table.value(named: path, shape: parameter.shape)
      } catch {
        problem = problem ?? error
      }
    }
    if let problem { throw problem }
    self = loaded
  }
}

extension Workspace where Scalar == Float {
  /// States as records: parameters, optimiser moments, counters.
  ///
  /// - Parameter isWanted: tells of a state's name whether it is given; all are unless one says so.
  public func records(where isWanted: (String) -> Bool = { _ in true }) -> [TensorRecord] {
    stateNames.filter(isWanted).map { name in
      let value = self[state: name]
      return TensorRecord(name: name, shape: value.shape.dimensions, values: value.scalars)
    }
  }

  /// Takes over states from records; every one of them must be there with its shape.
  ///
  /// - Parameter isWanted: tells of a state's name whether it is taken over; the others stay.
  /// - Throws: `WeightError`, naming the first state that does not suit; nothing is changed then.
  public func restore(
    _ records: [TensorRecord], where isWanted: (String) -> Bool = { _ in true }
  ) throws(WeightError) {
    let table = RecordTable(records)
    var values: [(String, TensorValue<Float>)] = []
    for name in stateNames where isWanted(name) {
      values.append((name, try table.value(named: name, shape: shape(ofState: name) ?? [])))
    }
    for (name, value) in values { self[state: name] = value }
  }
}

/// A parameter or state that a file does not hold as expected.
public struct WeightError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The parameter's name.
  public let name: String
  /// What was found and what was expected.
  public let problem: String

  /// An error of its parts.
  public init(name: String, problem: String) {
    self.name = name
    self.problem = problem
  }

  /// One line: the name and the problem.
  public var description: String { "tensor '\(name)': \(problem)" }
}
