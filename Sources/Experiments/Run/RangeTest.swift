import FileFormats
import Imaging
import RealModule

/// How a range test goes through learning rates.
public struct RangeTestOptions: Sendable, Hashable {
  /// The rate of the first step, above 0.
  public var from: Double
  /// The rate of the last step, above the first.
  public var to: Double
  /// How many steps there are at most, at least 10.
  public var steps: Int
  /// The measure that is looked at; nil for the loss.
  public var metric: String?

  /// Rates that grow from one to the other.
  public init(from: Double = 1e-7, to: Double = 10, steps: Int = 200, metric: String? = nil) {
    (self.from, self.to, self.steps, self.metric) = (from, to, steps, metric)
  }

  /// The rate of a step, counted from 0: equal ratios from step to step.
  func rate(of step: Int) -> Double {
    from * Double.pow(to / from, Double(step) / Double(max(steps - 1, 1)))
  }

  /// The share of its past that the mean of losses keeps: it spans a twentieth of the steps.
  var smoothing: Double { max(0, 1 - 20 / Double(steps)) }
}

/// The learning rate range test (Smith, "Cyclical learning rates for training neural networks",
/// 2017): from the initial state the rate grows by equal ratios from step to step, and the loss tells
/// where learning begins and where it breaks down. It ends where the smoothed loss has risen from its
/// least by three times that least, or three times what it had fallen, whichever is more; or is not
/// finite.
///
/// The pick is the smaller of two rates: of the steepest fall of the smoothed loss before its least,
/// by the logarithm of the rate, and a tenth of the rate of the least.
///
/// Differs from the paper: rates grow exponentially and the loss of the training batches is looked
/// at, not the accuracy after several linear runs, as fast.ai does.
public struct RangeTest: Sendable {
  /// One step.
  public struct Trial: Sendable, Hashable {
    /// The learning rate, of several optimisers that of the first.
    public let rate: Double
    /// The measure.
    public let loss: Double
    /// Its moving average, without the pull of its start towards 0.
    public let smoothedLoss: Double
  }

  /// How the rates grow.
  public let options: RangeTestOptions
  /// The measure that is looked at.
  public let metric: String
  /// The optimisers with their configured rates, in order. Rates of further ones keep their ratio to
  /// the first's.
  public let optimizers: [(name: String, rate: Double)]
  /// The steps with a finite loss.
  public private(set) var trials: [Trial] = []
  /// The rate at which training broke down; nil where it did not.
  public private(set) var divergedAt: Double?
  private var sum = 0.0
  private var weight = 0.0

  init(
    _ options: RangeTestOptions, metric: String, optimizers: [(name: String, rate: Double)]
  ) {
    (self.options, self.metric, self.optimizers) = (options, metric, optimizers)
  }

  /// Takes the loss of a step into account.
  ///
  /// - Returns: whether the test goes on.
  mutating func add(_ loss: Double, at rate: Double) -> Bool {
    sum = options.smoothing * sum + (1 - options.smoothing) * loss
    weight = options.smoothing * weight + (1 - options.smoothing)
    let smoothed = sum / weight
    guard smoothed.isFinite else {
      divergedAt = rate
      return false
    }
    trials.append(Trial(rate: rate, loss: loss, smoothedLoss: smoothed))
    let least = trials.map(\.smoothedLoss).min() ?? smoothed
    if smoothed - least > 3 * max(abs(least), trials[0].smoothedLoss - least) {
      divergedAt = rate
      return false
    }
    return true
  }

  /// The place of the least smoothed loss.
  private var leastPlace: Int? {
    trials.indices.min { trials[$0].smoothedLoss < trials[$1].smoothedLoss }
  }

  /// The rate at which the smoothed loss fell most steeply before its least; nil where it never fell.
  public var steepest: Double? {
    guard let least = leastPlace, least >= 2 else { return nil }
    func slope(_ place: Int) -> Double {
      trials[place + 1].smoothedLoss - trials[place - 1].smoothedLoss
    }
    let place = (1..<least).min { slope($0) < slope($1) }
    return place.flatMap { slope($0) < 0 ? trials[$0].rate : nil }
  }

  /// A tenth of the rate of the least smoothed loss; nil where the loss never fell.
  public var tenthOfLeast: Double? {
    guard let least = leastPlace, least > 0 else { return nil }
    return trials[least].rate / 10
  }

  /// The rate to try; nil where the loss never fell.
  public var pick: Double? {
    guard let steepest, let tenthOfLeast else { return nil }
    return min(steepest, tenthOfLeast)
  }

  /// The losses over the rates, with a line at the pick.
  public func plot(titled title: String) -> LinePlot {
    var plot = LinePlot(
      title: title, horizontalLabel: "learning rate", verticalLabel: metric,
      isHorizontallyLogarithmic: true)
    plot.series.append(
      .init(
        name: metric, points: trials.map { Point(x: $0.rate, y: $0.loss) },
        smoothing: options.smoothing))
    let losses = trials.map(\.loss)
    if let pick, let low = losses.min(), let high = losses.max() {
      plot.series.append(
        .init(
          name: "pick \(Self.text(pick))",
          points: [Point(x: pick, y: low), Point(x: pick, y: high)]
        ))
    }
    return plot
  }

