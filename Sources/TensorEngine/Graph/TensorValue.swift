/// Numbers with a shape, outside any graph, in row-major order. Numbers that a rule gives take no
/// memory until they are asked for, so that a network of any size can be traced and planned before
/// there is room for it.
public struct TensorValue<Scalar: Hashable & Sendable>: Sendable {
  private enum Content: Sendable {
    case numbers([Scalar])
    case repeated(Scalar)
    case drawn(@Sendable () -> [Scalar])
  }

  /// The extents along each axis.
  public let shape: Shape
  private var content: Content

  /// Numbers with a shape that has as many elements.
  public init(shape: Shape, scalars: [Scalar]) {
    precondition(shape.count == scalars.count, "\(scalars.count) numbers for shape \(shape)")
    self.shape = shape
    content = .numbers(scalars)
  }

  /// The same number everywhere.
  public init(repeating scalar: Scalar, shape: Shape) {
    self.shape = shape
    content = .repeated(scalar)
  }

  /// Numbers that are made when they are asked for, and again each time.
  ///
  /// - Parameter draw: gives the same `shape.count` numbers whenever it is called.
  public init(shape: Shape, drawnBy draw: @escaping @Sendable () -> [Scalar]) {
    self.shape = shape
    content = .drawn(draw)
  }

  /// The numbers, `shape.count` of them.
  public var scalars: [Scalar] {
    get {
      switch content {
      case .numbers(let scalars): return scalars
      case .repeated(let scalar): return [Scalar](repeating: scalar, count: shape.count)
      case .drawn(let draw):
        let scalars = draw()
        precondition(scalars.count == shape.count, "\(scalars.count) numbers for shape \(shape)")
        return scalars
      }
    }
    _modify {
      var scalars = scalars
      // So that the array has one owner while it changes.
      content = .numbers([])
      defer {
        precondition(scalars.count == shape.count, "\(scalars.count) numbers for shape \(shape)")
        content = .numbers(scalars)
      }
      yield &scalars
    }
  }

  /// The bytes that the numbers take in memory now.
  var heldBytes: Int {
    if case .numbers(let scalars) = content {
      scalars.count * MemoryLayout<Scalar>.stride
    } else {
      0
    }
  }
}

extension TensorValue: Hashable {
  /// Whether shapes and numbers are the same.
  public static func == (left: TensorValue, right: TensorValue) -> Bool {
    left.shape == right.shape && left.scalars == right.scalars
  }

  /// Feeds the shape and the numbers.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(shape)
    hasher.combine(scalars)
  }
}
