import Datasets
import Experiments

extension ImageClassifier {
  /// The cross-entropy of the logits, whatever loss is trained, and the share that is told right, of
  /// the images that are held out, or of the test images where none are; of more than five classes
  /// the share whose class is among the likeliest five too.
  public mutating func evaluate() throws -> Metrics {
    let score = try sight.score(of: data.judged)
    var metrics: Metrics = ["loss": score.loss, "accuracy": score.accuracy]
    if let top5 = score.top5 { metrics.append("top5", top5) }
    return metrics
  }

  /// Writes how often images of each class were taken for each other, of those that are held out or
  /// else of the test images.
  public mutating func export(to exports: Exports) throws {
    let test = data.judged
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

extension ImageClassifier: MeasuredModel {
  /// How well the test images are told, those that are held out, and what simple methods reach.
  public mutating func measure(_ effort: MeasureEffort) throws -> [ModelMeasure] {
    var measures: [ModelMeasure] = []
    for (name, images) in [("test", data.test), ("validation", data.validation)] {
      guard let images else { continue }
      let score = try sight.score(of: images, limit: effort.limit)
      let count = min(images.count, effort.limit)
      measures += [
        ModelMeasure("\(name)Accuracy", score.accuracy, "share of \(count) images told right"),
        ModelMeasure("\(name)Loss", score.loss, "nats per image"),
      ]
    }
    return measures + (try ClassifierBaselines(data).measures)
  }
}
