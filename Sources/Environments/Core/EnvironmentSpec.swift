/// An environment that can be made by its id.
public struct EnvironmentSpec: Sendable {
  /// Name and version, such as `CartPole-v1`; Gymnasium's where the rules are Gymnasium's.
  public let id: String
  /// What it is, in one line.
  public let summary: String
  /// Steps after which an episode is truncated; nil where only the rules end it.
  public let maxEpisodeSteps: Int?
  /// The mean return at which the task counts as solved, as Gymnasium says.
  public let rewardThreshold: Double?
  /// What can be chosen when it is made.
  public let options: [EnvironmentOption]
  private let build: @Sendable ([String], Int?) throws(EnvironmentError) -> any Environment
  // Compiled for the type of the environment, which `any Environment` hides.
  private let exercise: @Sendable ([String], Int, UInt64) throws(EnvironmentError) -> Double
  /// Gives a `VectorEnvironment` of the environment's actions.
  let buildVector: @Sendable ([String], VectorLayout) throws(EnvironmentError) -> AnyObject

  /// The entry of an environment.
  ///
  /// - Parameter limit: the time limit where it depends on what is chosen; `maxEpisodeSteps` is then
  ///   that of the defaults.
  init<E: Environment>(
    _ id: String, _ summary: String, maxEpisodeSteps: Int?, rewardThreshold: Double? = nil,
    options: [EnvironmentOption] = [],
    limit: (@Sendable (EnvironmentOptions) throws(EnvironmentError) -> Int)? = nil,
    make: @escaping @Sendable (EnvironmentOptions) throws(EnvironmentError) -> E
  ) {
    self.id = id
    self.summary = summary
    self.maxEpisodeSteps = maxEpisodeSteps
    self.rewardThreshold = rewardThreshold
    self.options = options
    @Sendable func wrapped(
      _ choices: [String], maxEpisodeSteps chosen: Int? = nil
    ) throws(EnvironmentError) -> TimeLimit<OrderEnforcing<E>> {
      let choices = try EnvironmentOptions(choices, of: options, id: id)
      let usual = try limit.map { limit throws(EnvironmentError) in try limit(choices) }
      return TimeLimit(
        OrderEnforcing(try make(choices)), maxEpisodeSteps: chosen ?? usual ?? maxEpisodeSteps)
    }
    build = { (choices, chosen) throws(EnvironmentError) in
      try wrapped(choices, maxEpisodeSteps: chosen)
    }
    exercise = { (choices, steps, seed) throws(EnvironmentError) in
      var environment = try wrapped(choices)
      return try environment.exercise(steps: steps, seed: seed)
    }
    buildVector = { (choices, layout) throws(EnvironmentError) in
      VectorEnvironment(
        EnvironmentVector(
          try wrapped(choices), count: layout.count, autoreset: layout.autoreset,
          stack: layout.stack))
    }
  }

  /// The entry of an environment that this program was built without, for want of a package trait:
  /// to make it throws `.notBuilt`.
  init(_ id: String, withoutTrait trait: String) {
    self.id = id
    summary = "Not built: it needs the trait \(trait)."
    maxEpisodeSteps = nil
    rewardThreshold = nil
    options = []
    let error = EnvironmentError(
      .notBuilt,
      "\(id) is not in this program: build it with 'swift build -c release --traits default,\(trait)'"
    )
    build = { (_, _) throws(EnvironmentError) in throw error }
    exercise = { (_, _, _) throws(EnvironmentError) in throw error }
    buildVector = { (_, _) throws(EnvironmentError) in throw error }
  }

  /// The environment, which refuses steps out of order and truncates at the time limit.
  ///
  /// - Parameters:
  ///   - choices: `name=value` texts, such as "slippery=false".
  ///   - maxEpisodeSteps: replaces the limit of the entry; at least 1.
  /// - Throws: `.invalidOption` or `.notBuilt`.
  public func make(
    _ choices: [String] = [], maxEpisodeSteps: Int? = nil
  ) throws(EnvironmentError) -> any Environment {
    try build(choices, maxEpisodeSteps)
  }
}

