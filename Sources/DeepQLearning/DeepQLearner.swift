import Environments
import Experiments
import FileFormats
import NeuralNetworks
import Randomness
import TensorEngine

/// A deep Q-network agent (Mnih et al., "Human-level control through deep reinforcement learning",
/// 2015) with the parts of Rainbow (Hessel et al. 2018) and others, each chosen by a key.
///
/// A step of the run is `trainEvery` steps in the environments and the updates after them.
///
/// Differs from the paper: Adam instead of RMSProp; errors are not clipped unless the loss is Huber's;
/// where a time limit cuts an episode off, the rest of the return is estimated, not taken for 0.
public struct DeepQLearner: Experiment {
  /// The name in experiment files.
  public static let module = "dqn"
  /// What it trains.
  public static let summary = "Deep Q-network: an agent that learns to act in an environment"
  /// Returns are what the environment pays in an episode.
  public static let metricUnits: KeyValuePairs<String, String> = [
    "return": "per episode", "deviation": "per episode", "length": "steps per episode",
    "gap": "per episode", "expected": "per episode",
  ]
  /// More return, less of what is missing to the best there is.
  public static let goals: [String: MeasureGoal] = ["return": .more, "gap": .less, "loss": .less]

  /// Learning from the second step on, and short evaluations.
  public static let smokeOverrides = [
    "trainEvery=40", "learningStarts=40", "evaluation.episodes=2", "evaluation.stepLimit=50",
  ]
  /// What can be told apart of Rainbow, and more.
  public static let parts = [
    AblationPart("double", without: "target.double=false", with: "target.double=true"),
    AblationPart("dueling", without: "network.dueling=false", with: "network.dueling=true"),
    AblationPart("several steps", without: "target.steps=1", with: "target.steps=3"),
    AblationPart(
      "priorities", without: "replay.prioritized=false", with: "replay.prioritized=true"),
    AblationPart("noise", without: "network.noisy=false", with: "network.noisy=true"),
    AblationPart(
      "quantiles", without: "network.distribution=none", with: "network.distribution=quantile"),
    AblationPart(
      "Munchausen", without: "target.munchausen=false", with: "target.munchausen=true"),
    AblationPart(
      "soft target", without: "targetRate=1", "targetEvery=500", with: "targetRate=0.01",
      "targetEvery=1"),
    AblationPart(
      "held actions", without: "exploration.holds=false", with: "exploration.holds=true"),
    AblationPart("clipped gradients", without: "gradientNorm=0", with: "gradientNorm=10"),
  ]

  let configuration: DQNConfiguration
  let workspace: Workspace<Float>
  let evaluationActing: LoadedProgram<Float>
  let agentEnvironment: AgentEnvironment
  let evaluation: GreedyEvaluation
  /// Whether observations are bytes.
  let usesBytes: Bool
  private let layers: [ExperimentDescription.Layer]
  private let learning: LoadedProgram<Float>
  private let acting: LoadedProgram<Float>
  private let targetUpdate: LoadedProgram<Float>
  private let vector: VectorEnvironment<Int>
  private var replay: ReplayBuffer
  private var priorities: Priorities?
  private var batch: ReplayBatch
  private var episodes: EpisodeLog
  private var held: HeldActions
  private var actions: [Int]

