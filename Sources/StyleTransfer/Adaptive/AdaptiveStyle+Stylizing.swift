import Experiments
import FeatureNetworks
import Imaging
import NeuralNetworks
import TensorEngine

/// Pictures of any size, in the style of any others. The picture's features are first measured over
/// all tiles, so that each tile is drawn exactly as a part of the whole.
extension AdaptiveStyle: PictureStylizer {
  /// None: any picture can be the style.
  public var learntStyles: [String] { [] }

  /// The least height and width of a picture, in places of the encoder's layer: the decoder mirrors
  /// one at each border.
  private static let leastPlaces = 2

  /// The picture with a mixture of the styles' statistics. A strength below 1 mixes them with the
  /// picture's own (Huang and Belongie 2017, section 7.3).
  public mutating func stylized(
    _ picture: Image, in style: StyleChoice, tile: Int? = nil
  ) throws -> Image {
    guard !style.pictures.isEmpty else {
      throw RunError(.unsuitable, "no picture of a style", hint: "give one or more")
    }
    let shares = try style.shares(of: style.pictures.count, alone: false)
    let stride = programs.layer.stride
    let least = Self.leastPlaces * stride
    for picture in [picture] + style.pictures { try TileSize.check(picture, least: least) }
    var wanted = FeatureStatistics(channels: programs.layer.channels)
    for (share, picture) in zip(shares, style.pictures) {
      wanted.add(try statistics(of: picture, tile: tile), share)
    }

    let picture = picture.converted(to: 3)
    let own = try statistics(of: picture, tile: tile)
    var mixed = FeatureStatistics(channels: programs.layer.channels)
    mixed.add(wanted, Float(style.strength))
    mixed.add(own, Float(1 - style.strength))

    var decoder = programs.decoder
    try decoder.load(workspace.records(), at: "decoder")
    let programs = programs
    let aligned = picture.mirrored(toMultipleOf: stride)
    let grid = try grid(aligned, tile: tile) { height, width in
      try programs.drawing(height: height, width: width, by: decoder)
    }
    let drawing = try context.load(
      programs.drawing(height: grid.height, width: grid.width, by: decoder))
    var drawn = picture
    for tile in grid.tiles {
      try context.stop.check()
      drawing.set("pictures", to: aligned.planarPixels(of: tile, in: grid))
      drawing.set("mean", to: mixed.mean)
      drawing.set("deviation", to: mixed.deviation)
      drawing.set("ownMean", to: own.mean)
      drawing.set("ownDeviation", to: own.deviation)
      drawing.run(step: 0)
      drawn.take(drawing["drawn"].scalars, of: tile, in: grid, strength: 1)
    }
    return drawn
  }

  /// What the encoder sees in a picture.
  private func statistics(of picture: Image, tile: Int?) throws -> FeatureStatistics {
    let (programs, layer) = (programs, programs.layer)
    let aligned = picture.converted(to: 3).mirrored(toMultipleOf: layer.stride)
    let grid = try grid(aligned, tile: tile) { height, width in
      try programs.encoding(height: height, width: width)
    }
    let encoding = try context.load(programs.encoding(height: grid.height, width: grid.width))
    var moments = ChannelMoments(channels: layer.channels)
    for tile in grid.tiles {
      try context.stop.check()
      encoding.set("pictures", to: aligned.planarPixels(of: tile, in: grid))
      encoding.run(step: 0)
      let places = grid.places(of: tile, stride: layer.stride)
      moments.add(encoding["features"], rows: places.rows, columns: places.columns)
    }
    return FeatureStatistics(
      mean: moments.mean,
      deviation: moments.variance.map {
        ($0 + Float(ChannelStatistics.epsilon)).squareRoot()
      })
  }

  private func grid(
    _ picture: Image, tile: Int?, program: (Int, Int) throws -> Program<Float>
  ) throws -> TileGrid {
    let stride = programs.layer.stride
    let margin = (programs.reach + stride - 1) / stride * stride
    return try TileSize.grid(
      picture, tile: tile, margin: margin, alignment: stride, in: context, program: program)
  }
}

/// Numbers of the means and deviations of each channel.
private struct FeatureStatistics {
  var mean: [Float]
  var deviation: [Float]

  init(mean: [Float], deviation: [Float]) {
    (self.mean, self.deviation) = (mean, deviation)
  }

  /// Zeros, to add others to.
  init(channels: Int) {
    mean = [Float](repeating: 0, count: channels)
    deviation = mean
  }

  /// Adds a share of others.
  mutating func add(_ other: FeatureStatistics, _ share: Float) {
    for channel in mean.indices {
      mean[channel] += share * other.mean[channel]
      deviation[channel] += share * other.deviation[channel]
    }
  }
}
