import FileFormats
import NeuralNetworks
import TensorEngine

/// What a module does wrong, a sentence a fault; none for a good one.
///
/// Its fields name every stored parameter, in order and as it is called; paths are unique and the
/// same at each walk; a walk can change what it visits; records written to a file and read again
/// restore the module.
func moduleFaults<Checked: Module>(_ module: Checked) throws -> [String] {
  var faults: [String] = []
  let walked = module.states().map(\.path)
  let stored = storedParameters(of: module, at: "")
  if walked != stored.map(\.path) {
    faults.append("It walks \(walked) and stores \(stored.map(\.path)).")
  }
  if Set(walked).count < walked.count { faults.append("Two parameters share a path.") }
  if module.states().map(\.path) != walked { faults.append("A second walk differs.") }
  let trained = stored.filter(\.parameter.isTrained)
  if module.parameterCount != trained.map(\.parameter.shape.count).reduce(0, +) {
    faults.append("It counts \(module.parameterCount) numbers.")
  }

  var other = module
  other.walkParameters(at: "") { _, parameter in
    parameter.value = TensorValue(repeating: 7, shape: parameter.shape)
  }
  if !other.states().allSatisfy({ $0.parameter.value.scalars.allSatisfy { $0 == 7 } }) {
    faults.append("A walk does not change it.")
  }
  let file = SafeTensors.encode(module.records(at: "net"))
  try other.load(SafeTensors.decode(file, path: "net.safetensors").records, at: "net")
  if other.states().map(\.parameter) != module.states().map(\.parameter) {
    faults.append("Its records do not restore it.")
  }
  return faults
}

/// Every parameter stored anywhere inside a value, found by reflection. What only wraps (an
/// optional, `AnyLayer`, the parts of `Sequential`, the directions of `Bidirectional`) has no name in a
/// path; parameters of the second direction end with `_reverse`. `runningMean` is called
/// `running_mean`, as in PyTorch.
private func storedParameters(
  of value: Any, at path: String
) -> [(path: String, parameter: Parameter)] {
  if let parameter = value as? Parameter { return [(path, parameter)] }
  return Mirror(reflecting: value).children.enumerated().flatMap { index, child in
    let name = child.label.map { $0.first == "." ? String($0.dropFirst()) : $0 } ?? "\(index)"
    let label = name.map { $0.isUppercase ? "_\($0.lowercased())" : "\($0)" }.joined()
    let isWrapper = ["some", "base", "parts", "forward", "reverse"].contains(label)
    let inner = isWrapper ? path : path.isEmpty ? label : "\(path).\(label)"
    return storedParameters(of: child.value, at: inner).map {
      (label == "reverse" ? "\($0.path)_reverse" : $0.path, $0.parameter)
    }
  }
}

/// A module under a name, with its type forgotten.
struct ModuleSample: Sendable, CustomStringConvertible {
  let description: String
  /// The paths that the module's parameters must have.
  let expectedPaths: [String]
  let paths: [String]
  let faults: @Sendable () throws -> [String]

  init(_ name: String, _ module: some Module, paths expected: [String]) {
    description = name
    expectedPaths = expected
    paths = module.states().map(\.path)
    faults = { try moduleFaults(module) }
  }
}