  /// Makes the environments, draws the weights and compiles the programs.
  public init(_ configuration: DQNConfiguration, in context: RunContext) throws {
    self.configuration = configuration
    agentEnvironment = try AgentEnvironment(
      EnvironmentChoice(
        id: configuration.environment, options: configuration.environmentOptions,
        stack: configuration.replay.frameStack), seed: context.seed)
    evaluation = GreedyEvaluation(
      of: agentEnvironment, configuration.evaluation, discount: configuration.discount,
      comparesEstimates: !configuration.clipsRewards, stop: context.stop)
    vector = agentEnvironment.vector(count: configuration.environments, autoreset: .sameStep)
    try vector.reset(seed: agentEnvironment.seed(of: "environment"))

    let stack = configuration.replay.frameStack
    let input = ObservationInput(space: agentEnvironment.observationSpace, stack: stack)
    try Self.check(configuration, input)
    usesBytes = input.isBytes
    replay = ReplayBuffer(
      capacity: configuration.replay.capacity, environments: configuration.environments,
      frameSize: input.frameSize, storesBytes: input.isBytes)
    priorities =
      configuration.replay.prioritized
      ? Priorities(
        placeCount: replay.placeCount, exponent: configuration.replay.priorityExponent) : nil
    batch = ReplayBatch(
      replay, rows: configuration.batchSize, stack: stack, steps: configuration.target.steps,
      discount: configuration.discount)
    episodes = EpisodeLog(environments: configuration.environments)
    held = HeldActions(environments: configuration.environments)
    actions = [Int](repeating: 0, count: configuration.environments)

    workspace = context.workspace()
    var random = RandomStream(seed: context.seed, name: "weights")
    let network = QNetwork(
      configuration.network, input: input, actionCount: agentEnvironment.actionCount,
      random: &random)
    let programs = DQNPrograms(network: network, configuration: configuration)
    let step = try programs.learning()
    layers = step.layers
    let loaded = try context.load(
      [
        ("learning", step.program),
        ("acting", try programs.acting(rows: configuration.environments, mode: .training)),
        (
          "evaluation",
          try programs.acting(rows: configuration.evaluation.episodes, mode: .inference)
        ),
        ("target update", try programs.targetUpdate()),
      ], into: workspace)
    (learning, acting, evaluationActing, targetUpdate) = (
      loaded[0], loaded[1], loaded[2], loaded[3]
    )
  }

  private static func check(
    _ configuration: DQNConfiguration, _ input: ObservationInput
  ) throws(RunError) {
    let channels = configuration.network.channels
    if channels.isEmpty { return }
    guard case .box(let box) = input.space, box.shape.count == 3,
      min(box.shape[0], box.shape[1]) > 2 * channels.count
    else {
      throw RunError(
        .unsuitable,
        "observations of \(configuration.environment) are no pictures of more than "
          + "\(2 * channels.count) rows and columns, which 'network.channels' needs",
        hint: "leave 'network.channels' empty")
    }
  }

  // MARK: Training

  /// Steps of the run in one epoch.
  public var stepsPerEpoch: Int { max(1, configuration.epochSteps / configuration.trainEvery) }
  /// Environment steps of one step.
  public var samplesPerStep: Int { configuration.trainEvery }
  /// Where the programs run.
  public var inspectedWorkspace: Workspace<Float>? { workspace }

  /// Acts, then learns.
  public mutating func step(_ number: Int) throws -> Metrics {
    let first = number * configuration.trainEvery
    for time in stride(
      from: first, to: first + configuration.trainEvery, by: configuration.environments)
    {
      try act(at: time)
    }
    var metrics = Metrics()
    if let mean = episodes.mean { metrics.append("return", mean) }
    let done = first + configuration.trainEvery
    if done > configuration.learningStarts {
      for update in 0..<configuration.updates {
        learn(update: number * configuration.updates + update, at: done)
      }
      metrics.append("loss", Double(learning.scalar("loss")))
      metrics.append("value", Double(learning.scalar("value")))
    }
    if !configuration.network.noisy {
      metrics.append("epsilon", configuration.exploration.epsilon(at: first))
    }
    return metrics
  }

  /// Takes one step in each environment.
  private mutating func act(at time: Int) throws {
    choose(at: time)
    let before = vector.outcome.observations
    try vector.step(actions)
    let outcome = vector.outcome
    let newest = outcome.rowSize - replay.frameSize
    for environment in 0..<vector.count {
      let step = outcome.step(of: environment)
      var learnt = step
      if configuration.clipsRewards { learnt.reward = max(-1, min(1, step.reward)) }
      let places = replay.append(
        ring: environment, frames: before, from: environment * outcome.rowSize + newest,
        action: actions[environment], step: learnt, lastFrames: outcome.finalObservations)
      priorities?.add(places.step)
      if let final = places.final { priorities?.remove(final) }
      episodes.add(step.reward, of: environment, endsEpisode: step.endsEpisode)
    }
  }

