import Glibc
import Imaging
import RealModule

/// Two links that hang in a chain, with a motor at the joint between them, to swing the free end up:
/// the task of Sutton ("Generalization in reinforcement learning: successful examples using sparse
/// coarse coding", 1996) with the equations of Sutton and Barto's book, as Gymnasium's `Acrobot`.
///
/// | Observation | Range | Unit |
/// | --- | --- | --- |
/// | cosine, sine of the first link's angle, 0 hanging | -1...1 | |
/// | cosine, sine of the second link's angle to the first | -1...1 | |
/// | angular velocity of the first link | -4 pi...4 pi | rad/s |
/// | angular velocity of the second link | -9 pi...9 pi | rad/s |
///
/// Actions 0, 1, 2 are torques of -1, 0 and 1 N m. A step pays -1, and 0 at the end. The two angles
/// and velocities begin uniform in -0.1 ..< 0.1 (options `low`, `high`). The task ends when the free
/// end is more than one link above the fixed joint.
public struct Acrobot: Environment {
  private static let gravity = 9.8  // m/s²
  private static let interval = 0.2  // s between two states
  private static let linkMass = 1.0  // kg
  private static let linkLength = 1.0  // m
  private static let centre = 0.5  // m from a link's joint to its centre of mass
  private static let inertia = 1.0  // kg m², of a link
  private static let greatestSpeeds = (4 * Double.pi, 9 * Double.pi)  // rad/s

  private var random = PCG64(seed: 0)
  /// The two angles and the two angular velocities.
  private var state = SIMD4<Double>.zero

  /// The task, to be reset.
  public init() {}

  static var spec: EnvironmentSpec {
    EnvironmentSpec(
      "Acrobot-v1", "Swing two links up with a motor between them.", maxEpisodeSteps: 500,
      rewardThreshold: -100
    ) { _ in Acrobot() }
  }

  /// The observations there are.
  public var observationSpace: Space {
    let high = [1, 1, 1, 1, Self.greatestSpeeds.0, Self.greatestSpeeds.1]
    return .box(BoxSpace(low: high.map { -$0 }, high: high))
  }

  /// How many steps a second look natural.
  public var framesPerSecond: Int { 15 }

  /// The actions there are.
  public var actionSpace: Space { .discrete(count: 3) }

  /// Begins an episode.
  public mutating func reset(
    seed: UInt64?, options: [String: Double]
  ) throws(EnvironmentError) {
    let bounds = try resetBounds(options, -0.1...0.1)
    if let seed { random = PCG64(seed: seed) }
    for place in state.indices {
      // The original keeps its first state in single precision.
      state[place] = Double(Float(random.uniform(bounds.lowerBound, bounds.upperBound)))
    }
  }

  /// Acts once.
  public mutating func step(_ action: Int) throws(EnvironmentError) -> Step {
    try require(action, below: 3)
    // The classical method of Runge and Kutta, of fourth order.
    let torque = Double(action - 1)
    let half = Self.interval / 2
    let first = Self.derivative(of: state, torque)
    let second = Self.derivative(of: state + half * first, torque)
    let third = Self.derivative(of: state + half * second, torque)
    let fourth = Self.derivative(of: state + Self.interval * third, torque)
    state += Self.interval / 6 * (first + 2 * second + 2 * third + fourth)

    state[0] = Self.withinHalfTurn(state[0])
    state[1] = Self.withinHalfTurn(state[1])
    let greatest = Self.greatestSpeeds
    state[2] = min(max(state[2], -greatest.0), greatest.0)
    state[3] = min(max(state[3], -greatest.1), greatest.1)
    let isUp = -Double.cos(state[0]) - .cos(state[1] + state[0]) > 1
    return Step(reward: isUp ? 0 : -1, terminated: isUp)
  }

