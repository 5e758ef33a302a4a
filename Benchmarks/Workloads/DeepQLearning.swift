import DeepQLearning
import Experiments

extension Benchmark {
  /// The settings of CleanRL's `dqn.py`, but for learning that starts after 1,000 steps; trainings of
  /// 30,000 steps one after another.
  static let dqnCartPole = Benchmark(
    "dqn_cartpole", "Deep Q-learning of CartPole: acting, learning, replay and environment",
    .environmentStepsPerSecond, unitsPerStep: 10,
    workPerUnit: 0.1 * (3 * 2 * 128 * (120 * 84 + 84 * 2) + 2 * 2 * 128 * 4 * 120)
  ) { settings in
    training(of: cartPole(environments: 1), settings, steps: 3_000)
  }

  /// The same with ten environments side by side, which act once between updates.
  static let dqnCartPoleVector = Benchmark(
    "dqn_cartpole_vector", "The same with ten environments side by side",
    .environmentStepsPerSecond, unitsPerStep: 10, workPerUnit: dqnCartPole.workPerUnit
  ) { settings in
    training(of: cartPole(environments: 10), settings, steps: 3_000)
  }

  /// The network and the settings of MinAtar's authors, an update after each step; Adam for RMSProp.
  static let dqnMinAtarBreakout = Benchmark(
    "dqn_minatar_breakout", "Deep Q-learning of MinAtar's Breakout, an update after each step",
    .environmentStepsPerSecond, unitsPerStep: 1,
    workPerUnit: 32 * 2 * (64 * 36 * 16 * 3 + (1024 * 128 + 128 * 6) * 4)
  ) { settings in
    var agent = DQNConfiguration()
    agent.environment = "MinAtar/Breakout-v0"
    agent.learningStarts = 1_000
    agent.trainEvery = 1
    agent.batchSize = 32
    agent.targetEvery = 1_000
    agent.optimizer.learningRate = 2.5e-4
    agent.exploration.start = 0.1
    agent.exploration.end = 0.1
    agent.replay.capacity = 100_000
    agent.network.channels = [16]
    agent.network.hidden = [128]
    return training(of: agent, settings, steps: nil)
  }

  private static func cartPole(environments: Int) -> DQNConfiguration {
    var agent = DQNConfiguration()
    agent.environment = "CartPole-v1"
    agent.environments = environments
    agent.trainEvery = 10
    agent.batchSize = 128
    agent.loss = .mse
    agent.optimizer.learningRate = 2.5e-4
    agent.exploration.steps = 15_000
    agent.replay.capacity = 10_000
    agent.network.hidden = [120, 84]
    return agent
  }

  /// - Parameter steps: after how many steps of a run it begins anew; nil to go on.
  private static func training(
    of agent: DQNConfiguration, _ settings: BenchmarkSettings, steps: Int?
  ) -> Workload {
    Workload(parameterCounts: []) {
      var learner = try DeepQLearner(
        agent, in: RunContext(seed: settings.seed, threads: settings.threads))
      let beginning = learner.state()
      var (number, loss) = (0, Float(0))
      return {
        do {
          if number == steps {
            try learner.restore(beginning)
            number = 0
          }
          loss = try learner.step(number)["loss"].map { Float($0) } ?? loss
        } catch {
          preconditionFailure("a step that is always allowed: \(error)")
        }
        number += 1
        return loss
      }
    }
  }
}
