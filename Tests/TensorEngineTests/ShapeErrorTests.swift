import TensorEngine
import Testing

/// Wrong shapes and types are errors that say what, where and with which shapes; tracing goes on
/// until they are thrown.
@Suite struct ShapeErrorTests {
  /// What misuses are traced on.
  struct Operands {
    /// [3, 4]
    let matrix: Tensor
    /// [2, 3, 8, 8]
    let image: Tensor
    /// [3, 4]
    let bytes: Tensor
  }

  /// One wrong use of an operation.
  struct Misuse: Sendable, CustomStringConvertible {
    let operation: String
    /// What the message must name.
    let mentions: [String]
    let trace: @Sendable (Operands) -> Tensor

    init(
      _ operation: String, _ mentions: [String],
      trace: @escaping @Sendable (Operands) -> Tensor
    ) {
      self.operation = operation
      self.mentions = mentions
      self.trace = trace
    }

    var description: String { "\(operation) \(mentions)" }
  }

  private static func weight(_ x: Tensor, _ shape: Shape) -> Tensor {
    x.graph.state("weight", initial: TensorValue(repeating: 0, shape: shape))
  }

  static let misuses: [Misuse] =
    [
      Misuse("exp", ["byte"]) { $0.bytes.exp() },
      Misuse("relu", ["byte", "real()"]) { $0.bytes.relu() },
      Misuse("sqrt", ["byte"]) { $0.bytes.transposed().sqrt() },
      Misuse("add", ["[3, 4]", "[2, 3, 8, 8]"]) { $0.matrix + $0.image },
      Misuse("mul", ["[3, 4]", "[4, 3]"]) { $0.matrix * $0.matrix.transposed() },
      Misuse("max", ["byte"]) { $0.matrix.maximum($0.bytes) },
      Misuse("less", ["[3, 4]", "[3]"]) { $0.matrix.isLess(than: $0.matrix.sum(axes: [1])) },
      Misuse("equal", ["byte"]) { $0.bytes.isEqual(to: $0.bytes) },
      Misuse("select", ["[3, 4]", "[4, 3]"]) {
        $0.matrix.select($0.matrix, $0.matrix.transposed())
      },
      Misuse("sum", ["[3, 4]", "2"]) { $0.matrix.sum(axes: [2]) },
      Misuse("maxAlong", ["[3, 4]", "-3"]) { $0.matrix.max(axes: [-3]) },
      Misuse("minAlong", ["[0, 0]"]) { $0.matrix.min(axes: [0, 0]) },
      Misuse("sum", ["byte"]) { $0.bytes.sum() },
      Misuse("sum", ["[3, 4]", "5"]) { $0.matrix.mean(axes: [5]) },
      Misuse("reshape", ["[3, 4]", "12", "[5, 2]"]) { $0.matrix.reshaped(to: [5, 2]) },
      Misuse("transpose", ["[3, 4]", "[0, 0]"]) { $0.matrix.transposed([0, 0]) },
      Misuse("transpose", ["[4]"]) { $0.matrix.sum(axes: [0]).transposed() },
      Misuse("broadcast", ["[3, 4]", "[3, 5]"]) { $0.matrix.broadcast(to: [3, 5]) },
      Misuse("slice", ["[3, 4]", "axis 1"]) { $0.matrix.sliced(axis: 1, 2..<9) },
      Misuse("slice", ["[3, 4]", "axis 4"]) { $0.matrix.sliced(axis: 4, 0..<1) },
      Misuse("slice", ["[3, 4]"]) { $0.matrix.sliced(starts: [0], extents: [1]) },
      Misuse("slice", ["[3, 4]", "-1"]) { $0.matrix.sliced(starts: [0, 0], extents: [1, -1]) },
      Misuse("pad", ["[3, 4]", "[-1, 0]"]) { $0.matrix.padded(low: [-1, 0], high: [0, 0]) },
      Misuse("concatenate", ["[3, 4]", "[4, 3]"]) {
        Tensor.concatenate([$0.matrix, $0.matrix.transposed()], axis: 0)
      },
      Misuse("concatenate", ["[3, 4]", "axis 2"]) {
        Tensor.concatenate([$0.matrix, $0.matrix], axis: 2)
      },
      Misuse("concatenate", ["byte", "real"]) {
        Tensor.concatenate([$0.matrix, $0.bytes], axis: 0)
      },
      Misuse("flatten", ["[3, 4]", "axis 3"]) { $0.matrix.flattened(from: 3) },
      Misuse("matmul", ["[3, 4] x [3, 4]", "4 and 3"]) { $0.matrix.matmul($0.matrix) },
      Misuse("matmul", ["[4]"]) { $0.matrix.sum(axes: [0]).matmul($0.matrix) },
      Misuse("matmul", ["batch"]) { $0.image.matmul($0.image.sliced(axis: 0, 0..<1)) },
      Misuse("conv2d", ["[3, 4]"]) { $0.matrix.convolved(with: $0.matrix) },
      Misuse("conv2d", ["[2, 3, 8, 8]", "3 channels", "[4, 2, 3, 3]"]) {
        $0.image.convolved(with: weight($0.image, [4, 2, 3, 3]))
      },
      Misuse("conv2d", ["[2, 3, 8, 8]", "9x9"]) {
        $0.image.convolved(with: weight($0.image, [4, 3, 9, 9]))
      },
      Misuse("conv2d", ["stride"]) {
        $0.image.convolved(with: weight($0.image, [4, 3, 3, 3]), .init(stride: 0))
      },
      Misuse("conv2d", ["[0, 3, 3, 3]"]) {
        $0.image.convolved(with: weight($0.image, [0, 3, 3, 3]))
      },
      Misuse("conv2dImageGradient", ["[4, 2, 3, 3]", "[2, 3, 8, 8]"]) {
        $0.image.convolvedTransposed(with: weight($0.image, [4, 2, 3, 3]))
      },
      Misuse("conv2dImageGradient", ["-1x-1"]) {
        $0.image.sliced(starts: [0, 0, 0, 0], extents: [2, 3, 1, 1]).convolvedTransposed(
          with: weight($0.image, [3, 2, 1, 1]), .init(padding: 1))
      },
      Misuse("convTranspose2d", ["[3, 4]"]) { $0.matrix.convolvedTransposed(with: $0.matrix) },
      Misuse("gradients", ["[3, 4]", "sum or average"]) {
        $0.matrix.graph.gradients(of: $0.matrix, withRespectTo: [$0.matrix])[0]
      },
      Misuse("update", ["[2, 2]", "[3, 4]"]) {
        $0.matrix.graph.update(weight($0.matrix, [2, 2]), to: $0.matrix)
        return $0.matrix
      },
      Misuse("update", ["byte"]) {
        $0.matrix.graph.update(weight($0.matrix, [3, 4]), to: $0.bytes)
        return $0.matrix
      },
    ] + spatialMisuses + indexingMisuses

