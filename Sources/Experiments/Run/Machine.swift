import Glibc

/// The machine a program runs on, as far as it explains a run's speed.
public struct Machine: Sendable, Hashable {
  /// The processor's name.
  public let processor: String
  /// Processors that are in use.
  public let cores: Int
  /// Memory in bytes.
  public let memoryBytes: Int
  /// The distribution and the kernel.
  public let system: String

  /// Asks the system; what it does not tell is `unknown` or 0.
  public static var current: Machine {
    let memory = field("MemTotal", in: "/proc/meminfo", separator: ":")
      .flatMap { $0.split(separator: " ").first }.flatMap { Int($0) }
    let distribution = field("PRETTY_NAME", in: "/etc/os-release", separator: "=")?
      .filter { $0 != "\"" }
    let kernel = KernelFile.lines("/proc/sys/kernel/osrelease").first
    return Machine(
      processor: field("model name", in: "/proc/cpuinfo", separator: ":") ?? "unknown",
      cores: max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1),
      memoryBytes: memory.map { $0 << 10 } ?? 0,
      system: "\(distribution ?? "Linux") (kernel \(kernel ?? "unknown"))")
  }

  /// The version of the language this program was compiled by.
  public static var swiftVersion: String {
    #if compiler(>=6.4)
      "6.4 or newer"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }

  /// What follows a field's name in a file of one field a line.
  private static func field(_ name: String, in path: String, separator: Character) -> String? {
    for line in KernelFile.lines(path) {
      let parts = line.split(separator: separator, maxSplits: 1)
      if parts.count == 2, trimmed(parts[0]) == name {
        return trimmed(parts[1])
      }
    }
    return nil
  }

  private static func trimmed(_ text: Substring) -> String {
    let start = text.drop { $0 == " " || $0 == "\t" }
    return String(start.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
  }
}