  /// The velocities and accelerations of a state.
  private static func derivative(of state: SIMD4<Double>, _ torque: Double) -> SIMD4<Double> {
    let (angle, bend, velocity, bendVelocity) = (state[0], state[1], state[2], state[3])
    let (sine, cosine) = (Double.sin(bend), Double.cos(bend))
    let coupling = linkMass * linkLength * centre
    // `d1`, `d2`, `phi1` and `phi2` of the book.
    let firstInertia =
      linkMass * (centre * centre)
      + linkMass * (linkLength * linkLength + centre * centre + 2 * linkLength * centre * cosine)
      + inertia + inertia
    let secondInertia = linkMass * (centre * centre + linkLength * centre * cosine) + inertia
    let secondForce = linkMass * centre * gravity * .cos(angle + bend - .pi / 2)
    let firstForce =
      -coupling * square(bendVelocity) * sine
      - 2 * coupling * bendVelocity * velocity * sine
      + (linkMass * centre + linkMass * linkLength) * gravity * .cos(angle - .pi / 2)
      + secondForce
    let bendAcceleration =
      (torque + secondInertia / firstInertia * firstForce
        - coupling * square(velocity) * sine - secondForce)
      / (linkMass * (centre * centre) + inertia - square(secondInertia) / firstInertia)
    let acceleration = -(secondInertia * bendAcceleration + firstForce) / firstInertia
    return SIMD4(velocity, bendVelocity, acceleration, bendAcceleration)
  }

  /// The square as the original computes it, by the C library's `pow`, whose last bit is not always
  /// that of a product; the motion is chaotic enough for that bit to show within an episode. Not
  /// optimised, since the compiler would make it a product.
  @_optimize(none)
  private static func square(_ number: Double) -> Double {
    Glibc.pow(number, 2)
  }

  /// The same direction as an angle within -pi...pi.
  private static func withinHalfTurn(_ angle: Double) -> Double {
    // Subtracting turns as the original does rounds as it does; a rare angle far off has no need.
    guard abs(angle) < 100 else { return angle.remainder(dividingBy: 2 * .pi) }
    var angle = angle
    while angle > .pi { angle -= 2 * .pi }
    while angle < -.pi { angle += 2 * .pi }
    return angle
  }

  /// Writes what the agent sees now.
  public func observe(into observation: inout [Float]) {
    observation.fill(count: 6) { numbers in
      numbers[0] = Float(Double.cos(state[0]))
      numbers[1] = Float(Double.sin(state[0]))
      numbers[2] = Float(Double.cos(state[1]))
      numbers[3] = Float(Double.sin(state[1]))
      numbers[4] = Float(state[2])
      numbers[5] = Float(state[3])
    }
  }

  /// Writes or reads the state.
  public mutating func archive(_ archive: inout StateArchive) throws(EnvironmentError) {
    try archive.number("angle", &state[0])
    try archive.number("bend", &state[1])
    try archive.number("velocity", &state[2])
    try archive.number("bendVelocity", &state[3])
    try random.archive(&archive)
  }

  /// Where the joint and the free end are, from the fixed joint, upward, in links.
  private var chain: (joint: (x: Double, y: Double), end: (x: Double, y: Double)) {
    let joint = (x: Double.sin(state[0]), y: -Double.cos(state[0]))
    let sum = state[0] + state[1]
    return (joint, (joint.x + .sin(sum), joint.y - .cos(sum)))
  }

  /// The state as text.
  public func renderText() -> String {
    var grid = TextGrid(width: 41, height: 21)
    func place(_ point: (x: Double, y: Double)) -> (x: Double, y: Double) {
      (20 + 9 * point.x, 10 - 4.5 * point.y)
    }
    grid.stroke("-", from: place((-2.2, 1)), to: place((2.2, 1)))
    let (joint, end) = (place(chain.joint), place(chain.end))
    grid.stroke("*", from: place((0, 0)), to: joint)
    grid.stroke("*", from: joint, to: end)
    for point in [place((0, 0)), joint] { grid.put("o", x: point.x, y: point.y) }
    grid.put("O", x: end.x, y: end.y)
    return grid.text
  }

  /// A picture of the state.
  public func render() -> Image {
    func place(_ point: (x: Double, y: Double)) -> Point {
      Point(x: 250 + 110 * point.x, y: 250 - 110 * point.y)
    }
    var canvas = Canvas(width: 500, height: 500, background: .white)
    canvas.strokeLine(
      from: place((-2.2, 1)), to: place((2.2, 1)), width: 2, colour: Colour(0x4A5560))
    let points = [place((0, 0)), place(chain.joint), place(chain.end)]
    canvas.strokePolyline(points, width: 22, colour: Colour(0x59B8CC))
    for point in points.dropLast() {
      canvas.fillCircle(centre: point, radius: 11, colour: Colour(0xCCB84D))
    }
    return canvas.image
  }
}
