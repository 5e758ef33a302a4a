import AdversarialNetworks
import Experiments
import Testing

struct ConfigurationTests {
  private func keys(_ change: (inout GANConfiguration) -> Void) -> [String] {
    var configuration = GANConfiguration()
    change(&configuration)
    return configuration.problems.map(\.key)
  }

  @Test func whatDoesNotFitTogetherIsTold() {
    #expect(keys { _ in }.isEmpty)
    #expect(
      keys { $0.samples = .grid } == ["generator.architecture", "discriminator.architecture"])
    #expect(
      keys {
        $0.objective = .hinge
        $0.softening.smoothing = 0.1
      } == ["softening"])
    #expect(
      keys {
        $0.samples = .ring
        $0.generator.architecture = .mlp
        $0.discriminator.layers.architecture = .mlp
        $0.batchSize = 65_000
      } == ["batchSize"])
    #expect(
      keys {
        $0.objective = .relativistic
        $0.topShare = 0.5
      } == ["topShare"])
    #expect(keys { $0.penalty = .between } == ["discriminator.batchNorm"])
  }

  @Test func imagesThatCannotBeHalvedAreRefused() {
    #expect(throws: RunError.self) {
      try tinyImages { $0.generator.channels = [4, 4, 4, 4, 4, 4] }
    }
    #expect(throws: RunError.self) { try tinyImages { $0.batchSize = 65 } }
  }
}
