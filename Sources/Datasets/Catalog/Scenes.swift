import Randomness

extension DatasetEntry {
  /// Made here, so always there, at any size.
  static let scenes = Scene.entry(
    summary: "576 drawn landscapes in colour: sky, sun, hills, houses and trees")
}

/// A landscape: something to learn from where there are no photographs.
struct Scene: DrawnSet {
  static let name = "scenes"
  static let trainCount = 512
  static let testCount = 64

  private var sky: (top: SIMD3<Double>, bottom: SIMD3<Double>)
  private var sun: (x: Double, y: Double, radius: Double, colour: SIMD3<Double>)
  private var hills: [Hill] = []
  private var houses: [House] = []
  private var trees: [Tree] = []
  private let seed: UInt32

  private struct Hill {
    let heights: [Double]
    let colour: SIMD3<Double>

    /// Where the hill begins, from the top of the picture.
    func top(_ x: Double) -> Double {
      let place = x * Double(heights.count - 1)
      let first = min(max(Int(place), 0), heights.count - 2)
      let share = Drawn.smooth(min(max(place - Double(first), 0), 1))
      return heights[first] + (heights[first + 1] - heights[first]) * share
    }
  }

  private struct House {
    let left: Double
    let bottom: Double
    let width: Double
    let wall: SIMD3<Double>
    let roof: SIMD3<Double>
  }

  private struct Tree {
    let x: Double
    let bottom: Double
    let height: Double
    let leaves: SIMD3<Double>
  }

  init(random: inout RandomStream) {
    func colour(
      _ red: ClosedRange<Double>, _ green: ClosedRange<Double>, _ blue: ClosedRange<Double>
    ) -> SIMD3<Double> {
      SIMD3(
        Drawn.number(red, &random), Drawn.number(green, &random), Drawn.number(blue, &random))
    }
    sky = (colour(0.1...0.6, 0.2...0.6, 0.5...0.95), colour(0.5...1, 0.5...0.9, 0.5...1))
    sun = (
      Drawn.number(0.05...0.95, &random), Drawn.number(0.05...0.45, &random),
      Drawn.number(0.03...0.12, &random), colour(0.9...1, 0.6...1, 0.3...0.9)
    )
    var horizon = Drawn.number(0.35...0.5, &random)
    for _ in 0..<3 {
      let heights = (0..<6).map { _ in horizon + Drawn.number(-0.12...0.12, &random) }
      hills.append(Hill(heights: heights, colour: colour(0.05...0.5, 0.25...0.6, 0.05...0.4)))
      horizon += 0.17
    }
    for _ in 0..<random.integer(below: 4) {
      houses.append(
        House(
          left: Drawn.number(0...0.8, &random), bottom: Drawn.number(0.6...0.95, &random),
          width: Drawn.number(0.08...0.25, &random), wall: colour(0.6...1, 0.5...0.95, 0.4...0.9),
          roof: colour(0.4...0.8, 0.1...0.4, 0.05...0.3)))
    }
    for _ in 0..<2 + random.integer(below: 8) {
      trees.append(
        Tree(
          x: Drawn.number(0...1, &random), bottom: Drawn.number(0.55...1, &random),
          height: Drawn.number(0.1...0.35, &random),
          leaves: colour(0.02...0.35, 0.2...0.6, 0.02...0.25)
        ))
    }
    seed = random.nextWord()
  }

  func colour(x: Double, y: Double) -> SIMD3<Double> {
    // Leaves, grass and walls are rough; the sky has soft clouds.
    let grain = 0.75 + 0.5 * Drawn.cloud(x * 48, y * 48, seed)
    for tree in trees {
      let crown = tree.bottom - 0.65 * tree.height
      let (u, v) = ((x - tree.x) / (0.3 * tree.height), (y - crown) / (0.4 * tree.height))
      if u * u + v * v < 0.7 + 0.5 * Drawn.cloud(x * 24, y * 24, seed &+ 1) {
        return tree.leaves * (grain * (1.15 - 0.3 * v))
      }
      if abs(x - tree.x) < 0.03 * tree.height, (crown...tree.bottom).contains(y) {
        return SIMD3(0.35, 0.22, 0.12) * grain
      }
    }
    for house in houses {
      let (u, v) = ((x - house.left) / house.width, (house.bottom - y) / house.width)
      guard (0...1).contains(u), v >= 0 else { continue }
      if v < 0.7 {
        let isWindow = abs(abs(u - 0.5) - 0.25) < 0.1 && (0.25...0.5).contains(v)
        return isWindow ? SIMD3(0.15, 0.2, 0.3) : house.wall * (0.9 + 0.1 * grain)
      }
      if v < 0.7 + 0.5 * (1 - 2 * abs(u - 0.5)) { return house.roof * grain }
    }
    for hill in hills.reversed() {
      let depth = y - hill.top(x)
      if depth > 0 { return hill.colour * (grain * (0.8 + depth)) }
    }
    let (u, v) = (x - sun.x, y - sun.y)
    if u * u + v * v < sun.radius * sun.radius { return sun.colour }
    let cloud = Drawn.cloud(x * 5, y * 9, seed &+ 2) * Drawn.cloud(x * 13, y * 23, seed &+ 3)
    return Drawn.mix(Drawn.mix(sky.top, sky.bottom, y * 1.6), SIMD3(1, 1, 1), min(1, cloud * 1.3))
  }
}
