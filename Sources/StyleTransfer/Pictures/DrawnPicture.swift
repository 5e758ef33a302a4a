import Imaging
import Randomness
import RealModule

/// Pictures that are drawn by rules, so that every method can be tried without a file: two contents
/// and four styles, of 512x512 pixels.
enum DrawnPicture: String, CaseIterable {
  /// Hills, a lake and a low sun.
  case landscape
  /// Three balls on a table.
  case balls
  /// Bands that wind through each other.
  case waves
  /// Stones in mortar.
  case mosaic
  /// Strokes of a brush that swirl.
  case strokes
  /// Ink hatched crosswise.
  case hatching

  private static let side = 512

  /// The picture.
  var image: Image {
    switch self {
    case .landscape: Self.shaded(Self.landscape)
    case .balls: Self.shaded(Self.balls)
    case .waves: Self.shaded(Self.waves)
    case .mosaic: Self.shaded(Self.mosaic())
    case .strokes: Self.strokes()
    case .hatching: Self.hatching()
    }
  }

  /// Red, green and blue in 0 ... 1.
  private typealias Light = SIMD3<Double>

  /// A picture whose every place, 0 ... 1 to the right and down, is told by a rule.
  private static func shaded(_ light: (_ x: Double, _ y: Double) -> Light) -> Image {
    var values = [Float](repeating: 0, count: 3 * side * side)
    for row in 0..<side {
      for column in 0..<side {
        let light = light(
          (Double(column) + 0.5) / Double(side), (Double(row) + 0.5) / Double(side))
        for channel in 0..<3 {
          values[(channel * side + row) * side + column] = Float(light[channel])
        }
      }
    }
    return Image(planar: values, channels: 3, height: side, width: side)
  }

  /// From one colour to another as `share` goes from 0 to 1.
  private static func mixed(_ from: Light, _ to: Light, _ share: Double) -> Light {
    from + (to - from) * min(max(share, 0), 1)
  }

  // MARK: Contents

  private static func landscape(_ x: Double, _ y: Double) -> Light {
    let shore = 0.68
    let mirrored = y > shore
    // The lake shows what lies above it, in ripples.
    let ripple = mirrored ? 0.006 * Double.sin(260 * y) * (y - shore) * 8 : 0
    let (u, v) = (x + ripple, mirrored ? 2 * shore - y : y)
    var light = mixed([0.25, 0.45, 0.8], [0.98, 0.8, 0.6], v / shore)
    let sun = ((u - 0.68) * (u - 0.68) + (v - 0.34) * (v - 0.34)).squareRoot()
    light = mixed([1, 0.95, 0.75], light, (sun - 0.055) * 60)
    let cloud = Double.sin(9 * u + 3 * Double.sin(14 * v)) * Double.sin(31 * v + 2 * u)
    if v < 0.3 { light = mixed(light, [1, 0.97, 0.95], (cloud - 0.45) * 1.6) }
    let far = 0.42 - 0.09 * Double.sin(7 * u + 1) - 0.035 * Double.sin(19 * u)
    if v > far { light = mixed([0.38, 0.42, 0.6], [0.6, 0.58, 0.68], (v - far) * 5) }
    let near = 0.55 + 0.05 * Double.sin(5 * u + 2) - 0.02 * Double.sin(23 * u)
    if v > near { light = mixed([0.22, 0.42, 0.22], [0.45, 0.55, 0.25], (v - near) * 9) }
    let trees = 0.6 - 0.03 * abs(Double.sin(40 * u)) * (u < 0.45 ? 1 : 0.2)
    if v > trees, u < 0.45 || u > 0.86 { light = [0.1, 0.22, 0.14] }
    // A house with a roof.
    if (0.5..<0.6).contains(u), (0.56..<0.65).contains(v) { light = [0.85, 0.8, 0.7] }
    if (0.53..<0.555).contains(u), (0.59..<0.65).contains(v) { light = [0.35, 0.2, 0.12] }
    if v < 0.56, v > 0.5 + abs(u - 0.55) * 0.9 { light = [0.7, 0.25, 0.18] }
    return mirrored ? mixed(light * 0.85, [0.2, 0.35, 0.5], 0.25) : light
  }

  private static func balls(_ x: Double, _ y: Double) -> Light {
    let table = 0.62
    var light: Light =
      y < table
      ? mixed([0.55, 0.6, 0.58], [0.8, 0.78, 0.7], y / table)
      : mixed([0.5, 0.33, 0.2], [0.72, 0.52, 0.33], (y - table) * 3)
        * (0.94 + 0.06 * Double.sin(90 * (y - table) + 6 * Double.sin(5 * x)))
    let balls: [(x: Double, y: Double, radius: Double, colour: Light)] = [
      (0.34, 0.52, 0.19, [0.8, 0.2, 0.15]), (0.68, 0.56, 0.15, [0.2, 0.5, 0.3]),
      (0.52, 0.72, 0.11, [0.95, 0.75, 0.2]),
    ]
    for ball in balls {
      let (across, down) = (x - ball.x - 0.35 * ball.radius, y - ball.y - 0.92 * ball.radius)
      let shadow =
        (across * across / (1.5 * ball.radius * ball.radius)
          + down * down / (0.06 * ball.radius * ball.radius))
      if shadow < 1 { light = light * (0.45 + 0.55 * shadow) }
    }
    for ball in balls {
      let (u, v) = ((x - ball.x) / ball.radius, (y - ball.y) / ball.radius)
      let square = u * u + v * v
      guard square < 1 else { continue }
      let w = (1 - square).squareRoot()
      let facing = max(0, -0.5 * u - 0.6 * v + 0.62 * w)
      let shine = Double.pow(max(0, -0.32 * u - 0.4 * v + 0.86 * w), 40)
      light = mixed(ball.colour * (0.2 + 0.85 * facing), [1, 1, 1], 0.8 * shine)
    }
    return light
  }

