import Imaging
import RealModule

/// A car in a valley whose engine is too weak to climb the mountain at once: it must swing back and
/// forth. The task of Moore ("Efficient memory-based learning for robot control", 1990) as in
/// Gymnasium's `MountainCar`.
///
/// | Observation | Range | Unit |
/// | --- | --- | --- |
/// | position | -1.2...0.6 | length of the track |
/// | velocity | -0.07...0.07 | lengths a step |
///
/// Action 0 pushes left, 1 not at all, 2 right. Every step pays -1. The position begins uniform in
/// -0.6 ..< -0.4 (options `low`, `high`), the velocity at 0. The task ends at position 0.5 or beyond
/// with at least `goalVelocity` to the right. The wall at the left end takes the velocity away.
public struct MountainCar: Environment {
  private static let greatestSpeed = 0.07  // lengths a step
  private static let goalPosition = 0.5
  private static let force = 0.001  // lengths a step², of the engine
  private static let gravity = 0.0025  // lengths a step²

  private let goalVelocity: Double
  private var random = PCG64(seed: 0)
  private var position = 0.0
  private var velocity = 0.0

  /// The task, to be reset.
  ///
  /// - Parameter goalVelocity: how fast the car must at least be at the goal, in lengths a step.
  public init(goalVelocity: Double = 0) {
    self.goalVelocity = goalVelocity
  }

  static var spec: EnvironmentSpec {
    EnvironmentSpec(
      "MountainCar-v0", "Swing a weak car up a mountain.", maxEpisodeSteps: 200,
      rewardThreshold: -110, options: [goalVelocityOption]
    ) { options in MountainCar(goalVelocity: options.number(goalVelocityOption.name)) }
  }

  static let goalVelocityOption = EnvironmentOption(
    "goalVelocity", .number(0, in: 0...greatestSpeed),
    "how fast the car must be at the goal, in lengths a step")

  /// The observations there are.
  public var observationSpace: Space { Self.observationSpace }

  static let observationSpace = Space.box(
    BoxSpace(
      low: [MountainCarScene.track.lowerBound, -greatestSpeed],
      high: [MountainCarScene.track.upperBound, greatestSpeed]))

  /// The actions there are.
  public var actionSpace: Space { .discrete(count: 3) }

  /// Begins an episode.
  public mutating func reset(
    seed: UInt64?, options: [String: Double]
  ) throws(EnvironmentError) {
    let bounds = try resetBounds(options, -0.6...(-0.4))
    if let seed { random = PCG64(seed: seed) }
    position = random.uniform(bounds.lowerBound, bounds.upperBound)
    velocity = 0
  }

  /// Acts once.
  public mutating func step(_ action: Int) throws(EnvironmentError) -> Step {
    try require(action, below: 3)
    velocity += Double(action - 1) * Self.force + .cos(3 * position) * -Self.gravity
    velocity = min(max(velocity, -Self.greatestSpeed), Self.greatestSpeed)
    let track = MountainCarScene.track
    position = min(max(position + velocity, track.lowerBound), track.upperBound)
    if position == track.lowerBound && velocity < 0 { velocity = 0 }
    return Step(
      reward: -1, terminated: position >= Self.goalPosition && velocity >= goalVelocity)
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
