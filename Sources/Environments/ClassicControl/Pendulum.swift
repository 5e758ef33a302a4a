import Imaging
import RealModule

/// A pendulum, to be swung up and held there with a weak motor, as Gymnasium's `Pendulum`: a rod of
/// 1 kg and 1 m that turns about its end.
///
/// | Observation | Range | Unit |
/// | --- | --- | --- |
/// | cosine of the angle, 0 upright | -1...1 | |
/// | sine of the angle, positive to the left | -1...1 | |
/// | angular velocity | -8...8 | rad/s |
///
/// The action is the torque in N m, one number cut to -2...2. A step pays
/// -(angle² + 0.1 velocity² + 0.001 torque²), all before the step, the angle within a half turn of
/// upright. The angle begins uniform within a half turn of upright and the velocity in -1...1
/// (options `x_init`, `y_init`: the bounds of the two). The task has no end of its own.
public struct Pendulum: Environment {
  private static let mass = 1.0  // kg
  private static let length = 1.0  // m
  private static let interval = 0.05  // s between two states
  private static let greatestSpeed = 8.0  // rad/s
  private static let greatestTorque: Float = 2  // N m

  private let gravity: Double
  private var random = PCG64(seed: 0)
  private var angle = 0.0
  private var velocity = 0.0

  /// The task, to be reset.
  ///
  /// - Parameter gravity: the acceleration of gravity in m/s².
  public init(gravity: Double = 10) {
    self.gravity = gravity
  }

  static var spec: EnvironmentSpec {
    EnvironmentSpec(
      "Pendulum-v1", "Swing a pendulum up and hold it upright.", maxEpisodeSteps: 200,
      options: [
        EnvironmentOption(
          "gravity", .number(10, in: 0...100), "the acceleration of gravity in m/s²")
      ]
    ) { options in Pendulum(gravity: options.number("gravity")) }
  }

  /// The observations there are.
  public var observationSpace: Space {
    let high = [1, 1, Self.greatestSpeed]
    return .box(BoxSpace(low: high.map { -$0 }, high: high))
  }

  /// The actions there are.
  public var actionSpace: Space {
    let greatest = Double(Self.greatestTorque)
    return .box(BoxSpace(-greatest...greatest, shape: [1]))
  }

  /// Begins an episode.
  public mutating func reset(
    seed: UInt64?, options: [String: Double]
  ) throws(EnvironmentError) {
    try refuseOptions(options, except: ["x_init", "y_init"])
    let allowed = 0...Double(Float.greatestFiniteMagnitude)
    for (name, value) in options.sorted(by: { $0.key < $1.key }) where !allowed.contains(value) {
      throw EnvironmentError(
        .invalidOption, "option '\(name)' of a reset is \(value): expected one in \(allowed)")
    }
    if let seed { random = PCG64(seed: seed) }
    let greatestAngle = options["x_init"] ?? .pi
    let greatestVelocity = options["y_init"] ?? 1
    angle = random.uniform(-greatestAngle, greatestAngle)
    velocity = random.uniform(-greatestVelocity, greatestVelocity)
  }

  /// Acts once.
  public mutating func step(_ action: [Float]) throws(EnvironmentError) -> Step {
    try require(action, count: 1)
    let torque = min(max(action[0], -Self.greatestTorque), Self.greatestTorque)
    let lean = Self.nearestToUpright(angle)
    let cost = lean * lean + 0.1 * (velocity * velocity) + Double(0.001 * (torque * torque))
    // The moment of inertia of a rod about its end is a third of mass times length squared.
    let acceleration =
      3 * gravity / (2 * Self.length) * .sin(angle)
      + Double(Float(3 / (Self.mass * Self.length * Self.length)) * torque)
    velocity += acceleration * Self.interval
    velocity = min(max(velocity, -Self.greatestSpeed), Self.greatestSpeed)
    angle += velocity * Self.interval
    return Step(reward: -cost)
  }

  /// The same direction as an angle from -pi and below pi.
  private static func nearestToUpright(_ angle: Double) -> Double {
    let turn = 2 * Double.pi
    let rest = (angle + .pi).truncatingRemainder(dividingBy: turn)
    return (rest < 0 ? rest + turn : rest) - .pi
  }

  /// Writes what the agent sees now.
  public func observe(into observation: inout [Float]) {
    observation.fill(count: 3) { numbers in
      numbers[0] = Float(Double.cos(angle))
      numbers[1] = Float(Double.sin(angle))
      numbers[2] = Float(velocity)
    }
  }

  /// Writes or reads the state.
  public mutating func archive(_ archive: inout StateArchive) throws(EnvironmentError) {
    try archive.number("angle", &angle)
    try archive.number("velocity", &velocity)
    try random.archive(&archive)
  }

  /// The state as text.
  public func renderText() -> String {
    let (centre, width, height) = ((x: 20.0, y: 10.0), 18.0, 9.0)
    var grid = TextGrid(width: 41, height: 21)
    let tip = (x: centre.x - width * .sin(angle), y: centre.y - height * .cos(angle))
    grid.stroke("*", from: centre, to: tip)
    grid.put("o", x: centre.x, y: centre.y)
    grid.put("O", x: tip.x, y: tip.y)
    return grid.text
  }

  /// A picture of the state.
  public func render() -> Image {
    var canvas = Canvas(width: 500, height: 500, background: .white)
    let (centre, length) = (Point(x: 250, y: 250), 180.0)
    let tip = Point(x: centre.x - length * .sin(angle), y: centre.y - length * .cos(angle))
    canvas.strokeLine(from: centre, to: tip, width: 40, colour: Colour(0xCC4D4D))
    canvas.fillCircle(centre: centre, radius: 10, colour: Colour(0x2B3036))
    return canvas.image
  }
}
