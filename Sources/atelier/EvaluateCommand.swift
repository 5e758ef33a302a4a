import ArgumentParser
import Experiments
import FileFormats
import Measures

/// `atelier evaluate`: how far generated samples are from real ones, by features of both.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure how far generated samples are from real ones.",
    discussion: """
      Examples:
        atelier evaluate dcgan-fashion-001 --by classify-fashion-001
        atelier evaluate dcgan-fashion-001 --by classify-fashion-001 --count 2000 --json
        atelier evaluate --features real.npy generated.npy
        atelier evaluate --features real.npy generated.npy --resamples 1000 --json
        atelier evaluate --features real.npy generated.npy --neighbours 3

      Of a run, as many images are drawn as the classifier's data set has test images, and both are
      seen by the classifier. Beside the measures of files it tells the floor, which is the distance
      of as many training images from the test images; how many classes the samples are of; and how
      near samples, and test images, are to the training images.

      A file is a two-dimensional array of float32 or float64, a row for each sample. Measured are
      the Frechet distance (of Inception features: FID) with a 95 % bootstrap interval, the kernel
      distance (KID) of all rows and of random subsets, and precision, recall, density, coverage.
      Time grows with the product of the two counts, and with the cube of the row length.
      """)

  @Argument(
    help: ArgumentHelp("The run whose samples are measured: name or folder.", valueName: "run"),
    completion: .custom(Completions.runs))
  var runName: String?

  @Option(
    name: .long,
    help: ArgumentHelp("The run of the classifier that looks at them.", valueName: "run"),
    completion: .custom(Completions.runs))
  var by: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Images that are drawn; as many as there are test images unless given.", valueName: "n"))
  var count: Int?

  @Option(
    name: .long, parsing: .upToNextOption,
    help: ArgumentHelp(
      "Instead of runs: the real features, then the generated ones.", valueName: "npy"),
    completion: .file())
  var features: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "How many neighbours the balls of precision to coverage reach to.", valueName: "n"))
  var neighbours = 5

  @Option(
    name: .long,
    help: ArgumentHelp(
      """
      How often rows are drawn anew for the interval, each time at the cost of a distance; 0 for \
      no interval. Unless given 200, or 0 where rows are longer than 256.
      """, valueName: "n"))
  var resamples: Int?

  @Option(
    name: .long, help: ArgumentHelp("Random subsets of the kernel distance.", valueName: "n"))
  var subsets = 100

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Rows of a subset; 1000, or as many as both files have, unless given.", valueName: "n"))
  var subsetSize: Int?

  @Option(help: ArgumentHelp("The seed of resamples and subsets.", valueName: "n"))
  var seed: UInt64 = 0

  @OptionGroup var output: OutputOptions
  @OptionGroup var execution: ExecutionOptions
  @OptionGroup var format: FormatOptions

  /// Longer rows have no interval unless it is asked for: it would take minutes to hours.
  private static let greatestResampledDimension = 256
  private static let usualResamples = 200

  func validate() throws {
    guard runName == nil || features.isEmpty else {
      throw ValidationError("A run and --features exclude each other.")
    }
    if runName != nil {
      guard by != nil else {
        throw ValidationError(
          "A run needs --by and the run of a classifier, such as one of 'classify-fashion'.")
      }
    } else {
      guard by == nil && count == nil else {
        throw ValidationError("--by and --count belong to a run, not to --features.")
      }
      guard features.count == 2 else {
        throw ValidationError(
          features.isEmpty
            ? "Name a run and --by the run of a classifier, or --features and two files."
            : "--features takes two files, real and generated features, not \(features.count).")
      }
    }
    for (name, value, range) in [
      ("neighbours", neighbours, 1...1000), ("resamples", resamples ?? 0, 0...1_000_000),
      ("count", count ?? 100, 2...100_000), ("subsets", subsets, 1...1_000_000),
      ("subset-size", subsetSize ?? 2, 2...Int.max),
    ] where !range.contains(value) {
      let most = range.upperBound == .max ? "" : ", at most \(range.upperBound)"
      throw ValidationError("--\(name) \(value): expected at least \(range.lowerBound)\(most).")
    }
  }

  func run() throws {
    if let runName, let by { try evaluate(runName, by: by) } else { try evaluateFiles() }
  }

  private func evaluate(_ run: String, by: String) throws {
    let (made, seen) = try (
      RunSummary.find(run, in: output.out).record, RunSummary.find(by, in: output.out).record
    )
    if made.sources != seen.sources {
      Journal().note(
        "\(run) and \(by) did not learn from the same data: their samples may differ in kind")
    }
    let evaluation: RunEvaluation
    do {
      evaluation = try RunEvaluation(self, of: run, by: by)
    } catch let error as MeasureError {
      throw RunError(.unsuitable, "\(run) cannot be measured: \(error.description)")
    }
    if format.json {
      format.print(evaluation.json)
    } else {
      StandardStream.output.write(evaluation.table.text(for: StandardStream.output.terminal))
    }
  }

  private func evaluateFiles() throws {
    let (real, generated) = (try FeatureFile(features[0]), try FeatureFile(features[1]))
    guard real.table.dimension == generated.table.dimension else {
      throw FileError(
        .damaged, path: generated.path,
        "rows of \(generated.table.dimension) numbers, those of \(real.path) have "
          + "\(real.table.dimension)",
        hint: "compare features of the same network")
    }
    let evaluation = try measures(of: generated.table, beside: real.table, in: real.path)
    if evaluation.interval == nil && resamples == nil {
      Journal().note(
        "no interval of the Frechet distance for rows longer than "
          + "\(Self.greatestResampledDimension) numbers unless --resamples is given")
    }
    if format.json {
      format.print(
        .object(
          [
            .init("real", real.json), .init("generated", generated.json),
            .init("seed", .string("\(seed)")),
          ] + evaluation.members))
    } else {
      StandardStream.output.write(evaluation.table.text(for: StandardStream.output.terminal))
    }
  }

  /// All measures of two tables.
  ///
  /// - Parameter place: what is named where the real features do not suit.
  func measures(
    of generated: FeatureTable, beside real: FeatureTable, in place: String
  ) throws -> Evaluation {
    do {
      return try Evaluation(self, real, generated)
    } catch MeasureError.tooManyNeighbours(let count, let most) {
      throw ValidationError(
        "--neighbours \(count) is too many: each side must have more rows; at most \(most) here.")
    } catch MeasureError.subsetSize(let size, let most) {
      throw ValidationError("--subset-size \(size) is more than the \(most) rows that both have.")
    } catch {
      throw FileError(.unsupported, path: place, error.description)
    }
  }

  /// How often rows are drawn anew.
  fileprivate func resamples(forDimension dimension: Int) -> Int {
    resamples ?? (dimension <= Self.greatestResampledDimension ? Self.usualResamples : 0)
  }
}

