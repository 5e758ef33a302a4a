import Randomness
import TensorEngine

/// Numbers drawn evenly from a range, the same in every run.
func numbers(
  _ shape: Shape, _ name: String = "numbers", in range: ClosedRange<Double> = -1...1
) -> TensorValue<Double> {
  var stream = RandomStream(seed: 1, name: name)
  let width = range.upperBound - range.lowerBound
  return TensorValue(
    shape: shape,
    scalars: (0..<shape.count).map { _ in range.lowerBound + width * stream.uniformDouble() })
}

/// Traces a function of inputs, runs it once and gives its results.
func evaluate<Scalar: KernelScalar>(
  _ operands: [TensorValue<Double>], as: Scalar.Type = Double.self,
  options: CompileOptions = .init(), threads: Int = 1, _ function: ([Tensor]) -> [Tensor]
) throws -> [TensorValue<Scalar>] {
  let graph = Graph()
  let results = function(
    operands.enumerated().map { graph.input("x\($0)", shape: $1.shape) })
  let outputs = Dictionary(uniqueKeysWithValues: results.enumerated().map { ("y\($0)", $1) })
  let workspace = Workspace<Scalar>(threads: threads, seed: 4)
  let program = workspace.load(try graph.compile(outputs, as: Scalar.self, options: options))
  for (index, operand) in operands.enumerated() {
    program.set("x\(index)", to: operand.scalars.map { Scalar($0) })
  }
  program.run(step: 0)
  return results.indices.map { program["y\($0)"] }
}

extension Shape {
  /// All places in row-major order, one number per axis each.
  var places: [[Int]] {
    dimensions.reduce([[]]) { places, extent in
      places.flatMap { place in (0..<extent).map { place + [$0] } }
    }
  }
}

extension TensorValue {
  /// The number at a place of a shape that this one broadcasts to.
  subscript(place: [Int]) -> Scalar {
    var offset = 0
    for (axis, extent) in shape.dimensions.enumerated() {
      let index = extent == 1 ? 0 : place[place.count - shape.rank + axis]
      offset = offset * extent + index
    }
    return scalars[offset]
  }

  /// A value computed place by place.
  init(_ shape: Shape, _ number: ([Int]) -> Scalar) {
    self.init(shape: shape, scalars: shape.places.map(number))
  }
}

extension TensorValue where Scalar: BinaryFloatingPoint {
  /// The largest distance to a reference, relative to the reference's largest number; infinite
  /// when the shapes differ.
  func distance<Other: BinaryFloatingPoint>(to reference: TensorValue<Other>) -> Double {
    guard shape == reference.shape else { return .infinity }
    let scale = reference.scalars.map { Double($0.magnitude) }.max() ?? 1
    let errors = zip(scalars, reference.scalars).map { (Double($0) - Double($1)).magnitude }
    let worst = errors.reduce(0) { $1 <= $0 ? $0 : $1 }
    return worst == 0 ? 0 : worst / scale
  }
}