  /// A rate with two digits, as a configuration is written: `3.2e-04`.
  public static func text(_ rate: Double) -> String {
    guard rate > 0, rate.isFinite else { return "\(rate)" }
    var exponent = Int(Double.log10(rate).rounded(.down))
    var digits = Int((rate / Double.pow(10, Double(exponent)) * 10).rounded())
    if digits == 100 { (digits, exponent) = (10, exponent + 1) }
    return "\(digits / 10).\(digits % 10)e\(exponent)"
  }

  /// As `lr-range --json` gives it.
  public var json: JSON {
    func number(_ value: Double?) -> JSON { value.map { .number($0) } ?? .null }
    return [
      "metric": .string(metric),
      "optimizers": .array(
        optimizers.map { ["name": .string($0.name), "learningRate": .number($0.rate)] }),
      "pick": number(pick), "steepest": number(steepest), "tenthOfLeast": number(tenthOfLeast),
      "divergedAt": number(divergedAt),
      "trials": .array(
        trials.map {
          [
            "learningRate": .number($0.rate), "loss": .number($0.loss),
            "smoothedLoss": .number($0.smoothedLoss),
          ]
        }),
    ]
  }
}

extension Experiment {
  /// Goes through learning rates from the state that it is in, which it leaves trained by them.
  ///
  /// - Parameter stop: checked before each step.
  /// - Throws: `.unsuitable` where there is no learning rate, or no such measure.
  mutating func testRange(
    _ options: RangeTestOptions, stop: StopRequest
  ) throws -> RangeTest {
    let rates = try LearningRates.required(of: self)
    let first = Double(rates.own[0].rate)
    var test: RangeTest?
    var (step, trial) = (0, 0)
    while trial < options.steps {
      try stop.check()
      let rate = options.rate(of: trial)
      rates.scale(by: rate / first)
      let metrics = try self.step(step)
      step += 1
      let metric = try test?.metric ?? Self.rangeMetric(options, metrics)
      guard let metric, let loss = metrics[metric] else {
        // An agent looks around before it learns.
        guard step - trial < RangeTest.idleSteps else {
          throw RunError(
            .unsuitable,
            "none of \(step) steps gave the measure '\(options.metric ?? "loss")'",
            hint: "name another with --metric")
        }
        continue
      }
      var grown =
        test
        ?? RangeTest(
          options, metric: metric,
          optimizers: rates.own.map { ($0.optimizer, Double($0.rate)) })
      let isBroken = nonFiniteState(ofCountUpTo: RangeTest.smallState) != nil
      let goesOn = grown.add(isBroken ? .nan : loss, at: rate)
      test = grown
      trial += 1
      if !goesOn { break }
    }
    guard let test else { preconditionFailure("a range test of no steps") }
    return test
  }

  /// The measure of a step that a range test looks at: what is asked for; else "loss", or the first
  /// whose name ends so, or of which less is better. Nil where the step gives none.
  private static func rangeMetric(
    _ options: RangeTestOptions, _ metrics: Metrics
  ) throws(RunError) -> String? {
    let names = metrics.measures.map(\.name)
    guard let metric = options.metric else {
      return names.first { $0 == "loss" } ?? names.first { $0.hasSuffix("Loss") }
        ?? names.first { goals[$0] == .less }
    }
    if names.contains(metric) { return metric }
    // One that the module knows may come later, when an agent has looked around.
    guard goals[metric] == nil, unit(of: metric) == nil, !names.isEmpty else { return nil }
    throw RunError(
      .unsuitable, "a step of the module '\(module)' does not measure '\(metric)'",
      hint: "choose one of \(names.joined(separator: ", "))")
  }
}

extension RangeTest {
  /// Steps without a loss that are waited for.
  fileprivate static let idleSteps = 20_000
  /// States of up to so many numbers are looked at after every step, as in training.
  fileprivate static let smallState = 4096
}

extension Studio {
  /// Goes through learning rates from an experiment's initial state. Leaves no run behind.
  public func testRange(
    of file: ExperimentFile, overrides: [String], _ options: RangeTestOptions,
    settings: RunSettings
  ) throws -> RangeTest {
    func test<Module: Experiment>(_ module: Module.Type) throws -> RangeTest {
      let resolved = try resolve(
        Runner<Module>.Configuration.self, file: file, overrides: overrides)
      let runner = Runner<Module>(settings: settings)
      runner.warn(of: resolved)
      var experiment = try runner.build(resolved)
      return try experiment.testRange(options, stop: settings.stop)
    }
    return try test(module(of: file))
  }
}
