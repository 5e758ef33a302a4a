import FileFormats
import Glibc

// Unsafe code in this file: reading the kernel's files, which say a length of 0, with open(2) and
// read(2).

/// The machine a program runs on, as far as it explains a run's speed.
public struct Machine: Sendable, Hashable {
  /// The processor's name.
  public let processor: String
  /// Processors that this process may use.
  public let cores: Int
  /// Memory in bytes.
  public let memoryBytes: Int
  /// The distribution and the kernel.
  public let system: String

  /// Asks the system; what it does not tell is `unknown` or 0.
  public static var current: Machine {
    let processor = field("model name", in: "/proc/cpuinfo", separator: ":")
    let memory = field("MemTotal", in: "/proc/meminfo", separator: ":")
      .flatMap { $0.split(separator: " ").first }.flatMap { Int($0) } ?? 0
    let distribution = field("PRETTY_NAME", in: "/etc/os-release", separator: "=")?
      .filter { $0 != "\"" }
    let kernel = lines("/proc/sys/kernel/osrelease").first
    return Machine(
      processor: processor ?? "unknown", cores: max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1),
      memoryBytes: memory.multipliedReportingOverflow(by: 1024).partialValue,
      system: "\(distribution ?? "Linux") (kernel \(kernel ?? "unknown"))")
  }

  /// The compiler that built this program.
  public static var swiftVersion: String {
    #if swift(>=6.4)
      "6.4 or newer"
    #elseif swift(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }

  var json: JSON {
    [
      "processor": .string(processor), "cores": .integer(Int64(cores)),
      "memoryBytes": .integer(Int64(memoryBytes)), "system": .string(system),
    ]
  }

  private static func field(_ name: String, in path: String, separator: Character) -> String? {
    for line in lines(path) {
      let parts = line.split(separator: separator, maxSplits: 1)
      if parts.count == 2, trimmed(parts[0]) == name {
        return trimmed(parts[1])
      }
    }
    return nil
  }

  private static func lines(_ path: String) -> [String] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { _ = close(descriptor) }
    // The first processor of many is enough.
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
    return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
      .split(separator: "\n").map(String.init)
  }

  private static func trimmed(_ text: Substring) -> String {
    let isSpace = { (character: Character) in character == " " || character == "\t" }
    let start = text.drop(while: isSpace)
    return String(start.reversed().drop(while: isSpace).reversed())
  }
}
