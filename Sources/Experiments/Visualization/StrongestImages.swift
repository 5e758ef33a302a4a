import Imaging
import TensorEngine

/// An image of the test set and how strongly a channel answers to it.
public struct ChannelAnswer: Sendable, Hashable {
  /// The image's place in the test set.
  public let image: Int
  /// The channel's greatest number over the image's pixels, or the unit's.
  public let activation: Float
}

/// Which images of the test set channels answer to most (Zeiler and Fergus 2014, figure 2).
extension ClassifyingModel {
  /// Images that are looked at together.
  private var searchBatch: Int { 100 }

  /// For each channel of a layer the images it answers to most strongly, the strongest first.
  ///
  /// - Parameters:
  ///   - count: images for each channel, at least 1.
  ///   - limit: images of the test set that are looked at, from the first on.
  public func strongestImages(
    of layer: VisibleLayer, count: Int, limit: Int
  ) throws -> [[ChannelAnswer]] {
    precondition(count >= 1 && limit >= 1, "no images")
    let view = NetworkView(self, batch: searchBatch)
    let result = view.result(of: layer)
    let program = try load(
      ["answers": layer.hasPixels ? result.max(axes: [2, 3]) : result], of: view)
    let images = min(limit, testCount)
    var answers = [[ChannelAnswer]](repeating: [], count: layer.channels)
    for start in stride(from: 0, to: images, by: searchBatch) {
      let here = min(searchBatch, images - start)
      program.set(
        "images",
        to: try (0..<searchBatch).flatMap { try testImage(start + min($0, here - 1)).planarShares })
      program.run(step: 0)
      let values = program["answers"].scalars
      for channel in answers.indices {
        answers[channel] += (0..<here).map {
          ChannelAnswer(image: start + $0, activation: values[$0 * layer.channels + channel])
        }
      }
    }
    return answers.map { answers in
      Array(
        answers.sorted { (-$0.activation, $0.image) < (-$1.activation, $1.image) }.prefix(count))
    }
  }

  /// The images that channels answer to most, a row for each channel, in columns of sixteen rows.
  ///
  /// - Parameter answers: of all channels of the layer.
  public func strongestSheet(
    _ answers: [[ChannelAnswer]], of layer: VisibleLayer, channels: [Int]
  ) throws -> Image {
    let rows = 16
    let columns = try stride(from: 0, to: channels.count, by: rows).map { start in
      let here = channels[start..<min(start + rows, channels.count)]
      let images = try here.flatMap { try answers[$0].map { try testImage($0.image) } }
      var grid = ImageGrid(
        images: images, columns: answers[0].count,
        scale: PictureScale.factor(of: images[0].width, to: 42))
      grid.rowCaptions = here.map(String.init)
      return grid.image()
    }
    let whole = ImageStack(columns, axis: .horizontal).image()
    return ImageStack(
      [whole], axis: .vertical,
      captions: ["\(layer.path) \(layer.kind): the test images each channel answers to most"]
    ).image()
  }
}
