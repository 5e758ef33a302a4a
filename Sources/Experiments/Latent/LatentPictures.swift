import Imaging
import Randomness

/// Looks into a latent space.
extension LatentDecoder {
  /// Images decoded from the prior, in rows.
  public mutating func sampleSheet(count: Int, columns: Int, seed: UInt64) throws -> Image {
    let images = try sample(count: count, seed: seed)
    return Self.sheet(images, columns: columns)
  }

  /// The plane of two latent dimensions, every point as likely as the others: places are even in
  /// probability and mapped through the inverse normal distribution (Kingma and Welling 2014,
  /// figure 4). The other dimensions are 0. The first dimension runs from left to right, the second
  /// from bottom to top; a latent space of one dimension is a single row.
  ///
  /// - Parameter told: the class that all images are of, where the model is told classes.
  public mutating func latentGrid(
    side: Int, dimensions: (horizontal: Int, vertical: Int) = (0, 1), class told: Int = 0
  ) throws -> Image {
    let places = (0..<side).map {
      Float(NormalDistribution.quantile((Double($0) + 0.5) / Double(side)))
    }
    let origin = [Float](repeating: 0, count: plainSize) + oneHot(told)
    let rows = plainSize > 1 ? places.reversed() : [0]
    let latents = rows.flatMap { vertical in
      places.map { horizontal in
        var latent = origin
        if plainSize > 1 { latent[dimensions.vertical] = vertical }
        latent[dimensions.horizontal] = horizontal
        return latent
      }
    }
    return Self.sheet(try decode(latents), columns: side, spacing: 0)
  }

  /// Images in rows.
  public static func sheet(_ images: [Image], columns: Int, spacing: Int = 2) -> Image {
    grid(images, columns: columns, spacing: spacing).image()
  }

  /// Small images are shown larger, pixel by pixel.
  public static func grid(_ images: [Image], columns: Int, spacing: Int = 2) -> ImageGrid {
    ImageGrid(
      images: images, columns: columns, spacing: spacing,
      scale: (images.first?.width ?? 64) <= 32 ? 2 : 1)
  }
}

extension LatentModel {
  /// Images of the test set above what is left of them after encoding and decoding.
  public mutating func reconstructionSheet(count: Int) throws -> Image {
    let count = min(count, testCount)
    let decoded = try decode(try encode(0..<count))
    var sheet = try Self.grid((0..<count).map { try testImage($0) } + decoded, columns: count)
    sheet.rowCaptions = ["test", "model"]
    return sheet.image()
  }

  /// Where the test set lies in two latent dimensions, coloured by class.
  ///
  /// - Parameters:
  ///   - limit: images at most.
  ///   - dimensions: nil for the two that the encoder uses most.
  public mutating func latentMap(
    limit: Int = 10_000, dimensions: (horizontal: Int, vertical: Int)? = nil
  ) throws -> ScatterPlot {
    let latents = try encode(0..<min(limit, testCount))
    let dimensions = dimensions ?? Self.mostUsedDimensions(of: latents, size: plainSize)
    return ScatterPlot(
      title: "The test set in latent space", horizontalLabel: "latent \(dimensions.horizontal)",
      verticalLabel: plainSize > 1 ? "latent \(dimensions.vertical)" : "",
      samples: latents.enumerated().map { index, latent in
        ScatterPlot.Sample(
          x: Double(latent[dimensions.horizontal]),
          y: plainSize > 1 ? Double(latent[dimensions.vertical]) : 0,
          classIndex: testLabel(index))
      },
      classNames: classNames)
  }

  /// The two dimensions in which latent points differ most (greatest variance), the lower one
  /// horizontal. Where the encoder leaves a dimension to the prior, all posterior means are alike.
  private static func mostUsedDimensions(
    of latents: [[Float]], size: Int
  ) -> (horizontal: Int, vertical: Int) {
    let chosen = dimensionsByUse(of: latents, size: size).prefix(2).sorted()
    return (chosen[0], chosen[chosen.count - 1])
  }
}
