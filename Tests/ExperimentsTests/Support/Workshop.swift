import Experiments
import FileFormats
import Glibc
import Synchronization
import Testing

/// A temporary folder in which a test runs the experiment `descent`; it goes away with the value.
final class Workshop: Sendable {
  let path: String
  let studio = Studio([Descent.self, Fit.self])
  private let said = Mutex("")

  init() {
    var template = Array("/tmp/atelier-tests-XXXXXX".utf8CString)
    path = unsafe String(cString: mkdtemp(&template))
  }

  deinit {
    try? Files.removeFolder(path)
  }

  var outputs: String { path + "/outputs" }

  /// What the runs said so far.
  var talk: String { said.withLock { $0 } }

  /// Settings that keep what the run says.
  func settings(interactive: Bool = false) -> RunSettings {
    let terminal = Terminal(isTerminal: interactive, columns: 100, variable: { _ in nil })
    let journal = Journal(terminal: terminal) { [self] text in said.withLock { $0 += text } }
    return RunSettings(threads: 1, journal: journal, stop: Descent.stop)
  }

  func file(_ text: String = "module: descent\n") throws -> ExperimentFile {
    let file = path + "/descent.yaml"
    try DurableFile.write(Array(text.utf8), to: file)
    return try ExperimentFolder.experiment(at: file)
  }

  /// Begins a run and lets trouble come to it.
  @discardableResult
  func begin(
    _ overrides: [String] = [], trouble: Descent.Trouble? = nil, interactive: Bool = false
  ) throws -> RunResult {
    try Descent.$stop.withValue(StopRequest()) {
      try Descent.$trouble.withValue(trouble) {
        try studio.begin(
          file(), overrides: overrides, in: outputs, settings: settings(interactive: interactive))
      }
    }
  }

  /// Begins, or resumes, the run of an experiment with programs, and stops it in a step.
  @discardableResult
  func fit(_ overrides: [String], resumes: Bool = false, stopIn step: Int? = nil) throws
    -> RunResult
  {
    let file = try file("module: fit\n")
    return try Descent.$stop.withValue(StopRequest()) {
      try Fit.$stoppedStep.withValue(step) {
        resumes
          ? try studio.resume(
            RunSummary.newestUnfinished(in: outputs).folder, overrides: [], settings: settings())
          : try studio.begin(file, overrides: overrides, in: outputs, settings: settings())
      }
    }
  }

  /// Resumes a run, the newest unfinished one unless named.
  @discardableResult
  func resume(
    _ run: String? = nil, _ overrides: [String] = [], trouble: Descent.Trouble? = nil
  ) throws -> RunResult {
    let summary =
      try run.map { try RunSummary.find($0, in: outputs) }
      ?? RunSummary.newestUnfinished(in: outputs)
    return try Descent.$stop.withValue(StopRequest()) {
      try Descent.$trouble.withValue(trouble) {
        try studio.resume(summary.folder, overrides: overrides, settings: settings())
      }
    }
  }

  /// A run's results: the metrics, the last checkpoint, the pictures and tables.
  func results(of run: String = "descent-001") throws -> [String: [UInt8]] {
    let folder = RunFolder(path: "\(outputs)/\(run)")
    let files = try folder.files()
    let last = try #require(files.last { $0.hasSuffix(".safetensors") })
    var results: [String: [UInt8]] = [:]
    for file in [folder.metrics, last] + files.filter({ $0.hasPrefix(folder.images) }) {
      results[String(file.dropFirst(folder.path.count))] = try Files.read(file)
    }
    return results
  }

  /// The steps of a run's checkpoints.
  func savedSteps(of run: String = "descent-001") throws -> [Int] {
    try Files.names(in: "\(outputs)/\(run)/checkpoints").compactMap {
      Int($0.dropFirst("step-".count).dropLast(".safetensors".count))
    }
  }

  func checkpoint(_ step: Int, of run: String = "descent-001") -> String {
    let digits = String(step)
    let name = "step-\(String(repeating: "0", count: 6 - digits.count))\(digits).safetensors"
    return "\(outputs)/\(run)/checkpoints/\(name)"
  }
}
