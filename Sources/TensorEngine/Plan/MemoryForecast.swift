/// The memory that programs take in a workspace once each of them ran, in bytes, known before any
/// did. The numbers that inputs come from and results go to are the caller's own.
public struct MemoryForecast: Sendable, Hashable {
  /// Values on their way from step to step, inputs and outputs among them, and what kernels need
  /// from their first phase to their last. Programs of one workspace share it.
  public let arena: Int
  /// The states, once each.
  public let states: Int
  /// The values that states begin with, which programs keep where no rule gives them.
  public let initialValues: Int
  /// Frozen operands in the form that kernels read them in.
  public let packedOperands: Int
  /// What folding made of constants: in the programs, and where kernels read it.
  public let constants: Int
  /// What each thread has to itself.
  public let threadScratch: Int

  /// All of it.
  public var total: Int {
    arena + states + initialValues + packedOperands + constants + threadScratch
  }

  /// - Parameters:
  ///   - programs: loaded into one workspace.
  ///   - threads: of the workspace.
  public init<Scalar: KernelScalar>(_ programs: [Program<Scalar>], threads: Int) {
    var values: [String: TensorValue<Float>] = [:]
    for program in programs {
      values.merge(program.states) { first, _ in first }
    }
    let sizes = values.values.map { $0.shape.count * MemoryLayout<Scalar>.stride }
    arena = Buffer.residentBytes(programs.map(\.arenaBytes).max() ?? 0)
    states = sizes.map(Buffer.residentBytes).reduce(0, +)
    initialValues = values.values.map(\.heldBytes).reduce(0, +)
    packedOperands = programs.flatMap(\.keptSizes).map(Buffer.residentBytes).reduce(0, +)
    constants = programs.map { 2 * $0.constants.count * MemoryLayout<Scalar>.stride }
      .reduce(0, +)
    let scratch =
      programs.flatMap(\.steps).map { $0.kernel.prepared(workers: threads) }
      .map(\.workerScratch).max() ?? 0
    threadScratch = Buffer.residentBytes(MemoryPlan.aligned(scratch) * threads)
  }
}
