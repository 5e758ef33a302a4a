import Experiments
import Randomness
import Testing

@Suite struct GaussianMixtureTests {
  /// Points of two Gaussians far apart, one of them slanted.
  private func points(_ count: Int) -> [[Float]] {
    var random = RandomStream(seed: 3, name: "points")
    return (0..<count).map { place in
      let (a, b) = (Float(random.normal()), Float(random.normal()))
      return place % 4 == 0 ? [10 + a, 0.5 * b] : [-10 + a, 2 * a + 0.1 * b]
    }
  }

  @Test func drawsWhatItWasFittedTo() {
    let mixture = GaussianMixture(fittedTo: points(2000), components: 2, seed: 1)
    var stream = RandomStream(seed: 5, name: "drawn")
    let drawn = (0..<4000).map { _ in mixture.point(&stream) }
    let right = drawn.filter { $0[0] > 0 }
    let left = drawn.filter { $0[0] <= 0 }
    #expect((Double(right.count) / 4000 - 0.25).magnitude < 0.03)
    func mean(_ points: [[Float]], _ value: ([Float]) -> Float) -> Float {
      points.map(value).reduce(0, +) / Float(points.count)
    }
    #expect((mean(right) { $0[0] } - 10).magnitude < 0.15)
    #expect((mean(left) { $0[0] } + 10).magnitude < 0.15)
    // Of the slanted one the second number is twice the first, less its mean.
    #expect(mean(left) { abs($0[1] - 2 * ($0[0] + 10)) } < 0.3)
    #expect((mean(right) { $0[1] * $0[1] } - 0.25).magnitude < 0.05)
  }

  @Test func longPointsHaveDiagonalCovariances() {
    var random = RandomStream(seed: 3, name: "points")
    let size = GaussianMixture.greatestFullSize + 1
    let points = (0..<300).map { _ in
      (0..<size).map { Float($0) + 0.1 * Float(random.normal()) }
    }
    let mixture = GaussianMixture(fittedTo: points, components: 3, seed: 1)
    var stream = RandomStream(seed: 5, name: "drawn")
    for _ in 0..<20 {
      for (place, number) in mixture.point(&stream).enumerated() {
        #expect((number - Float(place)).magnitude < 1)
      }
    }
  }

  /// As many Gaussians as points at most; equal points are no fault.
  @Test(arguments: [[[Float]]]([[[1, 2]], [[1, 2], [1, 2]], [[0, 0], [4, 4], [4, 4]]]))
  func fewPointsAreEnough(points: [[Float]]) {
    let mixture = GaussianMixture(fittedTo: points, components: 10, seed: 1)
    var stream = RandomStream(seed: 5, name: "drawn")
    for _ in 0..<20 { #expect(mixture.point(&stream).allSatisfy { $0.isFinite }) }
  }
}
