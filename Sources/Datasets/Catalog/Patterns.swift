import Randomness

extension DatasetEntry {
  /// Made here, so always there, at any size.
  static let patterns = Pattern.entry(
    summary: "288 drawn patterns in colour: mosaics, strokes, rings and dots, as pictures of styles"
  )
}

/// A pattern: a style where there are no paintings.
struct Pattern: DrawnSet {
  static let name = "patterns"
  static let trainCount = 256
  static let testCount = 32

  /// The kinds, each as often as the others.
  private enum Kind: Int, CaseIterable {
    case mosaic, strokes, rings, dots
  }

  private let kind: Kind
  private let palette: [SIMD3<Double>]
  private let count: Double
  private let direction: SIMD2<Double>
  private let seed: UInt32

  init(random: inout RandomStream) {
    kind = Kind.allCases[random.integer(below: Kind.allCases.count)]
    palette = (0..<5).map { _ in
      SIMD3(random.uniformDouble(), random.uniformDouble(), random.uniformDouble())
    }
    count = Drawn.number(7...16, &random).rounded()
    direction = Drawn.direction(&random)
    seed = random.nextWord()
  }

  func colour(x: Double, y: Double) -> SIMD3<Double> {
    switch kind {
    case .mosaic: mosaic(x * count, y * count)
    case .strokes: strokes(x, y)
    case .rings: rings(x, y)
    case .dots: dots(x * count, y * count)
    }
  }

  /// One of the palette's colours.
  private func ink(_ share: Double) -> SIMD3<Double> {
    palette[min(Int(share * Double(palette.count)), palette.count - 1)]
  }

  /// Stones around points of a lattice that are a little out of place, with dark joints.
  private func mosaic(_ x: Double, _ y: Double) -> SIMD3<Double> {
    let (column, row) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
    var (nearest, second) = (Double.infinity, Double.infinity)
    var stone = (column, row)
    for i in column - 1...column + 1 {
      for j in row - 1...row + 1 {
        let (u, v) = (
          Double(i) + Drawn.noise(i, j, seed) - x, Double(j) + Drawn.noise(i, j, seed &+ 1) - y
        )
        let distance = u * u + v * v
        if distance < nearest {
          (second, nearest, stone) = (nearest, distance, (i, j))
        } else if distance < second {
          second = distance
        }
      }
    }
    if second.squareRoot() - nearest.squareRoot() < 0.09 { return SIMD3(0.06, 0.05, 0.05) }
    let light = 0.8 + 0.4 * Drawn.noise(stone.0, stone.1, seed &+ 2)
    return ink(Drawn.noise(stone.0, stone.1, seed &+ 3)) * light
  }

  /// Short strokes of a brush, along a direction that turns slowly.
  private func strokes(_ x: Double, _ y: Double) -> SIMD3<Double> {
    let bend = 0.35 * (Drawn.cloud(x * 2, y * 2, seed) - 0.5)
    let along = x * direction.x + y * direction.y + bend
    let across = y * direction.x - x * direction.y + bend
    let row = (across * 3 * count).rounded(.down)
    let shift = Drawn.noise(Int(row), 0, seed &+ 1)
    let column = (along * 0.6 * count + shift).rounded(.down)
    let bristle = Drawn.cloud(along * 20, across * 12 * count, seed &+ 2)
    return ink(Drawn.noise(Int(column), Int(row), seed &+ 3)) * (0.7 + 0.5 * bristle)
  }

  /// Rings around some points, each ring of one colour.
  private func rings(_ x: Double, _ y: Double) -> SIMD3<Double> {
    var least = Double.infinity
    var centre = 0
    for place in 0..<5 {
      let (u, v) = (
        x - Drawn.noise(place, 0, seed), y - Drawn.noise(place, 1, seed)
      )
      let distance = u * u + v * v
      if distance < least { (least, centre) = (distance, place) }
    }
    let wobble = 0.02 * Drawn.cloud(x * 12, y * 12, seed &+ 1)
    let ring = ((least.squareRoot() + wobble) * 2.5 * count).rounded(.down)
    return ink(Drawn.noise(Int(ring), centre, seed &+ 2))
  }

  /// Round dots of several sizes on one ground.
  private func dots(_ x: Double, _ y: Double) -> SIMD3<Double> {
    let (column, row) = (x.rounded(.down), y.rounded(.down))
    let (i, j) = (Int(column), Int(row))
    let (u, v) = (x - column - 0.5, y - row - 0.5)
    let radius = 0.2 + 0.3 * Drawn.noise(i, j, seed)
    guard u * u + v * v < radius * radius else { return palette[0] }
    return ink(0.2 + 0.8 * Drawn.noise(i, j, seed &+ 1))
  }
}
