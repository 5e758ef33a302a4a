import FileFormats

/// What a run will take of the machine.
public struct RunForecast: Sendable, Hashable {
  /// The most memory that the process will take in bytes: what it has with its data loaded, its
  /// programs, and the copy of the state that is saved; nil where no program is loaded.
  public let peakMemoryBytes: Int?
  /// Bytes of a checkpoint.
  public let checkpointBytes: Int
  /// Bytes on the disk: the checkpoints that are kept, one being written, and the lines of the logs.
  /// Pictures are not foreseen.
  public let diskBytes: Int
  /// Bytes that are free where the runs are; nil where the system does not tell.
  public let freeDiskBytes: Int?

  /// Bytes of a line of metrics and one of times.
  private static let lineBytes = 300

  init(
    _ state: [TensorRecord], _ plan: TrainingPlan, peakMemoryBytes: Int?, in outputs: String
  ) {
    self.peakMemoryBytes = peakMemoryBytes
    checkpointBytes = state.reduce(0) { $0 + $1.bytes.count }
    let checkpoints = checkpointBytes.multipliedReportingOverflow(by: plan.mostCheckpoints)
    let lines = min(plan.steps / plan.training.logEvery, .max / 2) + plan.training.epochs
    let logs = lines.multipliedReportingOverflow(by: Self.lineBytes)
    let sum = checkpoints.partialValue.addingReportingOverflow(logs.partialValue)
    diskBytes =
      checkpoints.overflow || logs.overflow || sum.overflow ? .max : sum.partialValue
    freeDiskBytes = DiskSpace.free(in: outputs)
  }

  /// Refuses a run whose checkpoints do not fit on the disk.
  func refuseTooLittleDisk(_ plan: TrainingPlan, in outputs: String) throws(RunError) {
    let need = checkpointBytes.multipliedReportingOverflow(by: plan.mostCheckpoints)
    guard let free = freeDiskBytes, need.overflow || need.partialValue > free else { return }
    throw RunError(
      .unsuitable,
      "the checkpoints take \(Quantity.bytes(need.overflow ? .max : need.partialValue)) on the disk,"
        + " but \(Quantity.bytes(free)) are free in \(outputs)",
      hint: "make room, lower train.keep, or name another folder with --out")
  }

  /// As `describe --json` gives it.
  var json: JSON {
    func integer(_ value: Int?) -> JSON { value.map { .integer(Int64($0)) } ?? .null }
    return [
      "peakMemoryBytes": integer(peakMemoryBytes), "checkpointBytes": integer(checkpointBytes),
      "diskBytes": integer(diskBytes), "freeDiskBytes": integer(freeDiskBytes),
    ]
  }
}
