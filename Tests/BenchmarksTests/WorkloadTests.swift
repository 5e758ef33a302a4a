import Benchmarks
import FileFormats
import TensorEngine
import Testing

@Suite struct WorkloadTests {
  private func settings(_ data: TestData) -> BenchmarkSettings {
    BenchmarkSettings(threads: 2, imageFolder: data.path, textFolder: data.path)
  }

  /// What PyTorch counts for the same networks.
  @Test(arguments: [
    ("vae_mlp", [1_360_696]), ("vae_conv", [1_691_369]), ("dcgan28", [533_889, 138_689]),
    ("dcgan64", [3_576_704, 2_765_568]), ("wgan_gp28", [533_889, 138_561]),
    ("fast_style_infer_512", [1_679_235]), ("char_lstm", [1_239_136]), ("dqn_step", [10_934]),
  ])
  func trainsAsManyNumbers(name: String, counts: [Int]) throws {
    let data = try TestData()
    let benchmark = try #require(Benchmark.named(name))
    #expect(try benchmark.workload(settings(data)).parameterCounts == counts)
  }

  /// As many steps as there are kinds of them; one more than an epoch where that is short.
  @Test(arguments: [
    ("vae_mlp", 3), ("vae_conv", 2), ("dcgan28", 2), ("wgan_gp28", 5), ("dcgan64", 1),
    ("style_256", 2), ("dqn_step", 3),
  ])
  func hasALossAtEachStep(name: String, steps: Int) throws {
    let data = try TestData()
    let step = try #require(Benchmark.named(name)).workload(settings(data)).compile()
    for _ in 0..<steps {
      let loss = try #require(step())
      #expect(loss.isFinite)
    }
  }

  @Test(arguments: ["vae_mlp", "dqn_step"])
  func lowersItsLoss(name: String) throws {
    let data = try TestData()
    let step = try #require(Benchmark.named(name)).workload(settings(data)).compile()
    let first = try #require(step())
    var last = first
    for _ in 0..<20 { last = try #require(step()) }
    #expect(last < first)
  }

  @Test func givesTheSameLossesOnAnyThreads() throws {
    let data = try TestData()
    let losses = try [1, 2].map { threads in
      var settings = settings(data)
      settings.threads = threads
      let step = try #require(Benchmark.named("dcgan28")).workload(settings).compile()
      return [step(), step()]
    }
    #expect(losses[0] == losses[1])
  }

  @Test(arguments: ["vae_mlp", "char_lstm"])
  func saysWhereItsDataShouldBe(name: String) throws {
    let settings = BenchmarkSettings(
      threads: 1, imageFolder: "/nonexistent", textFolder: "/nonexistent")
    let benchmark = try #require(Benchmark.named(name))
    let error = #expect(throws: FileError.self) { try benchmark.workload(settings) }
    #expect(error?.path.hasPrefix("/nonexistent/") == true)
  }

  @Test func refusesImagesOfAnotherSize() throws {
    let data = try TestData(images: 20)
    let benchmark = try #require(Benchmark.named("vae_mlp"))
    #expect(throws: FileError.self) { try benchmark.workload(settings(data)) }
  }
}

@Suite struct ReportTests {
  /// One short repetition: what is reported, not how fast it is.
  @Test func namesItsKeys() throws {
    let benchmark = try #require(Benchmark.named("dqn_step"))
    let settings = BenchmarkSettings(threads: 1)
    var plan = MeasurementPlan.quick
    plan.warmUpSeconds = 0
    plan.repetitionSeconds = 0
    plan.repetitions = 2
    plan.minimumRepetitions = 2
    let report = benchmark.report(try benchmark.measure(settings, plan: plan), threads: 1)
    #expect(report["workload"] == "dqn_step")
    #expect(report["metric"] == "us_per_step")
    #expect(report["reps"] == 2)
    for key in [
      "median", "min", "max", "calls_per_rep", "first_call_s", "warmup_s", "loss_first",
      "loss_last", "peak_rss_mb", "gflops", "machine_gflops", "machine_share",
    ] {
      #expect(try #require(report[key]?.doubleValue) > 0, "\(key)")
    }
    let values = try ["min", "median", "max"].map { try #require(report[$0]?.doubleValue) }
    #expect(values == values.sorted())
  }

  @Test func countsSteps() throws {
    let benchmark = try #require(Benchmark.named("dqn_step"))
    let report = try benchmark.run(steps: 4, BenchmarkSettings(threads: 1))
    #expect(report["steps"] == 4)
    #expect(try #require(report["loss_last"]?.doubleValue) < 10)
  }

  @Test(arguments: ConvolutionBenchmark.cases, ConvolutionBenchmark.Pass.allCases)
  func convolutionsHaveOneAmountOfWorkInAllPasses(
    one: ConvolutionBenchmark.Case, pass: ConvolutionBenchmark.Pass
  ) throws {
    let forward = try ConvolutionBenchmark.program(one, .forward)
    let program = try ConvolutionBenchmark.program(one, pass)
    #expect(program.stepCount <= 2)
    #expect(Double(program.work) < 1.1 * Double(forward.work))
    #expect(program.work >= forward.work)
  }

  @Test(arguments: OperationBenchmark.cases)
  func operationsAreNotFoldedAway(one: OperationBenchmark.Case) throws {
    #expect(try one.program().work > 0 || one.description.hasPrefix("concatenate"))
  }

  @Test func everyNameIsThereOnce() {
    let names = Benchmark.all.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(Benchmark.named("nothing") == nil)
  }
}
