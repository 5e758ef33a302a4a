import Randomness

/// Windows over a text that is read as a ring, by some readers at even distances, each going on where
/// its last window ended. All begin anew with an epoch, at a place that its number draws.
struct TextWindows {
  private let text: [Int32]
  private let readers: Int
  private let length: Int
  private let seed: UInt64

  /// - Parameters:
  ///   - text: characters, more than `length`.
  ///   - readers: windows side by side.
  ///   - length: characters of a window.
  init(_ text: [Int32], readers: Int, length: Int, seed: UInt64) {
    precondition(text.count > length && readers > 0, "\(text.count) characters for a window")
    self.text = text
    self.readers = readers
    self.length = length
    self.seed = seed
  }

  /// Windows after which every reader stands where the next one began, or just before.
  var perEpoch: Int { max(1, text.count / (readers * length)) }

  /// The windows of a step, ordered by time, then by reader, and the characters after each; whether
  /// they go on from those before.
  func windows(ofStep step: Int) -> (inputs: [Int32], targets: [Int32], goOn: Bool) {
    let (epoch, place) = step.quotientAndRemainder(dividingBy: perEpoch)
    var random = RandomStream(seed: seed, name: "windows", index: UInt64(epoch))
    let start = random.integer(below: text.count) + place * length
    var inputs = [Int32](repeating: 0, count: readers * length)
    var targets = inputs
    for reader in 0..<readers {
      let first = start + reader * text.count / readers
      for time in 0..<length {
        inputs[time * readers + reader] = text[(first + time) % text.count]
        targets[time * readers + reader] = text[(first + time + 1) % text.count]
      }
    }
    return (inputs, targets, place > 0)
  }
}
