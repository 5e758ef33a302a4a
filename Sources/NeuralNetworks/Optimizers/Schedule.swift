import RealModule
import TensorEngine

/// What the learning rate is multiplied by as training goes on: a function of the number of updates
/// that were made, n = 0 at the first. It is a part of the program, and the number a state of it, so
/// that training that is resumed goes on where it was.
public indirect enum Schedule: Sendable, Hashable {
  /// 1
  case constant
  /// `factor` to the power of the times that `every` updates were made.
  case step(factor: Double, every: Int)
  /// `factor` to the power of n / `every`, which need not be whole.
  case exponential(factor: Double, every: Int)
  /// Half a wave of a cosine from 1 to `end`, where it stays after so many updates (Loshchilov and
  /// Hutter, "SGDR", 2017, without restarts).
  case cosine(updates: Int, end: Double = 0)
  /// end + (1 - end) · (1 - n / updates)^power, and `end` after so many updates.
  case polynomial(updates: Int, power: Double = 1, end: Double = 0)
  /// Evenly up to 1, which update number `updates` has, then another schedule, its first update next.
  case warmUp(updates: Int, then: Schedule = .constant)
  /// Evenly from `lowest` up to 1 in `half` updates and down again in as many, over and over (Smith,
  /// "Cyclical learning rates for training neural networks", 2017).
  case cyclical(lowest: Double, half: Int)
  /// Up from `start` to 1 in a share `rising` of all updates, then down to `end`, each half a wave of
  /// a cosine (Smith and Topin, "Super-convergence", 2018; the defaults are PyTorch's).
  case oneCycle(
    updates: Int, rising: Double = 0.3, start: Double = 1.0 / 25, end: Double = 1.0 / 250_000)

  /// The factor at an update.
  ///
  /// - Parameter count: updates made before, a scalar.
  public func factor(after count: Tensor) -> Tensor {
    precondition(lasts, "a schedule over no updates: \(self)")
    switch self {
    case .constant:
      return count.graph.constant(1)
    case .step(let factor, let every):
      return ((count / Double(every)).floor() * Double.log(factor)).exp()
    case .exponential(let factor, let every):
      return (count * (Double.log(factor) / Double(every))).exp()
    case .cosine(let updates, let end):
      return Self.wave(from: 1, to: end, at: (count / Double(updates)).minimum(1))
    case .polynomial(let updates, let power, let end):
      let left = 1 - (count / Double(updates)).minimum(1)
      return end + (1 - end) * (power == 1 ? left : left.pow(power))
    case .warmUp(let updates, let then):
      let rising = (count + 1) / Double(updates)
      let later = then.factor(after: (count - Double(updates)).maximum(0))
      return count.isLess(than: Double(updates)).select(rising, later)
    case .cyclical(let lowest, let half):
      let cycles = count / Double(2 * half)
      let away = (2 * (cycles - cycles.floor()) - 1).abs()
      return lowest + (1 - lowest) * (1 - away)
    case .oneCycle(let updates, let rising, let start, let end):
      // As in PyTorch, the first and the last update have the ends.
      let top = rising * Double(updates) - 1
      let down = (count - top) / (Double(updates) - 1 - top)
      return count.isLessOrEqual(to: count.graph.constant(top)).select(
        Self.wave(from: start, to: 1, at: (count / top).minimum(1)),
        Self.wave(from: 1, to: end, at: down.maximum(0).minimum(1)))
    }
  }

  /// Whether its updates are at least 1, and those that rise.
  private var lasts: Bool {
    switch self {
    case .constant: true
    case .step(_, let updates), .exponential(_, let updates), .cosine(let updates, _),
      .polynomial(let updates, _, _), .warmUp(let updates, _), .cyclical(_, let updates):
      updates > 0
    case .oneCycle(let updates, let rising, _, _):
      rising * Double(updates) > 1 && rising < 1
    }
  }

  /// Half a wave of a cosine between two numbers, at a share of its way.
  private static func wave(from start: Double, to end: Double, at share: Tensor) -> Tensor {
    end + (start - end) / 2 * (1 + (share * Double.pi).cos())
  }
}

/// A rule whose learning rate follows a schedule.
///
/// All rules of this library are proportional to their learning rate, so that their change is
/// multiplied instead.
public struct Scheduled<Rule: Optimizer>: Optimizer {
  /// The rule.
  public var rule: Rule
  /// What its change is multiplied by.
  public var schedule: Schedule

  /// The rule's step size.
  public var learningRate: Double { rule.learningRate }

  /// The change of one parameter.
  public func change(
    of parameter: (name: String, tensor: Tensor), gradient: Tensor, memory: OptimizerMemory
  ) -> Tensor {
    schedule.factor(after: memory.updateNumber - 1)
      * rule.change(of: parameter, gradient: gradient, memory: memory)
  }
}

/// A rule with learning rates of their own for parts of a network.
public struct RatesByPath<Rule: Optimizer>: Optimizer {
  /// The rule.
  public var rule: Rule
  /// What the learning rate is multiplied by, by the path of a part, such as "network.body": of the
  /// longest that a parameter's name begins with. 0 leaves a part as it is.
  public var factors: [String: Double]

  /// The rule's step size.
  public var learningRate: Double { rule.learningRate }

  /// The change of one parameter.
  public func change(
    of parameter: (name: String, tensor: Tensor), gradient: Tensor, memory: OptimizerMemory
  ) -> Tensor {
    let change = rule.change(of: parameter, gradient: gradient, memory: memory)
    let path = factors.keys.filter { "\(parameter.name).".hasPrefix("\($0).") }
      .max { $0.count < $1.count }
    guard let path, let factor = factors[path] else { return change }
    return factor * change
  }
}

/// A rule whose gradients have a share of the weights added, as if their squares were a part of the
/// loss: PyTorch's `weight_decay` of all rules but AdamW, which fades weights by itself, and Lion.
public struct WeightDecay<Rule: Optimizer>: Optimizer {
  /// The rule.
  public var rule: Rule
  /// The share.
  public var decay: Double

  /// The rule's step size.
  public var learningRate: Double { rule.learningRate }

  /// The change of one parameter.
  public func change(
    of parameter: (name: String, tensor: Tensor), gradient: Tensor, memory: OptimizerMemory
  ) -> Tensor {
    rule.change(of: parameter, gradient: gradient + decay * parameter.tensor, memory: memory)
  }
}

extension Optimizer {
  /// This rule with a learning rate that follows a schedule.
  public func scheduled(_ schedule: Schedule) -> Scheduled<Self> {
    Scheduled(rule: self, schedule: schedule)
  }

  /// This rule with the learning rates of parts of a network multiplied.
  public func rates(byPath factors: [String: Double]) -> RatesByPath<Self> {
    RatesByPath(rule: self, factors: factors)
  }

  /// This rule with a share of the weights added to their gradients.
  public func weightDecay(_ decay: Double) -> WeightDecay<Self> {
    WeightDecay(rule: self, decay: decay)
  }
}
