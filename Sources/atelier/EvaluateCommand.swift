import ArgumentParser
import Experiments
import FileFormats
import Measures

/// `atelier evaluate`: how far generated samples are from real ones, by features of both; or what a
/// model measures by itself.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a model by its test data, or its samples beside real ones.",
    discussion: """
      Examples:
        atelier evaluate vae-fashion-20-001
        atelier evaluate vae-fashion-20-001 --count 1000 --importance-samples 1000 --json
        atelier evaluate dcgan-fashion-001 --by classify-fashion-001
        atelier evaluate dcgan-fashion-001 --by classify-fashion-001 --count 2000 --json
        atelier evaluate vae-fashion-20-001 --by classify-fashion-001 --prior twoStage
        atelier evaluate --samples images.npy --by classify-fashion-001
        atelier evaluate --features real.npy generated.npy
        atelier evaluate --features real.npy generated.npy --resamples 1000 --json
        atelier evaluate --features real.npy generated.npy --neighbours 3

      A run alone, of an autoencoder, is measured by its test images: the terms of its loss, the
      likelihood by importance sampling, how many latent numbers are in use, and where the factors of
      the images are known how well they are told apart. A classifier alone tells how many test images, and
      held-out ones, it gets right, and what simple methods reach.

      With a classifier, as many images are drawn as the classifier's data set has test images, and both are
      seen by the classifier. Beside the measures of files it tells the floor, which is the distance
      of as many training images from the test images; how many classes the samples are of; and how
      near samples, and test images, are to the training images. Images of another program are
      measured alike: a file of uint8 [count, channels, height, width].

      A file of features is a two-dimensional array of float32 or float64, a row for each sample. Measured are
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
    help: ArgumentHelp("Instead of a run: images that were made elsewhere.", valueName: "npy"),
    completion: .file())
  var samples: String?

  @Option(
    name: .long,
    help: ArgumentHelp("The run of the classifier that looks at them.", valueName: "run"),
    completion: .custom(Completions.runs))
  var by: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Images that are measured, drawn or read; as many as there are test images unless given.",
      valueName: "n"))
  var count: Int?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Latent points for each image of the likelihood of a run alone.", valueName: "n"))
  var importanceSamples = 100

  @Option(
    name: .long,
    help: ArgumentHelp("newest, best (by its evaluation) or a step.", valueName: "which"))
  var checkpoint = CheckpointChoice.newest

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

  @OptionGroup var prior: PriorOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var execution: ExecutionOptions
  @OptionGroup var format: FormatOptions

  /// Longer rows have no interval unless it is asked for: it would take minutes to hours.
  private static let greatestResampledDimension = 256
  private static let usualResamples = 200

  func validate() throws {
    let sources = [runName != nil, samples != nil, !features.isEmpty].count { $0 }
    guard sources == 1 else {
      throw ValidationError(
        sources == 0
          ? "Name a run, or --samples and --by the run of a classifier, or --features and two files."
          : "A run, --samples and --features exclude each other.")
    }
    if features.isEmpty {
      guard by != nil || runName != nil else {
        throw ValidationError(
          "Samples need --by and the run of a classifier, such as one of 'classify-fashion'.")
      }
    } else {
      guard by == nil && count == nil else {
        throw ValidationError("--by and --count belong to samples, not to --features.")
      }
      guard features.count == 2 else {
        throw ValidationError(
          "--features takes two files, real and generated features, not \(features.count).")
      }
    }
    if prior.prior != nil, runName == nil || by == nil {
      throw ValidationError("--prior belongs to samples of a run: give a run, and --by.")
    }
    if runName == nil, checkpoint != .newest {
      throw ValidationError("--checkpoint belongs to a run.")
    }
    for (name, value, range) in [
      ("neighbours", neighbours, 1...1000), ("resamples", resamples ?? 0, 0...1_000_000),
      ("count", count ?? 100, 2...100_000), ("importance-samples", importanceSamples, 1...100_000),
      ("subsets", subsets, 1...1_000_000),
      ("subset-size", subsetSize ?? 2, 2...Int.max),
    ] where !range.contains(value) {
      let most = range.upperBound == .max ? "" : ", at most \(range.upperBound)"
      throw ValidationError("--\(name) \(value): expected at least \(range.lowerBound)\(most).")
    }
  }

  func run() throws {
    if let by {
      try evaluateSamples(by: by)
    } else if let runName {
      try evaluateModel(of: runName)
    } else {
      try evaluateFeatures()
    }
  }

  private func evaluateModel(of run: String) throws {
    let evaluation = try ModelEvaluation(self, of: run)
    if format.json {
      format.print(evaluation.json)
    } else {
      StandardStream.output.write(evaluation.table.text(for: StandardStream.output.terminal))
    }
  }

  private func evaluateSamples(by: String) throws {
    let name = runName ?? samples ?? ""
    let evaluation: RunEvaluation
    do {
      evaluation = try RunEvaluation(self, by: by)
    } catch let error as MeasureError {
      throw RunError(.unsuitable, "\(name) cannot be measured: \(error.description)")
    }
    if format.json {
      format.print(evaluation.json)
    } else {
      StandardStream.output.write(evaluation.table.text(for: StandardStream.output.terminal))
    }
  }

  private func evaluateFeatures() throws {
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
  func resamples(forDimension dimension: Int) -> Int {
    resamples ?? (dimension <= Self.greatestResampledDimension ? Self.usualResamples : 0)
  }
}
