import CVectorMath
import Glibc
import Randomness
import Testing

/// The word behind draw `element` of a stream, from the Swift generator.
private func word(_ stream: Stream, _ element: UInt64) -> UInt32 {
  let block = element / 4
  let counter = SIMD4<UInt32>(
    UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32),
    UInt32(truncatingIfNeeded: stream.index), UInt32(truncatingIfNeeded: stream.index >> 32))
  return Philox.block(counter: counter, key: stream.key)[Int(element % 4)]
}

/// Starts at every offset within a block, and where the low half of a block number overflows.
private let starts: [UInt64] = [0, 1, 2, 3, 5, 255, 1 << 34 - 6, 1 << 63 + 3]

@Suite struct RandomTests {
  @Test(arguments: starts)
  func uniformDrawsAreThePhiloxWords(_ first: UInt64) {
    let stream = Stream()
    let count = 700
    let expected = (0..<UInt64(count)).map { Double(word(stream, first + $0) >> 8) * 0x1p-24 }
    #expect(Double.uniform(stream, from: first, count: count) == expected)
    #expect(Float.uniform(stream, from: first, count: count).map { Double($0) } == expected)
  }

  @Test(arguments: starts)
  func normalDrawsAreBoxAndMullers(_ first: UInt64) {
    let stream = Stream(key: [7, 9], index: 3)
    let count = 700
    let expected = (0..<UInt64(count)).map { offset in
      let element = first + offset
      let u1 = Double(word(stream, element & ~1) >> 8 + 1) * 0x1p-24
      let u2 = Double(word(stream, element | 1) >> 8) * 0x1p-24
      let radius = (-2 * log(u1)).squareRoot(), angle = 2 * Double.pi * u2
      return radius * (element & 1 == 0 ? cos(angle) : sin(angle))
    }
    for (y, expected) in zip(Double.normal(stream, from: first, count: count), expected) {
      #expect((y - expected).magnitude < 1e-14)
    }
    for (y, expected) in zip(Float.normal(stream, from: first, count: count), expected) {
      #expect((Double(y) - expected).magnitude < 2e-6 * max(1e-1, expected.magnitude))
    }
  }

  /// A draw is the same wherever the request starts and ends.
  @Test func drawsDoNotDependOnTheRequest() {
    let stream = Stream()
    let uniform = Float.uniform(stream, from: 0, count: 600)
    let normal = Float.normal(stream, from: 0, count: 600)
    for count in [0, 1, 2, 3, 70, 255, 256, 257] {
      for first in [0, 1, 2, 3, 100, 253] {
        let range = first..<first + count
        #expect(Float.uniform(stream, from: UInt64(first), count: count) == Array(uniform[range]))
        #expect(Float.normal(stream, from: UInt64(first), count: count) == Array(normal[range]))
      }
    }
  }

  @Test func normalDrawsHaveTheMomentsOfANormal() {
    let x = Float.normal(Stream(), from: 0, count: 1 << 18).map { Double($0) }
    func moment(_ power: Int) -> Double {
      x.reduce(0) { $0 + pow($1, Double(power)) } / Double(x.count)
    }
    // Five standard errors: sqrt(Var(x^k) / n).
    #expect(moment(1).magnitude < 5 * (1 / Double(x.count)).squareRoot())
    #expect((moment(2) - 1).magnitude < 5 * (2 / Double(x.count)).squareRoot())
    #expect(moment(3).magnitude < 5 * (15 / Double(x.count)).squareRoot())
    #expect((moment(4) - 3).magnitude < 5 * (96 / Double(x.count)).squareRoot())
  }
}