  // MARK: Styles

  private static func waves(_ x: Double, _ y: Double) -> Light {
    let bend =
      Double.sin(5 * x + 2 * y) + 0.6 * Double.sin(9 * y - 4 * x) + 0.3 * Double.sin(17 * x)
    let phase = 26 * y + 3.2 * bend
    let band = Int((phase / 1.4).rounded(.down))
    let palette: [Light] = [
      [0.08, 0.15, 0.38], [0.9, 0.86, 0.72], [0.15, 0.42, 0.62], [0.85, 0.45, 0.2],
      [0.1, 0.25, 0.5],
    ]
    let colour = palette[((band % palette.count) + palette.count) % palette.count]
    let within = phase / 1.4 - Double(band)
    let edge = min(within, 1 - within)
    return mixed([0.03, 0.05, 0.12], colour, edge * 9) * (0.9 + 0.1 * Double.sin(60 * phase))
  }

  private static func mosaic() -> (Double, Double) -> Light {
    let cells = 22
    var random = RandomStream(seed: 0, name: "mosaic")
    let palette: [Light] = [
      [0.1, 0.35, 0.55], [0.85, 0.7, 0.25], [0.75, 0.25, 0.2], [0.2, 0.5, 0.4], [0.9, 0.88, 0.8],
      [0.45, 0.25, 0.5],
    ]
    let stones: [(x: Double, y: Double, colour: Light)] = (0..<cells * cells).map { place in
      let (row, column) = place.quotientAndRemainder(dividingBy: cells)
      let colour =
        palette[random.integer(below: palette.count)] * (0.75 + 0.25 * random.uniformDouble())
      return (
        (Double(column) + 0.15 + 0.7 * random.uniformDouble()) / Double(cells),
        (Double(row) + 0.15 + 0.7 * random.uniformDouble()) / Double(cells), colour
      )
    }
    return { x, y in
      var (nearest, second, colour) = (Double.infinity, Double.infinity, Light())
      let (row, column) = (Int(y * Double(cells)), Int(x * Double(cells)))
      for cell in max(0, row - 2)...min(cells - 1, row + 2) {
        for place in max(0, column - 2)...min(cells - 1, column + 2) {
          let stone = stones[cell * cells + place]
          let distance = ((x - stone.x) * (x - stone.x) + (y - stone.y) * (y - stone.y))
            .squareRoot()
          if distance < nearest {
            (second, nearest, colour) = (nearest, distance, stone.colour)
          } else if distance < second {
            second = distance
          }
        }
      }
      return mixed([0.16, 0.14, 0.13], colour, (second - nearest) * 260 - 0.8)
    }
  }

  private static func strokes() -> Image {
    var canvas = Canvas(width: side, height: side, background: Colour(0x1B2E5A))
    var random = RandomStream(seed: 0, name: "strokes")
    let palette: [UInt32] = [
      0x2B4C8C, 0x3F6FB5, 0x89A9CF, 0xE8C657, 0xF3E3A1, 0x1C2A4F, 0x5A86C0, 0xC98B2E,
    ]
    for _ in 0..<5200 {
      var place = Point(
        x: random.uniformDouble() * Double(side), y: random.uniformDouble() * Double(side))
      let field = Double.sin(place.x / 83) + Double.cos(place.y / 67)
      let shade = (field + 2) / 4 * Double(palette.count - 1) + 1.6 * random.normal()
      let colour = palette[min(max(Int(shade.rounded()), 0), palette.count - 1)]
      var points = [place]
      for _ in 0..<9 {
        let angle =
          2.6
          * (Double.sin(place.x / 71) + Double.cos(place.y / 59)
            + Double.sin((place.x + place.y) / 131))
        place = Point(x: place.x + 3.2 * Double.cos(angle), y: place.y + 3.2 * Double.sin(angle))
        points.append(place)
      }
      canvas.strokePolyline(
        points, width: 2.5 + 2.5 * random.uniformDouble(), colour: Colour(colour))
    }
    return canvas.image
  }

  private static func hatching() -> Image {
    var canvas = Canvas(width: side, height: side, background: Colour(0xF2EBDC))
    var random = RandomStream(seed: 0, name: "hatching")
    for layer in 0..<3 {
      let angle = 0.6 + 0.9 * Double(layer)
      for _ in 0..<1500 {
        let x = random.uniformDouble() * Double(side)
        let y = random.uniformDouble() * Double(side)
        let dark = Double.sin(x / 61 + Double(layer)) * Double.cos(y / 53) + 0.25 * random.normal()
        guard dark > 0.35 * Double(layer) - 0.4 else { continue }
        let length = 9 + 14 * random.uniformDouble()
        let turn = angle + 0.12 * random.normal()
        canvas.strokeLine(
          from: Point(x: x, y: y),
          to: Point(x: x + length * Double.cos(turn), y: y + length * Double.sin(turn)),
          width: 0.8 + 0.8 * random.uniformDouble(), colour: Colour(0x28231F).withOpacity(0.75))
      }
    }
    return canvas.image
  }
}
