import AdversarialNetworks
import Experiments
import Testing

/// Each network changes in its own step alone.
struct TranslationFreezingTests {
  private static let methods:
    [(TranslationMethod, generators: [String], discriminators: [String])] =
      [
        (.pix2pix, ["generator"], ["discriminator"]),
        (.cycle, ["generatorAB", "generatorBA"], ["discriminatorA", "discriminatorB"]),
      ]

  /// A translator after its first step.
  private func stepped(
    _ method: TranslationMethod, generatorRate: Double = 1e-3, discriminatorRate: Double = 1e-3
  ) throws -> ImageTranslator {
    var experiment = try tinyTranslation {
      $0.method = method
      $0.generatorOptimizer.learningRate = generatorRate
      $0.discriminatorOptimizer.learningRate = discriminatorRate
    }
    _ = try experiment.step(0)
    return experiment
  }

  /// What the generators' step does to them leaves no trace in the discriminators: these learn from
  /// images made before it.
  @Test(arguments: methods.indices)
  func theGeneratorsStepLeavesTheDiscriminatorsAsTheyAre(place: Int) throws {
    let (method, generators, discriminators) = Self.methods[place]
    let slow = try stepped(method, generatorRate: 1e-8)
    let fast = try stepped(method, generatorRate: 0.1)
    for name in discriminators {
      #expect(!records(slow, of: name).isEmpty)
      #expect(records(slow, of: name) == records(fast, of: name))
    }
    for name in generators { #expect(records(slow, of: name) != records(fast, of: name)) }
  }

  @Test(arguments: methods.indices)
  func theDiscriminatorsStepLeavesTheGeneratorsAsTheyAre(place: Int) throws {
    let (method, generators, discriminators) = Self.methods[place]
    let slow = try stepped(method, discriminatorRate: 1e-8)
    let fast = try stepped(method, discriminatorRate: 0.1)
    for name in generators {
      #expect(!records(slow, of: name).isEmpty)
      #expect(records(slow, of: name) == records(fast, of: name))
    }
    for name in discriminators { #expect(records(slow, of: name) != records(fast, of: name)) }
  }

  @Test(arguments: methods.indices)
  func theDescriptionTellsWhatIsFrozen(place: Int) throws {
    let (method, generators, discriminators) = Self.methods[place]
    let experiment = try tinyTranslation { $0.method = method }
    let programs = try experiment.describe().programs
    for (name, learning) in [
      ("generator step", generators), ("discriminator step", discriminators),
    ] {
      let program = try #require(programs.first { $0.name == name })
      let freezing = try #require(program.freezing)
      #expect(freezing.networks.map(\.name) == generators + discriminators)
      for network in freezing.networks {
        let expected =
          learning.contains(network.name) ? records(experiment, of: network.name).count : 0
        #expect(network.updates == expected && network.gradients == expected)
      }
      if learning == generators { #expect(freezing.unfrozenFlops > program.flops) }
    }
  }

  @Test func theNetworksKeepTheSizeOfTheImage() throws {
    for architecture in TranslatorConfiguration.Architecture.allCases {
      let layers = try tinyTranslation { $0.generator.architecture = architecture }.describe()
        .layers
      #expect(layers.last { $0.path.hasPrefix("generator.") }?.outputShape == [1, 32, 32])
      // 32 halved once, then two windows of 4 with a border of 1.
      #expect(layers.last?.outputShape == [1, 14, 14])
    }
  }
}
