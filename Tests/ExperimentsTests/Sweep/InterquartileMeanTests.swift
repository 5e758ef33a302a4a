import Experiments
import Testing

struct InterquartileMeanTests {
  @Test(
    arguments: [
      ([3], 3), ([1, 5], 3), ([0, 1, 2, 100], 1.5), ([100, 2, 1, 0], 1.5),
      // Of five, a quarter of the second and of the fourth is left out.
      ([0, 1, 2, 3, 100], 2), ([0, 0, 4, 4, 4, 4, 4, 100], 4),
    ] as [([Double], Double)])
  func theMiddleHalfCounts(values: [Double], mean: Double) throws {
    let found = try #require(InterquartileMean(values))
    #expect(abs(found.mean - mean) < 1e-12)
    #expect(found.interval.contains(found.mean))
  }

  @Test func intervalsNarrowWithMoreSeeds() throws {
    let few = try #require(InterquartileMean((0..<4).map(Double.init)))
    let many = try #require(InterquartileMean((0..<400).map { Double($0 % 4) }))
    let widths = [few, many].map { $0.interval.upperBound - $0.interval.lowerBound }
    #expect(widths[1] < 0.3 * widths[0])
    #expect(InterquartileMean((0..<4).map(Double.init)) == few)
    #expect(InterquartileMean([]) == nil)
  }
}
