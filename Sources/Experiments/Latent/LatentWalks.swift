import Imaging
import RealModule

/// Ways through a latent space.
extension LatentModel {
  /// What changes with each latent number: a row for each, from `-reach` to `reach` around the latent
  /// point of an image of the test set, whose other numbers stay.
  ///
  /// - Parameters:
  ///   - dimensions: nil for those that the encoder uses most, `limit` of them.
  ///   - steps: images of a row.
  public mutating func traversalSheet(
    of testImage: Int, dimensions: [Int]? = nil, limit: Int = 10, steps: Int = 9, reach: Float = 3
  ) throws -> Image {
    let dimensions = try dimensions ?? Array(usedDimensions().prefix(limit)).sorted()
    let start = try encode(testImage..<testImage + 1)[0]
    let images = try decode(
      dimensions.flatMap { dimension in
        (0..<steps).map { step in
          var latent = start
          latent[dimension] = reach * (2 * Float(step) / Float(max(1, steps - 1)) - 1)
          return latent
        }
      })
    var sheet = Self.grid(images, columns: steps)
    sheet.rowCaptions = dimensions.map { "latent \($0)" }
    return sheet.image()
  }

  /// Images of the test set that are moved from one class towards another: by the difference of the mean
  /// latent points of both classes (Larsen et al. 2016, section 4.1: visual attribute vectors). The
  /// first column is the image itself, the last one is moved by `reach` differences.
  ///
  /// - Parameters:
  ///   - from: a class with images in the test set.
  ///   - to: another one.
  public mutating func attributeSheet(
    from: Int, to: Int, count: Int, steps: Int, reach: Float = 1, limit: Int = 10_000
  ) throws -> Image {
    let latents = try encode(0..<min(limit, testCount))
    func mean(_ label: Int) -> [Float] {
      let members = latents.indices.filter { testLabel($0) == label }
      return (0..<latentSize).map { number in
        members.reduce(0) { $0 + latents[$1][number] } / Float(max(1, members.count))
      }
    }
    let direction = zip(mean(to), mean(from)).map(-)
    var images: [Image] = []
    for place in latents.indices.filter({ testLabel($0) == from }).prefix(count) {
      images.append(testImage(place))
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
    of testImages: [Int], count: Int, limit: Int = 10_000
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
      images.append(testImage(place))
      images += nearest.map { testImage($0) }
    }
    return Self.sheet(images, columns: count + 1)
  }

  /// The latent dimensions, those in which the latent points of the test set vary most first.
  public mutating func usedDimensions(limit: Int = 2000) throws -> [Int] {
    let latents = try encode(0..<min(limit, testCount))
    return Self.dimensionsByUse(of: latents, size: latentSize)
  }
}

/// The way between two latent points.
public enum LatentPath: Sendable {
  /// Straight on.
  case linear
  /// On the great circle, so that points in between are as far from 0 as points of the prior (White,
  /// "Sampling generative networks", 2016).
  case spherical

  /// The point at a share 0 ... 1 of the way.
  func point(from start: [Float], to end: [Float], at share: Float) -> [Float] {
    var weights = (1 - share, share)
    if self == .spherical {
      func product(_ a: [Float], _ b: [Float]) -> Double {
        zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      }
      let lengths = (product(start, start) * product(end, end)).squareRoot()
      let cosine = lengths > 0 ? min(1, max(-1, product(start, end) / lengths)) : 1
      let angle = Double.acos(cosine)
      // Points in one direction, or opposite ones, have no circle of their own.
      if Double.sin(angle) > 1e-6 {
        weights = (
          Float(.sin((1 - Double(share)) * angle) / .sin(angle)),
          Float(.sin(Double(share) * angle) / .sin(angle))
        )
      }
    }
    return zip(start, end).map { weights.0 * $0 + weights.1 * $1 }
  }
}
