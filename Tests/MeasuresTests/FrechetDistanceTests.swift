import Measures
import Testing

@Suite struct FrechetDistanceTests {
  @Test func statisticsAreThoseOfTheDefinition() throws {
    // 1,500 rows are more than are multiplied at once.
    for (count, dimension) in [(3, 2), (9, 13), (1500, 5)] {
      let table = try normalTable(count, dimension, seed: 1, mean: 3, deviations: [1, 0.1, 4])
      let statistics = try GaussianStatistics(table)
      let all = rows(table)
      for first in 0..<dimension {
        let mean = all.reduce(0) { $0 + $1[first] } / Double(count)
        #expect(agree(statistics.mean[first], mean))
        for second in 0..<dimension {
          let sum = all.reduce(0) {
            $0 + ($1[first] - statistics.mean[first]) * ($1[second] - statistics.mean[second])
          }
          let covariance = statistics.covariance[first * dimension + second]
          #expect(agree(covariance, sum / Double(count - 1)))
        }
      }
    }
  }

  /// Rows at plus and minus one number on each axis, and so with a diagonal covariance.
  static func axes(_ numbers: [Float], mean: [Float]) throws -> FeatureTable {
    var values: [Float] = []
    for axis in numbers.indices {
      for sign in [Float(1), -1] {
        values += mean.indices.map { mean[$0] + ($0 == axis ? sign * numbers[axis] : 0) }
      }
    }
    return try FeatureTable(values, count: 2 * numbers.count, dimension: numbers.count)
  }

  @Test func diagonalGaussiansHaveTheClosedForm() throws {
    // The variance of an axis is 2 a² / (2 n - 1), and the distance |m|² + sum (s1 - s2)².
    let (a, b): ([Float], [Float]) = ([1, 2, 3, 0], [2, 0.5, 3, 1])
    let first = try Self.axes(a, mean: [0, 0, 0, 0])
    let second = try Self.axes(b, mean: [1, -1, 0.5, 0])
    var expected = 2.25
    for (x, y) in zip(a, b) {
      expected += 2 * Double((x - y) * (x - y)) / Double(2 * a.count - 1)
    }
    #expect(agree(try FrechetDistance.between(first, second), expected))
  }

  @Test func rotatedGaussiansHaveTheClosedFormOfTwoDimensions() throws {
    // Of two rows and columns, tr((S1 S2)^(1/2)) = sqrt(tr(S1 S2) + 2 sqrt(det(S1 S2))).
    let first = try FeatureTable([1, 2, -1, 0.5, 0, 3, 2, 2], count: 4, dimension: 2)
    let second = try FeatureTable([0, 1, 4, -1, 1, 1], count: 3, dimension: 2)
    let (g, h) = (try GaussianStatistics(first), try GaussianStatistics(second))
    let (s, t) = (g.covariance, h.covariance)
    let determinant = (s[0] * s[3] - s[1] * s[2]) * (t[0] * t[3] - t[1] * t[2])
    let trace = s[0] * t[0] + s[1] * t[2] + s[2] * t[1] + s[3] * t[3]
    let root = (trace + 2 * determinant.squareRoot()).squareRoot()
    let means = distance(g.mean, h.mean)
    let expected = means * means + s[0] + s[3] + t[0] + t[3] - 2 * root
    #expect(agree(try FrechetDistance.between(g, h), expected))
  }

  @Test(arguments: [(200, 16), (20, 64), (2, 5), (50, 1)])
  func aTableIsNoDistanceFromItself(count: Int, dimension: Int) throws {
    let table = try normalTable(count, dimension, seed: 2, mean: 5, deviations: [1, 0.01, 20])
    #expect(try FrechetDistance.between(table, table) < 1e-6)
    #expect(try FrechetDistance.between(table, shuffled(table)) < 1e-6)
  }

  @Test func neitherTheOrderOfRowsNorThatOfTablesMatters() throws {
    // The first covariance is singular: 30 rows of 48 numbers.
    let (a, b) = (try normalTable(30, 48, seed: 3), try normalTable(90, 48, seed: 4, mean: 0.3))
    let value = try FrechetDistance.between(a, b)
    #expect(agree(try FrechetDistance.between(shuffled(a), shuffled(b)), value))
    #expect(agree(try FrechetDistance.between(b, a), value, within: 1e-6))
  }

  @Test func constantFeaturesHaveADistance() throws {
    let zeros = try FeatureTable([0, 0, 0, 0], count: 2, dimension: 2)
    let ones = try FeatureTable([3, 4, 3, 4], count: 2, dimension: 2)
    #expect(try FrechetDistance.between(zeros, ones) == 25)
  }

  @Test func theIntervalIsRepeatableAndHoldsTheTruth() throws {
    // Two Gaussians with means apart by 1 in each of 2 dimensions: a distance of 2.
    let (a, b) = (try normalTable(2000, 2, seed: 5), try normalTable(2000, 2, seed: 6, mean: 1))
    let interval = try FrechetDistance.interval(a, b, resamples: 100, seed: 1)
    #expect(interval == (try FrechetDistance.interval(a, b, resamples: 100, seed: 1)))
    #expect(interval != (try FrechetDistance.interval(a, b, resamples: 100, seed: 2)))
    #expect(interval.contains(2))
    #expect(interval.contains(try FrechetDistance.between(a, b)))
    // The distance's standard error is about 2 |m| sqrt(2 / 2000) = 0.09.
    #expect((0.2...0.6).contains(interval.upperBound - interval.lowerBound))
  }

  /// Of few and long rows drawn anew distances are much greater.
  @Test(arguments: [(30, 24), (40, 4)])
  func theIntervalHoldsTheDistance(count: Int, dimension: Int) throws {
    let a = try normalTable(count, dimension, seed: 7)
    let b = try normalTable(count, dimension, seed: 8, mean: 0.5)
    let interval = try FrechetDistance.interval(a, b, resamples: 50, seed: 1)
    #expect(interval.contains(try FrechetDistance.between(a, b)))
    #expect(interval.lowerBound < interval.upperBound)
  }

  @Test func rowsTooLongForACovarianceAreRefused() throws {
    let dimension = GaussianStatistics.greatestDimension + 1
    let table = try FeatureTable(
      [Float](repeating: 0, count: 2 * dimension), count: 2, dimension: dimension)
    let error = MeasureError.tooManyDimensions(
      dimension, most: GaussianStatistics.greatestDimension)
    #expect(throws: error) { try FrechetDistance.between(table, table) }
    #expect(throws: error) { try FrechetDistance.interval(table, table, resamples: 1, seed: 0) }
  }
}
