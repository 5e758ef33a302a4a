import Imaging
import TensorEngine

/// What the channels of layers make of an image: feature maps.
extension ClassifyingModel {
  /// The channels' maps of one image, layer by layer.
  ///
  /// - Parameter layers: with pixels.
  public func activationMaps(of image: Image, at layers: [VisibleLayer]) throws -> [[HeatMap]] {
    let view = NetworkView(self, batch: 1)
    let results = layers.map { (name: $0.path, tensor: view.result(of: $0)) }
    let program = try load(
      Dictionary(results, uniquingKeysWith: { first, _ in first }), of: view)
    program.set("images", to: image.planarShares)
    program.run(step: 0)
    return layers.map { layer in
      precondition(layer.hasPixels, "\(layer.path) has no pixels")
      let (height, width) = (layer.shape[1], layer.shape[2])
      let values = program[layer.path].scalars
      return (0..<layer.channels).map { channel in
        let start = channel * height * width
        return HeatMap(
          width: width, height: height, values: Array(values[start..<start + height * width]))
      }
    }
  }

  /// An image of the test set above the feature maps that layers make of it, as dark as 0 or the
  /// layer's least and as light as the greatest of the map; a map that hardly differs from 0 beside
  /// the layer's greatest stays dark.
  public func activationSheet(of testImage: Int, at layers: [VisibleLayer]) throws -> Image {
    let image = try self.testImage(testImage)
    let maps = try activationMaps(of: image, at: layers)
    var parts = [image.scaled(by: PictureScale.factor(of: image.width, to: 112))]
    var captions = ["test image \(testImage): \(classNames[testLabel(testImage)])"]
    for (layer, maps) in zip(layers, maps) {
      let greatest = maps.map { $0.range.high }.max() ?? 0
      let pictures = maps.map { map in
        let (low, high) = map.range
        return map.image(
          .viridis, from: min(low, 0), to: max(high, Self.leastShare * greatest))
      }
      let grid = ImageGrid(
        images: pictures, columns: Self.columns(of: pictures.count), spacing: 2,
        scale: PictureScale.factor(of: layer.shape[2], to: 56))
      parts.append(grid.image())
      captions.append(
        "\(layer.path) \(layer.kind): " + layer.shape.map(String.init).joined(separator: " x "))
    }
    return ImageStack(parts, axis: .vertical, captions: captions).image()
  }

  /// Of the greatest number of a layer, what a map must have so as to be shown light.
  private static var leastShare: Float { 0.02 }

  /// Maps a row: sixteen, or fewer where there are few.
  private static func columns(of count: Int) -> Int { min(count, 16) }
}

/// How much larger small images are shown, pixel by pixel.
enum PictureScale {
  /// The factor that makes a side at least about so many pixels.
  static func factor(of side: Int, to pixels: Int) -> Int { max(1, (pixels + side / 2) / side) }
}
