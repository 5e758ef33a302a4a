#if Box2D
  import CBox2D
  import RealModule

  /// One episode of `LunarLander`: the moon, the lander on it, and the rules between them, with the
  /// numbers of Gymnasium's `lunar_lander.py`.
  struct LunarFlight: Sendable {
    /// Pixels a metre, in which the original gives lengths.
    static let scale = 30.0
    /// How much of the moon is seen, in m.
    static let (width, height) = (600 / scale, 400 / scale)
    static let framesPerSecond = 50.0
    /// The pad's height above the lower edge, in m.
    static let padHeight = height / 4
    /// How far apart the corners of the ground are, in m.
    static let chunkWidth = width / Double(chunkCount - 1)
    private static let chunkCount = 11
    /// The corners that are level with the pad, before the ground is smoothed.
    private static let levelChunks = 3...7
    /// The hull about its centre in m, counter-clockwise.
    static let hullCorners: [(x: Double, y: Double)] = [
      (-14, 17), (-17, 0), (-17, -10), (17, -10), (17, 0), (14, 17),
    ].map { ($0.0 / scale, $0.1 / scale) }
    /// Half the extent of a leg, in m.
    static let legHalfSize = (x: 2 / scale, y: 8 / scale)
    /// Where the hull's centre is, seen from a leg, in m to its side and above it.
    private static let (legAway, legDown) = (20 / scale, 18 / scale)
    private static let legTorque = 40.0  // N m
    private static let legSpeed = 0.3  // rad/s
    /// The angles between which a leg turns, in rad, outward.
    private static let (leastSpread, greatestSpread) = (0.9 - 0.5, 0.9)
    private static let greatestPush = 1000.0  // N, in each direction, during the first step
    /// N s a metre from the engine to the hull's centre, at full power.
    private static let (mainEnginePower, sideEnginePower) = (13.0, 0.6)
    private static let mainEngineDepth = 4 / scale  // m below the centre
    private static let sideEngineDistance = 12 / scale  // m to the side of the centre
    /// Where a side engine's push acts, in m. That the two differ is the original's own slip.
    private static let (sideEngineLean, sideEngineHeight) = (17 / scale, 14 / scale)

    /// Corners of the ground, in m above the lower edge, `chunkWidth` apart.
    let terrain: [Double]
    /// The random numbers that are drawn next.
    private(set) var random: PCG64
    /// What the agent sees, as `LunarLanderContinuous` says.
    private(set) var observation = SIMD8<Double>.zero
    /// Hull, right leg and left leg.
    private(set) var bodies: [box2d_body_state]
    /// The power of the main engine, 0...1, and of the side engines, negative of the left one, in the
    /// last step.
    private(set) var power = SIMD2<Double>.zero
    /// Whether the episode ended.
    private(set) var isOver = false

    private let conditions: LunarConditions
    private var world: Box2DWorld
    private static let hull: Int32 = 0
    /// What the reward is the change of; nil before the first step.
    private var shaping: Double?
    /// How far the wind's force and its torque are along their courses.
    private var windPlaces = SIMD2<Int>.zero

    /// A flight that begins: the moon and the push are drawn, and a step passes with engines off.
    init(_ conditions: LunarConditions, random: PCG64) {
      var random = random
      var heights = (0...Self.chunkCount).map { _ in random.uniform(0, Self.height / 2) }
      for place in Self.levelChunks { heights[place] = Self.padHeight }
      // The first corner is smoothed with the last height, as an index of -1 has it in Python.
      let terrain = (0..<Self.chunkCount).map { place in
        let before = heights[place == 0 ? Self.chunkCount : place - 1]
        return 0.33 * (before + heights[place] + heights[place + 1])
      }
      let push = box2d_vector(
        random.uniform(-Self.greatestPush, Self.greatestPush),
        random.uniform(-Self.greatestPush, Self.greatestPush))
      if conditions.hasWind {
        windPlaces.x = random.integer(below: 2 * 9999) - 9999
        windPlaces.y = random.integer(below: 2 * 9999) - 9999
      }
      world = Box2DWorld(gravity: conditions.gravity)
      self.conditions = conditions
      self.random = random
      self.terrain = terrain
      bodies = []
      buildGround()
      buildLander()
      world.applyForce(push, to: Self.hull)
      _ = advance(.zero)
    }

    private func buildGround() {
      world.addGround(
        from: box2d_vector(0, 0), to: box2d_vector(Self.width, 0), friction: 0.2)
      for place in terrain.indices.dropLast() {
        world.addGround(
          from: box2d_vector(Double(place) * Self.chunkWidth, terrain[place]),
          to: box2d_vector(Double(place + 1) * Self.chunkWidth, terrain[place + 1]),
          friction: 0.1)
      }
    }

    private mutating func buildLander() {
      let hull = world.addPolygon(
        box2d_body(
          position: box2d_vector(Self.width / 2, Self.height), angle: 0, density: 5,
          friction: 0.1),
        corners: Self.hullCorners.map { box2d_vector($0.x, $0.y) })
      let legs = [-1.0, 1].map { side in
        let leg = world.addBox(
          box2d_body(
            position: box2d_vector(Self.width / 2 - side * Self.legAway, Self.height),
            angle: Float(side * 0.05), density: 1, friction: 0.2),
          halfSize: box2d_vector(Self.legHalfSize.x, Self.legHalfSize.y))
        let (least, greatest) = (-side * Self.leastSpread, -side * Self.greatestSpread)
        world.addHinge(
          box2d_hinge(
            first_body: hull, second_body: leg, first_anchor: box2d_vector(0, 0),
            second_anchor: box2d_vector(side * Self.legAway, Self.legDown),
            lowest_angle: Float(min(least, greatest)),
            highest_angle: Float(max(least, greatest)), motor_speed: Float(Self.legSpeed * side),
            greatest_torque: Float(Self.legTorque)))
        return leg
      }
      bodies = ([hull] + legs).map { world.state(of: $0) }
    }

    /// Whether no copy of this flight shares its world, so that it may go on.
    mutating func ownsItsWorld() -> Bool {
      isKnownUniquelyReferenced(&world)
    }

    /// Lets a fiftieth of a second pass.
    ///
    /// - Parameter command: of the main engine and of the side engines, in -1...1.
    mutating func advance(_ command: SIMD2<Float>) -> Step {
      if conditions.hasWind, !bodies[1].is_touching, !bodies[2].is_touching { blow() }
      power = Self.power(command)
      fire()
      world.step(
        seconds: 1 / Self.framesPerSecond, velocityIterations: 6 * 30, positionIterations: 2 * 30)
      for body in bodies.indices { bodies[body] = world.state(of: Int32(body)) }
      observe()
      return judge()
    }

    /// The wind, whose force and torque follow courses that never repeat.
    private mutating func blow() {
      func strength(_ place: Int) -> Double {
        .tanh(.sin(0.02 * Double(place)) + .sin(.pi * 0.01 * Double(place)))
      }
      world.applyForce(
        box2d_vector(strength(windPlaces.x) * conditions.windPower, 0), to: Self.hull)
      world.applyTorque(strength(windPlaces.y) * conditions.turbulencePower, to: Self.hull)
      windPlaces &+= 1
    }

    /// The engines' power for a command: below half power they do not run.
    private static func power(_ command: SIMD2<Float>) -> SIMD2<Double> {
      let (main, side) = (Double(command.x), Double(command.y))
      return SIMD2(main > 0 ? (main + 1) * 0.5 : 0, abs(side) > 0.5 ? side : 0)
    }

    /// The pushes of the engines, whose directions are drawn whether or not they run.
    private mutating func fire() {
      let hull = bodies[0]
      let (x, y) = (Double(hull.position.x), Double(hull.position.y))
      let tip = (x: Double.sin(Double(hull.angle)), y: Double.cos(Double(hull.angle)))
      let side = (x: -tip.y, y: tip.x)
      let dispersion = (
        along: random.uniform(-1, 1) / Self.scale, across: random.uniform(-1, 1) / Self.scale
      )
      func push(_ direction: (x: Double, y: Double), _ strength: Double, at point: box2d_vector) {
        world.applyImpulse(
          box2d_vector(-direction.x * strength, -direction.y * strength), at: point,
          to: Self.hull)
      }
      if power.x > 0 {
        let along = Self.mainEngineDepth + 2 * dispersion.along
        let direction = (
          x: tip.x * along + side.x * dispersion.across,
          y: -tip.y * along - side.y * dispersion.across
        )
        push(
          direction, Self.mainEnginePower * power.x,
          at: box2d_vector(x + direction.x, y + direction.y))
      }
      if power.y != 0 {
        let across =
          3 * dispersion.across + (power.y < 0 ? -1 : 1) * Self.sideEngineDistance
        let direction = (
          x: tip.x * dispersion.along + side.x * across,
          y: -tip.y * dispersion.along - side.y * across
        )
        push(
          direction, Self.sideEnginePower * abs(power.y),
          at: box2d_vector(
            x + direction.x - tip.x * Self.sideEngineLean,
            y + direction.y + tip.y * Self.sideEngineHeight))
      }
    }

    private mutating func observe() {
      let hull = bodies[0]
      let (halfWidth, halfHeight) = (Self.width / 2, Self.height / 2)
      observation = SIMD8(
        (Double(hull.position.x) - halfWidth) / halfWidth,
        (Double(hull.position.y) - (Self.padHeight + Self.legDown)) / halfHeight,
        Double(hull.velocity.x) * halfWidth / Self.framesPerSecond,
        Double(hull.velocity.y) * halfHeight / Self.framesPerSecond, Double(hull.angle),
        20 * Double(hull.angular_velocity) / Self.framesPerSecond,
        bodies[1].is_touching ? 1 : 0, bodies[2].is_touching ? 1 : 0)
    }

    private mutating func judge() -> Step {
      let seen = observation
      let distance = (seen[0] * seen[0] + seen[1] * seen[1]).squareRoot()
      let speed = (seen[2] * seen[2] + seen[3] * seen[3]).squareRoot()
      let shaping =
        -100 * distance - 100 * speed - 100 * abs(seen[4]) + 10 * seen[6] + 10 * seen[7]
      var reward = self.shaping.map { shaping - $0 } ?? 0
      self.shaping = shaping
      reward -= 0.3 * power.x
      reward -= 0.03 * abs(power.y)
      if bodies[0].has_touched || abs(seen[0]) >= 1 {
        isOver = true
        reward = -100
      }
      if !bodies[0].is_awake {
        isOver = true
        reward = 100
      }
      return Step(reward: reward, terminated: isOver)
    }
  }
#endif
