import Datasets
import Experiments
import FileFormats
import Measures

/// What methods without a network reach on the images that a classifier is evaluated by: what it
/// has to beat.
struct ClassifierBaselines {
  /// A method, and the share of the images that it tells right.
  struct Baseline {
    /// The method, in the manner of metrics.
    let name: String
    /// The same for people.
    let title: String
    /// The share of the images told right.
    let accuracy: Double
  }

  /// The methods, the simplest first. Images that stay in their files are not decoded for them: of
  /// those there is the first alone.
  private(set) var baselines: [Baseline] = []

  /// Training images, spread evenly over all, and images to judge by, that methods look at: enough
  /// for a figure within a second.
  private static let greatestCount = 5000
  /// Numbers of all images that are looked at, and of all mean images: 16 MiB of floats.
  private static let greatestTable = 1 << 22
  /// Numbers of an image up to which components are looked for: their time grows with the cube.
  private static let greatestImageSize = 1024
  /// Directions of a linear classifier.
  private static let components = 32

  /// Measures the methods.
  ///
  /// - Throws: `MeasureError`.
  init(_ data: ClassifierData) throws {
    let (train, judged) = (data.train, data.judged)
    let classes = data.classNames.count
    let prior = Self.counts(train.labels, classes)
    let majority = prior.indices.max { prior[$0] < prior[$1] } ?? 0
    add("baselinePrior", "the largest class", judged.labels) { _ in majority }
    guard !train.readsFiles, !judged.readsFiles, train.count > classes,
      classes * train.imageSize <= Self.greatestTable
    else { return }

    let learnt = try Self.table(train)
    let seen = try Self.table(judged)
    let nearest = NearestMean(learnt.rows, learnt.labels, classes: classes)
    add("baselineNearestMean", "the nearest mean image", seen.labels) { nearest[seen.rows[$0]] }
    guard train.imageSize <= Self.greatestImageSize else { return }
    let components = min(Self.components, train.imageSize)
    let linear = try LinearClassifier(
      learnt.rows, learnt.labels, classes: classes, components: components)
    add(
      "baselineLinear", "a linear classifier of \(components) principal components", seen.labels
    ) { linear[seen.rows[$0]] }
  }

  private mutating func add(
    _ name: String, _ title: String, _ labels: [Int32], _ classify: (Int) -> Int
  ) {
    let right = labels.indices.count { classify($0) == Int(labels[$0]) }
    baselines.append(
      Baseline(name: name, title: title, accuracy: Double(right) / Double(labels.count)))
  }

  /// Images as rows of numbers 0 ... 1, and their classes.
  private static func table(
    _ source: any ImageSource
  ) throws -> (rows: FeatureTable, labels: [Int32]) {
    let count = min(source.count, greatestCount, max(2, greatestTable / source.imageSize))
    // A table has two rows at least; the same image twice is still itself.
    let places = (0..<max(2, count)).map { Int32($0 * source.count / max(2, count)) }
    var pixels: [UInt8] = []
    try source.gather(places, into: &pixels)
    return (
      try FeatureTable(
        pixels.map { Float($0) / 255 }, count: places.count, dimension: source.imageSize),
      places.map { source.labels[Int($0)] }
    )
  }

  fileprivate static func counts(_ labels: [Int32], _ classes: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: classes)
    for label in labels { counts[Int(label)] += 1 }
    return counts
  }

  /// `to beat: the largest class 10 %, ...`
  var text: String {
    "to beat: "
      + baselines.map { "\($0.title) \(Quantity.measure(100 * $0.accuracy)) %" }
      .joined(separator: ", ")
  }

  /// The accuracies as `atelier evaluate` gives them.
  var measures: [ModelMeasure] {
    baselines.map { ModelMeasure($0.name, $0.accuracy, "accuracy of \($0.title)") }
  }
}

/// Tells rows by the class whose mean is nearest.
private struct NearestMean {
  private let means: [[Double]]
  private let squares: [Double]

  init(_ rows: FeatureTable, _ labels: [Int32], classes: Int) {
    var means = [[Double]](
      repeating: [Double](repeating: 0, count: rows.dimension), count: classes)
    for (row, label) in labels.enumerated() {
      for (place, value) in rows[row].enumerated() { means[Int(label)][place] += Double(value) }
    }
    for (label, count) in ClassifierBaselines.counts(labels, classes).enumerated() {
      for place in means[label].indices { means[label][place] /= Double(max(1, count)) }
    }
    self.means = means
    squares = means.map { $0.reduce(0) { $0 + $1 * $1 } }
  }

  subscript(row: some Collection<Float>) -> Int {
    let distances = means.indices.map { label in
      zip(row, means[label]).reduce(squares[label]) { $0 - 2 * Double($1.0) * $1.1 }
    }
    return distances.indices.min { distances[$0] < distances[$1] } ?? 0
  }
}

/// Tells rows by least squares of their principal components against the classes, one in each place
/// of a row of zeros. Components are uncorrelated, so each has its weights by itself.
private struct LinearClassifier {
  private let components: PrincipalComponents
  private var weights: [[Double]]
  private let shares: [Double]

  init(
    _ rows: FeatureTable, _ labels: [Int32], classes: Int, components count: Int
  ) throws(MeasureError) {
    components = try PrincipalComponents(of: rows, count: count)
    weights = [[Double]](repeating: [Double](repeating: 0, count: count), count: classes)
    shares = ClassifierBaselines.counts(labels, classes).map { Double($0) / Double(labels.count) }
    for (row, label) in labels.enumerated() {
      let coordinates = components.coordinates(of: rows[row])
      for place in 0..<count { weights[Int(label)][place] += coordinates[place] }
    }
    for label in 0..<classes {
      for place in 0..<count {
        let variance = Double(labels.count - 1) * components.variances[place]
        weights[label][place] = variance > 0 ? weights[label][place] / variance : 0
      }
    }
  }

  subscript(row: some Collection<Float>) -> Int {
    let coordinates = components.coordinates(of: row)
    let scores = shares.indices.map { label in
      zip(coordinates, weights[label]).reduce(shares[label]) { $0 + $1.0 * $1.1 }
    }
    return scores.indices.max { scores[$0] < scores[$1] } ?? 0
  }
}
