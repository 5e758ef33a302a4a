import StyleTransfer
import TensorEngine
import Testing

@Suite struct CovarianceTests {
  /// Two channels of four places: means 2 and 4, deviations (-1, 1, -1, 1) and (-3, 3, 1, -1).
  private let features = TensorValue<Float>(
    shape: [1, 2, 2, 2], scalars: [1, 3, 1, 3, 1, 7, 5, 3])

  private func statistics(_ shares: [Double]?) throws -> [Float] {
    let graph = Graph()
    return try graph.state("features", initial: features).covarianceAndMeans(
      shares: shares.map { graph.constant($0, shape: [1, 1, 2, 2]) }
    ).value.scalars
  }

  @Test("covariances and, as the last column, means")
  func everywhere() throws {
    #expect(try statistics(nil) == [1, 1, 2, 1, 5, 4])
  }

  @Test("places count as much as they are said to")
  func somewhere() throws {
    // Of the first two places alone, both channels deviate together.
    #expect(try statistics([0.5, 0.5, 0, 0]) == [1, 3, 2, 3, 9, 4])
  }
}
