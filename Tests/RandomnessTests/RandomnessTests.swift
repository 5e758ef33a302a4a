import Randomness
import Testing

@Suite struct PhiloxTests {
  /// Known answers of the authors' Random123 library (kat_vectors, philox4x32 10).
  @Test func knownAnswers() {
    #expect(
      Philox.block(counter: SIMD4(repeating: 0), key: SIMD2(repeating: 0))
        == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    #expect(
      Philox.block(counter: SIMD4(repeating: .max), key: SIMD2(repeating: .max))
        == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    #expect(
      Philox.block(
        counter: SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
        key: SIMD2(0xa409_3822, 0x299f_31d0))
        == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }
}

@Suite struct RandomStreamTests {
  @Test func sameNameSameNumbers() {
    var a = RandomStream(seed: 7, name: "noise")
    var b = RandomStream(seed: 7, name: "noise")
    var other = RandomStream(seed: 7, name: "noise", index: 1)
    let first = (0..<100).map { _ in a.nextWord() }
    #expect(first == (0..<100).map { _ in b.nextWord() })
    #expect(first != (0..<100).map { _ in other.nextWord() })
  }

  @Test(arguments: 0...9, 0...9) func skippingIsDrawing(before: Int, skipped: Int) {
    var drawn = RandomStream(seed: 7, name: "noise")
    var stream = drawn
    for _ in 0..<before { _ = (drawn.nextWord(), stream.nextWord()) }
    for _ in 0..<skipped { _ = drawn.nextWord() }
    stream.skip(skipped)
    #expect(stream.position == drawn.position)
    #expect((0..<6).map { _ in stream.nextWord() } == (0..<6).map { _ in drawn.nextWord() })
  }

  @Test func aDrawTakesAsManyWordsAsItSays() {
    var stream = RandomStream(seed: 7, name: "noise")
    _ = stream.uniformDouble()
    #expect(stream.position == UInt64(RandomStream.wordsOfUniformDouble))
    _ = stream.normal()
    #expect(
      stream.position
        == UInt64(RandomStream.wordsOfUniformDouble + RandomStream.wordsOfNormal))
  }

  @Test(arguments: [1, 2, 10, 1000]) func permutationHoldsEveryNumberOnce(count: Int) {
    var stream = RandomStream(seed: 1, name: "shuffle", index: 3)
    #expect(stream.permutation(of: count).sorted() == Array(Int32(0)..<Int32(count)))
  }

  @Test func momentsOfTheDistributions() {
    var stream = RandomStream(seed: 3, name: "moments")
    let count = 200_000
    var (uniform, normal, square) = (0.0, 0.0, 0.0)
    for _ in 0..<count {
      uniform += Double(stream.uniform())
      let z = stream.normal()
      normal += z
      square += z * z
    }
    // Five standard errors of each mean.
    let scale = 5 / Double(count).squareRoot()
    #expect(abs(uniform / Double(count) - 0.5) < 0.29 * scale)
    #expect(abs(normal / Double(count)) < scale)
    #expect(abs(square / Double(count) - 1) < 1.42 * scale)
  }

  @Test func integersAreEven() {
    var stream = RandomStream(seed: 5, name: "integers")
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[stream.integer(below: 7)] += 1 }
    for count in counts { #expect(abs(count - 10_000) < 500) }
  }
}

@Suite struct NormalDistributionTests {
  /// Values of scipy.stats.norm.ppf.
  @Test(arguments: [
    (0.5, 0.0), (0.025, -1.959963984540054), (0.9, 1.2815515655446004),
    (0.001, -3.090232306167813), (1e-12, -7.034483825301131), (0.999999, 4.753424308822899),
  ]) func quantiles(p: Double, expected: Double) {
    #expect(abs(NormalDistribution.quantile(p) - expected) < 3e-6)
  }
}
