/// Shows the last observations together, the oldest first; at the beginning of an episode the first
/// one takes the place of those before it (Gymnasium's `FrameStackObservation` with "reset" padding).
public struct FrameStack<Base: Environment, Number: SpaceNumber>: EnvironmentWrapper
where Base.Observation == [Number] {
  /// What the agent sees.
  public typealias Observation = [Number]
  /// What the agent does.
  public typealias Action = Base.Action
  /// What the base tells besides.
  public typealias Extras = Base.Extras

  /// The environment inside.
  public var base: Base
  /// How many observations are shown.
  public let count: Int
  /// The last observations, the oldest first.
  private var frames: [[Number]] = []

  /// Wraps an environment of arrays; `count` is at least 1.
  public init(_ base: Base, count: Int) {
    precondition(count > 0, "a stack of \(count) observations")
    self.base = base
    self.count = count
  }

  /// The observations there are.
  public var observationSpace: Space {
    guard case .box(let box) = base.observationSpace else {
      preconditionFailure("only arrays can be stacked")
    }
    func stacked(_ bounds: [Double]) -> [Double] { (0..<count).flatMap { _ in bounds } }
    return .box(
      BoxSpace(
        low: stacked(box.low), high: stacked(box.high), shape: [count] + box.shape,
        elementType: box.elementType))
  }

  /// Begins an episode.
  public mutating func reset(
    seed: UInt64?, options: [String: Double]
  ) throws(EnvironmentError) {
    try base.reset(seed: seed, options: options)
    frames = [[Number]](repeating: base.observation, count: count)
  }

  /// Acts once.
  public mutating func step(_ action: Action) throws(EnvironmentError) -> Step {
    let step = try base.step(action)
    if frames.isEmpty { frames = [[Number]](repeating: [], count: count) }
    // The oldest one's storage serves the newest.
    var newest = frames.removeFirst()
    base.observe(into: &newest)
    frames.append(newest)
    return step
  }

  /// Writes what the agent sees now.
  public func observe(into observation: inout [Number]) {
    observation.removeAll(keepingCapacity: true)
    for frame in frames { observation += frame }
  }

  /// Writes or reads the state.
  public mutating func archive(_ archive: inout StateArchive) throws(EnvironmentError) {
    try base.archive(&archive)
    try archive.frames("frames", &frames, count: count, of: base.observationSpace.flatCount)
  }
}

extension StateArchive {
  fileprivate mutating func frames<Number: SpaceNumber>(
    _ name: String, _ frames: inout [[Number]], count: Int, of size: Int
  ) throws(EnvironmentError) {
    var numbers = frames.joined().map(\.number)
    // There are none before the first reset.
    try self.numbers(name, &numbers, count: count * size, isOptional: true)
    frames = stride(from: 0, to: numbers.count, by: size).map { start in
      numbers[start..<start + size].map(Number.init(number:))
    }
  }
}
