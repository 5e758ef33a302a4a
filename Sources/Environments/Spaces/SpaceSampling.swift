extension Space {
  /// A random value: of a discrete space and of a bounded box the one that Gymnasium's `sample`
  /// draws. A box must be bounded.
  public func sample(using random: inout PCG64) -> SpaceValue {
    switch self {
    case .discrete(let count, let start): .integer(start + random.integer(below: count))
    case .box(let box): .numbers(box.sample(using: &random))
    case .multiDiscrete(let counts):
      .numbers(counts.map { (random.uniform() * Double($0)).rounded(.down) })
    case .multiBinary(let shape):
      .numbers((0..<shape.reduce(1, *)).map { _ in Double(random.integer(below: 2)) })
    case .tuple(let spaces): .tuple(spaces.map { $0.sample(using: &random) })
    case .dictionary(let members): .tuple(members.map { $0.space.sample(using: &random) })
    }
  }
}

extension SpaceElement {
  /// A random value of a space whose values are of this type, as its `sample` draws it.
  static func sample(of space: Space, using random: inout PCG64) -> Self {
    guard let value = Self(space.sample(using: &random)) else {
      preconditionFailure("a value of the space is of another type")
    }
    return value
  }
}

extension BoxSpace {
  fileprivate func sample(using random: inout PCG64) -> [Double] {
    precondition((low + high).allSatisfy(\.isFinite), "a space without bounds cannot be sampled")
    return zip(low, high).map { low, high in
      switch elementType {
      case .float32: Double(Float(random.uniform(low, high)))
      case .uint8, .bool: random.uniform(low, high + 1).rounded(.down)
      }
    }
  }
}
