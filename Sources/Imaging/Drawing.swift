import FileFormats

/// A picture made of marks, in units of its own, that becomes an SVG document or an image.
struct Drawing {
  /// The size of a text, by the height of its capital letters.
  enum TextSize {
    /// 7 units.
    case label
    /// 10.5 units.
    case title
  }

  /// A dot of a cloud.
  struct Dot {
    var centre: Point
    var colour: Colour
  }

  /// What a drawing is made of.
  enum Mark {
    case line([Point], width: Double, colour: Colour)
    case dots([Dot], radius: Double, opacity: Double)
    case text(
      String, at: Point, size: TextSize = .label, anchor: TextAnchor = .start,
      upward: Bool = false, colour: Colour)
    /// An image around a point, so many units wide; its opacity is kept.
    case picture(Image, at: Point, width: Double)
  }

  let width: Int
  let height: Int
  private(set) var marks: [Mark] = []

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// Adds a mark over the ones before.
  mutating func add(_ mark: Mark) {
    marks.append(mark)
  }

  /// Adds all marks of another drawing, its corner at `origin`.
  mutating func add(_ drawing: Drawing, at origin: Point) {
    func moved(_ point: Point) -> Point { Point(x: point.x + origin.x, y: point.y + origin.y) }
    marks += drawing.marks.map { mark in
      switch mark {
      case .line(let points, let width, let colour):
        .line(points.map(moved), width: width, colour: colour)
      case .dots(let dots, let radius, let opacity):
        .dots(
          dots.map { Dot(centre: moved($0.centre), colour: $0.colour) }, radius: radius,
          opacity: opacity)
      case .text(let text, let point, let size, let anchor, let upward, let colour):
        .text(
          text, at: moved(point), size: size, anchor: anchor, upward: upward, colour: colour)
      case .picture(let image, let point, let width):
        .picture(image, at: moved(point), width: width)
      }
    }
  }

  /// How wide a label is about: exactly in the image, nearly in SVG, whose fonts differ.
  static func labelWidth(_ text: String) -> Double {
    Double(BitmapFont.width(of: text))
  }

  /// The image of the drawing, each unit `scale` pixels.
  func image(scale: Int) -> Image {
    var canvas = Canvas(width: width * scale, height: height * scale, background: .white)
    func place(_ point: Point) -> Point {
      Point(x: point.x * Double(scale), y: point.y * Double(scale))
    }
    for mark in marks {
      switch mark {
      case .line(let points, let width, let colour):
        canvas.strokePolyline(points.map(place), width: width * Double(scale), colour: colour)
      case .dots(let dots, let radius, let opacity):
        for dot in dots {
          canvas.fillCircle(
            centre: place(dot.centre), radius: radius * Double(scale),
            colour: dot.colour.withOpacity(opacity))
        }
      case .text(let text, let point, let size, let anchor, let upward, let colour):
        canvas.write(
          text, at: place(point), scale: size == .title ? (3 * scale + 1) / 2 : scale,
          anchor: anchor, upward: upward, colour: colour)
      case .picture(let picture, let point, let width):
        let side = max(1, Int((width * Double(scale)).rounded()))
        let height = max(1, (picture.height * side + picture.width / 2) / picture.width)
        let middle = place(point)
        canvas.draw(
          picture.resized(width: side, height: height), x: Int(middle.x.rounded()) - side / 2,
          y: Int(middle.y.rounded()) - height / 2)
      }
    }
    return canvas.image
  }

  /// The drawing as an SVG 1.1 document, one and a half times as large by default.
  ///
  /// - Parameter title: the name of the document, for readers that speak.
  func svg(title: String) -> String {
    let hasPictures = marks.contains { if case .picture = $0 { true } else { false } }
    let links = hasPictures ? "xmlns:xlink=\"http://www.w3.org/1999/xlink\" " : ""
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" \(links)viewBox=\"0 0 \(width) \(height)\" "
        + "width=\"\(width * 3 / 2)\" height=\"\(height * 3 / 2)\" role=\"img\" "
        + "font-family=\"Helvetica, Arial, sans-serif\">",
      "<title>\(SVG.escaped(title))</title>",
      "<rect width=\"\(width)\" height=\"\(height)\" fill=\"#ffffff\"/>",
    ]
    for mark in marks {
      switch mark {
      case .line(let points, let width, let colour):
        lines.append(SVG.polyline(points, width: width, colour: colour))
      case .dots(let dots, let radius, let opacity):
        lines.append("<g fill-opacity=\"\(SVG.number(opacity))\">")
        for dot in dots {
          lines.append(SVG.circle(dot.centre, radius: radius, colour: dot.colour))
        }
        lines.append("</g>")
      case .text(let text, let point, let size, let anchor, let upward, let colour):
        lines.append(
          SVG.text(
            text, at: point, size: size == .title ? 15 : 10, anchor: anchor, upward: upward,
            colour: colour))
      case .picture(let picture, let point, let width):
        lines.append(SVG.picture(picture, at: point, width: width))
      }
    }
    lines.append("</svg>\n")
    return lines.joined(separator: "\n")
  }
}

/// The elements of SVG, as text.
private enum SVG {
  static func polyline(_ points: [Point], width: Double, colour: Colour) -> String {
    let places = points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
    let opacity =
      colour.alpha == 255 ? "" : " stroke-opacity=\"\(number(Double(colour.alpha) / 255))\""
    return "<polyline points=\"\(places)\" fill=\"none\" stroke=\"\(css(colour))\"\(opacity) "
      + "stroke-width=\"\(number(width))\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/>"
  }

  static func circle(_ centre: Point, radius: Double, colour: Colour) -> String {
    "<circle cx=\"\(number(centre.x))\" cy=\"\(number(centre.y))\" r=\"\(number(radius))\" "
      + "fill=\"\(css(colour))\"/>"
  }

  static func text(
    _ text: String, at point: Point, size: Int, anchor: TextAnchor, upward: Bool, colour: Colour
  ) -> String {
    let (x, y) = (number(point.x), number(point.y))
    let turn = upward ? " transform=\"rotate(-90 \(x) \(y))\"" : ""
    return "<text x=\"\(x)\" y=\"\(y)\" font-size=\"\(size)\" text-anchor=\"\(anchor)\" "
      + "fill=\"\(css(colour))\"\(turn)>\(escaped(text))</text>"
  }

  /// An image with its PNG file in it.
  static func picture(_ picture: Image, at point: Point, width: Double) -> String {
    let height = width * Double(picture.height) / Double(picture.width)
    return "<image x=\"\(number(point.x - width / 2))\" y=\"\(number(point.y - height / 2))\" "
      + "width=\"\(number(width))\" height=\"\(number(height))\" xlink:href=\"data:image/png;base64,"
      + "\(Base64.text(of: PNG.encode(picture)))\"/>"
  }

  /// A number with at most two decimals.
  static func number(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    let (whole, part) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
    let sign = hundredths < 0 ? "-" : ""
    if part == 0 { return "\(sign)\(whole)" }
    return part % 10 == 0
      ? "\(sign)\(whole).\(part / 10)" : "\(sign)\(whole).\(part / 10)\(part % 10)"
  }

  /// The text as XML 1.0 allows it; what it does not allow becomes U+FFFD.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\t", "\n", "\r": escaped += " "
      case _ where scalar.value < 0x20 || scalar.value & 0xFFFE == 0xFFFE: escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  private static func css(_ colour: Colour) -> String {
    let value = UInt32(colour.red) << 16 | UInt32(colour.green) << 8 | UInt32(colour.blue)
    let digits = String(value, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }
}
