import NeuralNetworks
import Randomness
import TensorEngine

/// Standard normal numbers, the same for the same name.
func normalNumbers(_ shape: Shape, _ name: String = "numbers") -> TensorValue<Float> {
  var random = RandomStream(seed: 1, name: name)
  return TensorValue(shape: shape, scalars: (0..<shape.count).map { _ in Float(random.normal()) })
}

/// What a layer makes of fixed numbers.
func apply(_ layer: some Layer, to x: TensorValue<Float>) throws -> TensorValue<Float> {
  let graph = Graph()
  let input = graph.constant(x.scalars.map { Double($0) }, shape: x.shape)
  return try graph.bind(layer, as: "layer")(input, mode: .inference).value
}

/// The largest difference of two lists of numbers, relative to the largest number of the second;
/// infinite when they differ in length.
func largestError(_ found: [Float], _ expected: [Double]) -> Double {
  guard found.count == expected.count else { return .infinity }
  let scale = expected.map(\.magnitude).max() ?? 1
  let error = zip(found, expected).map { (Double($0) - $1).magnitude }.max() ?? 0
  return error / max(scale, .leastNormalMagnitude)
}
