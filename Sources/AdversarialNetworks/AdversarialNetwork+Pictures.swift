import Experiments
import Imaging

extension AdversarialNetwork {
  /// Writes samples: of images a sheet from latent points that stay the same through training, with
  /// classes a row each, and straight ways between latent points; of points a scatter plot.
  public mutating func export(to exports: Exports) throws {
    switch source {
    case .images:
      try exports.write(try sampleSheet(), named: "samples")
      try exports.write(try interpolationSheet(rows: 6, steps: 10), named: "interpolations")
    case .points(let mixture):
      let plot = try pointPlot(mixture, count: 2000)
      try exports.write(plot.image(), named: "samples")
      try exports.write(svg: plot.svg(), named: "samples")
    }
  }

  /// A hundred images; with classes, those of a class below each other.
  private func sampleSheet() throws -> Image {
    let columns = configuration.condition == .none ? 10 : max(2, min(20, source.classNames.count))
    return Self.sheet(
      try images(of: latents(count: 10 * columns, seed: seed)), columns: columns)
  }

  /// Rows of images on a straight way between two latent points; with classes, a class a row.
  private func interpolationSheet(rows: Int, steps: Int) throws -> Image {
    let size = configuration.latentSize
    let ends = latents(count: 2 * rows, seed: seed &+ 1)
    var points: [Float] = []
    var classes: [Int32] = []
    for row in 0..<rows {
      for step in 0..<steps {
        let share = Float(step) / Float(steps - 1)
        for place in 0..<size {
          let (from, to) = (ends[2 * row * size + place], ends[(2 * row + 1) * size + place])
          points.append((1 - share) * from + share * to)
        }
        classes.append(Int32(row % max(1, source.classNames.count)))
      }
    }
    return Self.sheet(try images(of: points, classes: classes), columns: steps)
  }

  /// Real points and made ones.
  private func pointPlot(_ mixture: PointMixture, count: Int) throws -> ScatterPlot {
    let real = mixture.draw(count, seed: seed, name: "plotted points", index: 0)
    let made = try samples(of: latents(count: count, seed: seed))
    func dots(_ points: [Float], _ index: Int) -> [ScatterPlot.Sample] {
      stride(from: 0, to: points.count, by: 2).map {
        .init(x: Double(points[$0]), y: Double(points[$0 + 1]), classIndex: index)
      }
    }
    return ScatterPlot(
      title: "Real and made points", samples: dots(real, 0) + dots(made, 1),
      classNames: ["real", "made"])
  }

  private static func sheet(_ images: [Image], columns: Int) -> Image {
    ImageGrid(
      images: images, columns: columns, spacing: 2,
      scale: (images.first?.width ?? 64) <= 32 ? 2 : 1
    ).image()
  }
}
