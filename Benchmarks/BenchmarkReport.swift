import FileFormats

extension Benchmark {
  /// A measurement as one line of JSON, under the keys that the peers' lines have too.
  public func report(_ measurement: Measurement, threads: Int) -> JSON {
    let values = measurement.values
    let rate = workRate(at: values.median)
    var members: [JSON.Member] = [
      .init("workload", .string(name)), .init("peer", "atelier"), .init("variant", "default"),
      .init("metric", .string(metric.rawValue)), .init("median", .rounded(values.median)),
      .init("min", .rounded(values.min() ?? 0)), .init("max", .rounded(values.max() ?? 0)),
      .init("reps", .integer(Int64(values.count))),
      .init("calls_per_rep", .integer(Int64(measurement.stepsPerRepetition))),
      .init("first_call_s", .rounded(measurement.firstCallSeconds)),
      .init("warmup_s", .rounded(measurement.warmUpSeconds)),
      .init("cpu_util", .rounded(measurement.ownProcessors)),
      .init("other_cpu", .rounded(measurement.otherProcessors)),
      .init("discarded", .integer(Int64(measurement.discarded))),
    ]
    if measurement.isContended { members.append(.init("contended", true)) }
    if let loss = measurement.firstLoss { members.append(.init("loss_first", .rounded(loss))) }
    if let loss = measurement.lastLoss { members.append(.init("loss_last", .rounded(loss))) }
    members += [
      .init("peak_rss_mb", .rounded(Double(measurement.peakMemory) / Double(1 << 20))),
      .init("gflops", .rounded(rate / 1e9)),
      .init("machine_gflops", .rounded(measurement.machineRate / 1e9)),
      .init("machine_share", .rounded(rate / measurement.machineRate)),
      .init("threads", .integer(Int64(threads))),
    ]
    return .object(members)
  }

  /// Carries out exactly `steps` steps and says how they went, without timing more than the first.
  ///
  /// - Throws: what preparing and compiling throw.
  public func run(steps: Int, _ settings: BenchmarkSettings) throws -> JSON {
    let workload = try workload(settings)
    let begin = Stopwatch()
    let step = try workload.compile()
    let first = step()
    let seconds = begin.seconds
    var last = first
    for _ in 1..<max(1, steps) { last = step() }
    var members: [JSON.Member] = [
      .init("workload", .string(name)), .init("steps", .integer(Int64(steps))),
      .init("first_call_s", .rounded(seconds)),
    ]
    if let first { members.append(.init("loss_first", .rounded(Double(first)))) }
    if let last { members.append(.init("loss_last", .rounded(Double(last)))) }
    members += [
      .init("peak_rss_mb", .rounded(Double(MachineLoad.peakResidentBytes) / Double(1 << 20))),
      .init("threads", .integer(Int64(settings.threads))),
    ]
    return .object(members)
  }
}

extension JSON {
  /// A number of five significant digits; null where it is not finite.
  static func rounded(_ value: Double) -> JSON {
    guard value.isFinite else { return .null }
    var scale = 1.0
    while value.magnitude * scale < 1e4 && value != 0 && scale < 1e300 { scale *= 10 }
    while value.magnitude * scale >= 1e5 { scale /= 10 }
    return .number((value * scale).rounded() / scale)
  }
}
