import FileFormats
import TensorEngine

/// How fast single operations are, beside what the machine copies and multiplies at most.
public enum OperationBenchmark {
  /// An operation on fixed operands.
  public struct Case: Sendable, CustomStringConvertible {
    let name: String
    let shape: String
    /// Bytes that must be read and written at least; nil where arithmetic is what counts.
    let bytes: Int?
    let trace: @Sendable (Graph) -> Tensor

    /// The name and the shape.
    public var description: String { "\(name) \(shape)" }

    /// A program of the operation alone.
    public func program() throws -> Program<Float> {
      let graph = Graph()
      return try graph.compile(["y": trace(graph)])
    }
  }

  private static func elementwise(
    _ name: String, operands: Int = 1, _ function: @escaping @Sendable ([Tensor]) -> Tensor
  ) -> Case {
    let shape: Shape = [1 << 22]
    return Case(name: name, shape: "4M", bytes: 4 * (operands + 1) * shape.count) { graph in
      function((0..<operands).map { graph.filled("x\($0)", shape) })
    }
  }

  /// An operation on a matrix, which reads it and writes `written` numbers.
  private static func movement(
    _ name: String, _ shape: Shape, written: Int,
    _ function: @escaping @Sendable (Tensor) -> Tensor
  ) -> Case {
    let text = shape.dimensions.map(String.init).joined(separator: "x")
    return Case(name: name, shape: text, bytes: 4 * (shape.count + written)) {
      function($0.filled("x", shape))
    }
  }

  private static func product(
    _ rows: Int, _ inner: Int, _ columns: Int, transposesLeft: Bool = false,
    transposesRight: Bool = false
  ) -> Case {
    let marks = (transposesLeft ? "T" : "") + " x " + (transposesRight ? "T" : "")
    return Case(name: "matmul\(marks)", shape: "\(rows)x\(inner)x\(columns)", bytes: nil) { graph in
      let left = graph.filled("left", transposesLeft ? [inner, rows] : [rows, inner])
      let right = graph.filled("right", transposesRight ? [columns, inner] : [inner, columns])
      return (transposesLeft ? left.transposed() : left)
        .matmul(transposesRight ? right.transposed() : right)
    }
  }

  /// The operations that are measured.
  public static let cases: [Case] = [
    elementwise("add", operands: 2) { $0[0] + $0[1] },
    elementwise("a * b + c", operands: 3) { $0[0] * $0[1] + $0[2] },
    elementwise("relu") { $0[0].relu() },
    elementwise("exp") { $0[0].exp() },
    elementwise("log") { $0[0].log() },
    elementwise("sqrt") { $0[0].sqrt() },
    elementwise("sin") { $0[0].sin() },
    elementwise("tanh") { $0[0].tanh() },
    elementwise("sigmoid") { $0[0].sigmoid() },
    elementwise("softplus") { $0[0].softplus() },
    elementwise("select", operands: 3) { $0[0].isGreater(than: 1).select($0[1], $0[2]) },
    Case(name: "normal numbers", shape: "4M", bytes: 4 << 22) {
      $0.randomNormal([1 << 22], stream: "numbers")
    },
    movement("sum of all", [2048, 2048], written: 1) { $0.sum() },
    movement("sum of rows", [2048, 2048], written: 2048) { $0.sum(axes: [1]) },
    movement("sum of columns", [2048, 2048], written: 2048) { $0.sum(axes: [0]) },
    movement("sum of channels", [64, 64, 32, 32], written: 64) { $0.sum(axes: [0, 2, 3]) },
    movement("max of rows", [2048, 2048], written: 2048) { $0.max(axes: [1]) },
    movement("softmax of rows", [2048, 2048], written: 1 << 22) { x in
      let shifted = (x - x.max(axes: [1], keepsAxes: true)).exp()
      return shifted / shifted.sum(axes: [1], keepsAxes: true)
    },
    movement("transpose", [2048, 2048], written: 1 << 22) { $0.transposed() },
    movement("transpose of channels", [64, 64, 32, 32], written: 1 << 22) {
      $0.transposed([0, 2, 3, 1])
    },
    movement("slice", [2048, 2048], written: 1 << 21) { $0.sliced(axis: 1, 512..<1536) },
    movement("concatenate", [2048, 2048], written: 1 << 22) { x in
      .concatenate([x.sliced(axis: 0, 1024..<2048), x.sliced(axis: 0, 0..<1024)], axis: 1)
    },
    movement("max-pool 2x2", [16, 64, 64, 64], written: 1 << 20) {
      $0.maxPooled(PoolingWindow(2))
    },
    product(1024, 1024, 1024), product(512, 512, 512), product(128, 784, 512),
    product(128, 512, 784, transposesRight: true), product(784, 128, 512, transposesLeft: true),
    product(32, 512, 2048, transposesRight: true), product(64, 6272, 1), product(128, 120, 84),
    product(32, 64, 4),
  ]

  /// Measures every case, and hands over each line when it is known.
  public static func run(
    _ settings: BenchmarkSettings, isQuick: Bool, _ line: (JSON) -> Void
  ) throws {
    let seconds = isQuick ? 0.01 : 0.3
    let productRate = try MachineRate.matrixProduct(threads: settings.threads)
    let copyRate = try MachineRate.copy(threads: settings.threads)
    for one in isQuick ? Array(cases.suffix(2)) : cases {
      let program = try one.program()
      let time = MachineRate.secondsPerRun(
        of: program, threads: settings.threads, atLeast: seconds)
      let rate = Double(one.bytes ?? program.work) / time
      let ceiling = one.bytes == nil ? productRate : copyRate
      let (key, machineKey) =
        one.bytes == nil ? ("gflops", "machine_gflops") : ("gb_per_s", "machine_gb_per_s")
      line(
        .object([
          .init("workload", "ops"), .init("operation", .string(one.name)),
          .init("shape", .string(one.shape)), .init("us", .rounded(time * 1e6)),
          .init(key, .rounded(rate / 1e9)), .init(machineKey, .rounded(ceiling / 1e9)),
          .init("machine_share", .rounded(rate / ceiling)),
          .init("threads", .integer(Int64(settings.threads))),
        ]))
    }
  }
}
