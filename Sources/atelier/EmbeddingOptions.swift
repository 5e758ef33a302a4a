import ArgumentParser
import Experiments
import FileFormats
import Measures

/// How points of many numbers are brought into a plane.
enum EmbeddingMethod: String, ExpressibleByArgument, CaseIterable {
  /// The plane of the two principal components.
  case pca
  /// t-distributed stochastic neighbour embedding.
  case tsne

  /// What people call it.
  var title: String { self == .pca ? "PCA" : "t-SNE" }
}

/// Which images a map is made of, and how.
struct EmbeddingOptions: ParsableArguments {
  /// Images of a map unless another number is given.
  private static let usualCount = 2000

  @Option(
    name: .long,
    help: ArgumentHelp(
      "tsne keeps neighbours together, pca shows the plane of the greatest variance; tsne unless given.",
      valueName: "method"))
  var method: EmbeddingMethod?

  @Option(
    name: .long,
    help: ArgumentHelp("Test images that are looked at; 2000 unless given.", valueName: "n"))
  var images: Int?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Of tsne: about how many neighbours each point has; 30 unless given.", valueName: "x"))
  var perplexity: Double?

  @Option(
    name: .long,
    help: ArgumentHelp("Of tsne: steps of the descent; 1000 unless given.", valueName: "n"))
  var iterations: Int?

  func validate() throws {
    if let images {
      try requireCount(images, named: "--images", in: 2...NeighbourProbabilities.greatestCount)
    }
    if let iterations { try requireCount(iterations, named: "--iterations", in: 1...100_000) }
    if let perplexity, !(perplexity >= 1 && perplexity <= 1000) {
      throw ValidationError("--perplexity \(perplexity) is not in 1...1000.")
    }
    if method == .pca, perplexity != nil || iterations != nil {
      let option = perplexity != nil ? "--perplexity" : "--iterations"
      throw ValidationError("\(option) belongs to --method tsne.")
    }
  }

  /// Test images that are looked at, of so many.
  func count(of available: Int) -> Int { min(images ?? Self.usualCount, available) }

  /// Makes the map of points, one for each of the first images of a test set.
  ///
  /// - Parameter points: [count][numbers], all of one length.
  func map(
    _ points: [[Float]], of model: some TestImageModel, named space: String, threads: Int
  ) throws -> EmbeddingMap {
    guard points.count >= 2, let width = points.first?.count else {
      throw RunError(.unsuitable, "\(points.count) test images are no map: it needs 2")
    }
    do {
      let table = try FeatureTable(
        points.flatMap(\.self), count: points.count, dimension: width)
      var map: EmbeddingMap
      switch method ?? .tsne {
      case .pca:
        let (places, components) = try PrincipalComponents.plane(of: table)
        let shares = components.variances.map {
          components.totalVariance > 0 ? $0 / components.totalVariance : 0
        }
        map = try EmbeddingMap(method: .pca, places: places, model: model)
        map.labels = shares.enumerated().map { place, share in
          "component \(place + 1), \(Int((100 * share).rounded())) % of the variance"
        }
        map.facts = [.init("varianceShares", .array(shares.map { .number($0) }))]
      case .tsne:
        let found = try TSNE(perplexity: perplexity, iterations: iterations ?? 1000)
          .map(table, threads: threads)
        map = try EmbeddingMap(method: .tsne, places: found.points, model: model)
        map.facts = [
          .init("perplexity", .number(found.perplexity)),
          .init("divergence", .number(found.divergence)),
        ]
      }
      map.title = "\((method ?? .tsne).title) of \(points.count) test images, \(space)"
      return map
    } catch MeasureError.perplexity(let perplexity, let most) {
      throw ValidationError(
        "--perplexity \(perplexity) is too great for \(points.count) images: at most "
          + "\(Quantity.measure(most)).")
    } catch let error as MeasureError {
      throw RunError(.unsuitable, "the points have no map: \(error.description)")
    }
  }
}
