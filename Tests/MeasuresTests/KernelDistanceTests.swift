import Measures
import Testing

@Suite struct KernelDistanceTests {
  /// The mean of the kernel over the pairs of rows.
  static func meanKernel(_ a: [[Double]], _ b: [[Double]], different: Bool) -> Double {
    var (sum, count) = (0.0, 0.0)
    for (i, x) in a.enumerated() {
      for (j, y) in b.enumerated() where !different || i != j {
        let base = zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } / Double(x.count) + 1
        sum += base * base * base
        count += 1
      }
    }
    return sum / count
  }

  /// 300 rows are more than one block of work.
  @Test(arguments: [(2, 3, 1), (5, 4, 3), (12, 7, 9), (300, 21, 5)])
  func theValueIsThatOfTheDefinition(count: Int, otherCount: Int, dimension: Int) throws {
    let a = try normalTable(count, dimension, seed: 1)
    let b = try normalTable(otherCount, dimension, seed: 2, mean: 0.5)
    let (x, y) = (rows(a), rows(b))
    let expected =
      Self.meanKernel(x, x, different: true) + Self.meanKernel(y, y, different: true)
      - 2 * Self.meanKernel(x, y, different: false)
    let measured = try KernelDistance(a, b, subsets: 2, seed: 0)
    #expect(agree(measured.value, expected))
    #expect(
      agree(try KernelDistance(shuffled(a), shuffled(b), subsets: 1, seed: 0).value, expected))
  }

  @Test func subsetsOfAllRowsAreTheWhole() throws {
    let (a, b) = (try normalTable(40, 6, seed: 3), try normalTable(40, 6, seed: 4, mean: 1))
    let measured = try KernelDistance(a, b, subsets: 5, seed: 0)
    #expect(measured.subsetSize == 40)
    #expect(agree(measured.mean, measured.value))
    #expect(measured.deviation < 1e-9)
  }

  @Test func ofOneDistributionTheMeanIsAboutZeroAndOfTwoItIsNot() throws {
    let a = try normalTable(1500, 8, seed: 5)
    let b = try normalTable(1500, 8, seed: 6)
    let same = try KernelDistance(a, b, subsets: 40, subsetSize: 100, seed: 1)
    // The subsets overlap little, so their mean strays by about deviation / sqrt(40).
    #expect(abs(same.mean) < 4 * same.deviation / 40.0.squareRoot())
    #expect(same.deviation > 0)
    let far = try normalTable(1500, 8, seed: 7, mean: 1)
    let apart = try KernelDistance(a, far, subsets: 40, subsetSize: 100, seed: 1)
    // (x.y / d + 1)³ has the means 1, 8 and 1 to first order: apart by several.
    #expect(apart.mean > 5 && apart.mean > 10 * apart.deviation / 40.0.squareRoot())
    #expect(apart == (try KernelDistance(a, far, subsets: 40, subsetSize: 100, seed: 1)))
    #expect(apart.mean != (try KernelDistance(a, far, subsets: 40, subsetSize: 100, seed: 2)).mean)
  }

  @Test(arguments: [-1, 1, 11])
  func subsetsThatCannotBeDrawnAreRefused(size: Int) throws {
    let (a, b) = (try normalTable(10, 2, seed: 1), try normalTable(20, 2, seed: 2))
    #expect(throws: MeasureError.subsetSize(size, most: 10)) {
      try KernelDistance(a, b, subsetSize: size, seed: 0)
    }
  }
}
