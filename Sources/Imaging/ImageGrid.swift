/// A contact sheet: equally large images in rows, with a title and captions where they are given.
///
///     var sheet = ImageGrid(images: samples, columns: 8)
///     sheet.title = "Samples of the prior"
///     let file = PNG.encode(sheet.image())
public struct ImageGrid: Sendable, Hashable {
  /// The images, row by row. At least one, all of one width and height; the last row may be short.
  public var images: [Image]
  /// Images a row, at least 1.
  public var columns: Int
  /// Pixels of background between the images and around the sheet.
  public var spacing: Int
  /// How many pixels wide and high each pixel of an image is shown.
  public var scale: Int
  /// What is seen between the images and under transparent pixels. Text is dark on a light
  /// background and light on a dark one.
  public var background: Colour
  /// A line above the images, cut at the right edge where it is too long.
  public var title: String?
  /// Texts to the left of the rows, from the first on.
  public var rowCaptions: [String] = []
  /// Texts above the columns, from the first on. They are cut to the width of their column.
  public var columnCaptions: [String] = []
  /// Texts above the images, from the first on. They are cut to the width of an image.
  public var captions: [String] = []

  /// A sheet without texts.
  public init(
    images: [Image], columns: Int, spacing: Int = 2, scale: Int = 1, background: Colour = .white
  ) {
    self.images = images
    self.columns = columns
    self.spacing = spacing
    self.scale = scale
    self.background = background
  }

  /// The sheet as one RGB image.
  public func image() -> Image {
    precondition(columns >= 1 && spacing >= 0 && scale >= 1, "a grid needs columns and a scale")
    guard let first = images.first else { preconditionFailure("a grid needs an image") }
    precondition(
      images.allSatisfy { ($0.width, $0.height) == (first.width, first.height) },
      "the images of a grid are equally large")

    let (cellWidth, cellHeight) = (first.width * scale, first.height * scale)
    let rows = (images.count + columns - 1) / columns
    let rowHeight = cellHeight + spacing + imageCaptionHeight
    let margin = hasText ? max(spacing, Self.textMargin) : spacing
    let left = margin + captionWidth
    let top = margin + titleHeight + columnCaptionHeight + imageCaptionHeight
    var canvas = Canvas(
      width: left + columns * (cellWidth + spacing) - spacing + margin,
      height: top + rows * rowHeight - imageCaptionHeight - spacing + margin,
      background: background)

    for (place, image) in images.enumerated() {
      let (row, column) = place.quotientAndRemainder(dividingBy: columns)
      canvas.draw(
        image.scaled(by: scale), x: left + column * (cellWidth + spacing),
        y: top + row * rowHeight)
    }
    let ink = background.luma > 127 ? Colour(0x333333) : Colour(0xDDDDDD)
    if let title {
      let baseline = Point(x: Double(margin), y: Double(margin + 2 * BitmapFont.capHeight))
      canvas.write(title, at: baseline, scale: 2, colour: ink)
    }
    for (column, caption) in columnCaptions.prefix(columns).enumerated() {
      let middle = left + column * (cellWidth + spacing) + cellWidth / 2
      canvas.write(
        BitmapFont.cut(caption, toWidth: cellWidth),
        at: Point(
          x: Double(middle), y: Double(top - imageCaptionHeight - Self.captionGap)),
        anchor: .middle, colour: ink)
    }
    for (place, caption) in captions.prefix(images.count).enumerated() {
      let (row, column) = place.quotientAndRemainder(dividingBy: columns)
      let corner = Point(
        x: Double(left + column * (cellWidth + spacing)),
        y: Double(top + row * rowHeight - Self.imageCaptionGap))
      canvas.write(BitmapFont.cut(caption, toWidth: cellWidth), at: corner, colour: ink)
    }
    for (row, caption) in rowCaptions.prefix(rows).enumerated() {
      let middle = top + row * rowHeight + (cellHeight + BitmapFont.capHeight) / 2
      canvas.write(
        caption, at: Point(x: Double(left - Self.captionGap), y: Double(middle)), anchor: .end,
        colour: ink)
    }
    return canvas.image
  }

  /// Pixels of background around a sheet with texts, at least.
  private static let textMargin = 12
  /// Pixels between a caption and what it belongs to.
  private static let captionGap = 6
  /// Pixels between a caption and the image below it.
  private static let imageCaptionGap = 3

  private var hasText: Bool {
    title != nil || !rowCaptions.isEmpty || !columnCaptions.isEmpty || !captions.isEmpty
  }

  private var titleHeight: Int {
    title == nil ? 0 : 2 * BitmapFont.capHeight + 2 * Self.captionGap
  }

  private var columnCaptionHeight: Int {
    columnCaptions.isEmpty ? 0 : BitmapFont.capHeight + Self.captionGap
  }

  private var imageCaptionHeight: Int {
    captions.isEmpty ? 0 : BitmapFont.capHeight + 2 * Self.imageCaptionGap
  }

  private var captionWidth: Int {
    rowCaptions.map { BitmapFont.width(of: $0) + Self.captionGap }.max() ?? 0
  }
}