extension EnvironmentSpec {
  /// Takes random steps, over the ends of episodes, and looks at every observation: what is measured
  /// as the speed of an environment.
  ///
  /// - Returns: the sum of the rewards.
  /// - Throws: `.invalidOption` or `.notBuilt`.
  public func exercise(
    steps: Int, choices: [String] = [], seed: UInt64 = 0
  ) throws(EnvironmentError) -> Double {
    try exercise(choices, steps, seed)
  }
}

extension Environment {
  fileprivate mutating func exercise(
    steps: Int, seed: UInt64
  ) throws(EnvironmentError) -> Double {
    // Drawn beforehand, as the measured loops of others do; a power of two, for the remainder.
    let drawn = 4096
    var random = PCG64(seed: seed)
    let actions = (0..<drawn).map { _ in randomAction(using: &random) }
    try reset(seed: seed)
    var seen = observation
    var sum = 0.0
    for number in 0..<steps {
      let step = try step(actions[number & (drawn - 1)])
      sum += step.reward
      if step.endsEpisode { try reset() }
      observe(into: &seen)
    }
    return sum
  }
}

/// Something that can be chosen when an environment is made.
public struct EnvironmentOption: Sendable, Hashable {
  /// What can be chosen.
  public enum Value: Sendable, Hashable {
    case flag(Bool)
    case number(Double, in: ClosedRange<Double>)
    case text(String, of: [String])
  }

  /// As it is written before the sign.
  public let name: String
  /// What it changes, in one line.
  public let summary: String
  /// The choice when none is made, and what may be chosen instead.
  public let value: Value

  init(_ name: String, _ value: Value, _ summary: String) {
    self.name = name
    self.value = value
    self.summary = summary
  }

  /// What may be chosen, in words.
  public var allowed: String {
    switch value {
    case .flag: "true or false"
    case .number(_, let range): "a number in \(range.lowerBound)...\(range.upperBound)"
    case .text(_, let texts): "one of \(texts.joined(separator: ", "))"
    }
  }

  fileprivate func reading(_ text: String) -> EnvironmentOption? {
    let read: Value? =
      switch value {
      case .flag: Bool(text).map { .flag($0) }
      case .number(_, let range):
        Double(text).flatMap { range.contains($0) ? .number($0, in: range) : nil }
      case .text(_, let texts): texts.contains(text) ? .text(text, of: texts) : nil
      }
    return read.map { EnvironmentOption(name, $0, summary) }
  }
}

/// What was chosen for an environment, and the defaults of the rest.
public struct EnvironmentOptions: Sendable {
  private var options: [String: EnvironmentOption]

  init(
    _ choices: [String], of known: [EnvironmentOption], id: String
  ) throws(EnvironmentError) {
    options = Dictionary(uniqueKeysWithValues: known.map { ($0.name, $0) })
    for choice in choices {
      let parts = choice.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, let option = options[String(parts[0])] else {
        let names = known.isEmpty ? "it has none" : "name=value of \(known.map(\.name))"
        throw EnvironmentError(
          .invalidOption, "'\(choice)' is no option of \(id): expected \(names)")
      }
      guard let read = option.reading(String(parts[1])) else {
        throw EnvironmentError(
          .invalidOption,
          "option '\(option.name)' of \(id) is '\(parts[1])': expected \(option.allowed)")
      }
      options[option.name] = read
    }
  }

  /// The choice of a flag, which the entry must list.
  func flag(_ name: String) -> Bool {
    guard case .flag(let value)? = options[name]?.value else {
      preconditionFailure("no flag '\(name)'")
    }
    return value
  }

  /// The choice of a number, which the entry must list.
  func number(_ name: String) -> Double {
    guard case .number(let value, _)? = options[name]?.value else {
      preconditionFailure("no number '\(name)'")
    }
    return value
  }

  /// The choice of a number, which the entry must list and which must be whole.
  func integer(_ name: String) throws(EnvironmentError) -> Int {
    let value = number(name)
    guard let whole = Int(exactly: value) else {
      throw EnvironmentError(
        .invalidOption, "option '\(name)' is \(value): expected a whole number")
    }
    return whole
  }

  /// The choice of a text, which the entry must list.
  func text(_ name: String) -> String {
    guard case .text(let value, _)? = options[name]?.value else {
      preconditionFailure("no text '\(name)'")
    }
    return value
  }
}
