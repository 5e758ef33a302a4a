import DeepQLearning
import Environments
import Randomness
import Testing

struct ReplayBufferTests {
  /// A step as it was taken, in a plain list.
  struct Taken {
    let place: Int
    let frame: Float
    let step: Step
    /// The frame seen after it.
    let next: Float
    /// Where its episode began in the list.
    let episodeStart: Int
  }

  /// Episodes of random lengths and ends in one ring, whose frames are numbered.
  static func filled(
    capacity: Int, steps: Int, seed: UInt64, storesBytes: Bool = false
  ) -> (buffer: ReplayBuffer, taken: [Taken]) {
    var buffer = ReplayBuffer(
      capacity: capacity, environments: 1, frameSize: 2, storesBytes: storesBytes)
    var random = RandomStream(seed: seed, name: "episodes")
    var taken: [Taken] = []
    var (frame, start) = (Float(0), 0)
    for number in 0..<steps {
      let end = random.integer(below: 8)
      let step = Step(
        reward: Double(random.integer(below: 5)), terminated: end == 0, truncated: end == 1)
      let next = (frame + 1).truncatingRemainder(dividingBy: 200)
      let places = buffer.append(
        ring: 0, frames: [frame, frame + 50], from: 0, action: number % 3, step: step,
        lastFrames: [next, next + 50])
      #expect((places.final != nil) == step.endsEpisode)
      taken.append(
        Taken(place: places.step, frame: frame, step: step, next: next, episodeStart: start))
      frame = step.endsEpisode ? (next + 1).truncatingRemainder(dividingBy: 200) : next
      if step.endsEpisode { start = number + 1 }
    }
    return (buffer, taken)
  }

  /// What follows from a step of the list, by the definition of a return of several steps.
  static func outlook(
    _ taken: [Taken], _ first: Int, steps: Int, discount: Double
  ) -> (reward: Double, discount: Double, next: Float)? {
    var (reward, share) = (0.0, 1.0)
    for number in first..<first + steps {
      guard number < taken.count else { return nil }
      let step = taken[number].step
      reward += share * step.reward
      share = step.terminated ? 0 : share * discount
      if step.endsEpisode || number == first + steps - 1 {
        // The frame after the newest step is not stored before the next step is.
        let isKnown = step.endsEpisode || number + 1 < taken.count
        return isKnown ? (reward, share, taken[number].next) : nil
      }
    }
    return nil
  }

  @Test(arguments: [1, 3, 5], [40, 1000])
  func returnsOfSeveralStepsAreThoseOfTheirDefinition(steps: Int, capacity: Int) throws {
    let (buffer, taken) = Self.filled(capacity: capacity, steps: 300, seed: 7)
    var last: [Int: Int] = [:]
    for (number, step) in taken.enumerated() { last[step.place] = number }
    var (known, unknown) = (0, 0)
    var row = [Float](repeating: -1, count: 2)
    for number in 0..<buffer.count {
      let place = buffer.place(of: number)
      let found = buffer.outlook(from: place, steps: steps, discount: 0.9)
      let age = last[place].flatMap { taken[$0].frame == Self.frame(buffer, place) ? $0 : nil }
      guard let age, let expected = Self.outlook(taken, age, steps: steps, discount: 0.9) else {
        #expect(found == nil)
        unknown += 1
        continue
      }
      let outlook = try #require(found)
      #expect(abs(outlook.reward - expected.reward) < 1e-12)
      #expect(abs(outlook.discount - expected.discount) < 1e-12)
      buffer.copyFloats(at: outlook.next, stack: 1, to: &row, row: 0)
      #expect(row == [expected.next, expected.next + 50])
      known += 1
    }
    #expect(known > 20 && unknown > 0)
  }

  private static func frame(_ buffer: ReplayBuffer, _ place: Int) -> Float {
    var row: [Float] = [0, 0]
    buffer.copyFloats(at: place, stack: 1, to: &row, row: 0)
    return row[0]
  }

  @Test(arguments: [false, true])
  func stacksHoldTheLastFramesOfTheEpisode(storesBytes: Bool) throws {
    let (buffer, taken) = Self.filled(
      capacity: 1000, steps: 200, seed: 3, storesBytes: storesBytes)
    for (number, step) in taken.enumerated() {
      let frames = (0..<4).reversed().map { back in
        taken[max(number - back, step.episodeStart)].frame
      }
      let expected = frames.flatMap { [$0, $0 + 50] }
      if storesBytes {
        var rows = [UInt8](repeating: 9, count: 16)
        buffer.copyBytes(at: step.place, stack: 4, to: &rows, row: 1)
        #expect(rows == [UInt8](repeating: 9, count: 8) + expected.map { UInt8($0) })
      } else {
        var rows = [Float](repeating: 9, count: 16)
        buffer.copyFloats(at: step.place, stack: 4, to: &rows, row: 1)
        #expect(rows == [Float](repeating: 9, count: 8) + expected)
      }
    }
  }

  @Test func ringsOfEnvironmentsAreApart() throws {
    var buffer = ReplayBuffer(capacity: 8, environments: 2, frameSize: 1, storesBytes: false)
    for number in 0..<3 {
      _ = buffer.append(
        ring: 0, frames: [Float(number)], from: 0, action: 0, step: Step(reward: 1),
        lastFrames: [])
    }
    _ = buffer.append(
      ring: 1, frames: [9], from: 0, action: 1, step: Step(reward: 5, terminated: true),
      lastFrames: [10])
    #expect(buffer.count == 5)
    let places = (0..<5).map(buffer.place)
    #expect(places == [0, 1, 2, 4, 5])
    #expect(buffer.outlook(from: 4, steps: 3, discount: 0.5)?.reward == 5)
    #expect(buffer.outlook(from: 5, steps: 1, discount: 0.5) == nil)
    #expect(buffer.outlook(from: 2, steps: 1, discount: 0.5) == nil)
    #expect(buffer.outlook(from: 1, steps: 1, discount: 0.5)?.next == 2)
  }
}
