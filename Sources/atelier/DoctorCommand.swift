import ArgumentParser
import Datasets
import Experiments
import FileFormats
import Imaging

/// `atelier doctor`: the machine, the program and its libraries, what is in place, and what to do
/// about what is not.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Show the machine, the libraries and the data; give advice.",
    discussion: """
      Examples:
        atelier doctor
        atelier doctor --json
      """)

  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var format: FormatOptions

  func run() throws {
    let examination = Examination(data: data.path, outputs: output.out)
    if format.json {
      format.print(examination.json)
      return
    }
    var table = TextTable("WHAT", "FOUND")
    for (what, found) in examination.rows { table.append([what, found]) }
    let terminal = StandardStream.output.terminal
    StandardStream.output.write(table.text(for: terminal, overflow: .wrap))
    for line in examination.advice {
      StandardStream.output.writeLine("\(terminal.styled("advice:", .bold)) \(line)")
    }
  }
}

/// What `doctor` finds.
private struct Examination {
  private let machine = Machine.current
  private let components =
    Registry.components
    + (ImagingLibraries.descriptions + FileFormatsLibraries.descriptions).map {
      RunRecord.Component($0.name, $0.description)
    }
  private let room: MachineRoom
  private let outputs: String
  private let datasets: [(entry: DatasetEntry, isAvailable: Bool)]
  /// The named experiments, or nil when their folder cannot be read.
  private let names = try? Home.experiments.names()

  init(data: String?, outputs: String) {
    self.outputs = outputs
    room = MachineRoom(for: outputs, threads: machine.cores)
    datasets = DatasetCatalog.entries.map {
      ($0, $0.isAvailable(DatasetOptions(folder: data)))
    }
  }

  var rows: [(what: String, found: String)] {
    let left = room.memoryBytes.map { ", \(Quantity.bytes($0)) left for a run" } ?? ""
    let count = names.map { "\($0.count) in" } ?? "no folder"
    let bound = room.memoryBound.map { $0 == "the machine" ? "" : " by \($0)" } ?? ""
    let disk = room.diskBytes.map { Quantity.bytes($0) } ?? "unknown"
    var rows = [
      ("processor", machine.processor), ("cores", String(machine.cores)),
      ("threads", "\(machine.cores) unless --threads is given"),
      ("memory", Quantity.bytes(machine.memoryBytes) + left + bound),
      ("disk", "\(disk) free for \(outputs)"), ("system", machine.system),
    ]
    rows += components.map { ($0.name, $0.version) }
    rows.append(("experiments", "\(count) \(Home.experiments.path)"))
    rows += datasets.map { entry, isAvailable in
      ("data \(entry.name)", isAvailable ? "there" : missing(entry))
    }
    return rows
  }

  /// `not there`, and how to come by it.
  private func missing(_ entry: DatasetEntry) -> String {
    do throws(FileError) {
      _ = try entry.load()
      return "not there"
    } catch {
      return (["not there"] + [error.hint].compactMap(\.self)).joined(separator: "; ")
    }
  }

  /// Below this little memory or disk, in bytes, not every named experiment can be trained.
  private static let little = 1 << 30

  /// A line for each thing that is wrong.
  var advice: [String] {
    var lines: [String] = []
    if names?.isEmpty ?? true {
      lines.append(
        "no named experiments: start in the folder of Atelier, or name it by ATELIER_HOME")
    }
    if let kernel = slowKernel {
      lines.append(
        "OpenBLAS takes its kernels for \(kernel), but the processor can do more: "
          + (variable("OPENBLAS_CORETYPE") == nil
            ? "install a newer OpenBLAS" : "unset OPENBLAS_CORETYPE"))
    }
    if let bytes = room.memoryBytes, bytes < Self.little {
      lines.append(
        "only \(Quantity.bytes(bytes)) of memory left: end other programs, or raise the limit of "
          + (room.memoryBound ?? "the machine"))
    }
    if let bytes = room.diskBytes, bytes < Self.little {
      lines.append(
        "only \(Quantity.bytes(bytes)) free for runs: empty \(outputs)/.trash, or name another "
          + "folder with --out")
    }
    return lines
  }

  /// The processor whose kernels OpenBLAS uses, if this one has wider vectors than those. The names
  /// are those of OpenBLAS's cpuid.
  private var slowKernel: String? {
    let wide = ["SkylakeX", "Cooperlake", "Sapphirerapids"]
    let middle = wide + ["Haswell", "Zen", "Excavator"]
    let flags =
      KernelFile.lines("/proc/cpuinfo").first { $0.hasPrefix("flags") }?
      .split(separator: " ") ?? []
    let fitting = flags.contains("avx512f") ? wide : flags.contains("avx2") ? middle : nil
    let openBLAS = components.first { $0.name == "OpenBLAS" }?.version
    guard let fitting, let kernel = openBLAS?.split(separator: " ").last.map(String.init),
      !fitting.contains(where: { $0.lowercased() == kernel.lowercased() })
    else { return nil }
    return kernel
  }

  var json: JSON {
    [
      "machine": [
        "processor": .string(machine.processor), "cores": .integer(Int64(machine.cores)),
        "memoryBytes": .integer(Int64(machine.memoryBytes)), "system": .string(machine.system),
      ],
      "room": [
        "memoryBytes": room.memoryBytes.map { .integer(Int64($0)) } ?? .null,
        "memoryBound": room.memoryBound.map { .string($0) } ?? .null,
        "diskBytes": room.diskBytes.map { .integer(Int64($0)) } ?? .null,
      ],
      "components": .object(components.map { .init($0.name, .string($0.version)) }),
      "experiments": [
        "folder": .string(Files.absolute(Home.experiments.path)),
        "names": names.map { .array($0.map { .string($0) }) } ?? .null,
      ],
      "datasets": .array(
        datasets.map {
          ["name": .string($0.entry.name), "available": .bool($0.isAvailable)]
        }),
      "advice": .array(advice.map { .string($0) }),
    ]
  }
}
