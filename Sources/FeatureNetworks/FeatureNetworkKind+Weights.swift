import FileFormats
import NeuralNetworks
import TensorEngine

extension FeatureNetworkKind {
  /// The network with the weights of a file, under any of the names that programs give them.
  ///
  /// A classifier in the file that is not wanted is passed over, and so is what lies behind `last`.
  ///
  /// - Parameters:
  ///   - records: the file's tensors.
  ///   - path: the file, named in errors.
  ///   - last: the layer to end with; nil for all. The name of no layer traps.
  ///   - classifies: whether the network is to end with its classifier; not together with `last`.
  /// - Throws: `.unsupported` when the tensors are those of another network, of other shapes or not
  ///   32-bit floats; `.damaged` when a number is not finite or a variance below 0.
  public func network(
    from records: [TensorRecord], path: String, through last: String? = nil,
    classifies: Bool = false
  ) throws(FileError) -> any FeatureNetwork {
    let table = WeightTable(records)
    var network = unweighted(through: last, classifies: classifies)
    let match = bestMatch(of: table, needed: network.states().map(\.path))
    guard match.isWhole else {
      let other = Self.allCases.first { kind in
        kind != self
          && kind.bestMatch(of: table, needed: kind.unweighted().states().map(\.path)).isWhole
      }
      throw FileError(
        .unsupported, path: path, "not the weights of \(rawValue): \(match.differences)",
        hint: other.map { "they are those of \($0.rawValue)" })
    }
    var problem: FileError?
    network.walkParameters(at: "") { name, parameter in
      guard problem == nil else { return }
      do throws(FileError) {
        parameter.value = try table.value(
          named: match.names.inFile(name), shape: parameter.shape,
          isVariance: name.hasSuffix(".running_var"), path: path)
      } catch {
        problem = error
      }
    }
    if let problem { throw problem }
    return network
  }

  /// What a file holds of a network, in single precision. Classifiers, which are most of some files,
  /// are read only where they are wanted.
  ///
  /// - Throws: `.damaged`, `.inputOutput`, or `.tooLarge` where the tensors do not fit into memory.
  public static func records(
    of file: WeightFile, classifies: Bool = false
  ) throws(FileError) -> [TensorRecord] {
    try file.records { classifies || !ParameterNames.isPassedOver($0.name) }
      .map { $0.inSinglePrecision() }
  }

  /// The network whose tensors these are, if it is one of ours.
  public static func kind(of records: [TensorRecord]) -> FeatureNetworkKind? {
    let table = WeightTable(records)
    return allCases.first { kind in
      kind.bestMatch(of: table, needed: kind.unweighted().states().map(\.path)).isWhole
    }
  }

  /// The naming by which the fewest tensors are missing or unexpected.
  private func bestMatch(of table: WeightTable, needed: [String]) -> WeightMatch {
    let all = unweighted(classifies: true).states()
    let matches = parameterNames.map { names in
      WeightMatch(table, names, needed: needed, all: all)
    }
    return matches.min { $0.faults < $1.faults } ?? matches[0]
  }
}

/// How a file's tensors suit a network under one naming.
private struct WeightMatch {
  let names: ParameterNames
  /// Needed, but not in the file.
  private let missing: [String]
  /// In the file, but not of the network.
  private let unexpected: [String]
  /// Of another shape than the network's.
  private let misshapen: [String]

  init(
    _ table: WeightTable, _ names: ParameterNames, needed: [String],
    all: [(path: String, parameter: Parameter)]
  ) {
    self.names = names
    let known = Set(all.map { names.inFile($0.path) })
    let needed = Set(needed.map(names.inFile))
    missing = needed.filter { table.shape(of: $0) == nil }.sorted()
    unexpected = table.names.filter { !known.contains($0) && !ParameterNames.isPassedOver($0) }
    misshapen = all.compactMap { path, parameter in
      let name = names.inFile(path)
      guard needed.contains(name), let shape = table.shape(of: name),
        shape != parameter.shape.dimensions
      else { return nil }
      return "\(name) has shape \(shape), expected \(parameter.shape)"
    }
  }

  var faults: Int { missing.count + unexpected.count + misshapen.count }
  var isWhole: Bool { faults == 0 }

  /// What is wrong, in one line.
  var differences: String {
    func listed(_ what: String, _ names: [String]) -> String? {
      let shown = 3
      guard !names.isEmpty else { return nil }
      let more = names.count > shown ? " and \(names.count - shown) more" : ""
      return "\(names.count) \(what) (\(names.prefix(shown).joined(separator: ", "))\(more))"
    }
    return [
      listed("missing", missing), listed("unexpected", unexpected),
      listed("of another shape", misshapen),
    ].compactMap { $0 }.joined(separator: ", ")
  }
}

/// The tensors of a file by their names, without what training programs put in front of all.
private struct WeightTable {
  private let records: [String: TensorRecord]
  /// The names in the file's order.
  let names: [String]

  init(_ records: [TensorRecord]) {
    var names = records.map(\.name)
    while let wrapper = ParameterNames.wrappers.first(where: { wrapper in
      !names.isEmpty && names.allSatisfy { $0.hasPrefix(wrapper) }
    }) {
      names = names.map { String($0.dropFirst(wrapper.count)) }
    }
    self.names = names
    self.records = Dictionary(zip(names, records)) { first, _ in first }
  }

  func shape(of name: String) -> [Int]? { records[name]?.shape }

  /// The numbers of a tensor that is there with this shape.
  func value(
    named name: String, shape: Shape, isVariance: Bool, path: String
  ) throws(FileError) -> TensorValue<Float> {
    guard let record = records[name], let scalars = record.values(as: Float.self) else {
      let type = records[name]?.elementType.rawValue ?? ""
      throw FileError(
        .unsupported, path: path, place: "tensor '\(name)'",
        "numbers of type \(type), expected F32", hint: "convert the file to 32-bit floats")
    }
    guard scalars.allSatisfy({ $0.isFinite && (!isVariance || $0 >= 0) }) else {
      throw FileError(
        .damaged, path: path, place: "tensor '\(name)'",
        isVariance ? "a variance that is negative or not finite" : "a number that is not finite")
    }
    return TensorValue(shape: shape, scalars: scalars)
  }
}
