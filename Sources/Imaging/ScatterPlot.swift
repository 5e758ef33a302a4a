/// A cloud of points coloured by class, a latent space for example, as an SVG document or an image
/// of the same layout. Meant for up to some 10,000 points.
public struct ScatterPlot: Sendable, Hashable {
  /// One dot.
  public struct Sample: Sendable, Hashable {
    /// Where it is. A sample with a coordinate that is not finite is left out.
    public var position: Point
    /// Which class it is of, from 0.
    public var classIndex: Int

    /// A dot of its values.
    public init(x: Double, y: Double, classIndex: Int) {
      precondition(classIndex >= 0, "class \(classIndex) is negative")
      position = Point(x: x, y: y)
      self.classIndex = classIndex
    }
  }

  /// The line above the plot; empty for none.
  public var title: String
  /// What the horizontal axis shows; empty for no label.
  public var horizontalLabel: String
  /// What the vertical axis shows; empty for no label.
  public var verticalLabel: String
  /// The dots, the last one on top.
  public var samples: [Sample]
  /// What the legend calls the classes, from 0; without names there is no legend.
  public var classNames: [String]

  /// A plot of the given dots.
  public init(
    title: String, horizontalLabel: String = "", verticalLabel: String = "", samples: [Sample],
    classNames: [String] = []
  ) {
    self.title = title
    self.horizontalLabel = horizontalLabel
    self.verticalLabel = verticalLabel
    self.samples = samples
    self.classNames = classNames
  }

  /// The plot as an SVG document.
  public func svg() -> String {
    drawing().svg(title: title)
  }

  /// The plot as an image of 560 x 480 units, each `scale` pixels.
  public func image(scale: Int = 2) -> Image {
    drawing().image(scale: scale)
  }

  /// What stands around the dots.
  func frame(width: Int, height: Int) -> PlotFrame {
    PlotFrame(
      width: width, height: height, title: title,
      horizontal: PlotAxis(
        label: horizontalLabel, values: samples.lazy.map(\.position.x), widenedBy: 0.04,
        tickCount: 7),
      vertical: PlotAxis(
        label: verticalLabel, values: samples.lazy.map(\.position.y), widenedBy: 0.04,
        tickCount: 7),
      legend: classNames.enumerated().map { .init(name: $1, colour: .category($0)) },
      key: .dot)
  }

  private func drawing() -> Drawing {
    var frame = frame(width: 560, height: 480)
    let dots = samples.compactMap { sample in
      frame.point(x: sample.position.x, y: sample.position.y).map {
        Drawing.Dot(centre: $0, colour: .category(sample.classIndex))
      }
    }
    // The more dots, the smaller: 10,000 cover about a third of the plot.
    let radius =
      switch dots.count {
      case ...300: 3.0
      case ...3000: 2.0
      default: 1.4
      }
    frame.drawing.add(.dots(dots, radius: radius, opacity: 0.75))
    return frame.drawing
  }
}
