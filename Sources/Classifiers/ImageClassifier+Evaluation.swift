import Datasets
import Experiments
import NeuralNetworks
import RealModule

extension ImageClassifier {
  /// The cross-entropy of the logits, whatever loss is trained, and the share of the test images that
  /// are told right; of more than five classes the share whose class is among the likeliest five too.
  public mutating func evaluate() throws -> Metrics {
    let test = data.test
    let probabilities = try sight.features(of: test).probabilities
    let classes = test.classNames.count
    var (loss, right) = (0.0, 0)
    for index in 0..<test.count {
      let row = probabilities[index * classes..<(index + 1) * classes]
      let label = row.startIndex + Int(test.labels[index])
      // A probability too small for a float counts as the least normal one.
      loss -= Double.log(Double(max(row[label], .leastNormalMagnitude)))
      if row[label] == row.max() { right += 1 }
    }
    let count = Double(test.count)
    var metrics: Metrics = ["loss": loss / count, "accuracy": Double(right) / count]
    if classes > 5 {
      metrics.append(
        "top5",
        try Accuracy.top(5, scores: probabilities, labels: test.labels, classes: classes))
    }
    return metrics
  }

  /// Writes how often images of each class were taken for each other.
  public mutating func export(to exports: Exports) throws {
    let test = data.test
    let names = test.classNames
    let probabilities = try sight.features(of: test).probabilities
    var counts = [[Int]](
      repeating: [Int](repeating: 0, count: names.count), count: names.count)
    for index in 0..<test.count {
      let row = probabilities[index * names.count..<(index + 1) * names.count]
      let best = row.indices.max { row[$0] < row[$1] } ?? row.startIndex
      counts[Int(test.labels[index])][best - row.startIndex] += 1
    }
    try exports.write(
      columns: ["class"] + names, rows: zip(names, counts).map { [$0] + $1.map { String($0) } },
      named: "confusion")
  }
}
