import Environments

/// The last transitions of several environments. Every observation is stored once: the next one of a
/// transition, a stack of frames and a return of several steps are put together when they are drawn.
///
/// Each environment has a ring of places. An episode of n steps takes n + 1 of them: one a step, with
/// the frame that was acted on, and one for the frame that was seen last.
public struct ReplayBuffer {
  /// What a place holds.
  private enum Kind: UInt8 {
    /// A step that another one follows.
    case inner
    /// The step with which the task itself ended.
    case terminated
    /// The step after which the episode was cut off.
    case truncated
    /// The frame after the last step of an episode; no step.
    case final
  }

  /// The numbers of one frame.
  public let frameSize: Int
  /// Places of each ring.
  public let ringLength: Int
  /// Whether frames are whole numbers from 0 to 255 and stored as such.
  public let storesBytes: Bool

  /// One of the two is empty: [places, frameSize].
  var floats: [Float]
  var bytes: [UInt8]
  /// What was done at each place; 0 where nothing was.
  public internal(set) var actions: [Int32]
  /// What that paid.
  var rewards: [Float]
  /// The `Kind` of each place.
  var kinds: [UInt8]
  /// The place of each ring that is written next.
  var heads: [Int]
  /// How many places of each ring are filled.
  var counts: [Int]

  /// An empty buffer of `capacity` places, shared evenly between the environments.
  public init(capacity: Int, environments: Int, frameSize: Int, storesBytes: Bool) {
    self.frameSize = frameSize
    self.storesBytes = storesBytes
    ringLength = max(capacity / environments, 2)
    let places = ringLength * environments
    floats = [Float](repeating: 0, count: storesBytes ? 0 : places * frameSize)
    bytes = [UInt8](repeating: 0, count: storesBytes ? places * frameSize : 0)
    actions = [Int32](repeating: 0, count: places)
    rewards = [Float](repeating: 0, count: places)
    kinds = [UInt8](repeating: 0, count: places)
    heads = [Int](repeating: 0, count: environments)
    counts = heads
  }

  /// All places, of all rings.
  public var placeCount: Int { kinds.count }
  /// How many places are filled.
  public var count: Int { counts.reduce(0, +) }

  // MARK: Writing

  /// Adds a step.
  ///
  /// - Parameters:
  ///   - frames: holds, from `start` on, the frame that was acted on.
  ///   - step: what came of the action.
  ///   - lastFrames: holds, from `start` on, the frame that was seen last where it ended.
  /// - Returns: the place of the step, and that of the last frame.
  public mutating func append(
    ring: Int, frames: [Float], from start: Int, action: Int, step: Step, lastFrames: [Float]
  ) -> (step: Int, final: Int?) {
    let kind: Kind = step.terminated ? .terminated : step.truncated ? .truncated : .inner
    let place = advance(ring)
    write(frames, from: start, to: place)
    actions[place] = Int32(action)
    rewards[place] = Float(step.reward)
    kinds[place] = kind.rawValue
    guard kind != .inner else { return (place, nil) }
    let final = advance(ring)
    write(lastFrames, from: start, to: final)
    kinds[final] = Kind.final.rawValue
    actions[final] = 0
    rewards[final] = 0
    return (place, final)
  }

  private mutating func advance(_ ring: Int) -> Int {
    let place = ring * ringLength + heads[ring]
    heads[ring] = (heads[ring] + 1) % ringLength
    counts[ring] = min(counts[ring] + 1, ringLength)
    return place
  }

  private mutating func write(_ frames: [Float], from start: Int, to place: Int) {
    let base = place * frameSize
    if storesBytes {
      for offset in 0..<frameSize { bytes[base + offset] = UInt8(frames[start + offset]) }
    } else {
      for offset in 0..<frameSize { floats[base + offset] = frames[start + offset] }
    }
  }

  // MARK: Reading

  /// What follows from a step: what it and the next ones paid, and what comes after them.
  public struct Outlook: Sendable, Hashable {
    /// The discounted sum of what was paid.
    public var reward: Double
    /// What the value of the next observation counts for; 0 where nothing follows.
    public var discount: Double
    /// The place of the newest frame of the next observation.
    public var next: Int
  }

  /// The place of a number in `0 ..< count`.
  public func place(of number: Int) -> Int {
    var rest = number
    for ring in counts.indices {
      if rest < counts[ring] { return ring * ringLength + rest }
      rest -= counts[ring]
    }
    preconditionFailure("the buffer has no place \(number)")
  }

  /// What follows from the step at a place within `steps` steps; nil when it is no step, or when what
  /// follows has not happened yet.
  public func outlook(from place: Int, steps: Int, discount: Double) -> Outlook? {
    var outlook = Outlook(reward: 0, discount: 1, next: place)
    for _ in 0..<steps {
      let kind = kinds[outlook.next]
      if kind == Kind.final.rawValue { return nil }
      outlook.reward += outlook.discount * Double(rewards[outlook.next])
      outlook.discount *= kind == Kind.terminated.rawValue ? 0 : discount
      guard let next = successor(of: outlook.next) else { return nil }
      outlook.next = next
      if kind != Kind.inner.rawValue { break }
    }
    return outlook
  }

  private func successor(of place: Int) -> Int? {
    let (ring, offset) = place.quotientAndRemainder(dividingBy: ringLength)
    let next = (offset + 1) % ringLength
    return next == heads[ring] ? nil : ring * ringLength + next
  }

  /// The place before, when it belongs to the same episode.
  private func predecessor(of place: Int) -> Int? {
    let (ring, offset) = place.quotientAndRemainder(dividingBy: ringLength)
    let oldest = counts[ring] < ringLength ? 0 : heads[ring]
    guard offset != oldest else { return nil }
    let previous = ring * ringLength + (offset + ringLength - 1) % ringLength
    return kinds[previous] == Kind.final.rawValue ? nil : previous
  }

  /// Writes the observation at a place, a stack of frames with the oldest first, over a row.
  public func copyFloats(at place: Int, stack: Int, to rows: inout [Float], row: Int) {
    forEachFrame(at: place, stack: stack, row: row) { source, target in
      for offset in 0..<frameSize { rows[target + offset] = floats[source + offset] }
    }
  }

  /// Writes the observation at a place, where frames are stored as bytes.
  public func copyBytes(at place: Int, stack: Int, to rows: inout [UInt8], row: Int) {
    forEachFrame(at: place, stack: stack, row: row) { source, target in
      for offset in 0..<frameSize { rows[target + offset] = bytes[source + offset] }
    }
  }

  @inline(__always)
  private func forEachFrame(
    at place: Int, stack: Int, row: Int, _ copy: (_ source: Int, _ target: Int) -> Void
  ) {
    var place = place
    for position in stride(from: stack - 1, through: 0, by: -1) {
      copy(place * frameSize, (row * stack + position) * frameSize)
      place = predecessor(of: place) ?? place
    }
  }
}
