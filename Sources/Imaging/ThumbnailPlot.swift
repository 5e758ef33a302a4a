/// Images at their places in a plane, an embedding for example, as an SVG document that holds them or
/// as an image of the same layout. Images that would hide others are left out: the first ones are
/// shown, and a dot of its class's colour for each of the rest.
///
/// Grey images are tinted with the colour of their class, black being transparent; others are framed.
public struct ThumbnailPlot: Sendable, Hashable {
  /// Where the images are, of which class, and what stands around them.
  public var plot: ScatterPlot
  /// An image for each sample of the plot.
  public var images: [Image]

  private static let width = 840
  private static let height = 740
  /// How wide an image is shown, in units.
  private static let thumbnail = 18.0
  /// How near the middles of two images come, as a share of their width.
  private static let leastDistance = 0.85

  /// A plot with the given images in the place of its dots.
  public init(_ plot: ScatterPlot, images: [Image]) {
    precondition(plot.samples.count == images.count, "an image for each sample")
    self.plot = plot
    self.images = images
  }

  /// The plot as an SVG document.
  public func svg() -> String {
    drawing().svg(title: plot.title)
  }

  /// The plot as an image of 840 x 740 units, each `scale` pixels.
  public func image(scale: Int = 2) -> Image {
    drawing().image(scale: scale)
  }

  private func drawing() -> Drawing {
    var frame = plot.frame(width: Self.width, height: Self.height)
    var shown: [Point] = []
    var (dots, pictures): ([Drawing.Dot], [Drawing.Mark]) = ([], [])
    let reach = Self.thumbnail * Self.leastDistance
    for (sample, image) in zip(plot.samples, images) {
      guard let place = frame.point(x: sample.position.x, y: sample.position.y) else { continue }
      let colour = Colour.category(sample.classIndex)
      let isHidden = shown.contains {
        abs($0.x - place.x) < reach && abs($0.y - place.y) < reach
      }
      if isHidden {
        dots.append(.init(centre: place, colour: colour))
      } else {
        shown.append(place)
        pictures.append(
          .picture(
            image.channels == 1 ? image.tinted(colour) : image.framed(colour), at: place,
            width: Self.thumbnail))
      }
    }
    frame.drawing.add(.dots(dots, radius: 1.2, opacity: 0.35))
    for picture in pictures { frame.drawing.add(picture) }
    return frame.drawing
  }
}

extension Image {
  /// A grey image in one colour: as opaque as it is bright.
  fileprivate func tinted(_ colour: Colour) -> Image {
    Image(
      width: width, height: height, channels: 4,
      pixels: pixels.flatMap { [colour.red, colour.green, colour.blue, $0] })
  }

  /// The image with a line of one colour around it, of a sixteenth of its width.
  fileprivate func framed(_ colour: Colour) -> Image {
    let line = max(1, width / 16)
    var canvas = Canvas(
      width: width + 2 * line, height: height + 2 * line, background: colour)
    canvas.draw(self, x: line, y: line)
    return canvas.image
  }
}
