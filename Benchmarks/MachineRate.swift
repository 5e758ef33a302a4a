import TensorEngine

/// What the machine can do at most, measured through the engine: the ceilings beside which the
/// figures of workloads and operations stand.
public enum MachineRate {
  /// How long a ceiling is measured, in seconds.
  private static let seconds = 0.3

  /// Floating-point operations a second of products of 1024 x 1024 matrices.
  public static func matrixProduct(threads: Int) throws -> Double {
    let graph = Graph()
    let (a, b) = (graph.filled("a", [1024, 1024]), graph.filled("b", [1024, 1024]))
    let program: Program<Float> = try graph.compile(["product": a.matmul(b)])
    return Double(program.work) / secondsPerRun(of: program, threads: threads, atLeast: seconds)
  }

  /// Bytes a second that are read and written, together, by copying 64 MiB.
  public static func copy(threads: Int) throws -> Double {
    let graph = Graph()
    let (a, b) = (graph.filled("a", [1 << 24]), graph.filled("b", [1 << 24]))
    graph.update(b, to: a)
    let program: Program<Float> = try graph.compile([:])
    let bytes = 2.0 * 4 * Double(1 << 24)
    return bytes / secondsPerRun(of: program, threads: threads, atLeast: seconds)
  }

  /// The median time of a run of a program, in seconds, of at least three runs.
  static func secondsPerRun(
    of program: Program<Float>, threads: Int, atLeast seconds: Double
  ) -> Double {
    let loaded = Workspace<Float>(threads: threads, seed: 0).load(program)
    loaded.run(step: 0)
    let one = Stopwatch()
    loaded.run(step: 1)
    // Several runs are timed as one where a run is shorter than a clock's reading is worth.
    let runs = max(1, Int(1e-3 / max(one.seconds, 1e-7)))
    let total = Stopwatch()
    var times: [Double] = []
    while total.seconds < seconds || times.count < 3 {
      let time = Stopwatch()
      for run in 0..<runs { loaded.run(step: 2 + run) }
      times.append(time.seconds / Double(runs))
    }
    return times.median
  }
}

extension Graph {
  /// A state of numbers near 1 that nothing changes.
  func filled(_ name: String, _ shape: Shape) -> Tensor {
    state(
      name,
      initial: TensorValue(
        shape: shape, scalars: (0..<shape.count).map { 1 + Float($0 % 7) / 8 }))
  }
}
