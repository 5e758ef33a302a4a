import AdversarialNetworks
import Experiments
import Testing

/// Each network changes in its own step alone, bytes of running statistics included.
struct FreezingTests {
  /// Two runs of which only one takes a generator step after the discriminator's first.
  private func pair(
    _ change: (inout GANConfiguration) -> Void
  ) throws -> (both: AdversarialNetwork, discriminatorOnly: AdversarialNetwork) {
    var both = try tinyImages(change)
    var one = try tinyImages { configuration in
      change(&configuration)
      configuration.discriminatorSteps = 1000
    }
    _ = try both.step(0)
    _ = try one.step(0)
    return (both, one)
  }

  private static let kinds: [@Sendable (inout GANConfiguration) -> Void] = [
    { _ in },
    { $0.objective = .relativistic },
    {
      $0.generator.architecture = .mlp
      $0.discriminator.layers.architecture = .mlp
      $0.discriminator.dropout = 0.3
    },
    {
      $0.objective = .wasserstein
      $0.penalty = .between
      $0.discriminator.batchNorm = false
      $0.averageDecay = 0.9
    },
    {
      $0.generator.architecture = .residual
      $0.discriminator.layers.architecture = .residual
      $0.discriminator.spectralNorm = true
      $0.condition = .projection
    },
    { $0.condition = .auxiliary },
    { $0.condition = .information },
    {
      $0.objective = .equilibrium
      $0.generator.architecture = .mlp
      $0.discriminator.layers.architecture = .mlp
    },
    { $0.unrolledSteps = 2 },
    {
      $0.gatheredBatches = 3
      $0.averageDecay = 0.9
      $0.discriminator.spectralNorm = true
    },
  ]

  @Test(arguments: kinds.indices)
  func theGeneratorsStepLeavesTheDiscriminatorAsItIs(kind: Int) throws {
    let (both, one) = try pair(Self.kinds[kind])
    let discriminator = records(both, of: "discriminator")
    #expect(!discriminator.isEmpty)
    #expect(discriminator == records(one, of: "discriminator"))
    #expect(records(both, of: "generator") != records(one, of: "generator"))
  }

  @Test(arguments: kinds.indices)
  func theDiscriminatorsStepLeavesTheGeneratorAsItIs(kind: Int) throws {
    let (_, one) = try pair(Self.kinds[kind])
    let fresh = try tinyImages(Self.kinds[kind])
    #expect(records(one, of: "generator") == records(fresh, of: "generator"))
    #expect(records(one, of: "average") == records(fresh, of: "average"))
    #expect(records(one, of: "discriminator") != records(fresh, of: "discriminator"))
  }

  @Test func theDescriptionTellsWhatIsFrozen() throws {
    let description = try tinyImages().describe()
    let programs = description.programs
    let generatorStep = try #require(programs.first { $0.name == "generator step" })
    let freezing = try #require(generatorStep.freezing)
    #expect(freezing.networks.map(\.name) == ["generator", "discriminator"])
    #expect(freezing.networks.map(\.gradients) == [8, 0])
    #expect(freezing.networks[1].updates == 0)
    #expect(freezing.networks[0].updates == 8 + 4)
    #expect(freezing.unfrozenFlops > generatorStep.flops)
    let discriminatorStep = try #require(programs.first { $0.name == "discriminator step" })
    let other = try #require(discriminatorStep.freezing)
    #expect(other.networks.map(\.gradients) == [0, 7])
    #expect(other.networks.map(\.updates) == [0, 7 + 2])
    #expect(other.unfrozenFlops > discriminatorStep.flops)
  }
}
