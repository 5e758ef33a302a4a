import Environments
import Experiments
import Randomness

/// Where an agent acts: an entry of the catalogue with its options, and the run's seed.
struct AgentEnvironment {
  /// As experiments name it.
  let choice: EnvironmentChoice
  /// The run's seed.
  let seed: UInt64
  /// The observations of one environment, without a stack.
  let observationSpace: Space
  /// How many actions there are.
  let actionCount: Int
  /// What every action does in every state, where that is known.
  let table: TransitionTable?
  /// Steps after which an episode is cut off.
  let maxEpisodeSteps: Int?
  private let spec: EnvironmentSpec

  /// Looks the environment up.
  ///
  /// - Throws: `.unsuitable` when there is none of that id, its options are others, or it takes
  ///   numbers for actions.
  init(_ choice: EnvironmentChoice, seed: UInt64) throws(RunError) {
    guard let spec = EnvironmentCatalog.spec(choice.id) else {
      let near = nearest(to: choice.id, in: EnvironmentCatalog.specs.map(\.id))
      throw RunError(
        .unsuitable, "there is no environment '\(choice.id)'",
        hint: near.map { "did you mean '\($0)'?" } ?? "'atelier env list' names them all")
    }
    self.choice = choice
    self.seed = seed
    self.spec = spec
    maxEpisodeSteps = spec.maxEpisodeSteps
    let made: (vector: VectorEnvironment<Int>?, table: TransitionTable?)
    do throws(EnvironmentError) {
      made = (
        try spec.makeVector(VectorLayout(count: 1), choices: choice.options),
        try spec.table(choice.options)
      )
    } catch {
      throw RunError(.unsuitable, error.description, hint: "see 'environmentOptions'")
    }
    guard let vector = made.vector, case .discrete(let count, start: 0) = vector.actionSpace else {
      throw RunError(
        .unsuitable, "\(choice.id) does not have a number of actions to choose from",
        hint: "'atelier env list --json' tells what environments take")
    }
    observationSpace = vector.observationSpace
    actionCount = count
    table = made.table
  }

  /// What no agent can beat on average, where that is known.
  var bestReturn: Double? {
    table.flatMap { ValueIteration.bestReturn(of: $0, within: maxEpisodeSteps) }
  }

  /// Environments side by side.
  func vector(count: Int, autoreset: AutoresetMode) -> VectorEnvironment<Int> {
    let layout = VectorLayout(count: count, autoreset: autoreset, stack: choice.stack)
    guard let vector = try? spec.makeVector(layout, choices: choice.options, of: Int.self) else {
      preconditionFailure("an environment that was made before")
    }
    return vector
  }

  /// A seed of environments, which only the run's own seed and a name decide.
  func seed(of name: String) -> UInt64 {
    var random = RandomStream(seed: seed, name: name)
    return UInt64(random.nextWord())
  }
}
