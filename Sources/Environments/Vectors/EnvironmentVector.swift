import FileFormats

/// Environments of one kind that act side by side, after Gymnasium's `SyncVectorEnv`. A value: a copy
/// goes its own way.
///
/// Observations are laid out as numbers: arrays as they are, integers as one number, tuples one after
/// another. With a stack, a row holds the last observations of the episode, the oldest first; at its
/// beginning the first one takes the place of those before it.
public struct EnvironmentVector<Base: Environment>: Sendable {
  /// When an environment begins its next episode.
  public let autoreset: AutoresetMode
  /// The numbers of one observation.
  public let observationSize: Int
  /// How many observations a row holds.
  public let stack: Int
  /// The environments.
  public private(set) var environments: [Base]
  /// Where the next step begins an episode.
  private var isOver: [Bool]
  private var seen = Base.Observation.placeholder

  /// Copies of an environment that was not reset yet, `count` of them.
  public init(
    _ environment: Base, count: Int, autoreset: AutoresetMode = .nextStep, stack: Int = 1
  ) {
    precondition(count > 0 && stack > 0, "\(count) environments, stacks of \(stack)")
    environments = [Base](repeating: environment, count: count)
    isOver = [Bool](repeating: false, count: count)
    self.autoreset = autoreset
    self.stack = stack
    observationSize = environment.observationSpace.numberCount
  }

  /// An outcome to be written over.
  public var outcome: VectorOutcome {
    VectorOutcome(count: environments.count, rowSize: stack * observationSize)
  }

  /// Begins an episode everywhere; environment i takes the seed plus i.
  ///
  /// - Throws: as `Environment.reset`.
  public mutating func reset(
    seed: UInt64?, into outcome: inout VectorOutcome
  ) throws(EnvironmentError) {
    for index in environments.indices {
      try environments[index].reset(seed: seed.map { $0 &+ UInt64(index) })
      begin(index, &outcome)
      outcome.set(Step(reward: 0), of: index)
    }
  }

  /// Begins an episode in one environment; the random numbers go on.
  public mutating func reset(
    environment index: Int, into outcome: inout VectorOutcome
  ) throws(EnvironmentError) {
    try environments[index].reset()
    begin(index, &outcome)
  }

  /// Acts once everywhere.
  ///
  /// - Throws: as `Environment.step`; the environments before the one that refused have acted.
  public mutating func step(
    _ actions: [Base.Action], into outcome: inout VectorOutcome
  ) throws(EnvironmentError) {
    precondition(
      actions.count == environments.count,
      "\(actions.count) actions for \(environments.count) environments")
    for index in environments.indices {
      if autoreset == .nextStep, isOver[index] {
        try reset(environment: index, into: &outcome)
        outcome.set(Step(reward: 0), of: index)
        continue
      }
      let step = try environments[index].step(actions[index])
      outcome.set(step, of: index)
      isOver[index] = step.endsEpisode
      show(index, &outcome)
      if step.endsEpisode && autoreset == .sameStep {
        outcome.keepAsFinal(index)
        try reset(environment: index, into: &outcome)
      }
    }
  }

  private mutating func begin(_ index: Int, _ outcome: inout VectorOutcome) {
    isOver[index] = false
    environments[index].observe(into: &seen)
    for place in 0..<stack {
      seen.write(to: &outcome.observations, at: index * outcome.rowSize + place * observationSize)
    }
  }

  private mutating func show(_ index: Int, _ outcome: inout VectorOutcome) {
    let row = index * outcome.rowSize
    for place in 0..<outcome.rowSize - observationSize {
      outcome.observations[row + place] = outcome.observations[row + place + observationSize]
    }
    environments[index].observe(into: &seen)
    seen.write(to: &outcome.observations, at: row + outcome.rowSize - observationSize)
  }

  // MARK: State

  /// Everything that decides what comes, but for stacks and the outcome.
  public var state: JSON {
    .array(
      zip(environments, isOver).map { environment, isOver in
        ["environment": StateArchive.state(of: environment), "isOver": .bool(isOver)]
      })
  }

  /// Takes over what `state` gave.
  ///
  /// - Throws: `.invalidState`; the vector is then as before.
  public mutating func restore(_ state: JSON) throws(EnvironmentError) {
    guard let elements = state.elements, elements.count == environments.count else {
      throw EnvironmentError(.invalidState, "expected \(environments.count) environments")
    }
    var restored = self
    for (index, element) in elements.enumerated() {
      guard let inner = element["environment"], let over = element["isOver"]?.boolValue else {
        throw EnvironmentError(.invalidState, "environment \(index) lacks its state")
      }
      try StateArchive.set(&restored.environments[index], to: inner)
      restored.isOver[index] = over
    }
    self = restored
  }
}
