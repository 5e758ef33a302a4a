import Glibc
import Randomness

/// Two scores of groups of samples that share the value of one factor: which factor it is, must be seen
/// from the latent numbers that vary least. The FactorVAE score tells it by the one number of least
/// variance (Kim and Mnih, "Disentangling by factorising", 2018, section 4), the β-VAE score by a linear classifier of
/// the mean distances in pairs (Higgins et al., "β-VAE", 2017, section 3).
///
/// Differs from the papers: groups are drawn from a table, not made; both are judged on as many new
/// groups as they learnt from.
public struct InterventionScores: Sendable, Hashable {
  /// Groups that each score learns from (Kim and Mnih 2018), and is judged on.
  public static let groups = 800
  /// Samples, or pairs, of a group.
  public static let groupSize = 64

  /// The FactorVAE score: the share of groups whose factor is told, in 0 ... 1.
  public let factorVAE: Double
  /// The β-VAE score, in 0 ... 1.
  public let betaVAE: Double

  /// - Parameters:
  ///   - table: the latent points and factors; each value of a factor that is there at all should have many
  ///     samples.
  ///   - seed: of the groups.
  public init(_ table: LatentFactors, seed: UInt64) {
    let variances = table.variances()
    let used = LatentFactors.used(variances)
    let factors = table.sizes.indices.filter { factor in
      table.samples(of: factor).count { $0.count > 1 } > 1
    }
    guard !used.isEmpty, !factors.isEmpty else {
      (factorVAE, betaVAE) = (0, 0)
      return
    }
    let samples = factors.map { table.samples(of: $0).filter { $0.count > 1 } }
    var stream = RandomStream(seed: seed, name: "intervention groups")
    func group() -> (factor: Int, members: [Int]) {
      let factor = stream.integer(below: factors.count)
      let choice = samples[factor]
      let members = choice[stream.integer(below: choice.count)]
      return (
        factor,
        (0..<2 * Self.groupSize).map { _ in members[stream.integer(below: members.count)] }
      )
    }
    func number(_ sample: Int, _ place: Int) -> Double {
      Double(table.latents.values[sample * table.latents.dimension + used[place]])
    }
    let groups = (0..<2 * Self.groups).map { _ in group() }
    let steadiest = groups.map { group in
      let spreads = used.indices.map { place in
        LatentFactors.variance(group.members.prefix(Self.groupSize).map { number($0, place) })
          / variances[used[place]]
      }
      return spreads.indices.min { spreads[$0] < spreads[$1] } ?? 0
    }
    let told = groups.map(\.factor)
    factorVAE = Self.majorityScore(steadiest, told, factors.count, used.count)
    let distances = groups.map { group in
      used.indices.map { place in
        let deviation = variances[used[place]].squareRoot()
        return (0..<Self.groupSize).reduce(0) { sum, pair in
          let (a, b) = (group.members[2 * pair], group.members[2 * pair + 1])
          return sum + (number(a, place) - number(b, place)).magnitude / deviation
        } / Double(Self.groupSize)
      }
    }
    betaVAE = Self.linearScore(distances, told, factors.count)
  }

  /// The share of the second half that the first half's majority for each place tells.
  private static func majorityScore(
    _ places: [Int], _ told: [Int], _ factors: Int, _ count: Int
  ) -> Double {
    var votes = [[Int]](repeating: [Int](repeating: 0, count: factors), count: count)
    for group in 0..<groups { votes[places[group]][told[group]] += 1 }
    let majority = votes.map { vote in vote.indices.max { vote[$0] < vote[$1] } ?? 0 }
    let right = (groups..<2 * groups).count { majority[places[$0]] == told[$0] }
    return Double(right) / Double(groups)
  }

  /// The share of the second half that a softmax regression on the first half tells: gradient descent with
  /// inputs of mean 0 and variance 1.
  private static func linearScore(
    _ inputs: [[Double]], _ told: [Int], _ classes: Int
  ) -> Double {
    let (size, rate, steps) = (inputs[0].count, 0.5, 500)
    let moments = (0..<size).map { place in
      LatentFactors.moments(inputs.prefix(groups).map { $0[place] })
    }
    let rows = inputs.map { row in
      row.indices.map {
        (row[$0] - moments[$0].mean) / max(moments[$0].variance, .leastNormalMagnitude).squareRoot()
      } + [1]
    }
    var weights = [[Double]](
      repeating: [Double](repeating: 0, count: size + 1), count: classes)
    func scores(_ row: [Double]) -> [Double] {
      weights.map { weight in zip(weight, row).reduce(0) { $0 + $1.0 * $1.1 } }
    }
    for _ in 0..<steps {
      var gradients = [[Double]](
        repeating: [Double](repeating: 0, count: size + 1), count: classes)
      for group in 0..<groups {
        let scores = scores(rows[group])
        let largest = scores.max() ?? 0
        let powers = scores.map { exp($0 - largest) }
        let sum = powers.reduce(0, +)
        for place in 0..<classes {
          let error = powers[place] / sum - (told[group] == place ? 1 : 0)
          for input in 0...size { gradients[place][input] += error * rows[group][input] }
        }
      }
      for place in 0..<classes {
        for input in 0...size {
          weights[place][input] -= rate / Double(groups) * gradients[place][input]
        }
      }
    }
    let right = (groups..<2 * groups).count { group in
      let scores = scores(rows[group])
      return scores.indices.max { scores[$0] < scores[$1] } == told[group]
    }
    return Double(right) / Double(groups)
  }
}
