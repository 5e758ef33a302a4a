import Experiments
import FileFormats
import Glibc

/// The processor time that everything and this process had used when it was made, to tell whether
/// others disturb a measurement.
struct MachineLoad {
  /// Processors that others may use in a repetition that counts.
  private static let quietProcessors = 0.08
  /// The share of the time that this process may be kept waiting in a repetition that counts.
  private static let quietDelay = 0.08

  private let all = Self.allSeconds
  private let own = Self.ownSeconds
  private let delay = Self.delaySeconds
  private let time = Stopwatch()

  /// What was used since then, in processors.
  struct Use {
    /// Used by others.
    let others: Double
    /// Used by this process.
    let own: Double
    /// How long threads of this process were ready but waited, as a share of the time.
    let delay: Double

    /// Whether a measurement in the meantime counts.
    var isQuiet: Bool { others < quietProcessors || delay < quietDelay }
  }

  /// What was used since the value was made.
  func sinceThen() -> Use {
    let seconds = max(time.seconds, 1e-9)
    let own = Self.ownSeconds - own
    return Use(
      others: max(0, Self.allSeconds - all - own) / seconds, own: own / seconds,
      delay: (Self.delaySeconds - delay) / seconds)
  }

  /// Returns when others use less than twice the processors that count as quiet, or after some
  /// seconds.
  static func waitForQuiet(atMost seconds: Double) {
    let time = Stopwatch()
    while time.seconds < seconds {
      let load = MachineLoad()
      usleep(250_000)
      if load.sinceThen().others < 2 * quietProcessors { return }
      usleep(500_000)
    }
  }

  /// The largest resident memory of this process so far, in bytes. Unlike that of getrusage(2) it
  /// does not begin with the parent's.
  static var peakResidentBytes: Int {
    let line = KernelFile.lines("/proc/self/status").first { $0.hasPrefix("VmHWM:") }
    let kibibytes = line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first
    return (kibibytes.flatMap { Int($0) } ?? 0) << 10
  }

  private static let ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))

  /// User, nice, system, interrupt and stolen time of all processors (proc(5)).
  private static var allSeconds: Double {
    let fields = KernelFile.lines("/proc/stat").first?.split(separator: " ") ?? []
    return [1, 2, 3, 6, 7, 8].filter { $0 < fields.count }
      .map { Double(fields[$0]) ?? 0 }.reduce(0, +) / ticksPerSecond
  }

  /// User and system time of this process (proc(5): fields 14 and 15; the second is a name in
  /// parentheses that may hold spaces).
  private static var ownSeconds: Double {
    guard let line = KernelFile.lines("/proc/self/stat").first,
      let name = line.lastIndex(of: ")")
    else { return 0 }
    let fields = line[name...].split(separator: " ")
    return [12, 13].filter { $0 < fields.count }
      .map { Double(fields[$0]) ?? 0 }.reduce(0, +) / ticksPerSecond
  }

  /// How long the threads of this process stood ready but waited for a processor.
  private static var delaySeconds: Double {
    let tasks = (try? Files.names(in: "/proc/self/task")) ?? []
    return tasks.map { task in
      let fields = KernelFile.lines("/proc/self/task/\(task)/schedstat").first?
        .split(separator: " ")
      return fields.flatMap { $0.count > 1 ? Double($0[1]) : nil } ?? 0
    }.reduce(0, +) * 1e-9
  }
}
