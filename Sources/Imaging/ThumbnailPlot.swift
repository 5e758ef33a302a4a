/// Images at their places in a plane, an embedding for example, as an SVG document that holds them or
/// as an image of the same layout. Images that would hide others are left out: the first ones are
/// shown, and a dot of its class's colour for each of the rest.
///
/// Grey images are tinted with the colour of their class, black being transparent; others are framed.
public struct ThumbnailPlot: Sendable, Hashable {
  /// The line above the plot; empty for none.
  public var title: String
  /// What the horizontal axis shows; empty for no label.
  public var horizontalLabel: String
  /// What the vertical axis shows; empty for no label.
  public var verticalLabel: String
  /// Where the images are, and of which class.
  public var samples: [ScatterPlot.Sample]
  /// An image for each sample.
  public var images: [Image]
  /// What the legend calls the classes, from 0; without names there is no legend.
  public var classNames: [String]

  private static let width = 840
  private static let height = 740
  /// How wide an image is shown, in units.
  private static let thumbnail = 18.0
  /// How near the middles of two images come, as a share of their width.
  private static let leastDistance = 0.85

  /// A plot of the given images.
  public init(
    title: String, horizontalLabel: String = "", verticalLabel: String = "",
    samples: [ScatterPlot.Sample], images: [Image], classNames: [String] = []
  ) {
    precondition(samples.count == images.count, "an image for each sample")
    self.title = title
    self.horizontalLabel = horizontalLabel
    self.verticalLabel = verticalLabel
    self.samples = samples
    self.images = images
    self.classNames = classNames
  }

  /// The plot as an SVG document.
  public func svg() -> String {
    drawing().svg(title: title)
  }

  /// The plot as an image of 840 x 740 units, each `scale` pixels.
  public func image(scale: Int = 2) -> Image {
    drawing().image(scale: scale)
  }

  private func drawing() -> Drawing {
    var frame = PlotFrame(
      width: Self.width, height: Self.height, title: title,
      horizontal: PlotAxis(
        label: horizontalLabel, values: samples.lazy.map(\.position.x), widenedBy: 0.04,
        tickCount: 7),
      vertical: PlotAxis(
        label: verticalLabel, values: samples.lazy.map(\.position.y), widenedBy: 0.04,
        tickCount: 7),
      legend: classNames.enumerated().map { .init(name: $1, colour: .category($0)) },
      key: .dot)
    var shown: [Point] = []
    var (dots, pictures): ([Drawing.Dot], [Drawing.Mark]) = ([], [])
    let reach = Self.thumbnail * Self.leastDistance
    for (sample, image) in zip(samples, images) {
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
