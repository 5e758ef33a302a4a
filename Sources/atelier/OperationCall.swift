import FileFormats
import TensorEngine

/// One call of an operation on arrays from a file.
struct OperationCall {
  let operation: Operation
  let attributes: [String: Attribute.Value]
  /// Whether the gradients are asked for too.
  let wantsGradient: Bool

  /// The most numbers that a call may need, 1 GiB of them in Double.
  private static let greatestElementCount = 1 << 27
  /// The most floating-point operations that a call may take.
  private static let greatestWork = 1 << 31

  /// Carries the call out.
  ///
  /// - Parameters:
  ///   - arrays: the operands, named x0, x1 and so on, and maybe the cotangents, each named
  ///     "cotangent" or, of several results, "cotangent." and the result's name.
  ///   - path: the file of the arrays, named in errors.
  /// - Returns: the results by name, then the gradients of the real operands as g0, g1 and so on.
  /// - Throws: `CallError`, `ShapeError`, or `FileError` about the arrays.
  func evaluate<Scalar: KernelScalar & TensorElement>(
    _ arrays: [TensorRecord], path: String, as: Scalar.Type
  ) throws -> [TensorRecord] {
    let cotangents = arrays.filter { $0.name.hasPrefix("cotangent") }
    let operands = try operands(among: arrays, besides: cotangents.count, path: path)
    let graph = Graph()
    let tensors = try operands.map { operand in
      graph.input(
        operand.name, shape: Shape(operand.shape), type: try operand.engineType(path: path))
    }
    let results = try operation(tensors, attributes, in: graph)
    var outputs: [String: Tensor] = [:]
    var loss = graph.constant(0)
    var remaining = Set(cotangents.map(\.name))
    for (index, result) in results.enumerated() {
      let name = self.name(ofResult: index, of: results.count)
      outputs[name] = result
      guard wantsGradient, result.type == .real else { continue }
      let cotangent = "cotangent" + (results.count == 1 ? "" : ".\(name)")
      if let given = cotangents.first(where: { $0.name == cotangent }) {
        guard given.shape == result.shape.dimensions, try given.engineType(path: path) == .real
        else {
          throw FileError(
            .damaged, path: path, place: "array '\(cotangent)'",
            "expected real numbers of shape \(result.shape), as the result's")
        }
        remaining.remove(cotangent)
        loss = loss + (result * graph.input(cotangent, shape: result.shape)).sum()
      } else {
        loss = loss + result.sum()
      }
    }
    if let unused = remaining.min() {
      throw FileError(
        .damaged, path: path, place: "array '\(unused)'", "no real result has this name")
    }
    if wantsGradient {
      let real = tensors.indices.filter { tensors[$0].type == .real }
      let gradients = graph.gradients(of: loss, withRespectTo: real.map { tensors[$0] })
      for (index, gradient) in zip(real, gradients) { outputs["g\(index)"] = gradient }
    }
    return try run(graph, outputs, on: operands + cotangents, path: path, as: Scalar.self)
  }

  /// The operation's word for a result; where it gives as many as it is asked for, one word and
  /// the result's number.
  private func name(ofResult index: Int, of count: Int) -> String {
    operation.results.count == count ? operation.results[index] : "\(operation.results[0])\(index)"
  }

  private func operands(
    among arrays: [TensorRecord], besides others: Int, path: String
  ) throws(FileError) -> [TensorRecord] {
    let operands = (0..<arrays.count - others).map { place in
      arrays.first { $0.name == "x\(place)" }
    }
    if let missing = operands.firstIndex(of: nil) {
      throw FileError(
        .damaged, path: path,
        "no array 'x\(missing)'; arrays are named x0, x1 and so on, and cotangent")
    }
    return operands.compactMap { $0 }
  }

  private func run<Scalar: KernelScalar & TensorElement>(
    _ graph: Graph, _ outputs: [String: Tensor], on inputs: [TensorRecord], path: String,
    as: Scalar.Type
  ) throws -> [TensorRecord] {
    try graph.verify()
    guard graph.elementCount <= Self.greatestElementCount else { throw tooLarge }
    let program = try graph.compile(outputs, as: Scalar.self)
    guard program.work <= Self.greatestWork else { throw tooLarge }
    let loaded = Workspace<Scalar>(threads: 1, seed: 0).load(program)
    for input in inputs {
      switch try input.engineType(path: path) {
      case .real: loaded.set(input.name, to: input.reals())
      case .index: loaded.set(input.name, to: try input.indices(path: path))
      case .byte: loaded.set(input.name, to: input.bytes)
      }
    }
    loaded.run(step: 0)
    return outputs.sorted { $0.key < $1.key }.map { name, tensor in
      let shape = tensor.shape.dimensions
      switch tensor.type {
      case .real: return TensorRecord(name: name, shape: shape, values: loaded[name].scalars)
      case .index:
        return TensorRecord(name: name, shape: shape, values: loaded[indices: name].scalars)
      case .byte:
        return TensorRecord(name: name, shape: shape, values: loaded[bytes: name].scalars)
      }
    }
  }

  private var tooLarge: FileError {
    FileError(.tooLarge, path: operation.name, "takes more memory or time than a call may")
  }
}

extension TensorRecord {
  /// The engine's type for these numbers.
  fileprivate func engineType(path: String) throws(FileError) -> TensorEngine.ElementType {
    switch elementType {
    case .float32, .float64: .real
    case .int32, .int64: .index
    case .uint8: .byte
    default:
      throw FileError(
        .unsupported, path: path, place: "array '\(name)'",
        "numbers of type \(elementType.rawValue), expected F32, F64, I32, I64 or U8")
    }
  }

  /// The numbers of a real array, rounded or widened.
  fileprivate func reals<Scalar: KernelScalar>() -> [Scalar] {
    values(as: Float.self)?.map { Scalar($0) } ?? values(as: Double.self)?.map { Scalar($0) } ?? []
  }

  /// The numbers of an index array.
  fileprivate func indices(path: String) throws(FileError) -> [Int32] {
    if let values = values(as: Int32.self) { return values }
    let wide = values(as: Int64.self) ?? []
    let indices = wide.compactMap { Int32(exactly: $0) }
    guard indices.count == wide.count else {
      throw FileError(
        .unsupported, path: path, place: "array '\(name)'", "expected numbers that fit 32 bits")
    }
    return indices
  }
}
