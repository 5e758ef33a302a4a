import Datasets
import Experiments
import Imaging

extension AdversarialNetwork {
  /// Writes samples: of images a sheet from latent points that stay the same through training, with
  /// classes a column each, and an animation of it; straight ways between latent points; latent
  /// points nearer to 0 and farther; and samples above the training images nearest to them. Of
  /// points a scatter plot.
  public mutating func export(to exports: Exports) throws {
    switch source {
    case .images(let data):
      let samples = try sampleSheet()
      try exports.write(samples, named: "samples")
      try exports.writeFrame(samples, of: "training")
      try exports.write(try interpolationSheet(rows: 6, steps: 10), named: "interpolations")
      try exports.write(try truncationSheet(columns: 10), named: "truncation")
      try exports.write(try nearestSheet(data.train, count: 10), named: "nearest")
      if configuration.condition == .information {
        try exports.write(try codeSheet(columns: 9), named: "codes")
      }
    case .points(let mixture):
      let plot = try pointPlot(mixture, count: 2000)
      try exports.write(plot.image(), named: "samples")
      try exports.write(svg: plot.svg(), named: "samples")
    }
  }

  /// A hundred images; with classes, those of a class below each other.
  private func sampleSheet() throws -> Image {
    let classCount = toldClasses.count
    let columns = classCount == 0 ? 10 : max(2, min(20, classCount))
    let latents = priorLatents(count: 10 * columns, seed: seed).enumerated().map { place, point in
      Array(point[..<plainSize]) + oneHot(place % columns % max(1, classCount))
    }
    return Self.sheet(try decode(latents), columns: columns)
  }

  /// Rows of images on a straight way between two latent points; with classes, a class a row.
  private func interpolationSheet(rows: Int, steps: Int) throws -> Image {
    let ends = priorLatents(count: 2 * rows, seed: seed &+ 1)
    let latents = (0..<rows).flatMap { row in
      let told = oneHot(row % max(1, toldClasses.count))
      return way(
        from: ends[2 * row][..<plainSize] + told, to: ends[2 * row + 1][..<plainSize] + told,
        steps: steps)
    }
    return Self.sheet(try decode(latents), columns: steps)
  }

  /// The same latent points brought nearer to 0, where samples are more alike and often better, and
  /// farther from it (Brock, Donahue and Simonyan, "Large scale GAN training", 2019).
  private func truncationSheet(columns: Int) throws -> Image {
    let points = priorLatents(count: columns, seed: seed)
    let scales: [Float] = [0.25, 0.5, 0.75, 1, 1.5]
    let latents = scales.flatMap { scale in
      points.map { $0[..<plainSize].map { scale * $0 } + $0[plainSize...] }
    }
    var grid = Self.grid(try decode(latents), columns: columns)
    grid.rowCaptions = scales.map { "x \($0)" }
    return grid.image()
  }

  /// One latent point with each value of the code that is one of several, a row each, and each
  /// continuous code from -2 to 2, a block of columns each (Chen et al., "InfoGAN", 2016, figure 2).
  private func codeSheet(columns: Int) throws -> Image {
    let conditioning = programs.conditioning
    let point = Array(priorLatents(count: 1, seed: seed)[0][..<configuration.latentSize])
    let (rows, codes) = (min(10, conditioning.classCount), min(3, conditioning.continuousCount))
    var latents: [[Float]] = []
    for row in 0..<rows {
      for code in 0..<max(1, codes) {
        for column in 0..<columns {
          var values = [Float](repeating: 0, count: conditioning.continuousCount)
          if codes > 0 { values[code] = 4 * Float(column) / Float(columns - 1) - 2 }
          latents.append(point + values + oneHot(row))
        }
      }
    }
    return Self.sheet(try decode(latents), columns: max(1, codes) * columns)
  }

  /// Samples above the training images whose pixels are nearest.
  private func nearestSheet(_ train: ImageSet, count: Int) throws -> Image {
    let samples = try decode(priorLatents(count: count, seed: seed))
    var nearest: [Image] = []
    for sample in samples {
      try stop.check()
      nearest.append(train.image(at: train.nearest(to: sample.planarPixels)))
    }
    var grid = Self.grid(samples + nearest, columns: count)
    grid.rowCaptions = ["sample", "nearest"]
    return grid.image()
  }

  /// Real points and made ones.
  private func pointPlot(_ mixture: PointMixture, count: Int) throws -> ScatterPlot {
    let real = mixture.draw(count, seed: seed, name: "plotted points", index: 0)
    let made = try samples(of: priorLatents(count: count, seed: seed))
    func dots(_ points: [Float], _ index: Int) -> [ScatterPlot.Sample] {
      stride(from: 0, to: points.count, by: 2).map {
        .init(x: Double(points[$0]), y: Double(points[$0 + 1]), classIndex: index)
      }
    }
    return ScatterPlot(
      title: "Real and made points", samples: dots(real, 0) + dots(made, 1),
      classNames: ["real", "made"])
  }
}

extension ImageSet {
  /// The image whose samples, laid out [C, H, W], have the least sum of squared differences.
  fileprivate func nearest(to other: [UInt8]) -> Int {
    var best = (image: 0, distance: Int.max)
    for image in 0..<count {
      var distance = 0
      let start = image * imageSize
      for place in 0..<imageSize {
        let difference = Int(pixels[start + place]) - Int(other[place])
        distance += difference * difference
      }
      if distance < best.distance { best = (image, distance) }
    }
    return best.image
  }
}
