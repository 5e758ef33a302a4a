import Imaging
import Randomness
import TensorEngine

/// How pictures are made that excite channels.
public struct ChannelPictureOptions: Sendable, Hashable {
  /// Steps of the ascent.
  public var steps = 192
  /// How far a pixel goes in a step, root mean square; black to white is 1.
  public var stepSize = 0.03
  /// The share of its contrast that a picture loses at each step, so that only what the channel asks
  /// for again and again stays.
  public var decay = 0.02
  /// Pixels, at most, that the picture is moved before each step.
  public var jitter = 2
  /// The seed of the noise at first and of the moves.
  public var seed: UInt64 = 0

  /// The defaults.
  public init() {}
}

/// Pictures that a network's channels answer to most, by gradient ascent from noise (Erhan et al.,
/// "Visualizing higher-layer features of a deep network", 2009; regularised as in Olah, Mordvintsev and
/// Schubert, "Feature visualization", Distill 2017: moves, smoothed gradients, decay).
///
/// Differs from the paper: pixels are changed themselves, not their Fourier transform; gradients are
/// smoothed by a binomial filter and brought to one size.
extension ClassifyingModel {
  /// Channels that are looked at together.
  private var channelBatch: Int { 32 }

  /// A picture for each channel, of the test images' size.
  ///
  /// - Parameters:
  ///   - channels: of the layer.
  ///   - layer: the mean over the pixels of a channel is made great, or a unit itself.
  public func channelPictures(
    _ channels: [Int], of layer: VisibleLayer, _ options: ChannelPictureOptions = .init()
  ) throws -> [Image] {
    precondition(channels.allSatisfy { (0..<layer.channels).contains($0) }, "no such channel")
    let batch = min(channelBatch, channels.count)
    let view = NetworkView(self, batch: batch)
    let result = view.result(of: layer)
    let answers = layer.hasPixels ? result.mean(axes: [2, 3]) : result
    let chosen = view.graph.input("channels", shape: answers.shape)
    let gradient = view.graph.gradients(
      of: (chosen * answers).sum(), withRespectTo: [view.images])[0]
    let program = try load(["gradient": gradient], of: view)
    return stride(from: 0, to: channels.count, by: batch).flatMap { start in
      let here = Array(channels[start..<min(start + batch, channels.count)])
      // A short last batch is filled up.
      let filled = here + [Int](repeating: here[0], count: batch - here.count)
      let pictures = ascent(
        program, channels: filled, rows: filled.oneHot(layer.channels), options)
      return pictures.prefix(here.count)
    }
  }

  private func ascent(
    _ program: LoadedProgram<Float>, channels: [Int], rows: [Float],
    _ options: ChannelPictureOptions
  ) -> [Image] {
    let plane = PicturePlane(width: imageShape[2], height: imageShape[1])
    let size = imageShape.count
    var pictures = channels.map { channel in
      var stream = RandomStream(
        seed: options.seed, name: "channel picture", index: UInt64(channel))
      return (0..<size).map { _ in Float(0.5 + 0.1 * (stream.uniformDouble() - 0.5)) }
    }
    for step in 0..<options.steps {
      var stream = RandomStream(seed: options.seed, name: "channel moves", index: UInt64(step))
      let reach = 2 * options.jitter + 1
      let across = stream.integer(below: reach) - options.jitter
      let down = stream.integer(below: reach) - options.jitter
      program.set(
        "images", to: pictures.flatMap { plane.rolled($0, across: across, down: down) })
      // A run leaves nothing of its inputs.
      program.set("channels", to: rows)
      program.run(step: step)
      let gradients = program["gradient"].scalars
      for place in pictures.indices {
        let own = plane.rolled(
          Array(gradients[place * size..<(place + 1) * size]), across: -across, down: -down)
        pictures[place] = plane.climbed(pictures[place], along: own, options)
      }
    }
    return pictures.map {
      Image(
        planar: $0, channels: imageShape[0], height: imageShape[1], width: imageShape[2])
    }
  }

  /// The pictures of channels in rows of eight, each under its number or the name of its class.
  public func channelSheet(
    _ channels: [Int], of layer: VisibleLayer, _ options: ChannelPictureOptions = .init()
  ) throws -> Image {
    let pictures = try channelPictures(channels, of: layer, options)
    let areClasses = layer == visibleLayers.last && layer.channels == classNames.count
    let names = channels.map { areClasses ? classNames[$0] : String($0) }
    var grid = ImageGrid(
      images: pictures.map { $0.scaled(by: PictureScale.factor(of: $0.width, to: 84)) },
      columns: min(pictures.count, 8), spacing: 4)
    grid.captions = names
    return ImageStack(
      [grid.image()], axis: .vertical,
      captions: ["\(layer.path) \(layer.kind): what each channel answers to most"]
    ).image()
  }
}

/// Pictures [C, height, width] as numbers.
private struct PicturePlane {
  let width: Int
  let height: Int

  /// Moved right and down; what leaves at one side enters at the other.
  func rolled(_ values: [Float], across: Int, down: Int) -> [Float] {
    var rolled = values
    for row in 0..<values.count / width {
      let (channel, y) = row.quotientAndRemainder(dividingBy: height)
      let target = channel * height + ((y + down) % height + height) % height
      for x in 0..<width {
        rolled[target * width + ((x + across) % width + width) % width] = values[row * width + x]
      }
    }
    return rolled
  }

  /// A step along a gradient, which is smoothed and brought to one size first.
  func climbed(
    _ picture: [Float], along gradient: [Float], _ options: ChannelPictureOptions
  ) -> [Float] {
    let smooth = smoothed(gradient)
    let square = smooth.reduce(0) { $0 + Double($1) * Double($1) } / Double(smooth.count)
    // A channel that answers to nothing has no gradient.
    let rate = square > 0 ? Float(options.stepSize / square.squareRoot()) : 0
    return picture.indices.map { place in
      let faded = 0.5 + Float(1 - options.decay) * (picture[place] - 0.5)
      return min(max(faded + rate * smooth[place], 0), 1)
    }
  }

  /// Under the binomial filter 1 2 1 in both directions; the border is repeated.
  private func smoothed(_ values: [Float]) -> [Float] {
    var result = values
    for (step, length, stride) in [(1, width, width), (width, height, 1)] {
      let source = result
      for place in source.indices {
        let within = stride == width ? place % width : place / width % height
        let before = within > 0 ? source[place - step] : source[place]
        let after = within < length - 1 ? source[place + step] : source[place]
        result[place] = (before + 2 * source[place] + after) / 4
      }
    }
    return result
  }
}
