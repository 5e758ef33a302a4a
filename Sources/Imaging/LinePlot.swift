/// Curves over a common axis, losses over steps for example, as an SVG document or an image of the
/// same layout.
///
///     var plot = LinePlot(title: "Negative ELBO", horizontalLabel: "step", verticalLabel: "nats")
///     plot.series.append(.init(name: "training", points: points, smoothing: 0.95))
///     let file = PNG.encode(plot.image())
public struct LinePlot: Sendable, Hashable {
  /// One curve.
  public struct Series: Sendable, Hashable {
    /// What the legend calls it.
    public var name: String
    /// Its colour; nil for the next of `Colour.categories`.
    public var colour: Colour?
    /// Its values, joined in this order. Where a coordinate is not finite, or not positive on a
    /// logarithmic axis, there is a gap.
    public var points: [Point]
    /// 0 draws the values. Above 0 and below 1 draws them faintly, and over them their exponential
    /// moving average, which keeps this part of its past at every point.
    public var smoothing: Double
    /// How far a faint bar goes up and down from each value, as for a confidence interval; empty for
    /// no bars.
    public var margins: [Double]

    /// A curve of its values.
    public init(
      name: String, colour: Colour? = nil, points: [Point], smoothing: Double = 0,
      margins: [Double] = []
    ) {
      precondition(smoothing >= 0 && smoothing < 1, "smoothing \(smoothing) is not in 0..<1")
      precondition(
        margins.isEmpty || margins.count == points.count,
        "\(margins.count) margins for \(points.count) points")
      self.name = name
      self.colour = colour
      self.points = points
      self.smoothing = smoothing
      self.margins = margins
    }

    /// The ends of each bar.
    var bars: [[Point]] {
      zip(points, margins).filter { $1 > 0 }.map { point, margin in
        [Point(x: point.x, y: point.y - margin), Point(x: point.x, y: point.y + margin)]
      }
    }

    /// The moving average, without the pull of its start towards 0 (Kingma and Ba, "Adam", 2015,
    /// section 3). Gaps stay gaps and do not count.
    var smoothed: [Point] {
      var (sum, weight) = (0.0, 0.0)
      return points.map { point in
        guard point.y.isFinite else { return point }
        sum = smoothing * sum + (1 - smoothing) * point.y
        weight = smoothing * weight + (1 - smoothing)
        return Point(x: point.x, y: sum / weight)
      }
    }
  }

  /// The line above the plot; empty for none.
  public var title: String
  /// What the horizontal axis shows; empty for no label.
  public var horizontalLabel: String
  /// What the vertical axis shows; empty for no label.
  public var verticalLabel: String
  /// Whether equal heights are equal ratios.
  public var isLogarithmic: Bool
  /// Whether equal distances across are equal ratios.
  public var isHorizontallyLogarithmic: Bool
  /// Values that the horizontal axis spans besides those of the curves, so that plots can share it.
  public var horizontalExtent: ClosedRange<Double>?
  /// The curves, the last one on top. Two and more have a legend.
  public var series: [Series]

  /// The size of a plot in units.
  static let (width, height) = (560, 360)

  /// A plot of the given curves.
  public init(
    title: String, horizontalLabel: String = "", verticalLabel: String = "",
    isLogarithmic: Bool = false, isHorizontallyLogarithmic: Bool = false,
    horizontalExtent: ClosedRange<Double>? = nil,
    series: [Series] = []
  ) {
    self.title = title
    self.horizontalLabel = horizontalLabel
    self.verticalLabel = verticalLabel
    self.isLogarithmic = isLogarithmic
    self.isHorizontallyLogarithmic = isHorizontallyLogarithmic
    self.horizontalExtent = horizontalExtent
    self.series = series
  }

  /// The plot as an SVG document.
  public func svg() -> String {
    drawing().svg(title: title)
  }

  /// The plot as an image of 560 x 360 units, each `scale` pixels.
  public func image(scale: Int = 2) -> Image {
    drawing().image(scale: scale)
  }

  func drawing() -> Drawing {
    let points = series.flatMap(\.points)
    let ends = horizontalExtent.map { [$0.lowerBound, $0.upperBound] } ?? []
    let colours = series.enumerated().map { $1.colour ?? .category($0) }
    var frame = PlotFrame(
      width: Self.width, height: Self.height, title: title,
      horizontal: PlotAxis(
        label: horizontalLabel, values: ends + points.map(\.x),
        isLogarithmic: isHorizontallyLogarithmic, widenedBy: 0, tickCount: 7),
      vertical: PlotAxis(
        label: verticalLabel, values: (points + series.flatMap { $0.bars.joined() }).map(\.y),
        isLogarithmic: isLogarithmic, widenedBy: 0.05, tickCount: 6),
      legend: series.count < 2
        ? [] : zip(series, colours).map { .init(name: $0.name, colour: $1) },
      key: .line)
    for (series, colour) in zip(series, colours) {
      for bar in series.bars {
        Self.add(bar, to: &frame, width: 3, colour: colour.withOpacity(0.3))
      }
    }
    for (series, colour) in zip(series, colours) where series.smoothing > 0 {
      Self.add(series.points, to: &frame, width: 1, colour: colour.withOpacity(0.3))
    }
    for (series, colour) in zip(series, colours) {
      Self.add(
        series.smoothing > 0 ? series.smoothed : series.points, to: &frame, width: 2,
        colour: colour)
    }
    return frame.drawing
  }

  /// Draws the values between two gaps as a line, and a value alone as a dot.
  private static func add(
    _ points: [Point], to frame: inout PlotFrame, width: Double, colour: Colour
  ) {
    let places = points.map { frame.point(x: $0.x, y: $0.y) }
    for run in places.split(separator: nil) {
      let line = run.compactMap(\.self)
      if line.count > 1 {
        frame.drawing.add(.line(line, width: width, colour: colour))
      } else {
        let dots = line.map { Drawing.Dot(centre: $0, colour: colour) }
        frame.drawing.add(.dots(dots, radius: width, opacity: Double(colour.alpha) / 255))
      }
    }
  }
}
