/// The values that observations or actions can take, after Gymnasium's spaces.
public indirect enum Space: Sendable, Hashable {
  /// The integers from `start`, `count` of them.
  case discrete(count: Int, start: Int = 0)
  /// Arrays of numbers within bounds.
  case box(BoxSpace)
  /// Vectors of integers, each from 0 and below its count.
  case multiDiscrete([Int])
  /// Arrays of 0 and 1.
  case multiBinary(shape: [Int])
  /// One value of each space.
  case tuple([Space])
  /// One value of each named space.
  case dictionary([Member])

  /// A named part of a space.
  public struct Member: Sendable, Hashable {
    /// The name of the part.
    public let name: String
    /// Its values.
    public let space: Space

    /// A part of a space.
    public init(_ name: String, _ space: Space) {
      self.name = name
      self.space = space
    }
  }
}

/// Arrays of a shape, each number from its lower to its upper bound.
public struct BoxSpace: Sendable, Hashable {
  /// How Gymnasium stores the numbers.
  public enum ElementType: String, Sendable, Hashable {
    case float32, uint8, bool
  }

  /// The extents, outermost first.
  public let shape: [Int]
  /// The least value of each number; may be -infinity.
  public let low: [Double]
  /// The greatest value of each number; may be infinity.
  public let high: [Double]
  /// How Gymnasium stores the numbers.
  public let elementType: ElementType

  /// A space of different bounds for each number.
  public init(
    low: [Double], high: [Double], shape: [Int]? = nil, elementType: ElementType = .float32
  ) {
    self.shape = shape ?? [low.count]
    precondition(
      low.count == high.count && low.count == self.shape.reduce(1, *)
        && zip(low, high).allSatisfy { $0 <= $1 },
      "\(low.count) lower and \(high.count) upper bounds for the shape \(self.shape)")
    // Gymnasium keeps the bounds in the type of the numbers, so that a number at its bound is within.
    func stored(_ bounds: [Double]) -> [Double] {
      elementType == .float32 ? bounds.map { Double(Float($0)) } : bounds
    }
    self.low = stored(low)
    self.high = stored(high)
    self.elementType = elementType
  }

  /// A space of the same bounds for every number.
  public init(
    _ bounds: ClosedRange<Double>, shape: [Int], elementType: ElementType = .float32
  ) {
    let count = shape.reduce(1, *)
    self.init(
      low: [Double](repeating: bounds.lowerBound, count: count),
      high: [Double](repeating: bounds.upperBound, count: count), shape: shape,
      elementType: elementType)
  }
}

extension Space {
  /// Whether the value is one of the space.
  public func contains(_ value: SpaceValue) -> Bool {
    switch (self, value) {
    case (.discrete(let count, let start), .integer(let value)):
      start..<start + count ~= value
    case (.box(let box), .numbers(let values)):
      values.count == box.low.count
        && values.indices.allSatisfy { box.low[$0] <= values[$0] && values[$0] <= box.high[$0] }
    case (.multiDiscrete(let counts), .numbers(let values)):
      values.count == counts.count
        && zip(values, counts).allSatisfy { Int(exactly: $0).map((0..<$1).contains) ?? false }
    case (.multiBinary(let shape), .numbers(let values)):
      values.count == shape.reduce(1, *) && values.allSatisfy { $0 == 0 || $0 == 1 }
    case (.tuple(let spaces), .tuple(let values)):
      spaces.count == values.count && zip(spaces, values).allSatisfy { $0.contains($1) }
    case (.dictionary(let members), .tuple(let values)):
      members.count == values.count && zip(members, values).allSatisfy { $0.space.contains($1) }
    default: false
    }
  }

  /// How many numbers a value has as it is: one of a discrete space.
  public var numberCount: Int {
    switch self {
    case .discrete: 1
    case .box(let box): box.low.count
    case .multiDiscrete(let counts): counts.count
    case .multiBinary(let shape): shape.reduce(1, *)
    case .tuple(let spaces): spaces.map(\.numberCount).reduce(0, +)
    case .dictionary(let members): members.map(\.space.numberCount).reduce(0, +)
    }
  }

  /// How many numbers a value has when it is laid out for a network: one for each number of an
  /// array, and one for each possible integer, of which the value's own is 1.
  public var flatCount: Int {
    switch self {
    case .discrete(let count, _): count
    case .box(let box): box.low.count
    case .multiDiscrete(let counts): counts.reduce(0, +)
    case .multiBinary(let shape): shape.reduce(1, *)
    case .tuple(let spaces): spaces.map(\.flatCount).reduce(0, +)
    case .dictionary(let members): members.map(\.space.flatCount).reduce(0, +)
    }
  }

  /// A value laid out for a network, `flatCount` numbers; the value must be one of the space.
  public func flattened(_ value: SpaceValue) -> [Float] {
    precondition(contains(value), "\(value) is not in the space")
    func oneHot(_ place: Int, of count: Int) -> [Float] {
      (0..<count).map { $0 == place ? 1 : 0 }
    }
    return switch (self, value) {
    case (.discrete(let count, let start), .integer(let value)):
      oneHot(value - start, of: count)
    case (.multiDiscrete(let counts), .numbers(let values)):
      zip(values, counts).flatMap { oneHot(Int($0), of: $1) }
    case (.tuple(let spaces), .tuple(let values)):
      zip(spaces, values).flatMap { $0.flattened($1) }
    case (.dictionary(let members), .tuple(let values)):
      zip(members, values).flatMap { $0.space.flattened($1) }
    case (_, .numbers(let values)): values.map { Float($0) }
    default: preconditionFailure("\(value) is not in the space")
    }
  }
}
