/// How often each class was taken for each: what accuracy, precision and recall are read from.
public struct ConfusionMatrix: Sendable, Hashable {
  /// How many classes there are.
  public let classes: Int
  /// How often a class (row) was taken for another (column), row after row.
  public private(set) var counts: [Int]

  /// An empty matrix of so many classes, at least 1.
  public init(classes: Int) {
    precondition(classes > 0, "a confusion of \(classes) classes")
    self.classes = classes
    counts = [Int](repeating: 0, count: classes * classes)
  }

  /// How often a class was taken for another.
  public subscript(label: Int, prediction: Int) -> Int { counts[label * classes + prediction] }

  /// Counts predictions.
  ///
  /// - Throws: `LabelError` for the first label or prediction that is no class; nothing is counted then.
  public mutating func add(labels: [Int32], predictions: [Int32]) throws(LabelError) {
    precondition(labels.count == predictions.count, "as many predictions as labels")
    for (place, label) in labels.enumerated() {
      for number in [label, predictions[place]] where !(0..<classes).contains(Int(number)) {
        throw LabelError(place: place, label: Int(number), classes: classes)
      }
    }
    for (label, prediction) in zip(labels, predictions) {
      counts[Int(label) * classes + Int(prediction)] += 1
    }
  }

  /// How many predictions were counted.
  public var total: Int { counts.reduce(0, +) }

  /// The share that was right; not a number of none.
  public var accuracy: Double {
    Double((0..<classes).reduce(0) { $0 + self[$1, $1] }) / Double(total)
  }

  /// The share of what was taken for a class that is of it; not a number of none.
  public func precision(of label: Int) -> Double {
    Double(self[label, label]) / Double((0..<classes).reduce(0) { $0 + self[$1, label] })
  }

  /// The share of a class that was found; not a number of none.
  public func recall(of label: Int) -> Double {
    Double(self[label, label]) / Double((0..<classes).reduce(0) { $0 + self[label, $1] })
  }

  /// The harmonic mean of precision and recall; not a number where the class neither is nor was taken.
  public func f1(of label: Int) -> Double {
    let wrong = (0..<classes).reduce(-2 * self[label, label]) {
      $0 + self[label, $1] + self[$1, label]
    }
    let right = 2 * Double(self[label, label])
    return right / (right + Double(wrong))
  }
}

/// Shares of predictions that were right.
public enum Accuracy {
  /// The share of rows whose label is among the `count` greatest scores. Of equal scores those of lower
  /// classes count as greater; a score that is not a number is never among them.
  ///
  /// - Parameters:
  ///   - scores: a row of `classes` numbers for each label, such as logits.
  ///   - count: 1 for the accuracy.
  /// - Returns: not a number of no labels.
  /// - Throws: `LabelError` for the first label that is no class.
  public static func top(
    _ count: Int, scores: [Float], labels: [Int32], classes: Int
  ) throws(LabelError) -> Double {
    precondition(
      classes > 0 && scores.count == labels.count * classes, "a score for each class of each row")
    var right = 0
    for (row, label) in labels.enumerated() {
      let label = Int(label)
      guard (0..<classes).contains(label) else {
        throw LabelError(place: row, label: label, classes: classes)
      }
      let start = row * classes
      let score = scores[start + label]
      if score.isNaN { continue }
      let ahead = (0..<classes).count {
        scores[start + $0] > score || (scores[start + $0] == score && $0 < label)
      }
      if ahead < count { right += 1 }
    }
    return Double(right) / Double(labels.count)
  }
}

/// A label that is none of the classes.
public struct LabelError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Its place among the labels, from 0.
  public let place: Int
  /// What stands there.
  public let label: Int
  /// How many classes there are.
  public let classes: Int

  /// One line: the place, the label and what was expected.
  public var description: String {
    "label \(label) at place \(place) is no class, expected 0 ... \(classes - 1)"
  }
}
