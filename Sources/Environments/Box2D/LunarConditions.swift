#if Box2D
  /// What can be chosen about the moon of `LunarLander`.
  public struct LunarConditions: Sendable, Hashable {
    /// The acceleration of gravity in m/s², in -12...0.
    public var gravity: Double
    /// Whether there is wind, while no leg touches the ground.
    public var hasWind: Bool
    /// The greatest force of the wind in N, in 0...20.
    public var windPower: Double
    /// The greatest torque of the wind in N m, in 0...2.
    public var turbulencePower: Double

    /// The conditions of Gymnasium, unless it is said otherwise.
    public init(
      gravity: Double = -10, hasWind: Bool = false, windPower: Double = 15,
      turbulencePower: Double = 1.5
    ) {
      precondition(
        Self.gravities.contains(gravity) && Self.windPowers.contains(windPower)
          && Self.turbulencePowers.contains(turbulencePower), "no conditions to land in")
      self.gravity = gravity
      self.hasWind = hasWind
      self.windPower = windPower
      self.turbulencePower = turbulencePower
    }

    private static let gravities = -12.0...0
    private static let windPowers = 0.0...20
    private static let turbulencePowers = 0.0...2

    static var options: [EnvironmentOption] {
      let usual = LunarConditions()
      return [
        EnvironmentOption(
          "gravity", .number(usual.gravity, in: gravities),
          "the acceleration of gravity in m/s²"),
        EnvironmentOption("wind", .flag(usual.hasWind), "whether there is wind"),
        EnvironmentOption(
          "windPower", .number(usual.windPower, in: windPowers),
          "the greatest force of the wind in N"),
        EnvironmentOption(
          "turbulencePower", .number(usual.turbulencePower, in: turbulencePowers),
          "the greatest torque of the wind in N m"),
      ]
    }

    init(_ options: EnvironmentOptions) {
      self.init(
        gravity: options.number("gravity"), hasWind: options.flag("wind"),
        windPower: options.number("windPower"),
        turbulencePower: options.number("turbulencePower"))
    }
  }
#endif
