import Imaging
import RealModule

/// The mountain car with an engine that can be throttled, as Gymnasium's `MountainCarContinuous`:
/// the goal is worth 100, and fuel costs.
///
/// | Observation | Range | Unit |
/// | --- | --- | --- |
/// | position | -1.2...0.6 | length of the track |
/// | velocity | -0.07...0.07 | lengths a step |
///
/// The action is one number, -1 for full force to the left to 1 to the right; beyond, the force
/// stays full while the fuel costs more. A step pays minus a tenth of the squared action, and 100
/// when the car arrives. The position begins uniform in -0.6 ..< -0.4 (options `low`, `high`), the
/// velocity at 0. The task ends at position 0.45 or beyond with at least `goalVelocity` to the
/// right.
public struct MountainCarContinuous: Environment {
  private static let greatestSpeed = 0.07  // lengths a step
  private static let goalPosition = 0.45
  private static let power = 0.0015  // lengths a step², of the engine
  private static let gravity = 0.0025  // lengths a step²
  private static let goalReward = 100.0

  private let goalVelocity: Double
  private var random = PCG64(seed: 0)
  // The original computes its first step in double precision and all others in single, and so does
  // this one, since it is chaotic enough to show the difference.
  private var position = 0.0
  private var velocity = 0.0
  private var isAtStart = true

  /// The task, to be reset.
  ///
  /// - Parameter goalVelocity: how fast the car must at least be at the goal, in lengths a step.
  public init(goalVelocity: Double = 0) {
    self.goalVelocity = goalVelocity
  }

  static var spec: EnvironmentSpec {
    EnvironmentSpec(
      "MountainCarContinuous-v0", "Swing a weak car up a mountain with little fuel.",
      maxEpisodeSteps: 999, rewardThreshold: 90, options: [MountainCar.goalVelocityOption]
    ) { options in
      MountainCarContinuous(goalVelocity: options.number(MountainCar.goalVelocityOption.name))
    }
  }

  /// The observations there are.
  public var observationSpace: Space { MountainCar.observationSpace }
  /// The actions there are.
  public var actionSpace: Space { .box(BoxSpace(-1...1, shape: [1])) }

  /// Begins an episode.
  public mutating func reset(
    seed: UInt64?, options: [String: Double]
  ) throws(EnvironmentError) {
    let bounds = try resetBounds(options, -0.6...(-0.4))
    if let seed { random = PCG64(seed: seed) }
    position = random.uniform(bounds.lowerBound, bounds.upperBound)
    velocity = 0
    isAtStart = true
  }

  /// Acts once.
  public mutating func step(_ action: [Float]) throws(EnvironmentError) -> Step {
    try require(action, count: 1)
    let arrived =
      isAtStart ? move(in: Double.self, by: action[0]) : move(in: Float.self, by: action[0])
    isAtStart = false
    let fuel = Double(action[0]) * Double(action[0]) * 0.1
    return Step(reward: (arrived ? Self.goalReward : 0) - fuel, terminated: arrived)
  }

  /// Moves the car in numbers of a precision; returns whether it is at the goal.
  private mutating func move<Number: BinaryFloatingPoint>(
    in precision: Number.Type, by action: Float
  ) -> Bool {
    var (position, velocity) = (Number(position), Number(velocity))
    let pull = Self.gravity * .cos(Double(3 * position))
    let change =
      -1...1 ~= action
      ? Double(action * Float(Self.power) - Float(pull))
      : (action < 0 ? -Self.power : Self.power) - pull
    let greatestSpeed = Number(Self.greatestSpeed)
    velocity = min(max(velocity + Number(change), -greatestSpeed), greatestSpeed)
    let start = Number(MountainCarScene.track.lowerBound)
    position = min(max(position + velocity, start), Number(MountainCarScene.track.upperBound))
    if position == start && velocity < 0 { velocity = 0 }
    self.position = Double(Float(position))
    self.velocity = Double(Float(velocity))
    return position >= Number(Self.goalPosition) && velocity >= Number(goalVelocity)
  }

  /// Writes what the agent sees now.
  public func observe(into observation: inout [Float]) {
    observation.fill(count: 2) { numbers in
      numbers[0] = Float(position)
      numbers[1] = Float(velocity)
    }
  }

  /// Writes or reads the state.
  public mutating func archive(_ archive: inout StateArchive) throws(EnvironmentError) {
    try archive.number("position", &position)
    try archive.number("velocity", &velocity)
    try archive.flag("isAtStart", &isAtStart)
    try random.archive(&archive)
  }

  private var scene: MountainCarScene {
    MountainCarScene(position: position, goal: Self.goalPosition)
  }

  /// A picture of the state.
  public func render() -> Image { scene.image }
  /// The state as text.
  public func renderText() -> String { scene.text }
}
