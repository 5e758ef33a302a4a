import Measures
import Testing

@Suite struct NeighboursTests {
  /// 300 rows are more than one block of work, and 3,000 of 40 numbers more than stay in the cache.
  @Test(arguments: [(3, 5, 2, 5), (10, 9, 3, 1), (300, 50, 7, 4), (7, 3000, 40, 6)])
  func theNearestAreThoseOfAFullSort(
    count: Int, otherCount: Int, dimension: Int, nearest: Int
  ) throws {
    let queries = try normalTable(count, dimension, seed: 1, mean: 100)
    let table = try normalTable(otherCount, dimension, seed: 2, mean: 100)
    let found = try Neighbours.nearest(to: queries, in: table, count: nearest)
    let others = rows(table)
    #expect(found.count == count)
    for (query, list) in zip(rows(queries), found) {
      let sorted = others.map { distance(query, $0) }.enumerated().sorted { $0.1 < $1.1 }
      #expect(list.map(\.row) == sorted.prefix(nearest).map(\.offset))
      #expect(zip(list, sorted).allSatisfy { agree($0.distance, $1.element) })
    }
  }

  @Test func aCopyIsAtDistanceZeroAndOfEqualsTheFirstComesFirst() throws {
    let table = try normalTable(200, 16, seed: 3, mean: 1000)
    let twice = table.selecting(Array(0..<200) + Array(0..<200))
    let found = try Neighbours.nearest(to: table, in: twice, count: 2)
    for (row, list) in found.enumerated() {
      #expect(list.map(\.row) == [row, row + 200])
      #expect(list.map(\.distance) == [0, 0])
    }
  }

  @Test(arguments: [0, -3, 6])
  func moreNeighboursThanRowsAreRefused(count: Int) throws {
    let table = try normalTable(5, 2, seed: 4)
    #expect(throws: MeasureError.tooManyNeighbours(count, most: 5)) {
      try Neighbours.nearest(to: table, in: table, count: count)
    }
  }

  @Test(arguments: [(4, 2, 6), (30, 3, 10), (301, 5, 25)])
  func theClosestPairsAreThoseOfAFullSort(count: Int, dimension: Int, pairs: Int) throws {
    let table = try normalTable(count, dimension, seed: 5)
    let all = rows(table)
    var sorted: [(Double, Int, Int)] = []
    for second in all.indices {
      for first in 0..<second { sorted.append((distance(all[first], all[second]), first, second)) }
    }
    sorted.sort { $0 < $1 }
    let found = Neighbours.closestPairs(in: table, count: pairs)
    #expect(found.map(\.first) == sorted.prefix(pairs).map(\.1))
    #expect(found.map(\.second) == sorted.prefix(pairs).map(\.2))
    #expect(zip(found, sorted).allSatisfy { agree($0.distance, $1.0) })
  }

  @Test func duplicatesAreTheClosestPairsAndNoMoreAreGivenThanThereAre() throws {
    let table = try normalTable(3, 4, seed: 6).selecting([0, 1, 2, 1])
    let found = Neighbours.closestPairs(in: table, count: 100)
    #expect(found.count == 6)
    #expect(found[0].distance == 0 && found[1].distance > 0)
    #expect((found[0].first, found[0].second) == (1, 3))
  }
}
