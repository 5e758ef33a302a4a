import NeuralNetworks
import Testing

@Suite struct ConfusionMatrixTests {
  /// Seven predictions of three classes, by hand.
  private func sample() throws -> ConfusionMatrix {
    var matrix = ConfusionMatrix(classes: 3)
    try matrix.add(labels: [0, 0, 0, 1], predictions: [0, 0, 1, 1])
    try matrix.add(labels: [1, 2, 2], predictions: [0, 2, 1])
    return matrix
  }

  @Test func countsWhatWasTakenForWhat() throws {
    let matrix = try sample()
    #expect(matrix.counts == [2, 1, 0, 1, 1, 0, 0, 1, 1])
    #expect(matrix[0, 1] == 1)
    #expect(matrix.total == 7)
    let right: Double = 4.0 / 7
    #expect(matrix.accuracy == right)
    let precisions: [Double] = [2.0 / 3, 1.0 / 3, 1]
    let recalls: [Double] = [2.0 / 3, 0.5, 0.5]
    for label in 0..<3 {
      let (precision, recall) = (precisions[label], recalls[label])
      #expect(matrix.precision(of: label) == precision)
      #expect(matrix.recall(of: label) == recall)
      let mean: Double = 2 * precision * recall / (precision + recall)
      #expect((matrix.f1(of: label) - mean).magnitude < 1e-15)
    }
  }

  @Test func ofNothingIsNoNumber() {
    let matrix = ConfusionMatrix(classes: 2)
    #expect(matrix.accuracy.isNaN)
    #expect(matrix.precision(of: 0).isNaN)
    #expect(matrix.f1(of: 1).isNaN)
  }

  @Test(arguments: [([0, 3], [0, 0], 3), ([0, 1], [2, -1], -1)] as [([Int32], [Int32], Int)])
  func refusesWhatIsNoClass(labels: [Int32], predictions: [Int32], label: Int) throws {
    var matrix = ConfusionMatrix(classes: 3)
    let error = #expect(throws: LabelError.self) {
      try matrix.add(labels: labels, predictions: predictions)
    }
    #expect(error?.description == "label \(label) at place 1 is no class, expected 0 ... 2")
    #expect(matrix.total == 0)
  }
}

@Suite struct AccuracyTests {
  private static let scores: [Float] = [
    0.1, 0.5, 0.4,
    0.3, 0.3, 0.3,
    .nan, 0.2, 0.8,
    -1, -2, -3,
  ]

  /// The rows' ranks of their labels are 1, 2, 1 and 3; equal scores count from the left.
  @Test(arguments: [(1, 0.5), (2, 0.75), (3, 1)])
  func countsLabelsAmongTheGreatest(count: Int, expected: Double) throws {
    let accuracy = try Accuracy.top(
      count, scores: Self.scores, labels: [1, 1, 2, 2], classes: 3)
    #expect(accuracy == expected)
  }

  @Test func aScoreThatIsNoNumberIsNeverRight() throws {
    #expect(try Accuracy.top(3, scores: [.nan, 0, 0], labels: [0], classes: 3) == 0)
  }

  @Test func refusesWhatIsNoClass() {
    #expect(throws: LabelError.self) {
      try Accuracy.top(1, scores: [1, 2], labels: [2], classes: 2)
    }
  }

  @Test func ofNothingIsNoNumber() throws {
    #expect(try Accuracy.top(1, scores: [], labels: [], classes: 2).isNaN)
  }
}
