import Measures
import Randomness
import Testing

@Suite struct PrincipalComponentTests {
  /// Rows of a plane in space, with deviations 3 and 1 along two known directions.
  private func plane(_ count: Int) throws -> (table: FeatureTable, directions: [[Double]]) {
    let directions = [[2.0 / 3, 2.0 / 3, 1.0 / 3], [1.0 / 3, -2.0 / 3, 2.0 / 3]]
    var stream = RandomStream(seed: 2, name: "plane")
    let values = (0..<count).flatMap { _ in
      let (a, b) = (3 * stream.normal(), stream.normal())
      return (0..<3).map { Float(5 + a * directions[0][$0] + b * directions[1][$0]) }
    }
    return (try FeatureTable(values, count: count, dimension: 3), directions)
  }

  @Test func thePlaneOfTheRowsIsFound() throws {
    let (table, directions) = try plane(4000)
    let components = try PrincipalComponents(of: table, count: 3)
    for (place, direction) in directions.enumerated() {
      let axis = components.axes[place * 3..<place * 3 + 3]
      let cosine = zip(axis, direction).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(cosine) > 0.999)
      #expect(axis.max() == axis.map(\.magnitude).max())
    }
    #expect(abs(components.variances[0] - 9) < 0.5 && abs(components.variances[1] - 1) < 0.1)
    #expect(components.variances[2] < 1e-9)
    #expect(agree(components.totalVariance, components.variances.reduce(0, +)))
  }

  /// Coordinates in all directions keep every distance; those in the first two of a plane too.
  @Test func distancesAreKept() throws {
    let (table, _) = try plane(40)
    let (points, _) = try PrincipalComponents.plane(of: table)
    let all = rows(table)
    for first in 0..<40 {
      for second in 0..<first {
        let difference = points[first] - points[second]
        let flat = (difference * difference).sum().squareRoot()
        #expect(agree(flat, distance(all[first], all[second]), within: 1e-5))
      }
    }
  }

  @Test func rowsOfOneNumberLieOnALine() throws {
    let table = try normalTable(9, 1, seed: 4)
    let (points, components) = try PrincipalComponents.plane(of: table)
    #expect(components.axes == [1] && points.allSatisfy { $0.y == 0 })
    #expect(agree(points[3].x, Double(table.values[3]) - components.mean[0]))
  }

  @Test func rowsOfAnotherLengthAreRefused() throws {
    let components = try PrincipalComponents(of: try normalTable(9, 3, seed: 4), count: 2)
    #expect(throws: MeasureError.differentDimensions(4, 3)) {
      try components.coordinates(of: try normalTable(9, 4, seed: 4))
    }
    #expect(throws: MeasureError.tooManyDimensions(4097, most: 4096)) {
      try PrincipalComponents(of: try normalTable(2, 4097, seed: 4), count: 2)
    }
  }
}

@Suite struct TSNETests {
  /// Clusters of normal rows around corners, far from each other, one after another.
  private func clusters(_ count: Int, of size: Int, dimension: Int = 8) throws -> FeatureTable {
    let tables = try (0..<count).map { place in
      var values = try normalTable(size, dimension, seed: UInt64(place)).values
      for row in 0..<size { values[row * dimension + place] += 20 }
      return values
    }
    return try FeatureTable(
      tables.flatMap(\.self), count: count * size, dimension: dimension)
  }

