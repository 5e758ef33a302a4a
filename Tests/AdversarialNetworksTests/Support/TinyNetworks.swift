import AdversarialNetworks
import Experiments
import FileFormats

/// Networks that learn 64 sprites of 32 x 32 pixels in batches of 8.
func tinyImages(
  seed: UInt64 = 1, threads: Int = 1, _ change: (inout GANConfiguration) -> Void = { _ in }
) throws -> AdversarialNetwork {
  var configuration = GANConfiguration()
  configuration.data.dataset = "sprites"
  configuration.data.imageLimit = 64
  configuration.batchSize = 8
  configuration.latentSize = 4
  configuration.generator.channels = [4, 8]
  configuration.generator.hidden = [16]
  configuration.discriminator.layers.channels = [4, 8]
  configuration.discriminator.layers.hidden = [16]
  change(&configuration)
  return try AdversarialNetwork(configuration, in: RunContext(seed: seed, threads: threads))
}

/// Networks that learn points, in batches of 16.
func tinyPoints(
  seed: UInt64 = 1, _ change: (inout GANConfiguration) -> Void = { _ in }
) throws -> AdversarialNetwork {
  var configuration = GANConfiguration()
  configuration.samples = .ring
  configuration.batchSize = 16
  configuration.latentSize = 2
  configuration.generator.architecture = .mlp
  configuration.generator.hidden = [16]
  configuration.discriminator.layers.architecture = .mlp
  configuration.discriminator.layers.hidden = [16]
  change(&configuration)
  return try AdversarialNetwork(configuration, in: RunContext(seed: seed))
}

/// The records whose names begin with a network's.
func records(_ experiment: AdversarialNetwork, of network: String) -> [TensorRecord] {
  experiment.state().filter { $0.name.hasPrefix("\(network).") }
}
