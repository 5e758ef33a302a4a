import Measures
import Testing

@Suite struct ClassBalanceTests {
  @Test func sureAndEvenSamplesHaveAsManyClassesAsThereAre() throws {
    let table = try FeatureTable([1, 0, 0, 0, 1, 0, 0, 0, 1], count: 3, dimension: 3)
    let balance = try ClassBalance(table)
    #expect(balance.histogram == [1, 1, 1])
    #expect(agree(balance.effectiveClasses, 3) && agree(balance.score, 3))
    #expect(agree(balance.entropy, 1.0986122886681098))
  }

  @Test func oneClassIsOneClass() throws {
    let balance = try ClassBalance(FeatureTable([0, 1, 0, 1, 0, 1], count: 3, dimension: 2))
    #expect(balance.histogram == [0, 3])
    #expect(balance.mean == [0, 1])
    #expect(balance.entropy == 0 && balance.effectiveClasses == 1 && balance.score == 1)
  }

  @Test func unsureSamplesMayBeBalancedButScoreNothing() throws {
    let balance = try ClassBalance(
      FeatureTable([0.25, 0.75, 0.25, 0.75], count: 2, dimension: 2))
    // H = 1/4 ln 4 + 3/4 ln 4/3.
    #expect(agree(balance.entropy, 0.5623351446188083))
    #expect(agree(balance.effectiveClasses, 1.7547653506033232))
    #expect(agree(balance.score, 1))
  }

  @Test func theScoreIsTheMeanDivergence() throws {
    // The mean is [5/8, 3/8]; KL of [1, 0] is ln 8/5, of [1/4, 3/4] 1/4 ln 2/5 + 3/4 ln 2.
    let balance = try ClassBalance(FeatureTable([1, 0, 0.25, 0.75], count: 2, dimension: 2))
    #expect(agree(balance.score, 1.4628632799836594))
    #expect(balance.histogram == [1, 1])
  }

  @Test(
    arguments: [
      ([0.5, 0.5, 0.5, 0.25], MeasureError.notProbabilities(row: 1, sum: 0.75)),
      ([1.5, -0.5, 0.5, 0.5], .notProbabilities(row: 0, sum: 1)),
    ] as [([Float], MeasureError)])
  func whatIsNoDistributionIsRefused(values: [Float], error: MeasureError) throws {
    let table = try FeatureTable(values, count: 2, dimension: 2)
    #expect(throws: error) { try ClassBalance(table) }
  }
}
