import FileFormats

/// The runs of a sweep as an array job of the Slurm workload manager (sbatch(1)).
public struct SlurmScript: Sendable {
  /// What can be asked of Slurm, as sbatch names it, and what it means.
  public static let options: KeyValuePairs = [
    "account": "whom to charge",
    "constraint": "features that a node must have",
    "cpus-per-task": "processors, and so threads, of each run; 1 unless given",
    "exclude": "nodes not to use",
    "mail-type": "when to send mail",
    "mail-user": "to whom",
    "mem": "memory of each run, such as 4G",
    "nice": "how far to stand back in the queue",
    "partition": "the queue",
    "qos": "the quality of service",
    "reservation": "what was reserved",
    "time": "the longest a run may take, such as 02:00:00",
  ]

  /// An option as sbatch takes it.
  public struct Option: Sendable, Hashable {
    let key: String
    let value: String

    /// Reads `key=value`.
    ///
    /// - Throws: `ConfigurationError`, with the nearest key.
    public init(_ text: String) throws(ConfigurationError) {
      let source = try SourceText(override: text)
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      let known = SlurmScript.options.map(\.key)
      func error(_ message: String, _ help: String) -> ConfigurationError {
        ConfigurationError(message, at: source.place(line: 1), help: help)
      }
      guard parts.count == 2 else {
        throw error("an option of sbatch without a value", "write key=value, such as time=02:00:00")
      }
      guard known.contains(parts[0]) else {
        throw error(
          "'\(parts[0].shown)' is no option that is passed on to sbatch",
          nearest(to: parts[0], in: known).map { "did you mean '\($0)'?" }
            ?? "there are \(known.joined(separator: ", "))")
      }
      // sbatch takes the words of a line apart.
      guard parts[1].utf8.allSatisfy({ $0 > 0x20 && !"\"'\\#".utf8.contains($0) }) else {
        throw error("a space or a quote in the value of '\(parts[0])'", "leave it out")
      }
      (key, value) = (parts[0], parts[1])
    }
  }

  /// The script's text.
  public let text: String

  /// The script that carries out some cells of a sweep.
  ///
  /// - Parameters:
  ///   - cells: their places in the sweep, ascending; at least one.
  ///   - jobs: how many at a time; nil leaves it to Slurm.
  ///   - program: the path of the program.
  ///   - home: the folder of the named experiments.
  ///   - data: the folder of the data files, if one was named.
  public init(
    _ cells: [Int], of sweep: Sweep, in folder: SweepFolder, jobs: Int?, options: [Option],
    program: String, home: String, data: String?
  ) {
    precondition(!cells.isEmpty, "an array job needs a task")
    let path = Files.absolute(folder.path)
    let limit = jobs.map { "%\($0)" } ?? ""
    let cpus = options.contains { $0.key == "cpus-per-task" } ? [] : ["cpus-per-task=1"]
    let lines =
      [
        "job-name=\(sweep.name)", "array=\(Self.ranges(cells))\(limit)", "open-mode=append",
        // Within the grace before the time limit, a run saves itself.
        "signal=TERM@60", "output=/dev/null",
      ] + cpus + options.map { "\($0.key)=\($0.value)" }
    let arguments =
      ["cell", path, "$SLURM_ARRAY_TASK_ID", "--threads", "${SLURM_CPUS_PER_TASK:-1}"]
      + (data.map { ["--data", $0] } ?? [])
    let words = arguments.map { $0.hasPrefix("$") ? "\"\($0)\"" : Self.quoted($0) }
    text = """
      #!/bin/sh
      \(lines.map { "#SBATCH --\($0)" }.joined(separator: "\n"))

      # Each task trains one run of the sweep, or carries it on. Submit it again after a time limit.
      export ATELIER_HOME=\(Self.quoted(home))
      log=\(Self.quoted(path + "/logs/task-"))"$SLURM_ARRAY_TASK_ID.txt"
      exec \(Self.quoted(program)) \(words.joined(separator: " ")) >>"$log" 2>&1

      """
  }

  /// `0-3,7` of 0, 1, 2, 3 and 7.
  private static func ranges(_ numbers: [Int]) -> String {
    var ranges: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = ranges.last, last.upperBound + 1 == number {
        ranges[ranges.count - 1] = last.lowerBound...number
      } else {
        ranges.append(number...number)
      }
    }
    return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
      .joined(separator: ",")
  }

  /// A word of the shell.
  private static func quoted(_ text: String) -> String {
    "'" + text.replacing("'", with: "'\\''") + "'"
  }
}
