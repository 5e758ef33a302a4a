import ArgumentParser
import Experiments
import FileFormats
import Imaging

/// Where the latent points of samples come from.
struct PriorOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      """
      Where latent points of an autoencoder come from instead of its own prior: normal, mixture \
      (Gaussians fitted to those of training images) or twoStage (a second autoencoder of them, \
      trained now).
      """, valueName: "which"))
  var prior: LatentPrior?

  /// Draws images from a run.
  func sample<Model: ImageSampler>(
    _ model: inout Model, count: Int, seed: UInt64, of run: String
  ) throws -> [Image] {
    guard let prior else { return try model.sample(count: count, seed: seed) }
    guard var chooser = model as? any PriorSampler else {
      throw ValidationError(
        "--prior is for autoencoders: the run '\(run.printable())' of module \(Model.module) has "
          + "one prior only.")
    }
    return try chooser.sample(count: count, seed: seed, prior: prior)
  }

  /// The choice; null for the model's own.
  var json: JSON { prior.map { .string($0.rawValue) } ?? .null }
}

extension LatentPrior: ExpressibleByArgument {}
