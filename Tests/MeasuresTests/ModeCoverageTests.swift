import Measures
import Testing

@Suite struct ModeCoverageTests {
  static let centres: [SIMD2<Double>] = [SIMD2(0, 0), SIMD2(4, 0), SIMD2(0, 4)]

  @Test func samplesNearACentreCoverItsMode() {
    // With a deviation of 0.5, 1.5 is the end of what is of high quality.
    let points: [SIMD2<Double>] = [
      SIMD2(0, 0), SIMD2(0.9, 1.2), SIMD2(0.9, 1.3), SIMD2(4.1, 0.1), SIMD2(9, 9),
      SIMD2(.nan, 0), SIMD2(.infinity, 0), SIMD2(2, 0),
    ]
    let coverage = ModeCoverage(points: points, centres: Self.centres, deviation: 0.5)
    #expect(coverage.counts == [2, 1, 0])
    #expect(coverage.covered == 2)
    #expect(coverage.quality == 3.0 / 8)
  }

  @Test func boundsAreGiven() {
    let points = [SIMD2(0, 0), SIMD2(0, 1.9), SIMD2(4, 0)]
    func coverage(reach: Double, leastCount: Int) -> ModeCoverage {
      ModeCoverage(
        points: points, centres: Self.centres, deviation: 0.5, reach: reach,
        leastCount: leastCount)
    }
    #expect(coverage(reach: 4, leastCount: 1).counts == [2, 1, 0])
    #expect(coverage(reach: 4, leastCount: 2).covered == 1)
    #expect(coverage(reach: 3, leastCount: 2).covered == 0)
  }
}
