#if Box2D
  import CBox2D
  import Imaging
  import RealModule

  /// How a flight of `LunarLander` looks.
  struct LunarScene {
    private let flight: LunarFlight
    /// The flags at both ends of the pad, in m from the left.
    private static let flags = [
      LunarFlight.width / 2 - LunarFlight.chunkWidth,
      LunarFlight.width / 2 + LunarFlight.chunkWidth,
    ]

    init(_ flight: LunarFlight) {
      self.flight = flight
    }

    /// The height of the ground, in m.
    private func ground(_ x: Double) -> Double {
      let last = flight.terrain.count - 2
      let chunk = min(max(Int(x / LunarFlight.chunkWidth), 0), last)
      let part = x / LunarFlight.chunkWidth - Double(chunk)
      return flight.terrain[chunk] + part * (flight.terrain[chunk + 1] - flight.terrain[chunk])
    }

    /// A place of a body, given from its centre, in m.
    private func place(_ point: (x: Double, y: Double), of body: Int) -> (x: Double, y: Double) {
      let state = flight.bodies[body]
      let (sine, cosine) = (Double.sin(Double(state.angle)), Double.cos(Double(state.angle)))
      return (
        Double(state.position.x) + cosine * point.x - sine * point.y,
        Double(state.position.y) + sine * point.x + cosine * point.y
      )
    }

    // MARK: Picture

    /// White ground below a black sky, as the original paints them.
    var image: Image {
      let (width, height) = (LunarFlight.width, LunarFlight.height)
      var canvas = Canvas(
        width: Int(width * LunarFlight.scale), height: Int(height * LunarFlight.scale),
        background: .black)
      for column in 0..<canvas.image.width {
        let top = pixel((0, ground((Double(column) + 0.5) / LunarFlight.scale))).y
        canvas.fillRectangle(
          x: Double(column), y: top, width: 1, height: height * LunarFlight.scale - top,
          colour: .white)
      }
      drawFlames(on: &canvas)
      let leg = LunarFlight.legHalfSize
      let legCorners = [
        (x: -leg.x, y: -leg.y), (x: leg.x, y: -leg.y), (x: leg.x, y: leg.y), (x: -leg.x, y: leg.y),
      ]
      for (body, corners) in [(0, LunarFlight.hullCorners), (1, legCorners), (2, legCorners)] {
        canvas.fillConvex(
          corners.map { pixel(place($0, of: body)) }, colour: Colour(0x8066E6),
          edge: Colour(0x4D4D80))
      }
      for x in Self.flags {
        let foot = pixel((x, LunarFlight.padHeight))
        let top = Point(x: foot.x, y: foot.y - 50)
        canvas.strokeLine(from: foot, to: top, width: 1, colour: Colour(0xB0B0B0))
        canvas.fillConvex(
          [top, Point(x: top.x, y: top.y + 10), Point(x: top.x + 25, y: top.y + 5)],
          colour: Colour(0xCCCC00), edge: Colour(0xCCCC00))
      }
      return canvas.image
    }

    private func pixel(_ point: (x: Double, y: Double)) -> Point {
      Point(
        x: point.x * LunarFlight.scale, y: (LunarFlight.height - point.y) * LunarFlight.scale)
    }

    /// A flame below a running main engine, and one on the other side of where a side engine pushes.
    private func drawFlames(on canvas: inout Canvas) {
      func flame(_ start: (x: Double, y: Double), _ end: (x: Double, y: Double), _ width: Double) {
        canvas.strokeLine(
          from: pixel(place(start, of: 0)), to: pixel(place(end, of: 0)), width: width,
          colour: Colour(0xF08C2E))
      }
      let power = flight.power
      if power.x > 0 {
        flame((0, -0.3), (0, -0.4 - 0.5 * power.x), 12)
        flame((0, -0.3), (0, -0.4 - 0.8 * power.x), 5)
      }
      if power.y != 0 {
        let side = power.y < 0 ? 1.0 : -1
        flame((side * 0.55, 0.4), (side * (0.6 + 0.4 * abs(power.y)), 0.4), 5)
      }
    }

    // MARK: Text

    private static let (columns, rows) = (61, 21)

    /// The ground as points below its line, the flags as P, the hull as O between its legs, and
    /// where an engine runs, its flame.
    var text: String {
      var grid = TextGrid(width: Self.columns, height: Self.rows)
      for column in 0..<Self.columns {
        let x = LunarFlight.width * Double(column) / Double(Self.columns - 1)
        let top = cell((x, ground(x))).y.rounded()
        for row in 0..<Self.rows where Double(row) >= top {
          grid.put(Double(row) == top ? "_" : ".", x: Double(column), y: Double(row))
        }
      }
      func put(_ character: Character, _ point: (x: Double, y: Double)) {
        let cell = cell(point)
        grid.put(character, x: cell.x, y: cell.y)
      }
      for x in Self.flags { put("P", (x, LunarFlight.padHeight + 0.7)) }
      if flight.power.x > 0 { put("v", place((0, -0.8), of: 0)) }
      if flight.power.y != 0 {
        let isLeft = flight.power.y > 0
        put(isLeft ? "<" : ">", place((isLeft ? -1 : 1, 0.4), of: 0))
      }
      put("\\", place((0, 0), of: 1))
      put("/", place((0, 0), of: 2))
      put("O", place((0, 0), of: 0))
      return grid.text
    }

    private func cell(_ point: (x: Double, y: Double)) -> (x: Double, y: Double) {
      (
        point.x / LunarFlight.width * Double(Self.columns - 1),
        (1 - point.y / LunarFlight.height) * Double(Self.rows - 1)
      )
    }
  }

  extension Canvas {
    /// Fills a convex shape row by row, and its edge with a line of its own.
    fileprivate mutating func fillConvex(_ corners: [Point], colour: Colour, edge: Colour) {
      guard let first = corners.first, corners.allSatisfy({ abs($0.x) < 1e6 && abs($0.y) < 1e6 })
      else { return }
      let sides = zip(corners, corners.dropFirst() + [first])
      let (top, bottom) = (corners.map(\.y).min() ?? 0, corners.map(\.y).max() ?? 0)
      let rows = 0..<image.height
      for row in (Int(top)..<Int(bottom) + 1).clamped(to: rows) {
        let middle = Double(row) + 0.5
        let crossings = sides.compactMap { start, end -> Double? in
          guard (start.y <= middle) != (end.y <= middle) else { return nil }
          return start.x + (middle - start.y) / (end.y - start.y) * (end.x - start.x)
        }
        guard let left = crossings.min(), let right = crossings.max() else { continue }
        fillRectangle(x: left, y: Double(row), width: right - left, height: 1, colour: colour)
      }
      strokePolyline(corners + [first], width: 1, colour: edge)
    }
  }
#endif
