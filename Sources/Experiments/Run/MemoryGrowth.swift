import Synchronization

/// How far the resident memory of this process grows from a moment on (proc(5)). The pages of the
/// program's and the libraries' files are left out: the system shares them and takes them back.
final class MemoryGrowth: Sendable {
  private let before = Mutex<Int?>(nil)

  /// From now on. Forgets the peak that the process had before.
  func begin() {
    // 5 resets the peak.
    guard KernelFile.write("5", to: "/proc/self/clear_refs") else { return }
    before.withLock { $0 = Self.bytes("VmRSS:", lessFilesIn: Self.status) }
  }

  /// The peak since then, less what there was; nil where the system does not tell.
  var bytes: Int? {
    guard let before = before.withLock({ $0 }),
      let peak = Self.bytes("VmHWM:", lessFilesIn: Self.status)
    else { return nil }
    return max(0, peak - before)
  }

  private static var status: [Substring] { KernelFile.lines("/proc/self/status") }

  private static func bytes(_ field: String, lessFilesIn status: [Substring]) -> Int? {
    func bytes(_ field: String) -> Int? {
      let line = status.first { $0.hasPrefix(field) }
      let kibibytes = line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first
      return kibibytes.flatMap { Int($0) }.map { $0 << 10 }
    }
    guard let all = bytes(field), let files = bytes("RssFile:") else { return nil }
    return all - files
  }
}