  /// Chooses the next actions: the best ones, or random ones with the probability of the moment.
  private mutating func choose(at time: Int) {
    var random = RandomStream(seed: agentEnvironment.seed, name: "exploration", index: UInt64(time))
    let epsilon =
      time < configuration.learningStarts
      ? 1 : configuration.network.noisy ? 0 : configuration.exploration.epsilon(at: time)
    var isGreedy = false
    for environment in actions.indices {
      let drawn = held.next(
        of: environment, configuration.exploration, epsilon: epsilon,
        actionCount: agentEnvironment.actionCount, using: &random)
      actions[environment] = drawn ?? -1
      isGreedy = isGreedy || drawn == nil
    }
    guard isGreedy else { return }
    acting.set(observations: vector.outcome.observations, of: usesBytes)
    acting.run(step: time)
    let best = acting[indices: "actions"].scalars
    for environment in actions.indices where actions[environment] < 0 {
      actions[environment] = Int(best[environment])
    }
  }

  /// Updates the network by a batch of the past.
  private mutating func learn(update: Int, at time: Int) {
    var random = RandomStream(seed: agentEnvironment.seed, name: "replay", index: UInt64(update))
    let settings = configuration.replay
    let share = min(1, Double(time) / Double(settings.importanceSteps))
    batch.draw(
      from: replay, by: priorities,
      correction: settings.importance + share * (1 - settings.importance), using: &random)
    if usesBytes {
      learning.set("observations", to: batch.observationBytes)
      learning.set("nextObservations", to: batch.nextObservationBytes)
    } else {
      learning.set("observations", to: batch.observations)
      learning.set("nextObservations", to: batch.nextObservations)
    }
    learning.set("actions", to: batch.actions)
    learning.set("rewards", to: batch.rewards)
    learning.set("discounts", to: batch.discounts)
    learning.set("weights", to: batch.weights)
    learning.run(step: update)
    if priorities != nil {
      priorities?.update(batch.places, errors: learning["errors"].scalars)
    }
    // After the last update of these steps, when a multiple of the interval lies among them.
    let before = time - configuration.trainEvery
    if (update + 1) % configuration.updates == 0,
      time / configuration.targetEvery != before / configuration.targetEvery
    {
      targetUpdate.run(step: update)
    }
  }

  // MARK: State

  /// The layers and the programs.
  public func describe() -> ExperimentDescription {
    ExperimentDescription(
      layers: layers,
      programs: [learning, acting, evaluationActing, targetUpdate].map { loaded in
        .init(name: loaded.name, loaded.program, threads: workspace.threads)
      })
  }

  /// The weights and Adam's state, the replay buffer, the environments and the episodes at work.
  public func state() -> [TensorRecord] {
    workspace.records() + replay.records + (priorities?.records ?? []) + episodes.records + [
      held.record,
      TensorRecord(name: "environments", values: Array(vector.state.text().utf8)),
    ]
  }

  /// Takes over what `state` gave.
  public mutating func restore(_ records: [TensorRecord]) throws {
    let table = RecordTable(records)
    try replay.restore(table)
    try priorities?.restore(table)
    try episodes.restore(table)
    try held.restore(table, actionCount: agentEnvironment.actionCount)
    try vector.restore(JSON.decode(table.values(named: "environments"), path: "checkpoint"))
    try workspace.restore(records)
  }
}

extension LoadedProgram<Float> {
  /// Gives rows of observations, which the program may take as bytes.
  func set(observations rows: [Float], of bytes: Bool) {
    if bytes {
      set("observations", to: rows.map { UInt8($0) })
    } else {
      set("observations", to: rows)
    }
  }
}
