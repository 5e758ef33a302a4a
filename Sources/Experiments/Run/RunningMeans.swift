import FileFormats

/// The means of the measures since the last line of `metrics.jsonl`. A step need not give every
/// measure.
struct RunningMeans: Hashable {
  private struct Sum: Hashable {
    let name: String
    var total: Double
    var count: Int
  }

  private var sums: [Sum] = []

  /// The first sum that is infinite or not a number: of such measures, or of ones too great to add.
  var firstNonFinite: Metrics.Measure? {
    sums.first { !$0.total.isFinite }.map { .init(name: $0.name, value: $0.total) }
  }

  /// The mean of each measure, in the order they first came.
  var means: Metrics {
    var metrics = Metrics()
    for sum in sums {
      metrics.append(sum.name, sum.total / Double(sum.count))
    }
    return metrics
  }

  /// Adds the measures of a step.
  mutating func add(_ metrics: Metrics) {
    for measure in metrics.measures {
      if let place = sums.firstIndex(where: { $0.name == measure.name }) {
        sums[place].total += measure.value
        sums[place].count += 1
      } else {
        sums.append(Sum(name: measure.name, total: measure.value, count: 1))
      }
    }
  }

  /// Starts over.
  mutating func removeAll() {
    sums.removeAll(keepingCapacity: true)
  }
}

extension RunningMeans {
  /// The sums as they stand, for a checkpoint: `[["loss", 620.25, 2]]`.
  var json: JSON {
    .array(sums.map { [.string($0.name), .number($0.total), .integer(Int64($0.count))] })
  }

  /// Takes up the sums of a checkpoint; nil when this is none.
  init?(_ json: JSON) {
    for element in json.elements ?? [.null] {
      guard let name = element[0]?.stringValue, Metrics.isName(name),
        let total = element[1]?.doubleValue, let count = element[2]?.integerValue, count > 0
      else { return nil }
      sums.append(Sum(name: name, total: total, count: count))
    }
  }
}
