import Experiments
import FileFormats
import Imaging
import Measures

/// How good the samples of a run, or of a file, are in the eyes of a classifier.
struct RunEvaluation {
  private let origin: JSON.Member
  private let classifier: String
  /// SHA-256 of the classifier's state: figures compare where it is the same.
  private let classifierHash: String
  private let count: Int
  private let seed: UInt64
  private let prior: JSON
  private let measures: Evaluation
  /// The Fréchet distance of training images, as many as samples where there are so many, from the
  /// test images: what to read the samples' distance by. The classifier was fitted to the training
  /// images, so that a good model may come below it.
  private let floor: Double
  private let balance: ClassBalance
  /// The median distance to the nearest training image, of samples and of test images: samples much
  /// nearer than those are copies.
  private let nearest: (samples: Double, test: Double)
  /// The least distance between two samples, and between two test images (Arora and Zhang, "Do GANs
  /// actually learn the distribution?", 2017).
  private let closest: (samples: Double, test: Double)

  init(_ command: EvaluateCommand, by classifier: String) throws {
    var eyes = try TrainedRunOptions.open(
      classifier, as: (any FeatureModel).self, to: "look at images", in: command.output,
      execution: command.execution)
    let test = try eyes.features(ofTraining: false, limit: .max)
    let samples: [Image]
    if let path = command.samples {
      samples = try SampleFile.images(path, limit: command.count ?? test.count)
      origin = .init("samples", .string(path))
    } else {
      let run = command.runName ?? ""
      samples = try Self.samples(
        of: run, count: command.count ?? test.count, besides: classifier, command)
      origin = .init("run", .string(run))
    }
    let made = try eyes.features(of: samples)
    let train = try eyes.features(ofTraining: true, limit: .max)

    let tables = (
      made: try FeatureTable(made), test: try FeatureTable(test), train: try FeatureTable(train)
    )
    measures = try command.measures(of: tables.made, beside: tables.test, in: classifier)
    floor = try FrechetDistance.between(
      tables.test, tables.train.selecting(Array(0..<min(made.count, train.count))))
    balance = try ClassBalance(
      FeatureTable(made.probabilities, count: made.count, dimension: made.classes))
    nearest = (
      try Self.medianDistance(tables.made, tables.train),
      try Self.medianDistance(tables.test, tables.train)
    )
    closest = (
      FeatureTable.closestDistance(tables.made), FeatureTable.closestDistance(tables.test)
    )
    (self.classifier, count, seed) = (classifier, made.count, command.seed)
    prior = command.prior.json
    var hash = SHA256()
    for record in try eyes.state() { hash.update(record.bytes) }
    classifierHash = hash.hexadecimal
  }

  /// Images drawn from a run.
  private static func samples(
    of run: String, count: Int, besides classifier: String, _ command: EvaluateCommand
  ) throws -> [Image] {
    let out = command.output.out
    let (made, seen) = try (
      RunSummary.find(run, in: out).record, RunSummary.find(classifier, in: out).record
    )
    if made.sources != seen.sources {
      Journal().note(
        "\(run) and \(classifier) did not learn from the same data: their samples may differ in "
          + "kind")
    }
    var sampler = try TrainedRunOptions.open(
      run, at: command.checkpoint, as: (any ImageSampler).self, to: "be sampled",
      in: command.output, execution: command.execution)
    return try command.prior.sample(&sampler, count: count, seed: command.seed, of: run)
  }

  private static func medianDistance(_ rows: FeatureTable, _ others: FeatureTable) throws -> Double
  {
    let distances = try Neighbours.nearest(to: rows, in: others).map { $0[0].distance }.sorted()
    return distances[distances.count / 2]
  }

  /// For people.
  var table: TextTable {
    var table = measures.table
    func text(_ value: Double) -> String { Quantity.measure(value) }
    table.append(["floor", text(floor), "Frechet distance of training from test images"])
    table.append(["classes", text(balance.effectiveClasses), "exp of their entropy"])
    table.append([
      "nearest image", text(nearest.samples),
      "median to training; test images \(text(nearest.test))",
    ])
    table.append([
      "closest pair", text(closest.samples), "of the samples; of test images \(text(closest.test))",
    ])
    table.append(["classifier", String(classifierHash.prefix(12)), "SHA-256 of its state"])
    return table
  }

  /// The document of `atelier evaluate RUN --json`.
  var json: JSON {
    .object(
      [
        origin, .init("classifier", .string(classifier)),
        .init("classifierHash", .string(classifierHash)),
        .init("count", .integer(Int64(count))), .init("seed", .string("\(seed)")),
        .init("prior", prior),
      ] + measures.members + [
        .init("floor", .number(floor)),
        .init("effectiveClasses", .number(balance.effectiveClasses)),
        .init("classEntropy", .number(balance.entropy)),
        .init("classHistogram", .array(balance.histogram.map { .integer(Int64($0)) })),
        .init("nearestTraining", Self.pair(nearest)), .init("closestPair", Self.pair(closest)),
      ])
  }

  private static func pair(_ values: (samples: Double, test: Double)) -> JSON {
    ["samples": .number(values.samples), "test": .number(values.test)]
  }
}

extension FeatureTable {
  fileprivate init(_ features: ImageFeatures) throws(MeasureError) {
    try self.init(features.values, count: features.count, dimension: features.width)
  }

  fileprivate static func closestDistance(_ table: FeatureTable) -> Double {
    Neighbours.closestPairs(in: table, count: 1)[0].distance
  }
}
