import Measures
import Randomness
import Testing

@Suite struct SymmetricEigenTests {
  /// A symmetric matrix and what tests call it.
  struct Sample: CustomTestStringConvertible {
    let testDescription: String
    let dimension: Int
    let matrix: [Double]

    init(_ name: String, _ matrix: [Double], _ dimension: Int) {
      testDescription = name
      self.dimension = dimension
      self.matrix = matrix
    }

    /// A sum of products of normal vectors with themselves, as many as the rank says, with normal
    /// weights.
    init(_ dimension: Int, rank: Int, scale: Double = 1) {
      var stream = RandomStream(seed: 5, name: "matrix", index: UInt64(dimension))
      var matrix = [Double](repeating: 0, count: dimension * dimension)
      for _ in 0..<rank {
        let vector = (0..<dimension).map { _ in stream.normal() }
        let weight = scale * stream.normal()
        for row in 0..<dimension {
          for column in 0..<dimension {
            matrix[row * dimension + column] += weight * (vector[row] * vector[column])
          }
        }
      }
      self.init("\(dimension) rows of rank \(rank) times \(scale)", matrix, dimension)
    }
  }

  static let samples =
    [1, 2, 3, 4, 7, 8, 9, 33, 100].map { Sample($0, rank: $0) } + [
      Sample(40, rank: 3), Sample(20, rank: 20, scale: 1e150),
      Sample(20, rank: 20, scale: 1e-150), Sample(6, rank: 0),
      Sample("tiny beside one", [1, 0, 1e-162, 0, 1, 1e-170, 1e-162, 1e-170, 1], 3),
      Sample("tiny block", [1, 0, 0, 0, 1e-200, 1e-201, 0, 1e-201, 1e-200], 3),
      Sample("one", [1, 0, 0, 0, 1, 0, 0, 0, 1], 3),
      Sample("diagonal", [2, 0, 0, 0, -1, 0, 0, 0, 5], 3), Sample("exchange", [0, 1, 1, 0], 2),
    ]

  @Test(arguments: samples)
  func theDecompositionRebuildsTheMatrix(sample: Sample) {
    let (matrix, dimension) = (sample.matrix, sample.dimension)
    let eigen = SymmetricEigen(matrix, dimension: dimension)
    let largest = matrix.map(\.magnitude).max() ?? 0
    let tolerance = 1e-13 * Double(dimension)
    #expect(eigen.values == eigen.values.sorted())
    for row in 0..<dimension {
      for column in 0..<dimension {
        var (rebuilt, product) = (0.0, 0.0)
        for place in 0..<dimension {
          rebuilt +=
            eigen.values[place] * eigen.vectors[place * dimension + row]
            * eigen.vectors[place * dimension + column]
          product +=
            eigen.vectors[row * dimension + place] * eigen.vectors[column * dimension + place]
        }
        #expect(abs(rebuilt - matrix[row * dimension + column]) <= tolerance * largest)
        #expect(abs(product - (row == column ? 1 : 0)) <= tolerance)
      }
    }
    let alone = SymmetricEigen.values(of: matrix, dimension: dimension)
    #expect(zip(alone, eigen.values).allSatisfy { abs($0 - $1) <= tolerance * largest })
  }

  @Test func theEigenvaluesOfAChainAreKnown() {
    // 2 on the diagonal and -1 beside it: 2 - 2 cos(pi k / (n + 1)); of 3 rows 2 and 2 -+ sqrt 2.
    let eigen = SymmetricEigen([2, -1, 0, -1, 2, -1, 0, -1, 2], dimension: 3)
    let expected = [2 - 2.0.squareRoot(), 2, 2 + 2.0.squareRoot()]
    #expect(zip(eigen.values, expected).allSatisfy { agree($0, $1, within: 1e-14) })
  }
}