  @Test func clustersStayApart() throws {
    let (count, size) = (5, 30)
    let table = try clusters(count, of: size)
    let map = try TSNE(perplexity: 10, iterations: 500).map(table, threads: 2)
    func middle(_ cluster: Int) -> SIMD2<Double> {
      map.points[cluster * size..<(cluster + 1) * size].reduce(.zero, +) / Double(size)
    }
    for (row, point) in map.points.enumerated() {
      let distances = (0..<count).map { cluster in
        let difference = point - middle(cluster)
        return (difference * difference).sum()
      }
      #expect(distances.firstIndex(of: distances.min() ?? 0) == row / size)
    }
    let neighbours = try Neighbours.nearest(
      to: FeatureTable(
        map.points.flatMap { [Float($0.x), Float($0.y)] }, count: table.count, dimension: 2),
      in: FeatureTable(
        map.points.flatMap { [Float($0.x), Float($0.y)] }, count: table.count, dimension: 2),
      count: 4)
    #expect(
      neighbours.enumerated().allSatisfy { row, list in
        list.allSatisfy { $0.row / size == row / size }
      })
  }

  @Test func theDescentLessensTheDivergence() throws {
    let table = try clusters(6, of: 25)
    let divergences = try [0, 300, 600].map {
      try TSNE(perplexity: 8, iterations: $0).map(table, threads: 1).divergence
    }
    #expect(divergences[0] > 1.5 * divergences[1] && divergences[1] > divergences[2])
    #expect(divergences[2] > 0, "\(divergences)")
  }

  @Test func theGradientIsThatOfTheDivergence() throws {
    let table = try normalTable(23, 4, seed: 7)
    let probabilities = try NeighbourProbabilities(table, perplexity: 5, threads: 1)
    var stream = RandomStream(seed: 7, name: "points")
    var points = (0..<23).map { _ in SIMD2(stream.normal(), stream.normal()) }
    let gradient = TSNE.gradient(at: points, toward: probabilities, threads: 2)
    let step = 1e-5
    for place in points.indices {
      for axis in 0..<2 {
        let original = points[place][axis]
        points[place][axis] = original + step
        let above = TSNE.divergence(of: points, from: probabilities)
        points[place][axis] = original - step
        let below = TSNE.divergence(of: points, from: probabilities)
        points[place][axis] = original
        #expect(abs((above - below) / (2 * step) - gradient[place][axis]) < 1e-8)
      }
    }
  }

  /// Distances count in units of the features' own.
  @Test(arguments: [1e-4, 1e6] as [Float])
  func theScaleOfTheFeaturesDoesNotMatter(scale: Float) throws {
    let table = try normalTable(40, 5, seed: 9)
    let scaled = try FeatureTable(table.values.map { scale * $0 }, count: 40, dimension: 5)
    let points = table.values.prefix(80).enumerated().map { SIMD2(Double($1), Double($0 % 7)) }
    let divergences = try [table, scaled].map {
      TSNE.divergence(
        of: Array(points.prefix(40)),
        from: try NeighbourProbabilities($0, perplexity: 6, threads: 1))
    }
    #expect(agree(divergences[0], divergences[1], within: 1e-4))
  }

  @Test func threadsDoNotChangeTheMap() throws {
    let table = try clusters(4, of: 33)
    let maps = try [1, 2, 3].map { try TSNE(iterations: 60).map(table, threads: $0) }
    #expect(maps[0] == maps[1] && maps[0] == maps[2])
    #expect(maps[0].perplexity == 30)
  }

  @Test func rowsThatAreAlikeAndRowsOnALineHaveAMapToo() throws {
    let alike = try FeatureTable([Float](repeating: 2, count: 30), count: 10, dimension: 3)
    let line = try normalTable(20, 1, seed: 3)
    for table in [alike, line, try normalTable(2, 3, seed: 1)] {
      let map = try TSNE(iterations: 300).map(table, threads: 1)
      #expect(map.points.allSatisfy { $0.x.isFinite && $0.y.isFinite })
    }
    let map = try TSNE(iterations: 300).map(line, threads: 1)
    #expect(map.points.contains { abs($0.y) > 1e-3 })
  }

  @Test(arguments: [0.5, 4, .nan, .infinity])
  func aPerplexityThatCannotBeIsRefused(perplexity: Double) throws {
    let table = try normalTable(10, 3, seed: 1)
    let error = #expect(throws: MeasureError.self) {
      try TSNE(perplexity: perplexity).map(table, threads: 1)
    }
    guard case .perplexity(_, most: 3) = error else {
      Issue.record("another error: \(String(describing: error))")
      return
    }
  }

  @Test func tooManyRowsAreRefused() throws {
    let table = try normalTable(5001, 1, seed: 1)
    #expect(throws: MeasureError.tooManyRows(5001, most: 5000)) {
      try TSNE(iterations: 1).map(table, threads: 1)
    }
  }
}
