import ArgumentParser
import Experiments

/// `atelier latent embed`: the latent points of the test set in a plane.
struct LatentEmbedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed",
    abstract: "Where the test set lies in latent space, all dimensions brought into a plane.",
    discussion: """
      Writes a PNG file with a dot for each image, beside it one with the images themselves, that as
      SVG too, and the points as CSV.

      Examples:
        atelier latent embed vae-fashion-20-001
        atelier latent embed vae-fashion-20-001 --method pca --images 5000 -o map.png
      """)

  @OptionGroup var trained: TrainedRunOptions
  @OptionGroup var picture: PictureOptions
  @OptionGroup var embedding: EmbeddingOptions

  func run() throws {
    try embed(try trained.openLatentModel())
  }

  private func embed(_ model: some LatentModel) throws {
    var model = model
    let count = embedding.count(of: model.testCount)
    let map = try embedding.map(
      try model.encode(0..<count), of: model, named: "latent space",
      threads: trained.execution.threadCount)
    try picture.write(map, of: trained.name)
  }
}
