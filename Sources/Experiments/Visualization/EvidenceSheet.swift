import Imaging

/// Images of the test set with maps of what a network sees in them.
extension ClassifyingModel {
  /// Each image above its map and both together; under its name the class and its probability.
  ///
  /// - Parameters:
  ///   - maps: one for each image, of any size; what is below 0 counts as 0.
  ///   - captions: one for each image.
  ///   - share: the share of a map's numbers that are not shown as the lightest; 1 but for the
  ///     greatest.
  public func evidenceSheet(
    of images: [Image], maps: [HeatMap], captions: [String], share: Double = 1
  ) -> Image {
    var rows: [[Image]] = [[], [], []]
    for (image, map) in zip(images, maps) {
      let factor = PictureScale.factor(of: image.width, to: 112)
      let shown = image.scaled(by: factor)
      let high = map.quantile(share)
      let large = map.resized(width: shown.width, height: shown.height)
      rows[0].append(shown.converted(to: 3))
      rows[1].append(large.image(.inferno, from: 0, to: high))
      rows[2].append(large.overlay(on: shown, .inferno, from: 0, to: high))
    }
    var grid = ImageGrid(images: rows.flatMap(\.self), columns: images.count, spacing: 4)
    grid.columnCaptions = captions
    return grid.image()
  }
}
