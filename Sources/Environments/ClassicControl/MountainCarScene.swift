import Imaging
import RealModule

/// The picture of a car in the valley, which both mountain cars share.
struct MountainCarScene {
  let position: Double
  let goal: Double

  /// The ends of the track.
  static let track = -1.2...0.6

  /// The height of the track, 0.1 in the valley and 1 at the top, in the units of the positions.
  private static func height(_ position: Double) -> Double {
    .sin(3 * position) * 0.45 + 0.55
  }

  var image: Image {
    let (width, height) = (600.0, 400.0)
    let scale = width / (Self.track.upperBound - Self.track.lowerBound)
    func point(_ position: Double, above: Double = 0) -> Point {
      Point(
        x: (position - Self.track.lowerBound) * scale,
        y: height - Self.height(position) * scale - above)
    }
    var canvas = Canvas(width: 600, height: 400, background: .white)
    let steps = stride(from: Self.track.lowerBound, through: Self.track.upperBound, by: 0.02)
    canvas.strokePolyline(steps.map { point($0) }, width: 3, colour: Colour(0x4A5560))

    let (foot, top) = (point(goal), point(goal, above: 50))
    canvas.strokeLine(from: foot, to: top, width: 2, colour: Colour(0x4A5560))
    canvas.strokePolyline(
      [top, Point(x: top.x + 20, y: top.y + 6), Point(x: top.x, y: top.y + 12)], width: 4,
      colour: Colour(0xE0B040))

    // The car stands along the slope: from its rear wheel to its front wheel.
    let lean = Double.atan(3 * 0.45 * .cos(3 * position))
    let (along, up) = ((x: Double.cos(lean), y: -Double.sin(lean)), 18.0)
    let ground = point(position)
    func part(_ forward: Double, _ above: Double) -> Point {
      Point(
        x: ground.x + forward * along.x + above * along.y,
        y: ground.y + forward * along.y - above * along.x)
    }
    canvas.strokeLine(from: part(-16, up), to: part(16, up), width: 16, colour: Colour(0x3B6FA0))
    for forward in [-12.0, 12] {
      canvas.fillCircle(centre: part(forward, 8), radius: 7, colour: Colour(0x2B3036))
    }
    return canvas.image
  }

  var text: String {
    let (width, height) = (61, 14)
    var grid = TextGrid(width: width, height: height)
    func column(_ position: Double) -> Double {
      (position - Self.track.lowerBound) / (Self.track.upperBound - Self.track.lowerBound)
        * Double(width - 1)
    }
    func row(_ position: Double) -> Double {
      Double(height - 1) - (Self.height(position) - 0.1) / 0.9 * Double(height - 3)
    }
    for position in stride(from: Self.track.lowerBound, through: Self.track.upperBound, by: 0.01) {
      grid.put(".", x: column(position), y: row(position))
    }
    grid.put("F", x: column(goal), y: row(goal) - 1)
    grid.put("O", x: column(position), y: row(position) - 1)
    return grid.text
  }
}