  static let allMisuses = misuses + elementwiseMisuses + axisMisuses + rearrangementMisuses

  private func traced(_ misuse: Misuse) -> Tensor {
    let graph = Graph()
    let operands = Operands(
      matrix: graph.input("matrix", shape: [3, 4]),
      image: graph.input("image", shape: [2, 3, 8, 8]),
      bytes: graph.input("bytes", shape: [3, 4], type: .byte))
    return graph.scoped("encoder") { graph.scoped("0") { misuse.trace(operands) } }
  }

  @Test(arguments: allMisuses)
  func compilingSaysWhatIsWrong(misuse: Misuse) throws {
    let result = traced(misuse)
    let error = try #require(
      #expect(throws: ShapeError.self) {
        _ = try result.graph.compile(["y": result], as: Float.self)
      })
    #expect(error.operation == misuse.operation)
    #expect(error.scope == "encoder.0")
    for mention in misuse.mentions { #expect(error.problem.contains(mention), "\(error)") }
    #expect(!error.description.contains("\n"))
    #expect(throws: error) { try result.value }
  }

  /// Layers go on with what a mistake left: nothing traps, and the first mistake is thrown.
  @Test(arguments: allMisuses.filter { $0.operation != "update" })
  func tracingGoesOn(misuse: Misuse) {
    let poisoned = traced(misuse)
    let graph = poisoned.graph
    #expect(poisoned.shape.description == "[?]")
    let features = poisoned.shape[1] * poisoned.shape[-1]
    let dense = graph.state("d", initial: TensorValue(repeating: 0, shape: [features, 7]))
    let filters = graph.state("f", initial: TensorValue(repeating: 0, shape: [2, features, 3, 3]))
    let sound = graph.input("sound", shape: [5, 6])
    var all = [
      poisoned.matmul(dense), sound.matmul(poisoned), poisoned.flattened(),
      poisoned.convolved(with: filters), filters.convolved(with: poisoned),
      poisoned.convolvedTransposed(with: filters), filters.convolvedTransposed(with: poisoned),
      poisoned.transposed(), poisoned.transposed([2, 0, 1]), poisoned.reshaped(to: [3, 3]),
      poisoned.sum(axes: [1, -1]), poisoned.mean(), poisoned.max(axes: [2], keepsAxes: true),
      poisoned.sliced(axis: 3, 1..<2), poisoned.sliced(starts: [0, 1], extents: [2, 2]),
      poisoned.padded(low: [1, 1], high: [0, 0]), poisoned.broadcast(to: [9]),
      Tensor.concatenate([poisoned, sound], axis: 1),
      Tensor.concatenate([sound, poisoned], axis: 0),
      poisoned + sound, sound * poisoned, 2 - poisoned, poisoned.exp(), poisoned.pow(2),
      poisoned.isGreater(than: 0).select(sound, 1), poisoned.stopGradient(), poisoned.real(),
      poisoned.elu(), poisoned.clamped(low: 0, high: 1), sound.mod(poisoned),
      poisoned.variance(axes: [1]), poisoned.logSumExp(), poisoned.softmax(axis: 1),
      poisoned.product(axes: [0]), poisoned.argmax(), poisoned.argmin(axis: 2, keepsAxis: true),
      poisoned.cumulativeSum(axis: 3), poisoned.padded(low: [1], high: [0], .reflect),
      poisoned.padded(low: [1], high: [0], .edge), poisoned.flipped(axes: [0]), poisoned.flipped(),
      poisoned.rolled(by: 2, axis: 1), poisoned.tiled([2, 3]), Tensor.stack([poisoned, sound]),
      Tensor.stack([sound, poisoned], axis: 1), poisoned.split(sizes: [1, 2], axis: 1)[1],
      poisoned.split(into: 2)[0], poisoned.squeezed(axes: [1]), poisoned.squeezed(),
      poisoned.expanded(axis: 1), poisoned.withGradient(of: [sound]) { [$0.cotangent] },
      sound.withGradient(of: [poisoned]) { [$0.cotangent] }, sound.straightThrough(to: poisoned),
      poisoned.straightThrough(to: sound), graph.checkpointed { poisoned.exp() * sound },
    ]
    all.append(graph.layer("head", kind: "Dense") { all[0].relu() })
    for tensor in all { #expect(tensor.shape.description == "[?]") }
    let gradients = graph.gradients(of: all[0].mean(), withRespectTo: [dense, poisoned])
    graph.update(dense, to: dense - gradients[0])
    graph.update(dense, to: poisoned)
    let error = #expect(throws: ShapeError.self) {
      _ = try graph.compile(["y": all[0]], as: Double.self)
    }
    #expect(error?.operation == misuse.operation)
    #expect(error?.scope == "encoder.0")
  }
}
