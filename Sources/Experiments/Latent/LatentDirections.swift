import Imaging

/// What directions in a latent space are found by.
public enum LatentDirections {
  /// Images of the test set, from the first on, that means and neighbours are of.
  public static let comparedImages = 10_000
}

/// Directions in a latent space, by images of the test set.
extension LatentModel {
  /// Images of the test set that are moved from one class towards another: by the difference of the mean
  /// latent points of both classes (Larsen et al. 2016, section 4.1: visual attribute vectors). The
  /// first column is the image itself, the last one is moved by `reach` differences.
  ///
  /// - Parameters:
  ///   - from: a class with images among the first `limit` of the test set.
  ///   - to: another one.
  public mutating func attributeSheet(
    from: Int, to: Int, count: Int, steps: Int, reach: Float = 1,
    limit: Int = LatentDirections.comparedImages
  ) throws -> Image {
    let latents = try encode(0..<min(limit, testCount))
    let direction = zip(meanLatent(of: to, in: latents), meanLatent(of: from, in: latents)).map(-)
    var images: [Image] = []
    for place in latents.indices.filter({ testLabel($0) == from }).prefix(count) {
      images.append(try testImage(place))
      images += try decode(
        (0..<steps).map { step in
          let share = reach * Float(step) / Float(max(1, steps - 1))
          return zip(latents[place], direction).map { $0 + share * $1 }
        })
    }
    return Self.sheet(images, columns: steps + 1)
  }

  /// Images of the test set, each before those whose latent points are nearest to its own.
  public mutating func neighbourSheet(
    of testImages: [Int], count: Int, limit: Int = LatentDirections.comparedImages
  ) throws -> Image {
    let latents = try encode(0..<min(limit, testCount))
    var images: [Image] = []
    for place in testImages {
      let own = try place < latents.count ? latents[place] : encode(place..<place + 1)[0]
      let distances = latents.map { other in
        zip(own, other).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
      let nearest = distances.indices.filter { $0 != place }
        .sorted { (distances[$0], $0) < (distances[$1], $1) }.prefix(count)
      images.append(try testImage(place))
      images += try nearest.map { try testImage($0) }
    }
    return Self.sheet(images, columns: count + 1)
  }

  /// A is to B as C is to what? Rows of three images and of what is at C + B - A (Mikolov et al.,
  /// "Linguistic regularities in continuous space word representations", 2013; of images Radford et al.
  /// 2016, section 6.3.2), with the reconstruction of C before it to compare with.
  ///
  /// - Parameters:
  ///   - rows: A, B and C each.
  ///   - limit: images of the test set that the means of classes are of.
  public mutating func analogySheet(
    _ rows: [(a: AnalogyTerm, b: AnalogyTerm, c: AnalogyTerm)],
    limit: Int = LatentDirections.comparedImages
  ) throws -> Image {
    let terms = rows.flatMap { [$0.a, $0.b, $0.c] }
    let needsMeans = terms.contains { if case .classMean = $0 { true } else { false } }
    let latents = needsMeans ? try encode(0..<min(limit, testCount)) : []
    var images: [Image] = []
    for row in rows {
      var points: [[Float]] = []
      for term in [row.a, row.b, row.c] {
        switch term {
        case .testImage(let place):
          points.append(try encode(place..<place + 1)[0])
          images.append(try testImage(place))
        case .classMean(let label):
          points.append(meanLatent(of: label, in: latents))
          images += try decode(points.suffix(1))
        }
      }
      let answer = points[2].indices.map { points[2][$0] + points[1][$0] - points[0][$0] }
      images += try decode([points[2], answer])
    }
    var sheet = Self.grid(images, columns: 5)
    sheet.columnCaptions = ["A", "B", "C", "C again", "?"]
    return sheet.image()
  }
}

/// What an analogy is made of.
public enum AnalogyTerm: Sendable, Hashable {
  /// An image of the test set, by its place.
  case testImage(Int)
  /// The mean latent point of the images of a class.
  case classMean(Int)
}
