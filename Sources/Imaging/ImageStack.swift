/// Images of any size one after another, each with a line of text above it where it has one.
public struct ImageStack: Sendable, Hashable {
  /// In which direction the images follow each other.
  public enum Axis: Sendable, Hashable {
    /// From left to right, in line at the top.
    case horizontal
    /// From top to bottom, in line at the left.
    case vertical
  }

  /// The images, at least one.
  public var images: [Image]
  /// In which direction they follow each other.
  public var axis: Axis
  /// Texts above the images, from the first on.
  public var captions: [String]
  /// Pixels of background between the images and around them.
  public var spacing: Int

  private static let captionHeight = 2 * BitmapFont.capHeight

  /// A stack of the given images.
  public init(_ images: [Image], axis: Axis, captions: [String] = [], spacing: Int = 8) {
    self.images = images
    self.axis = axis
    self.captions = captions
    self.spacing = spacing
  }

  /// The stack as one RGB image on white.
  public func image() -> Image {
    precondition(!images.isEmpty && spacing >= 0, "a stack needs an image")
    let caption = captions.isEmpty ? 0 : Self.captionHeight
    let widths = images.map(\.width)
    let heights = images.map { $0.height + caption }
    let gaps = spacing * (images.count + 1)
    let size =
      axis == .horizontal
      ? (widths.reduce(gaps, +), (heights.max() ?? 0) + 2 * spacing)
      : ((widths.max() ?? 0) + 2 * spacing, heights.reduce(gaps, +))
    var canvas = Canvas(width: size.0, height: size.1, background: .white)
    var (x, y) = (spacing, spacing)
    for (place, image) in images.enumerated() {
      if place < captions.count {
        canvas.write(
          captions[place], at: Point(x: Double(x), y: Double(y + BitmapFont.capHeight)),
          colour: Colour(0x333333))
      }
      canvas.draw(image, x: x, y: y + caption)
      if axis == .horizontal { x += widths[place] + spacing } else { y += heights[place] + spacing }
    }
    return canvas.image
  }
}
