import TensorEngine
import Testing

/// Sums and quotients that one loop carries out have the bits of their operations one by one.
@Suite struct TileUpdateTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    /// The results, of two numbers and two matrices.
    let results: @Sendable (_ s: Tensor, _ x: Tensor, _ t: Tensor, _ z: Tensor) -> [Tensor]

    init(
      _ name: String, _ results: @escaping @Sendable (Tensor, Tensor, Tensor, Tensor) -> [Tensor]
    ) {
      (testDescription, self.results) = (name, results)
    }
  }

  static let cases = [
    Case("sum") { s, x, t, z in [s * x + z * t] },
    Case("sum of a square") { s, x, t, z in [s * x + t * z.square()] },
    Case("square first") { s, x, t, z in [s * x.square() + t * z] },
    Case("two squares") { s, x, t, z in [s * x.square() + t * z.square()] },
    Case("one term twice") { s, x, _, _ in [s * x + s * x] },
    Case("over root") { s, x, t, z in [s * x / (z.sqrt() + t)] },
    Case("over number and root") { s, x, t, z in [x * s / (t + z.sqrt())] },
    Case("step") { _, x, t, z in [x + t * z] },
    Case("step first") { _, x, t, z in [z * t + x] },
    Case("number and vector") { s, x, t, _ in [s + t * x] },
    Case("parts that are results") { s, x, t, z in
      let (left, root) = (s * x, z.sqrt())
      return [left, root, left + t * z, left / (root + t)]
    },
    Case("parts that are read twice") { s, x, t, z in
      let (left, square) = (s * x, z.square())
      return [left + t * square + left * square]
    },
    Case("broadcast") { s, x, t, z in [s * x + t * z.mean(axes: [0], keepsAxes: true)] },
    Case("rule of Adam") { s, x, t, z in
      let first = s * x + (1 - s) * z
      let second = t * x.square() + (1 - t) * z.square()
      return [first, second, x + s * (t * first / (second.sqrt() + 1e-8))]
    },
  ]

  @Test(arguments: cases, [[1, 1], [3, 5], [7, 1000]] as [Shape])
  func bitsAreThoseOfSingleOperations(example: Case, shape: Shape) throws {
    #expect(try results(example, shape, Float.self).map { $0.map(\.bitPattern) }.isUniform)
    #expect(try results(example, shape, Double.self).map { $0.map(\.bitPattern) }.isUniform)
  }

  /// The numbers of all results, in a chain and one by one.
  private func results<Scalar: KernelScalar>(
    _ example: Case, _ shape: Shape, _: Scalar.Type
  ) throws -> [[Scalar]] {
    try [true, false].map { (fuses: Bool) -> [Scalar] in
      let graph = Graph()
      let inputs = [[], shape, [], shape].enumerated().map {
        graph.input("\($0.offset)", shape: $0.element)
      }
      let outputs = example.results(inputs[0], inputs[1], inputs[2], inputs[3])
      var options = CompileOptions()
      options.fusesElementwise = fuses
      let named = Dictionary(uniqueKeysWithValues: zip(outputs.indices.map(String.init), outputs))
      let loaded = Workspace<Scalar>(threads: 1, seed: 1).load(
        try graph.compile(named, as: Scalar.self, options: options))
      for (number, input) in inputs.enumerated() {
        let numbers = (0..<input.shape.count).map { index in
          Scalar(100 * (number + 1) + index % 977) / 331
        }
        loaded.set("\(number)", to: numbers)
      }
      loaded.run(step: 0)
      return outputs.indices.flatMap { loaded["\($0)"].scalars }
    }
  }
}

extension [[UInt32]] {
  fileprivate var isUniform: Bool { allSatisfy { $0 == self[0] && !$0.isEmpty } }
}

extension [[UInt64]] {
  fileprivate var isUniform: Bool { allSatisfy { $0 == self[0] && !$0.isEmpty } }
}
