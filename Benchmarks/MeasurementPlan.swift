/// How a workload is timed: a warm-up, then repetitions of a fixed number of steps.
public struct MeasurementPlan: Sendable {
  /// How long steps are taken, after the first two, before any is timed, in seconds.
  public var warmUpSeconds = 2.0
  /// Steps of the warm-up, at least.
  public var warmUpSteps = 2
  /// About how long a repetition lasts, in seconds.
  public var repetitionSeconds = 1.5
  /// Repetitions at most.
  public var repetitions = 7
  /// Repetitions at least, whatever the budget.
  public var minimumRepetitions = 3
  /// How long all counted repetitions may last, in seconds.
  public var budgetSeconds = 40.0
  /// How long to wait for a quiet machine, in seconds, before disturbed repetitions are used.
  public var patienceSeconds = 180.0

  /// The plan of most workloads.
  public init() {}

  /// Enough to see that it runs; the figures mean little.
  public static let quick: MeasurementPlan = {
    var plan = MeasurementPlan()
    plan.warmUpSeconds = 0.5
    plan.repetitionSeconds = 0.5
    plan.repetitions = 3
    plan.budgetSeconds = 5
    plan.patienceSeconds = 0
    return plan
  }()

  /// The plan with other repetitions.
  func with(repetitionSeconds: Double, repetitions: Int = 7) -> MeasurementPlan {
    var plan = self
    plan.repetitionSeconds = repetitionSeconds
    plan.repetitions = repetitions
    return plan
  }
}
