import FileFormats

/// How long it takes from before the start of the program until the first training step of
/// `vae_mlp` is done: reading the data, drawing the network, tracing, compiling, one step.
public enum StartupBenchmark {
  /// Starts the program several times, once more than is counted: the first time fills the
  /// system's caches.
  ///
  /// - Parameters:
  ///   - program: the path of the program `atelier`.
  ///   - arguments: more arguments for it, such as where the data is.
  /// - Throws: a failure to start it, or its own.
  public static func run(
    program: String, arguments: [String], threads: Int, repetitions: Int
  ) throws -> JSON {
    let words =
      ["bench", Benchmark.vaeMLP.name, "--steps", "1", "--json", "--threads", "\(threads)"]
      + arguments
    var times: [Double] = []
    var memory: [Double] = []
    var firstCalls: [Double] = []
    for repetition in 0...repetitions {
      MachineLoad.waitForQuiet(atMost: repetitions > 2 ? 10 : 0)
      let time = Stopwatch()
      let child = try ChildProcess(program, words)
      let line = child.nextLine()
      let seconds = time.seconds
      try child.finish()
      let report = try JSON.decode(Array((line ?? "").utf8), path: "the program's report")
      guard repetition > 0 else { continue }
      times.append(seconds)
      memory.append(report["peak_rss_mb"]?.doubleValue ?? 0)
      firstCalls.append(report["first_call_s"]?.doubleValue ?? 0)
    }
    return [
      "workload": "startup", "peer": "atelier", "variant": "default",
      "metric": .string(Benchmark.Metric.seconds.rawValue), "median": .rounded(times.median),
      "min": .rounded(times.min() ?? 0), "max": .rounded(times.max() ?? 0),
      "reps": .integer(Int64(times.count)), "first_call_s": .rounded(firstCalls.median),
      "peak_rss_mb": .rounded(memory.median), "threads": .integer(Int64(threads)),
    ]
  }
}
