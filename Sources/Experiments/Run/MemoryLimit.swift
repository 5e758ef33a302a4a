import Glibc

// Unsafe code in this file: getrlimit fills a C structure.

/// A bound on the memory of this process, and how much of it is free.
struct MemoryLimit {
  /// What bounds it, such as "the machine".
  let name: String
  /// Bytes that the process can still take.
  let available: Int

  /// The bound with the least room, or nil when the system tells of none.
  ///
  /// - Parameter threads: that the process will compute with.
  static func tightest(threads: Int) -> MemoryLimit? {
    [machine, controlGroup, addressSpace(threads: threads)].compactMap { $0 }
      .min { $0.available < $1.available }
  }

  private static var machine: MemoryLimit? {
    KernelFile.bytes(of: "MemAvailable", in: "/proc/meminfo").map {
      MemoryLimit(name: "the machine", available: $0)
    }
  }

  /// The bound of the control group, version 2, or of one that it is part of. Pages of files that
  /// nobody used lately count as free.
  private static var controlGroup: MemoryLimit? {
    let path = KernelFile.lines("/proc/self/cgroup").first { $0.hasPrefix("0::/") }
    var parts = path?.dropFirst(4).split(separator: "/") ?? []
    var least: Int?
    while true {
      let folder = (["/sys/fs/cgroup"] + parts.map(String.init)).joined(separator: "/")
      func number(_ file: String) -> Int? {
        KernelFile.lines("\(folder)/\(file)").first.flatMap { Int($0) }
      }
      if let limit = number("memory.max"), let used = number("memory.current") {
        let idle = KernelFile.lines("\(folder)/memory.stat")
          .first { $0.hasPrefix("inactive_file ") }
          .flatMap { Int($0.dropFirst("inactive_file ".count)) }
        least = min(least ?? .max, max(0, limit - used + (idle ?? 0)))
      }
      if parts.popLast() == nil { break }
    }
    return least.map { MemoryLimit(name: "the control group", available: $0) }
  }

  /// What each thread maps besides the planned memory: 64 MiB for the heap that glibc gives it,
  /// 64 MiB for the panels that OpenBLAS packs, and as much as both align by.
  private static let addressesPerThread = 160 << 20

  /// The bound on addresses, `ulimit -v`. OpenBLAS waits for ever when it meets that bound.
  private static func addressSpace(threads: Int) -> MemoryLimit? {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0,
      limit.rlim_cur < rlim_t(Int.max),
      let mapped = KernelFile.bytes(of: "VmSize", in: "/proc/self/status")
    else { return nil }
    return MemoryLimit(
      name: "'ulimit -v'",
      available: max(0, Int(limit.rlim_cur) - mapped - threads * addressesPerThread))
  }
}

extension KernelFile {
  /// A size that a file of the kernel gives in kibibytes, as `VmSize:   12345 kB`.
  static func bytes(of field: String, in path: String) -> Int? {
    bytes(of: field, in: lines(path))
  }

  /// The same, in lines that were read already.
  static func bytes(of field: String, in lines: [Substring]) -> Int? {
    let line = lines.first { $0.hasPrefix(field + ":") }
    let kibibytes = line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first
    return kibibytes.flatMap { Int($0) }.map { $0 << 10 }
  }
}
