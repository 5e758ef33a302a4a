import Autoencoders
import Experiments
import Testing

/// What the divergence counts for, step by step.
@Suite struct ScheduleTests {
  private func metrics(
    steps: Range<Int> = 0..<4, _ change: (inout KLConfiguration) -> Void
  ) throws -> [Metrics] {
    var autoencoder = try TinyImages(side: 8).autoencoder {
      $0.hidden = []
      $0.latentSize = 3
      change(&$0.kl)
    }
    return try autoencoder.train(steps)
  }

  private func parts(_ metrics: Metrics) throws -> (
    loss: Double, reconstruction: Double, kl: Double
  ) {
    (
      try #require(metrics["loss"]), try #require(metrics["reconstruction"]),
      try #require(metrics["kl"])
    )
  }

  @Test func aWeightScalesTheDivergence() throws {
    for metrics in try metrics({ $0.weight = 4 }) {
      let (loss, reconstruction, kl) = try parts(metrics)
      #expect((loss - reconstruction - 4 * kl).magnitude < 1e-3)
    }
  }

  @Test func aWarmUpBeginsAtZero() throws {
    for (step, metrics) in try metrics({ $0.warmUpSteps = 2 }).enumerated() {
      let (loss, reconstruction, kl) = try parts(metrics)
      let weight = min(1, Double(step) / 2)
      #expect((loss - reconstruction - weight * kl).magnitude < 1e-3, "step \(step)")
    }
  }

  @Test func aCapacityIsAimedAt() throws {
    let all = try metrics {
      $0.weight = 10
      $0.capacity = 30
      $0.capacitySteps = 3
    }
    for (step, metrics) in all.enumerated() {
      let (loss, reconstruction, kl) = try parts(metrics)
      let distance = (kl - 30 * min(1, Double(step) / 3)).magnitude
      #expect((loss - reconstruction - 10 * distance).magnitude < 1e-2, "step \(step)")
    }
  }

  /// With more for nothing than the three numbers can have, the divergence is all free.
  @Test func freeBitsCountAsTheyAre() throws {
    for metrics in try metrics({ $0.freeBits = 500 }) {
      let (loss, reconstruction, _) = try parts(metrics)
      #expect((loss - reconstruction - 1500).magnitude < 1e-2)
    }
  }

  @Test func theEndOfTheScheduleIsEvaluated() throws {
    var autoencoder = try TinyImages(side: 8).autoencoder { $0.kl.warmUpSteps = 1000 }
    try autoencoder.train(0..<2)
    let (loss, reconstruction, kl) = try parts(autoencoder.evaluate())
    #expect((loss - reconstruction - kl).magnitude < 1e-3)
  }
}
