import Measures
import Randomness
import Testing

@Suite struct PrincipalComponentsTests {
  /// Rows that spread by 3 along (3, 4) / 5, by 1 across it, and not at all along the third axis.
  private func table() throws -> FeatureTable {
    var random = RandomStream(seed: 1, name: "rows")
    let rows = (0..<4000).flatMap { _ -> [Float] in
      let (along, across) = (3 * random.normal(), random.normal())
      return [
        Float(1 + 0.6 * along - 0.8 * across), Float(-2 + 0.8 * along + 0.6 * across), 7,
      ]
    }
    return try FeatureTable(rows, count: 4000, dimension: 3)
  }

  @Test func theWidestDirectionComesFirst() throws {
    let components = try PrincipalComponents(of: try table(), count: 2)
    #expect(components.variances.count == 2)
    #expect(abs(components.variances[0] - 9) < 0.7 && abs(components.variances[1] - 1) < 0.1)
    let sign = components.axes[0] < 0 ? -1.0 : 1
    #expect(abs(sign * components.axes[0] - 0.6) < 0.02)
    #expect(abs(sign * components.axes[1] - 0.8) < 0.02)
    #expect(abs(components.axes[2]) < 1e-9)
    #expect(abs(components.mean[2] - 7) < 1e-9)
  }

  @Test func coordinatesKeepDistancesWhenNothingIsLeftOut() throws {
    let rows = try table()
    // More than there are features are all of them.
    let components = try PrincipalComponents(of: rows, count: 9)
    #expect(components.variances.count == 3)
    for row in 0..<20 {
      let coordinates = components.coordinates(of: rows[row])
      let length = coordinates.reduce(0) { $0 + $1 * $1 }
      let distance = zip(rows[row], components.mean).reduce(0) { sum, pair in
        sum + (Double(pair.0) - pair.1) * (Double(pair.0) - pair.1)
      }
      #expect(abs(length - distance) < 1e-9 * max(1, distance))
    }
  }

  @Test func rowsThatAreTooLongAreRefused() throws {
    let size = GaussianStatistics.greatestDimension + 1
    let long = try FeatureTable(
      [Float](repeating: 0, count: 2 * size), count: 2, dimension: size)
    #expect(throws: MeasureError.self) { try PrincipalComponents(of: long, count: 1) }
  }
}
