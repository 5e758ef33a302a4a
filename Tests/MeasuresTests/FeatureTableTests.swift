import Measures
import Testing

@Suite struct FeatureTableTests {
  @Test(arguments: [
    ([1, 2, 3], 2, 2, MeasureError.size(rows: 2, columns: 2, numbers: 3)),
    ([], 2, 0, .size(rows: 2, columns: 0, numbers: 0)),
    ([1], -1, -1, .size(rows: -1, columns: -1, numbers: 1)),
    ([1], .max, 3, .size(rows: .max, columns: 3, numbers: 1)),
    ([], 0, 5, .tooFewRows(0)), ([1, 2], 1, 2, .tooFewRows(1)),
    ([1, 2, 3, .infinity], 2, 2, .unusableNumber(row: 1, column: 1, .infinity)),
    ([1, -2e15, 3, 4], 2, 2, .unusableNumber(row: 0, column: 1, -2e15)),
  ])
  func wrongTablesAreRefused(values: [Float], count: Int, dimension: Int, error: MeasureError) {
    #expect(throws: error) { try FeatureTable(values, count: count, dimension: dimension) }
    #expect(!error.description.contains("\n"))
  }

  @Test func whatIsNotANumberIsRefused() {
    #expect(throws: MeasureError.self) {
      try FeatureTable([1, 2, .nan, 4], count: 2, dimension: 2)
    }
  }

  @Test func rowsAreSelectedInTheirOrder() throws {
    let table = try FeatureTable([1, 2, 3, 4, 5, 6], count: 3, dimension: 2)
    let selected = table.selecting([2, 0, 2])
    #expect(selected.values == [5, 6, 1, 2, 5, 6])
    #expect(Array(selected[1]) == [1, 2])
  }

  @Test func tablesOfDifferentDimensionsAreNotCompared() throws {
    let (a, b) = (try normalTable(8, 3, seed: 1), try normalTable(8, 4, seed: 2))
    let error = MeasureError.differentDimensions(3, 4)
    #expect(throws: error) { try FrechetDistance.between(a, b) }
    #expect(throws: error) { try FrechetDistance.interval(a, b, resamples: 2, seed: 0) }
    #expect(throws: error) { try KernelDistance(a, b, seed: 0) }
    #expect(throws: error) { try PRDC(real: a, generated: b) }
    #expect(throws: error) { try Neighbours.nearest(to: a, in: b) }
  }

  /// The greatest numbers that are taken, and the smallest there are, overflow nothing.
  @Test(arguments: [FeatureTable.greatestMagnitude, .leastNonzeroMagnitude])
  func extremeNumbersHaveFiniteMeasures(number: Float) throws {
    let signs = try normalTable(24, 6, seed: 3).values.map { $0 < 0 ? -number : number }
    let table = try FeatureTable(signs, count: 24, dimension: 6)
    let other = try normalTable(24, 6, seed: 4)
    let kernel = try KernelDistance(table, other, subsetSize: 12, seed: 0)
    let interval = try FrechetDistance.interval(table, other, resamples: 3, seed: 0)
    #expect([kernel.value, kernel.mean, kernel.deviation].allSatisfy { $0.isFinite })
    #expect(interval.lowerBound.isFinite && interval.upperBound.isFinite)
    #expect(try FrechetDistance.between(table, table).isFinite)
  }
}
