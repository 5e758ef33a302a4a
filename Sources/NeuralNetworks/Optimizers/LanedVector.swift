/// A vector of single-precision numbers in lanes of eight, the last ones filled up with zeros. Sums
/// run in double precision, lane by lane in a fixed order, so that their bits depend on nothing else.
struct LanedVector: Sendable, Hashable {
  private var lanes: [SIMD8<Float>]
  let count: Int

  init(_ scalars: [Float]) {
    count = scalars.count
    lanes = []
    lanes.reserveCapacity((count + 7) / 8)
    var place = 0
    while place + 8 <= count {
      lanes.append(
        SIMD8(
          scalars[place], scalars[place + 1], scalars[place + 2], scalars[place + 3],
          scalars[place + 4], scalars[place + 5], scalars[place + 6], scalars[place + 7]))
      place += 8
    }
    guard place < count else { return }
    var last = SIMD8<Float>()
    for lane in 0..<count - place { last[lane] = scalars[place + lane] }
    lanes.append(last)
  }

  /// The numbers.
  var scalars: [Float] {
    var scalars: [Float] = []
    scalars.reserveCapacity(lanes.count * 8)
    for eight in lanes { for lane in 0..<8 { scalars.append(eight[lane]) } }
    scalars.removeLast(scalars.count - count)
    return scalars
  }

  /// The sum of the products.
  func dot(_ other: LanedVector) -> Double {
    zip(lanes, other.lanes).reduce(into: SIMD8<Double>()) { sums, pair in
      sums += SIMD8<Double>(pair.0) * SIMD8<Double>(pair.1)
    }.sum()
  }

  /// The sum of the magnitudes.
  var sumOfMagnitudes: Double {
    lanes.reduce(into: SIMD8<Double>()) { sums, eight in
      sums += SIMD8<Double>(eight.replacing(with: -eight, where: eight .< 0))
    }.sum()
  }

  /// The greatest magnitude; 0 of an empty vector, not a number if one of its numbers is none.
  var greatestMagnitude: Double {
    lanes.reduce(0.0) { greatest, eight in
      let magnitudes = eight.replacing(with: -eight, where: eight .< 0)
      // `max` of lanes would lose what is not a number; the sum keeps it.
      let sum = magnitudes.sum()
      return sum.isNaN || greatest.isNaN ? .nan : Swift.max(greatest, Double(magnitudes.max()))
    }
  }

  /// This vector times a number.
  func scaled(by factor: Double) -> LanedVector {
    var result = self
    let factor = Float(factor)
    for index in result.lanes.indices { result.lanes[index] *= factor }
    return result
  }

  /// Adds another vector times a number.
  mutating func add(_ factor: Double, times other: LanedVector) {
    let factor = Float(factor)
    for index in lanes.indices { lanes[index] += factor * other.lanes[index] }
  }
}
