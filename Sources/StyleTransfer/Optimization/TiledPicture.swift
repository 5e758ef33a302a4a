import Experiments
import TensorEngine

/// A picture at a scale, looked at by tiles: what the losses and their gradient are, exactly as if it
/// were looked at as a whole. First every tile tells what it adds to the Gram matrices; with these
/// known, the loss of style has a gradient by each, through which every tile finds the gradient of its
/// own pixels. Memory is needed for one tile, and a few times for the picture itself.
struct TiledPicture {
  private let scale: PictureScale
  private let grid: TileGrid
  private let configuration: StyleConfiguration
  private let styleLayers: [String]
  private let strides: [Int]
  private let grams: LoadedProgram<Float>?
  private let gradient: LoadedProgram<Float>
  private let variation: LoadedProgram<Float>?
  private let update: LoadedProgram<Float>
  /// The content at this scale, [3, H, W].
  private var content: [Float] = []
  /// The squared size of the content's features, by layers.
  private var contentSizes: [String: Float] = [:]
  /// The Gram matrices of each style, by layers.
  private var targets: [[String: [Float]]] = []

  /// Its programs, as they are to be loaded: the order is that of `init(loaded:)`.
  static func programs(
    _ programs: PicturePrograms, _ scale: PictureScale, _ grid: TileGrid
  ) throws -> [(String, Program<Float>)] {
    let size = "\(grid.width)x\(grid.height)"
    var named = [("gradient of a tile of \(size)", try programs.tileGradient(grid))]
    named.append(("update at \(scale.width)x\(scale.height)", try programs.adamUpdate(scale)))
    if programs.hasStyle {
      named.append(("Gram matrices of a tile of \(size)", try programs.tileGrams(grid)))
    }
    if programs.configuration.variationWeight > 0 {
      named.append(
        ("variation at \(scale.width)x\(scale.height)", try programs.variation(scale)))
    }
    return named
  }

  init(
    loaded: [LoadedProgram<Float>], _ programs: PicturePrograms, _ scale: PictureScale,
    _ grid: TileGrid
  ) {
    (self.scale, self.grid) = (scale, grid)
    (configuration, strides) = (programs.configuration, programs.strides)
    styleLayers = programs.hasStyle ? programs.styleLayers : []
    (gradient, update) = (loaded[0], loaded[1])
    grams = programs.hasStyle ? loaded[2] : nil
    variation = configuration.variationWeight > 0 ? loaded[loaded.count - 1] : nil
  }

  // MARK: Targets

  /// Takes over the content, [3, H, W], and the sizes of its features that `sizes` adds up.
  mutating func prepare(
    content: [Float], sizes: LoadedProgram<Float>, _ stop: StopRequest
  ) throws {
    self.content = content
    for tile in grid.tiles {
      try stop.check()
      sizes.set("content", to: grid.window(of: tile, in: content))
      setCores(of: tile, grid, in: sizes)
      sizes.run(step: 0)
      for layer in sizes.program.outputNames {
        contentSizes[layer, default: 0] += sizes.scalar(layer)
      }
    }
  }

  /// Adds a style, [3, H, W] with tiles of its own.
  mutating func add(
    style: [Float], _ grid: TileGrid, grams: LoadedProgram<Float>, _ stop: StopRequest
  ) throws {
    targets.append(try matrices(of: style, grid, grams, stop))
  }

  /// The Gram matrices of a picture by layers.
  private func matrices(
    of values: [Float], _ grid: TileGrid, _ grams: LoadedProgram<Float>, _ stop: StopRequest
  ) throws -> [String: [Float]] {
    var sums: [String: [Float]] = [:]
    for tile in grid.tiles {
      try stop.check()
      grams.set("picture", to: grid.window(of: tile, in: values))
      setCores(of: tile, grid, in: grams)
      grams.run(step: 0)
      for layer in styleLayers {
        let part = grams[layer].scalars
        sums[layer] = sums[layer].map { zip($0, part).map { $0 + $1 } } ?? part
      }
    }
    return sums
  }

  private func setCores(of tile: TileGrid.Tile, _ grid: TileGrid, in program: LoadedProgram<Float>)
  {
    for stride in strides where program.program.inputNames.contains("core\(stride)") {
      program.set("core\(stride)", to: grid.coreValues(of: tile, stride: stride))
    }
  }

  // MARK: Losses

  /// The losses of a picture [3, H, W] and the gradient of their weighted sum.
  func losses(
    of values: [Float], _ stop: StopRequest
  ) throws -> (metrics: Metrics, gradient: [Float]) {
    var style = 0.0
    var cotangents: [String: [Float]] = [:]
    if let grams {
      let own = try matrices(of: values, grid, grams, stop)
      (style, cotangents) = styleDistance(own)
    }
    var content = 0.0
    var sum = [Float](repeating: 0, count: values.count)
    for tile in grid.tiles {
      try stop.check()
      gradient.set("picture", to: grid.window(of: tile, in: values))
      if !self.content.isEmpty {
        gradient.set("content", to: grid.window(of: tile, in: self.content))
        for (layer, size) in contentSizes { gradient.set("size.\(layer)", to: [max(size, 1e-12)]) }
      }
      for (layer, cotangent) in cotangents { gradient.set("cotangent.\(layer)", to: cotangent) }
      setCores(of: tile, grid, in: gradient)
      gradient.run(step: 0)
      if !self.content.isEmpty { content += Double(gradient.scalar("content")) }
      grid.add(gradient["gradient"].scalars, of: tile, to: &sum)
    }
    var parts: [(String, Double, weight: Double)] = []
    if !self.content.isEmpty { parts.append(("content", content, configuration.contentWeight)) }
    if grams != nil { parts.append(("style", style, configuration.styleWeight)) }
    if let variation {
      variation.set("picture", to: values)
      variation.run(step: 0)
      let value = Double(variation.scalar("variation"))
      parts.append(("variation", value, configuration.variationWeight))
      sum = zip(sum, variation["gradient"].scalars).map { $0 + $1 }
    }
    var metrics: Metrics = ["loss": parts.reduce(0) { $0 + $1.weight * $1.1 }]
    for (name, value, _) in parts { metrics.append(name, value) }
    return (metrics, sum)
  }

  /// The distance of Gram matrices from the styles', and the gradient of the weighted distance by
  /// each matrix.
  private func styleDistance(_ own: [String: [Float]]) -> (Double, [String: [Float]]) {
    var distance = 0.0
    var cotangents: [String: [Float]] = [:]
    for (layer, layerShare) in zip(styleLayers, configuration.features.chosenShares) {
      guard let gram = own[layer] else { continue }
      var cotangent = [Float](repeating: 0, count: gram.count)
      for (target, styleShare) in zip(targets, configuration.shares) {
        guard let target = target[layer] else { continue }
        let size = max(target.reduce(0) { $0 + Double($1) * Double($1) }, 1e-12)
        let share = layerShare * styleShare / size
        let scale = Float(2 * configuration.styleWeight * share)
        var square = 0.0
        for place in gram.indices {
          let difference = gram[place] - target[place]
          square += Double(difference) * Double(difference)
          cotangent[place] += scale * difference
        }
        distance += share * square
      }
      cotangents[layer] = cotangent
    }
    return (distance, cotangents)
  }

  /// Has Adam change the picture's state by a gradient.
  func step(_ number: Int, gradient: [Float]) {
    update.set("gradient", to: gradient)
    update.run(step: number)
  }
}
