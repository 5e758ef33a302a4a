import Measures
import Randomness
import Testing

/// Scores of codes whose disentanglement is known.
@Suite struct DisentanglementTests {
  private static let sizes = [3, 4, 16]

  /// Each combination of factor values so many times.
  private static let values: [Int32] = (0..<16 * 192).flatMap { index -> [Int32] in
    let place = Int32(index % 192)
    return [place / 64, place / 16 % 4, place % 16]
  }

  private func table(
    dimension: Int, categorical: Set<Int> = [], _ latent: (ArraySlice<Int32>) -> [Float]
  ) throws -> LatentFactors {
    let count = Self.values.count / 3
    let latents = (0..<count).flatMap { latent(Self.values[$0 * 3..<$0 * 3 + 3]) }
    return LatentFactors(
      latents: try FeatureTable(latents, count: count, dimension: dimension),
      values: Self.values, sizes: Self.sizes, categorical: categorical)
  }

  private func identity() throws -> LatentFactors {
    try table(dimension: 4, categorical: [0]) { values -> [Float] in
      values.map { Float($0) } + [7]
    }
  }

  /// Every factor is in every number, mixed by an orthogonal matrix of standardised factors.
  private func mixed() throws -> LatentFactors {
    try table(dimension: 3) { values -> [Float] in
      let all = values.map { Float($0) }
      let a = (all[0] - 1) / 0.816
      let b = (all[1] - 1.5) / 1.118
      let c = (all[2] - 7.5) / 4.61
      return [(a + b + c) / 1.732, (a - b) / 1.414, (a + b - 2 * c) / 2.449]
    }
  }

  @Test func theIdentityIsPerfect() throws {
    let table = try identity()
    let gap = MutualInformationGap(table)
    #expect((gap.score - 1).magnitude < 1e-12)
    #expect(gap.gaps.compactMap { $0 }.count == 3)
    let dci = DCI(table)
    #expect(dci.disentanglement > 0.999 && dci.completeness > 0.999)
    #expect(dci.informativeness > 0.8)
    let scores = InterventionScores(table, seed: 1)
    #expect(scores.factorVAE > 0.999 && scores.betaVAE > 0.99)
    // The ordered factors are predicted exactly by one number and not at all by the others; two of three
    // shapes in three are right, with the nearest mean of a constant none is but the first.
    let sap = SeparatedAttributePredictability(table)
    #expect(sap.gaps[1] > 0.999 && sap.gaps[2] > 0.999)
    #expect((sap.gaps[0] - 2.0 / 3).magnitude < 1e-9)
  }

  @Test func aMixtureIsNot() throws {
    let table = try mixed()
    #expect(MutualInformationGap(table).score < 0.75)
    #expect(DCI(table).disentanglement < 0.5)
    #expect(DCI(table).informativeness > 0.8, "a rotation hides nothing from a linear map")
    #expect(InterventionScores(table, seed: 1).factorVAE < 0.999)
    #expect(SeparatedAttributePredictability(table).score < 0.6)
  }

  @Test func aConstantTellsNothing() throws {
    let table = try table(dimension: 2) { _ in [1, 2] }
    #expect(MutualInformationGap(table).score == 0)
    #expect(SeparatedAttributePredictability(table).score == 0)
    #expect(DCI(table).disentanglement == 0)
    #expect(InterventionScores(table, seed: 1) == InterventionScores(table, seed: 2))
    #expect(InterventionScores(table, seed: 1).factorVAE == 0)
  }

  /// The information of a number with itself is its entropy, of independent ones nothing.
  @Test func informationIsInNats() throws {
    let gap = MutualInformationGap(try identity())
    #expect((gap.information[0][0] - 1.098_612_288_668).magnitude < 1e-9)
    #expect((gap.information[2][2] - 2.772_588_722_24).magnitude < 1e-9)
    #expect(gap.information[0][1].magnitude < 1e-9)
  }
}

@Suite struct LatentUseTests {
  /// A number that follows its sample exactly enough, one that is the prior's.
  @Test func countsTheNumbersInUse() throws {
    let count = 400
    var random = RandomStream(seed: 1, name: "latent use")
    var (means, logVariances, points): ([Float], [Float], [Float]) = ([], [], [])
    for _ in 0..<count {
      let mean = Float(random.normal())
      means += [mean, 0]
      logVariances += [-9.2, 0]
      points += [mean + 0.01 * Float(random.normal()), Float(random.normal())]
    }
    let use = LatentUse(
      means: try FeatureTable(means, count: count, dimension: 2), logVariances: logVariances,
      points: points)
    #expect(use.activeUnits == 1)
    #expect(use.divergences[1] == 0)
    // (1 + e^-9.2 - 1 + 9.2) / 2 with means of variance about 1.
    #expect((use.divergences[0] - 4.6).magnitude < 0.1)
    // H(z) - H(z | x) = log(1 / 0.01) for many samples, and at most their logarithm.
    #expect(use.mutualInformation > 3.8 && use.mutualInformation < 5)
  }

  @Test func nothingIsInUseWhereAllPosteriorsAreThePrior() throws {
    let use = LatentUse(
      means: try FeatureTable([Float](repeating: 0, count: 60), count: 20, dimension: 3),
      logVariances: [Float](repeating: 0, count: 60), points: [Float](repeating: 1, count: 60))
    #expect(use.activeUnits == 0)
    #expect(use.divergences == [0, 0, 0])
    #expect(use.mutualInformation.magnitude < 1e-6)
  }
}
