import Experiments
import Imaging
import NeuralNetworks
import TensorEngine

/// Pictures of any size. The norms' statistics are those of the whole picture: where it is drawn by
/// tiles, each norm's are first summed over all tiles, norm after norm, so that a tile is drawn
/// exactly as a part of the whole. That takes about as many passes as half the number of norms.
extension FastStyle: PictureStylizer {
  /// The pictures that were learnt, as they were named.
  public var learntStyles: [String] { styles.map(\.name) }

  /// The picture, drawn in a mixture of the styles. A strength below 1 mixes it with the picture.
  public mutating func stylized(
    _ picture: Image, in style: StyleChoice, tile: Int? = nil
  ) throws -> Image {
    guard style.pictures.isEmpty else {
      throw RunError(
        .unsuitable, "this run has learnt its styles and takes no pictures of others",
        hint: "choose among \(learntStyles.joined(separator: ", ")) by weights")
    }
    let shares = try style.shares(of: styles.count, alone: true)
    var network = programs.network
    try network.load(workspace.records(), at: "transform")
    try TileSize.check(picture, least: network.leastExtent)
    let drawing = TransformDrawing(
      network: network, picture: picture.converted(to: 3), styles: shares, context: context)
    return try drawing.draw(tile: tile, strength: Float(style.strength))
  }
}

/// A picture that a transform network draws, whole or by tiles.
struct TransformDrawing {
  private let network: TransformNetwork
  private let picture: Image
  /// `picture` with mirrored borders, so that its sides are multiples of the network's alignment.
  private let aligned: Image
  private let styles: [Float]
  private let context: RunContext

  /// - Parameter styles: what each style counts for.
  init(network: TransformNetwork, picture: Image, styles: [Float], context: RunContext) {
    self.network = network
    self.picture = picture
    self.styles = styles
    self.context = context
    aligned = picture.mirrored(toMultipleOf: network.alignment)
  }

  /// The mean and the variance of each channel at one norm.
  private typealias Statistics = (mean: [Float], variance: [Float])

  func draw(tile: Int?, strength: Float) throws -> Image {
    let grid = try TileSize.grid(
      aligned, tile: tile, margin: network.reach, alignment: network.alignment, in: context
    ) { height, width in
      // Of a whole picture the norms take their own statistics.
      try program(height: height, width: width, statistics: 0).program
    }
    var statistics: [Statistics] = []
    if grid.tiles.count > 1 {
      for norm in network.normChannels.indices {
        statistics.append(try measured(norm, grid, statistics))
      }
    }
    let drawing = try context.load(
      program(height: grid.height, width: grid.width, statistics: statistics.count).program)
    var drawn = picture
    for tile in grid.tiles {
      try context.stop.check()
      run(drawing, tile, grid, statistics)
      drawn.take(drawing["drawn"].scalars, of: tile, in: grid, strength: strength)
    }
    return drawn
  }

  /// What a norm meets in the whole picture, those before it being known.
  private func measured(
    _ norm: Int, _ grid: TileGrid, _ statistics: [Statistics]
  ) throws -> Statistics {
    let (program, strides) = try program(
      height: grid.height, width: grid.width, statistics: norm, upTo: norm)
    let measuring = try context.load(program)
    var moments = ChannelMoments(channels: network.normChannels[norm])
    for tile in grid.tiles {
      try context.stop.check()
      run(measuring, tile, grid, statistics)
      let places = grid.places(of: tile, stride: strides[norm])
      moments.add(measuring["features"], rows: places.rows, columns: places.columns)
    }
    return (moments.mean, moments.variance)
  }

  /// The network on a window.
  ///
  /// - Parameters:
  ///   - statistics: of how many norms they are given.
  ///   - norm: gives what enters this norm in place of what is drawn.
  /// - Returns: also the pixels from one place to the next at each norm.
  private func program(
    height: Int, width: Int, statistics: Int, upTo norm: Int? = nil
  ) throws -> (program: Program<Float>, strides: [Int]) {
    let graph = Graph()
    let bound = graph.bind(network, as: "transform")
    func given(_ name: String) -> [Tensor] {
      network.normChannels.prefix(statistics).enumerated().map { place, channels in
        graph.input("\(name)\(place)", shape: [1, channels, 1, 1])
      }
    }
    let traced = bound.traced(
      graph.pictures(1, height: height, width: width),
      styles: graph.input("styles", shape: [1, styles.count]),
      statistics: zip(given("mean"), given("variance")).map { (mean: $0, variance: $1) })
    let outputs =
      norm.map { ["features": traced.normInputs[$0]] }
      ?? ["drawn": TransformNetwork.bounded(traced.result)]
    return (try graph.compile(outputs), traced.normInputs.map { height / $0.shape[2] })
  }

  private func run(
    _ program: LoadedProgram<Float>, _ tile: TileGrid.Tile, _ grid: TileGrid,
    _ statistics: [Statistics]
  ) {
    let names = Set(program.program.inputNames)
    program.set("pictures", to: aligned.planarPixels(of: tile, in: grid))
    // The first norm's input does not depend on the styles.
    if names.contains("styles") { program.set("styles", to: styles) }
    for (place, numbers) in statistics.enumerated() where names.contains("mean\(place)") {
      program.set("mean\(place)", to: numbers.mean)
      program.set("variance\(place)", to: numbers.variance)
    }
    program.run(step: 0)
  }
}

extension Image {
  /// Takes over a tile's core from what was drawn of its window, [3, height, width] in 0 ... 1, mixed
  /// with what is there. What lies beyond the image is left out.
  mutating func take(
    _ drawn: [Float], of tile: TileGrid.Tile, in grid: TileGrid, strength: Float
  ) {
    for y in tile.rows.clamped(to: 0..<height) {
      for x in tile.columns.clamped(to: 0..<width) {
        for channel in 0..<3 {
          let place = (channel * grid.height + y - tile.y) * grid.width + x - tile.x
          let old = Float(self[x, y, channel]) / 255
          // What is not a number is black.
          let new = drawn[place] > 0 ? min(drawn[place], 1) : 0
          let value = old + strength * (new - old)
          self[x, y, channel] = UInt8((value * 255).rounded())
        }
      }
    }
  }
}
