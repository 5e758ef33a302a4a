/// What is left of the machine for a run.
public struct MachineRoom: Sendable, Hashable {
  /// Bytes of memory that a process can still take, and what bounds them, such as "the machine";
  /// nil when the system does not tell.
  public let memoryBytes: Int?
  /// What bounds the memory.
  public let memoryBound: String?
  /// Bytes that can be written below the folder of the runs; nil when the system does not tell.
  public let diskBytes: Int?

  /// Asks the system.
  ///
  /// - Parameters:
  ///   - outputs: the folder of the runs, which need not exist.
  ///   - threads: that a run would compute with.
  public init(for outputs: String, threads: Int) {
    let limit = MemoryLimit.tightest(threads: threads)
    memoryBytes = limit?.available
    memoryBound = limit?.name
    diskBytes = DiskSpace.free(in: outputs)
  }
}
