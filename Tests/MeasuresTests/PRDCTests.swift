import Measures
import Testing

@Suite struct PRDCTests {
  @Test func pointsOnALineHaveMeasuresByHand() throws {
    // With one neighbour the balls of 0, 1, 3 and 7 reach 1, 1, 2 and 4; those of 0.5, 4 and 20
    // reach 3.5, 3.5 and 16.
    let real = try FeatureTable([0, 1, 3, 7], count: 4, dimension: 1)
    let generated = try FeatureTable([0.5, 4, 20], count: 3, dimension: 1)
    let measured = try PRDC(real: real, generated: generated, neighbours: 1)
    // 0.5 is in the balls of 0 and 1, 4 in those of 3 and 7, 20 in none.
    #expect(measured.precision == 2.0 / 3)
    #expect(measured.density == 4.0 / 3)
    #expect(measured.coverage == 1)
    // 0, 1 and 3 are in the ball of 0.5, and 7 in that of 4 and of 20.
    #expect(measured.recall == 1)
  }

  /// 300 rows are more than one block of work.
  @Test(arguments: [(6, 7, 2, 3), (40, 40, 5, 5), (300, 290, 4, 5), (9, 3, 2, 2)])
  func theyAreThoseOfTheDefinitions(
    count: Int, otherCount: Int, dimension: Int, neighbours: Int
  ) throws {
    let real = try normalTable(count, dimension, seed: 1)
    let generated = try normalTable(otherCount, dimension, seed: 2, mean: 0.4)
    let (x, y) = (rows(real), rows(generated))
    func radii(_ rows: [[Double]]) -> [Double] {
      rows.map { row in rows.map { distance(row, $0) }.sorted()[neighbours] }
    }
    let (realRadii, generatedRadii) = (radii(x), radii(y))
    let inside = y.map { row in
      x.indices.count { distance(x[$0], row) < realRadii[$0] }
    }
    let reached = x.count { row in
      y.indices.contains { distance(y[$0], row) < generatedRadii[$0] }
    }
    let covered = x.indices.count { place in
      y.contains { distance(x[place], $0) < realRadii[place] }
    }
    let measured = try PRDC(real: real, generated: generated, neighbours: neighbours)
    #expect(agree(measured.precision, Double(inside.count { $0 > 0 }) / Double(otherCount)))
    #expect(agree(measured.recall, Double(reached) / Double(count)))
    let density = Double(inside.reduce(0, +)) / Double(neighbours * otherCount)
    #expect(agree(measured.density, density))
    #expect(agree(measured.coverage, Double(covered) / Double(count)))
    let again = try PRDC(
      real: shuffled(real), generated: shuffled(generated), neighbours: neighbours)
    #expect(again == measured)
  }

  @Test func aTableHasAllOfItself() throws {
    let table = try normalTable(101, 6, seed: 3, mean: 50)
    let measured = try PRDC(real: table, generated: shuffled(table))
    #expect(measured.precision == 1 && measured.recall == 1)
    #expect(measured.density == 1 && measured.coverage == 1)
  }

  @Test func tablesFarApartHaveNothing() throws {
    let (a, b) = (try normalTable(30, 3, seed: 4), try normalTable(30, 3, seed: 5, mean: 100))
    let measured = try PRDC(real: a, generated: b)
    #expect(measured.precision == 0 && measured.recall == 0)
    #expect(measured.density == 0 && measured.coverage == 0)
  }

  @Test(arguments: [0, 4])
  func ballsThatReachBeyondTheRowsAreRefused(neighbours: Int) throws {
    let (a, b) = (try normalTable(9, 2, seed: 6), try normalTable(4, 2, seed: 7))
    #expect(throws: MeasureError.tooManyNeighbours(neighbours, most: 3)) {
      try PRDC(real: a, generated: b, neighbours: neighbours)
    }
  }
}
