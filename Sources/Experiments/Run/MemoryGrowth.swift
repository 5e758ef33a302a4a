import Synchronization

/// How far the resident memory of this process grows from a moment on (proc(5)). The pages of the
/// program's and the libraries' files are left out: the system shares them and takes them back.
final class MemoryGrowth: Sendable {
  private struct State {
    var before: Int?
    var plannedPeak: Int?
  }

  private let state = Mutex(State())

  /// From now on. Forgets the peak that the process had before.
  func begin() {
    // 5 resets the peak.
    guard KernelFile.write("5", to: "/proc/self/clear_refs") else { return }
    state.withLock { $0.before = Self.bytes("VmRSS", lessFilesIn: Self.status) }
  }

  /// So many bytes will be taken besides those that the process has now.
  func plan(_ bytes: Int) {
    let now = KernelFile.bytes(of: "VmRSS", in: Self.status)
    state.withLock { $0.plannedPeak = now.map { $0 + bytes } }
  }

  /// The peak since the beginning, less what there was; nil where the system does not tell.
  var bytes: Int? {
    guard let before = state.withLock({ $0.before }),
      let peak = Self.bytes("VmHWM", lessFilesIn: Self.status)
    else { return nil }
    return max(0, peak - before)
  }

  /// The planned peak of the whole process, if anything was planned.
  var plannedPeak: Int? { state.withLock { $0.plannedPeak } }

  private static var status: [Substring] { KernelFile.lines("/proc/self/status") }

  private static func bytes(_ field: String, lessFilesIn status: [Substring]) -> Int? {
    guard let all = KernelFile.bytes(of: field, in: status),
      let files = KernelFile.bytes(of: "RssFile", in: status)
    else { return nil }
    return all - files
  }
}
