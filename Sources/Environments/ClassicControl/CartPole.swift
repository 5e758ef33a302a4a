import Imaging
import RealModule

/// A pole on a cart that is pushed left or right, to be kept upright: the task of Barto, Sutton and
/// Anderson ("Neuronlike adaptive elements that can solve difficult learning control problems",
/// 1983), with the equations of Florian ("Correct equations for the dynamics of the cart-pole
/// system", 2007, without friction), as Gymnasium's `CartPole`.
///
/// | Observation | Range | Unit |
/// | --- | --- | --- |
/// | position of the cart | -4.8...4.8 | m |
/// | velocity of the cart | any | m/s |
/// | angle of the pole, 0 upright | -0.418...0.418 | rad |
/// | angular velocity | any | rad/s |
///
/// Action 0 pushes left, 1 right. Every step pays 1. All four numbers begin uniform in -0.05...0.05
/// (options `low`, `high`). The task ends beyond 2.4 m or 12 degrees.
public struct CartPole: Environment {
  private static let gravity = 9.8  // m/s²
  private static let cartMass = 1.0  // kg
  private static let poleMass = 0.1  // kg
  private static let halfLength = 0.5  // m, of the pole
  private static let force = 10.0  // N
  private static let interval = 0.02  // s between two states
  private static let greatestPosition = 2.4  // m
  private static let greatestAngle = 12 * 2 * Double.pi / 360

  private var random = PCG64(seed: 0)
  private var position = 0.0
  private var velocity = 0.0
  private var angle = 0.0
  private var angularVelocity = 0.0

  /// The task, to be reset.
  public init() {}

  static func spec(
    version: Int, maxEpisodeSteps: Int, rewardThreshold: Double
  ) -> EnvironmentSpec {
    EnvironmentSpec(
      "CartPole-v\(version)", "Keep a pole upright on a cart that is pushed left or right.",
      maxEpisodeSteps: maxEpisodeSteps, rewardThreshold: rewardThreshold
    ) { _ in CartPole() }
  }

  /// The observations there are.
  public var observationSpace: Space {
    let high = [2 * Self.greatestPosition, .infinity, 2 * Self.greatestAngle, .infinity]
    return .box(BoxSpace(low: high.map { -$0 }, high: high))
  }

  /// How many steps a second look natural.
  public var framesPerSecond: Int { 50 }

  /// The actions there are.
  public var actionSpace: Space { .discrete(count: 2) }

  /// Begins an episode.
  public mutating func reset(
    seed: UInt64?, options: [String: Double]
  ) throws(EnvironmentError) {
    let bounds = try resetBounds(options, -0.05...0.05)
    if let seed { random = PCG64(seed: seed) }
    position = random.uniform(bounds.lowerBound, bounds.upperBound)
    velocity = random.uniform(bounds.lowerBound, bounds.upperBound)
    angle = random.uniform(bounds.lowerBound, bounds.upperBound)
    angularVelocity = random.uniform(bounds.lowerBound, bounds.upperBound)
  }

  /// Acts once.
  public mutating func step(_ action: Int) throws(EnvironmentError) -> Step {
    try require(action, below: 2)
    let force = action == 1 ? Self.force : -Self.force
    let (sine, cosine) = (Double.sin(angle), Double.cos(angle))
    let mass = Self.poleMass + Self.cartMass
    let poleMoment = Self.poleMass * Self.halfLength

    let push = (force + poleMoment * (angularVelocity * angularVelocity) * sine) / mass
    let angularAcceleration =
      (Self.gravity * sine - cosine * push)
      / (Self.halfLength * (4.0 / 3.0 - Self.poleMass * (cosine * cosine) / mass))
    let acceleration = push - poleMoment * angularAcceleration * cosine / mass

    // Explicit Euler: the positions move by the old velocities.
    position += Self.interval * velocity
    velocity += Self.interval * acceleration
    angle += Self.interval * angularVelocity
    angularVelocity += Self.interval * angularAcceleration
    return Step(
      reward: 1,
      terminated: abs(position) > Self.greatestPosition || abs(angle) > Self.greatestAngle)
  }

  /// Writes what the agent sees now.
  public func observe(into observation: inout [Float]) {
    observation.fill(count: 4) { numbers in
      numbers[0] = Float(position)
      numbers[1] = Float(velocity)
      numbers[2] = Float(angle)
      numbers[3] = Float(angularVelocity)
    }
  }

  /// Writes or reads the state.
  public mutating func archive(_ archive: inout StateArchive) throws(EnvironmentError) {
    try archive.number("position", &position)
    try archive.number("velocity", &velocity)
    try archive.number("angle", &angle)
    try archive.number("angularVelocity", &angularVelocity)
    try random.archive(&archive)
  }

  /// The state as text.
  public func renderText() -> String {
    let place = max(-1, min(1, position / (2 * Self.greatestPosition)))
    let column = Int((30 + 29 * place).rounded())
    let lean = abs(angle) < Self.greatestAngle / 3 ? "|" : angle < 0 ? "\\" : "/"
    let left = String(repeating: " ", count: max(0, min(57, column - 1)))
    return "\(left) \(lean)\n\(left)[_]\n" + String(repeating: "-", count: 60) + "\n"
  }

  /// A picture of the state.
  public func render() -> Image {
    var canvas = Canvas(width: 600, height: 400, background: .white)
    let scale = 600 / (4 * Self.greatestPosition)  // pixels a metre
    let cart = Point(x: 300 + position * 2 * scale, y: 300)
    canvas.strokeLine(
      from: Point(x: 0, y: 320), to: Point(x: 600, y: 320), width: 2, colour: .black)
    canvas.fillRectangle(
      x: cart.x - 25, y: cart.y - 15, width: 50, height: 30, colour: .black)
    let length = 2 * Self.halfLength * 2 * scale
    let tip = Point(x: cart.x + length * .sin(angle), y: cart.y - 10 - length * .cos(angle))
    canvas.strokeLine(
      from: Point(x: cart.x, y: cart.y - 10), to: tip, width: 10, colour: Colour(0xCA9865))
    canvas.fillCircle(
      centre: Point(x: cart.x, y: cart.y - 10), radius: 5, colour: Colour(0x8184CB))
    return canvas.image
  }
}
