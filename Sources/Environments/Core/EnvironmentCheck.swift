import FileFormats
import Imaging

/// What every environment must keep, after the rules of Gymnasium's `check_env`, and more.
public enum EnvironmentCheck {
  /// Rules that an environment breaks, in words; none when all is well.
  ///
  /// - Parameters:
  ///   - environment: as it was made, not reset.
  ///   - steps: how many steps are tried.
  public static func problems<E: Environment>(of environment: E, steps: Int = 300) -> [String] {
    var problems: [String] = []
    for seed: UInt64 in [0, 42] {
      do {
        problems += try resetProblems(of: environment, seed: seed)
        problems += try stepProblems(of: environment, seed: seed, steps: steps)
      } catch {
        problems.append("an allowed call was refused: \(error)")
      }
    }
    do {
      var unordered = environment
      var random = PCG64(seed: 0)
      _ = try unordered.step(environment.randomAction(using: &random))
      problems.append("a step before the first reset is not refused")
    } catch {
      if error.problem != .needsReset { problems.append("a step before the first reset: \(error)") }
    }
    return problems
  }

  /// Equal seeds begin equal episodes, also the second ones; what a reset refuses changes nothing.
  private static func resetProblems<E: Environment>(
    of environment: E, seed: UInt64
  ) throws(EnvironmentError) -> [String] {
    var problems: [String] = []
    var (first, second) = (environment, environment)
    for round in ["first", "second"] {
      try first.reset(seed: round == "first" ? seed : nil)
      try second.reset(seed: round == "first" ? seed : nil)
      if first.observation != second.observation {
        problems.append("the \(round) reset differs between equal seeds")
      }
      if !environment.observationSpace.contains(first.observation.value) {
        problems.append("the \(round) observation is not in the space")
      }
    }
    let before = StateArchive.state(of: first)
    if (try? first.reset(seed: seed, options: ["noSuchOption": 1])) != nil {
      problems.append("an unknown option of a reset is not refused")
    } else if StateArchive.state(of: first) != before {
      problems.append("a refused reset changes the state")
    }
    return problems
  }

  /// Copies go on alike, also one whose state was written and read; what is seen is in its space;
  /// what is refused changes nothing.
  private static func stepProblems<E: Environment>(
    of environment: E, seed: UInt64, steps: Int
  ) throws(EnvironmentError) -> [String] {
    var problems: Set<String> = []
    var random = PCG64(seed: seed)
    var original = environment
    try original.reset(seed: seed)
    var (copy, restored) = (original, environment)
    let size = [original.render()].map { [$0.width, $0.height] }
    for number in 0..<steps {
      if number.isMultiple(of: 20) {
        restored = environment
        try StateArchive.set(&restored, to: StateArchive.state(of: original))
      }
      let action = environment.randomAction(using: &random)
      let step = try original.step(action)
      if try copy.step(action) != step || copy.observation != original.observation {
        problems.insert("a copy goes on differently")
      }
      if try restored.step(action) != step || restored.observation != original.observation {
        problems.insert("an environment whose state was written and read goes on differently")
      }
      if !step.reward.isFinite { problems.insert("a reward is not finite") }
      if !environment.observationSpace.contains(original.observation.value) {
        problems.insert("an observation is not in the space")
      }
      if number < 20 {
        if [original.render()].map({ [$0.width, $0.height] }) != size {
          problems.insert("the pictures differ in size")
        }
        if original.renderText().isEmpty { problems.insert("there is no text of the state") }
        problems.formUnion(refusalProblems(of: original))
      }
      if step.endsEpisode {
        if (try? original.step(action)) != nil {
          problems.insert("a step after the end of an episode is not refused")
        }
        try original.reset()
        try copy.reset()
        try restored.reset()
      }
    }
    return problems.sorted()
  }

  private static func refusalProblems<E: Environment>(of environment: E) -> [String] {
    var problems: [String] = []
    for value in environment.actionSpace.senseless {
      guard let action = E.Action(value) else { continue }
      var tried = environment
      do {
        _ = try tried.step(action)
        problems.append("an action that is none, \(value), is not refused")
      } catch {
        if StateArchive.state(of: tried) != StateArchive.state(of: environment) {
          problems.append("a refused action changes the state")
        }
      }
    }
    return problems
  }
}

extension Space {
  /// Values that no environment can take for actions.
  fileprivate var senseless: [SpaceValue] {
    switch self {
    case .discrete(let count, let start): [.integer(start - 1), .integer(start + count)]
    case .box(let box):
      [
        .numbers([Double](repeating: .nan, count: box.low.count)),
        .numbers([Double](repeating: 0, count: box.low.count + 1)), .numbers([]),
      ]
    case .multiDiscrete(let counts): [.numbers(counts.map(Double.init)), .numbers([])]
    case .multiBinary(let shape):
      [.numbers([Double](repeating: 2, count: shape.reduce(1, *))), .numbers([])]
    case .tuple, .dictionary: []
    }
  }
}
