import TensorEngine
import Testing

@testable import StyleTransfer

@Suite struct CovarianceStatisticsTests {
  /// Two channels of four places: means 2 and 4, deviations (-1, 1, -1, 1) and (-3, 3, 1, -1).
  private let features = TensorValue<Float>(
    shape: [1, 2, 2, 2], scalars: [1, 3, 1, 3, 1, 7, 5, 3])

  private func target(_ weights: [Double]?) throws -> [Float] {
    let graph = Graph()
    let places = weights.map { PlaceWeights(weights: graph.constant($0, shape: [1, 1, 2, 2])) }
    return try CovarianceStatistics().target(of: graph.state("features", initial: features), places)
      .value.scalars
  }

  @Test("covariances and, as the last column, means")
  func statistics() throws {
    #expect(try target(nil) == [1, 1, 2, 1, 5, 4])
    // Of the first two places alone: means 2 and 4, both deviate together.
    #expect(try target([0.5, 0.5, 0, 0]) == [1, 3, 2, 3, 9, 4])
  }

  @Test("the distance is 0 from itself, and that of covariances and means from others")
  func distances() throws {
    func distance(_ change: (Tensor) -> Tensor) throws -> Float {
      let graph = Graph()
      let style = graph.state("features", initial: features)
      let statistics = CovarianceStatistics()
      return try statistics.distance(
        from: change(style), nil, to: statistics.target(of: style, nil)
      ).value.scalars[0]
    }
    #expect(try distance { $0 } == 0)
    // Means that are off by 1 each, over variances of 1 + 5 and a thousandth of 2² + 4².
    #expect(abs(try distance { $0 + 1 } - 0.5 * 2 / 6.02) < 1e-5)
    // A covariance of 4 times its own, means of twice their own.
    #expect(abs(try distance { $0 * 2 } - 0.5 * (9 + 20 / 6.02)) < 1e-4)
    // A plain picture has neither, and no distance that is not finite.
    #expect(try distance { $0 * 0 }.isFinite)
  }
}
