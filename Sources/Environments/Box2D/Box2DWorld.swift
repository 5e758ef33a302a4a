// Unsafe: calls the C interface to Box2D, whose world this class alone holds and frees.

#if Box2D
  import CBox2D

  /// A world of Box2D, freed with its last reference.
  ///
  /// Sendable, though it changes: its owner changes it only while no one else refers to it.
  @safe final class Box2DWorld: @unchecked Sendable {
    private let world: OpaquePointer

    /// An empty world whose gravity, in m/s², acts along y.
    init(gravity: Double) {
      unsafe world = box2d_world_create(Float(gravity))
    }

    deinit { unsafe box2d_world_destroy(world) }

    /// A straight piece of the ground.
    func addGround(from start: box2d_vector, to end: box2d_vector, friction: Float) {
      unsafe box2d_add_ground(world, start, end, friction)
    }

    /// A convex body with 3 to 8 corners, counter-clockwise; returns its number.
    func addPolygon(_ body: box2d_body, corners: [box2d_vector]) -> Int32 {
      precondition(3...8 ~= corners.count, "a polygon of \(corners.count) corners")
      return unsafe corners.withUnsafeBufferPointer {
        unsafe box2d_add_polygon(world, body, $0.baseAddress, Int32(corners.count))
      }
    }

    /// A rectangular body; returns its number.
    func addBox(_ body: box2d_body, halfSize: box2d_vector) -> Int32 {
      unsafe box2d_add_box(world, body, halfSize)
    }

    /// A motor between two bodies.
    func addHinge(_ hinge: box2d_hinge) {
      unsafe box2d_add_hinge(world, hinge)
    }

    /// Lets a force in N act on a body's centre during the next step.
    func applyForce(_ force: box2d_vector, to body: Int32) {
      unsafe box2d_apply_force(world, body, force)
    }

    /// Lets a torque in N m act on a body during the next step.
    func applyTorque(_ torque: Double, to body: Int32) {
      unsafe box2d_apply_torque(world, body, Float(torque))
    }

    /// Changes a body's velocities by an impulse in N s at a point of the world.
    func applyImpulse(_ impulse: box2d_vector, at point: box2d_vector, to body: Int32) {
      unsafe box2d_apply_impulse(world, body, impulse, point)
    }

    /// Lets time pass, the constraints solved by so many iterations.
    func step(seconds: Double, velocityIterations: Int32, positionIterations: Int32) {
      unsafe box2d_step(world, Float(seconds), velocityIterations, positionIterations)
    }

    /// Where a body is, how it moves and what it touches.
    func state(of body: Int32) -> box2d_body_state {
      unsafe box2d_state(world, body)
    }
  }

  extension box2d_vector {
    /// The vector in single precision, which is what Box2D computes in.
    init(_ x: Double, _ y: Double) {
      self.init(x: Float(x), y: Float(y))
    }
  }
#endif
