import ArgumentParser
import Benchmarks
import Experiments
import FileFormats

/// `atelier bench`: how fast the engine is at workloads that others have too.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure workloads, convolutions, operations or the start.",
    discussion: """
      Examples:
        atelier bench                     every workload; about ten minutes
        atelier bench vae_mlp dcgan28     some of them
        atelier bench vae_mlp --json      one line of JSON each
        atelier bench conv                each pass of typical convolutions, by each provider
        atelier bench ops                 single operations beside what the machine can do
        atelier bench startup             from before the start to the first training step
        atelier bench --list              what there is

      A repetition counts only when other programs were quiet meanwhile.
      """)

  @Argument(
    help: ArgumentHelp("What to measure, as --list names it.", valueName: "workload"),
    completion: .custom(Completions.benchmarks))
  var names: [String] = []

  @Option(
    name: .long, help: ArgumentHelp("How many threads to compute with.", valueName: "n"))
  var threads = 2

  @Option(
    name: .long,
    help: ArgumentHelp("How many repetitions to time; 7 or 9 unless given.", valueName: "n"))
  var repetitions: Int?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Carry out exactly so many steps of a workload, without repetitions.", valueName: "n"))
  var steps: Int?

  @Flag(name: .long, help: "Short repetitions: whether it runs, not how fast.")
  var quick = false

  @Flag(name: .long, help: "List what can be measured.")
  var list = false

  @OptionGroup var data: DataOptions
  @OptionGroup var format: FormatOptions

  /// What is measured that is no workload.
  private static let others = [
    ("startup", "From before the program's start to the first training step of vae_mlp"),
    ("conv", "Each pass of typical convolutions, by each provider"),
    ("ops", "Single operations beside what the machine copies and multiplies"),
  ]

  /// The names of all that can be measured.
  static var known: [String] { Benchmark.all.map(\.name) + others.map(\.0) }

  func validate() throws {
    for (name, value, bounds) in [
      ("threads", threads, 1...1024), ("repetitions", repetitions ?? 1, 1...1000),
      ("steps", steps ?? 1, 1...1_000_000_000),
    ] where !bounds.contains(value) {
      throw ValidationError(
        "--\(name) \(value) is not in \(bounds.lowerBound)...\(bounds.upperBound).")
    }
    for name in names where !Self.known.contains(name) {
      let suggestion = nearest(to: name, in: Self.known).map { " Did you mean '\($0)'?" } ?? ""
      throw ValidationError("There is no workload '\(name.printable())'.\(suggestion)")
    }
    if steps != nil, names.count != 1 || Benchmark.named(names[0]) == nil {
      throw ValidationError("--steps takes one workload.")
    }
  }

  func run() throws {
    if list { return printList() }
    let chosen = names.isEmpty ? Benchmark.all.map(\.name) : names
    var lines: [JSON] = []
    func add(_ line: JSON) {
      if format.json { StandardStream.output.writeLine(line.text()) } else { lines.append(line) }
    }
    if chosen.count == 1 {
      try measure(chosen[0], add)
    } else {
      // Each in a process of its own: peak memory and start are those of a process.
      for name in chosen {
        StandardStream.error.writeLine("measuring \(name)")
        try BenchmarkProcess.run(program: Self.program, arguments(for: name), add)
      }
    }
    if !format.json {
      StandardStream.output.write(
        BenchmarkTable.text(lines, for: StandardStream.output.terminal))
    }
  }

  private func measure(_ name: String, _ add: (JSON) -> Void) throws {
    switch name {
    case "startup":
      add(
        try StartupBenchmark.run(
          program: Self.program, arguments: dataArguments, threads: threads,
          repetitions: repetitions ?? (quick ? 2 : 5), waitsForQuiet: !quick))
    case "conv": try ConvolutionBenchmark.run(settings, isQuick: quick, add)
    case "ops": try OperationBenchmark.run(settings, isQuick: quick, add)
    default:
      guard let benchmark = Benchmark.named(name) else { return }
      if let steps { return add(try benchmark.run(steps: steps, settings)) }
      var plan = quick ? MeasurementPlan.quick : benchmark.plan
      if let repetitions {
        plan.repetitions = repetitions
        plan.minimumRepetitions = min(plan.minimumRepetitions, repetitions)
      }
      add(benchmark.report(try benchmark.measure(settings, plan: plan), threads: threads))
    }
  }

  /// This program, wherever it lies.
  private static let program = "/proc/self/exe"

  private var settings: BenchmarkSettings {
    var settings = BenchmarkSettings(threads: threads)
    if let path = data.path {
      let inside = path + "/fashion-mnist"
      settings.imageFolder = Files.kind(of: inside) == .folder ? inside : path
    }
    return settings
  }

  private var dataArguments: [String] { data.path.map { ["--data", $0] } ?? [] }

  private func arguments(for name: String) -> [String] {
    ["bench", name, "--json", "--threads", "\(threads)"] + (quick ? ["--quick"] : [])
      + (repetitions.map { ["--repetitions", "\($0)"] } ?? []) + dataArguments
  }

  private func printList() {
    let rows = Benchmark.all.map { ($0.name, $0.summary) } + Self.others
    if format.json {
      format.print(
        .array(rows.map { ["name": .string($0.0), "summary": .string($0.1)] }))
      return
    }
    var table = TextTable("WORKLOAD", "SUMMARY")
    for (name, summary) in rows { table.append([name, summary]) }
    StandardStream.output.write(table.text(for: StandardStream.output.terminal))
  }
}
