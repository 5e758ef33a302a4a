import Imaging

/// Ways through a latent space that need no encoder.
extension LatentDecoder {
  /// Ways through the latent space, a row each, from one example to another, with the images that they
  /// were encoded from at its ends.
  ///
  /// - Parameter seed: of examples that are points of the prior.
  public mutating func interpolationSheet(
    pairs: [(from: Int, to: Int)], steps: Int, path: LatentPath = .linear, seed: UInt64 = 1
  ) throws -> Image {
    var images: [Image] = []
    for (from, to) in pairs {
      let ends = try examples([from, to], seed: seed)
      let decoded = try decode(
        way(from: ends[0].latent, to: ends[1].latent, steps: steps, path: path))
      images += [ends[0].image].compactMap(\.self) + decoded + [ends[1].image].compactMap(\.self)
    }
    return Self.sheet(images, columns: images.count / max(1, pairs.count))
  }

  /// Latent points from one to another; classes go straight from one to the other.
  public func way(
    from start: [Float], to end: [Float], steps: Int, path: LatentPath = .linear
  ) -> [[Float]] {
    (0..<steps).map { step in
      let share = Float(step) / Float(max(1, steps - 1))
      return path.point(
        from: Array(start[..<plainSize]), to: Array(end[..<plainSize]), at: share)
        + LatentPath.linear.point(
          from: Array(start[plainSize...]), to: Array(end[plainSize...]), at: share)
    }
  }

  /// What changes with each latent number: a row for each, from `-reach` to `reach` around an example,
  /// whose other numbers stay.
  ///
  /// - Parameters:
  ///   - dimensions: nil for those that matter most, `limit` of them.
  ///   - steps: images of a row.
  ///   - seed: of an example that is a point of the prior.
  public mutating func traversalSheet(
    of example: Int, dimensions: [Int]? = nil, limit: Int = 10, steps: Int = 9, reach: Float = 3,
    seed: UInt64 = 1
  ) throws -> Image {
    let traversal = try traversal(
      of: example, dimensions: dimensions, limit: limit, steps: steps, reach: reach, seed: seed)
    var sheet = Self.grid(traversal.rows.flatMap(\.self), columns: steps)
    sheet.rowCaptions = traversal.dimensions.map { "latent \($0)" }
    return sheet.image()
  }

  /// The same as pictures that follow each other, of one image for each latent number: all numbers go from
  /// `-reach` to `reach` and back, so that the last picture is followed by the first.
  public mutating func traversalFrames(
    of example: Int, dimensions: [Int]? = nil, limit: Int = 10, steps: Int = 25, reach: Float = 3,
    seed: UInt64 = 1
  ) throws -> [Image] {
    let traversal = try traversal(
      of: example, dimensions: dimensions, limit: limit, steps: steps, reach: reach, seed: seed)
    let way = Array(0..<steps) + (1..<max(1, steps - 1)).reversed()
    return way.map { step in
      var sheet = Self.grid(
        traversal.rows.map { $0[step] }, columns: min(5, traversal.rows.count))
      // A caption is cut to its column: one row of images can be told by its numbers.
      if traversal.rows.count <= sheet.columns {
        sheet.columnCaptions = traversal.dimensions.map(String.init)
      }
      return sheet.image()
    }
  }

  /// The images of each dimension's row.
  private mutating func traversal(
    of example: Int, dimensions: [Int]?, limit: Int, steps: Int, reach: Float, seed: UInt64
  ) throws -> (dimensions: [Int], rows: [[Image]]) {
    let dimensions = try dimensions ?? Array(usedDimensions().prefix(limit)).sorted()
    let start = try examples([example], seed: seed)[0].latent
    let images = try decode(
      dimensions.flatMap { dimension in
        (0..<steps).map { step in
          var latent = start
          latent[dimension] = reach * (2 * Float(step) / Float(max(1, steps - 1)) - 1)
          return latent
        }
      })
    return (
      dimensions,
      dimensions.indices.map { Array(images[$0 * steps..<($0 + 1) * steps]) }
    )
  }
}
