import AdversarialNetworks
import Testing

struct ImagePoolTests {
  /// Images of two numbers, both their number.
  private func images(_ numbers: Range<Int>) -> [Float] {
    numbers.flatMap { [Float($0), Float($0)] }
  }

  private func pool(_ capacity: Int, seed: UInt64 = 1) -> ImagePool {
    ImagePool(capacity: capacity, imageSize: 2, name: "pool", seed: seed)
  }

  /// What a pool shows in some steps of three images each.
  private func shown(_ pool: ImagePool, steps: Int) -> [[Float]] {
    var pool = pool
    return (0..<steps).map { pool.exchange(images(3 * $0..<3 * $0 + 3), step: $0) }
  }

  @Test func withoutRoomImagesAreShownAsTheyAre() {
    #expect(shown(pool(0), steps: 4).flatMap(\.self) == images(0..<12))
  }

  @Test func itFillsBeforeItExchanges() {
    #expect(shown(pool(7), steps: 2).flatMap(\.self) == images(0..<6))
  }

  @Test func noImageIsShownTwiceAndAboutHalfAreOlder() {
    let (capacity, steps) = (6, 200)
    let all = shown(pool(capacity), steps: steps)
    let numbers = all.enumerated().flatMap { step, images in
      stride(from: 0, to: images.count, by: 2).map { place in
        #expect(images[place] == images[place + 1])
        #expect(Int(images[place]) < 3 * step + 3)
        return Int(images[place])
      }
    }
    // The first images were shown as they filled the pool, and may come again.
    let later = numbers.dropFirst(capacity)
    #expect(Set(later).count == later.count)
    let older = zip(numbers.indices, numbers).count { $0 != $1 }
    #expect((200...400).contains(older))
    #expect(numbers.max().map { $0 >= 3 * steps - 30 } == true)
  }

  @Test func drawsAreAFunctionOfTheSeedAndTheStep() {
    #expect(shown(pool(5), steps: 20) == shown(pool(5), steps: 20))
    #expect(shown(pool(5), steps: 20) != shown(pool(5, seed: 2), steps: 20))
  }
}
