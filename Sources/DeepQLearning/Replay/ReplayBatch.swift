import Randomness

/// Transitions drawn from a replay buffer, laid out for the learning program. Its arrays are written
/// over with each draw.
struct ReplayBatch {
  /// Where each was drawn.
  var places: [Int]
  /// [rows, stack x frame size]; empty where frames are bytes.
  var observations: [Float] = []
  var nextObservations: [Float] = []
  /// The same where frames are bytes.
  var observationBytes: [UInt8] = []
  var nextObservationBytes: [UInt8] = []
  var actions: [Int32]
  /// The discounted sums of what the steps paid.
  var rewards: [Float]
  /// What the values of the next observations count for.
  var discounts: [Float]
  /// What the errors count for.
  var weights: [Float]

  private let stack: Int
  private let steps: Int
  private let discount: Double

  /// - Parameters:
  ///   - stack: frames of an observation.
  ///   - steps: how many steps a return spans before it is estimated.
  init(_ buffer: ReplayBuffer, rows: Int, stack: Int, steps: Int, discount: Double) {
    (self.stack, self.steps, self.discount) = (stack, steps, discount)
    places = [Int](repeating: 0, count: rows)
    actions = [Int32](repeating: 0, count: rows)
    rewards = [Float](repeating: 0, count: rows)
    discounts = rewards
    weights = [Float](repeating: 1, count: rows)
    let count = rows * stack * buffer.frameSize
    if buffer.storesBytes {
      observationBytes = [UInt8](repeating: 0, count: count)
      nextObservationBytes = observationBytes
    } else {
      observations = [Float](repeating: 0, count: count)
      nextObservations = observations
    }
  }

  /// Draws anew: evenly, or by priorities.
  ///
  /// The buffer must hold a step whose outlook is known.
  mutating func draw(
    from buffer: ReplayBuffer, by priorities: Priorities?, correction: Double,
    using random: inout RandomStream
  ) {
    for row in places.indices {
      let (place, outlook) = Self.draw(from: buffer, by: priorities, steps, discount, &random)
      places[row] = place
      actions[row] = buffer.actions[place]
      rewards[row] = Float(outlook.reward)
      discounts[row] = Float(outlook.discount)
      if buffer.storesBytes {
        buffer.copyBytes(at: place, stack: stack, to: &observationBytes, row: row)
        buffer.copyBytes(at: outlook.next, stack: stack, to: &nextObservationBytes, row: row)
      } else {
        buffer.copyFloats(at: place, stack: stack, to: &observations, row: row)
        buffer.copyFloats(at: outlook.next, stack: stack, to: &nextObservations, row: row)
      }
    }
    priorities?.weights(
      of: places, among: buffer.count, correction: correction, into: &weights)
  }

  private static func draw(
    from buffer: ReplayBuffer, by priorities: Priorities?, _ steps: Int, _ discount: Double,
    _ random: inout RandomStream
  ) -> (place: Int, outlook: ReplayBuffer.Outlook) {
    let count = buffer.count
    while true {
      let place =
        if let tree = priorities?.tree {
          tree.place(at: random.uniformDouble() * tree.total)
        } else {
          buffer.place(of: random.integer(below: count))
        }
      if let outlook = buffer.outlook(from: place, steps: steps, discount: discount) {
        return (place, outlook)
      }
    }
  }
}