/// A file of features.
private struct FeatureFile {
  let path: String
  let table: FeatureTable

  init(_ path: String) throws(FileError) {
    let record = try NPY.decode(Files.read(path), path: path)
    guard record.shape.count == 2 else {
      throw FileError(
        .unsupported, path: path, "an array of shape \(record.shape), expected rows and columns",
        hint: "save one row for each sample")
    }
    guard
      let values = record.values(as: Float.self) ?? record.values(as: Double.self)?.map(Float.init)
    else {
      throw FileError(
        .unsupported, path: path, "numbers of type \(record.elementType.rawValue)",
        hint: "save them as float32 or float64")
    }
    self.path = path
    do throws(MeasureError) {
      table = try FeatureTable(values, count: record.shape[0], dimension: record.shape[1])
    } catch {
      throw FileError(.damaged, path: path, error.description)
    }
  }
}

/// All measures of two tables.
struct Evaluation {
  let frechetDistance: Double
  let interval: ClosedRange<Double>?
  let resamples: Int
  let kernelDistance: KernelDistance
  let balls: PRDC

  init(
    _ command: EvaluateCommand, _ real: FeatureTable, _ generated: FeatureTable
  ) throws(MeasureError) {
    // What refuses the arguments comes first.
    balls = try PRDC(real: real, generated: generated, neighbours: command.neighbours)
    kernelDistance = try KernelDistance(
      real, generated, subsets: command.subsets, subsetSize: command.subsetSize,
      seed: command.seed)
    frechetDistance = try FrechetDistance.between(real, generated)
    resamples = command.resamples(forDimension: real.dimension)
    interval =
      resamples == 0
      ? nil
      : try FrechetDistance.interval(real, generated, resamples: resamples, seed: command.seed)
  }

  var table: TextTable {
    var table = TextTable(columns: [("MEASURE", .left), ("VALUE", .right), ("", .left)])
    let range = interval.map {
      "95 % from \(Quantity.measure($0.lowerBound)) to \(Quantity.measure($0.upperBound)), "
        + Quantity.count(resamples, "resample")
    }
    let subsets =
      "\(Quantity.measure(kernelDistance.mean)) +- \(Quantity.measure(kernelDistance.deviation)) of "
      + "\(Quantity.count(kernelDistance.subsets, "subset")) of "
      + Quantity.count(kernelDistance.subsetSize, "row")
    let neighbours = Quantity.count(balls.neighbours, "neighbour")
    for (name, value, remark) in [
      ("Frechet distance", frechetDistance, range ?? ""),
      ("kernel distance", kernelDistance.value, subsets),
      ("precision", balls.precision, neighbours), ("recall", balls.recall, neighbours),
      ("density", balls.density, neighbours), ("coverage", balls.coverage, neighbours),
    ] {
      table.append([name, Quantity.measure(value), remark])
    }
    return table
  }

  /// The measures in the document of `atelier evaluate --json`.
  var members: [JSON.Member] {
    let json: JSON = [
      "frechetDistance": [
        "value": .number(frechetDistance),
        "low": interval.map { .number($0.lowerBound) } ?? .null,
        "high": interval.map { .number($0.upperBound) } ?? .null,
        "resamples": .integer(Int64(resamples)),
      ],
      "kernelDistance": [
        "value": .number(kernelDistance.value), "mean": .number(kernelDistance.mean),
        "deviation": .number(kernelDistance.deviation),
        "subsets": .integer(Int64(kernelDistance.subsets)),
        "subsetSize": .integer(Int64(kernelDistance.subsetSize)),
      ],
      "neighbours": .integer(Int64(balls.neighbours)), "precision": .number(balls.precision),
      "recall": .number(balls.recall), "density": .number(balls.density),
      "coverage": .number(balls.coverage),
    ]
    return json.members ?? []
  }
}

extension FeatureFile {
  fileprivate var json: JSON {
    [
      "file": .string(path), "rows": .integer(Int64(table.count)),
      "dimension": .integer(Int64(table.dimension)),
    ]
  }
}
