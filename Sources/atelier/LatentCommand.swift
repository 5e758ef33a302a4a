import ArgumentParser
import Experiments
import FileFormats
import Imaging

/// `atelier latent`: pictures of a latent space.
struct LatentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "latent", abstract: "Look into the latent space of a trained run.",
    discussion: """
      Examples:
        atelier latent grid vae-fashion-001 --side 20 -o grid.png
        atelier latent interpolate vae-fashion-001 --from 0 --to 18
        atelier latent reconstruct vae-fashion-001 --count 12
        atelier latent map vae-fashion-001
      """,
    subcommands: [
      LatentGridCommand.self, LatentInterpolateCommand.self, LatentReconstructCommand.self,
      LatentMapCommand.self,
    ])
}

extension TrainedRunOptions {
  /// Loads the run's model with its latent space.
  fileprivate func openLatentModel() throws -> any LatentModel {
    try open(as: (any LatentModel).self, to: "show a latent space: it has none")
  }
}

/// `atelier latent grid`: images over the plane of two latent dimensions.
struct LatentGridCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grid",
    abstract: "Images over two latent dimensions, even in probability under the prior.",
    discussion: """
      Examples:
        atelier latent grid vae-fashion-001
        atelier latent grid vae-fashion-001 --side 30 -o grid.png
        atelier latent grid vae-fashion-20-001 --horizontal 4 --vertical 7
      """)

  @OptionGroup var trained: TrainedRunOptions
  @OptionGroup var picture: PictureOptions

  @Option(name: .long, help: ArgumentHelp("Images along each side.", valueName: "n"))
  var side = 20

  @Option(name: .long, help: ArgumentHelp("The dimension from left to right.", valueName: "n"))
  var horizontal = 0

  @Option(name: .long, help: ArgumentHelp("The dimension from bottom to top.", valueName: "n"))
  var vertical = 1

  func validate() throws { try requireCount(side, named: "--side", in: 1...64) }

  func run() throws {
    var model = try trained.openLatentModel()
    let last = model.latentSize - 1
    for (name, dimension) in [("--horizontal", horizontal), ("--vertical", vertical)]
    where last > 0 || dimension > 1 {
      try requireCount(dimension, named: name, in: 0...max(0, last))
    }
    let image = try model.latentGrid(
      side: side, dimensions: (min(horizontal, last), min(vertical, last)))
    try picture.write(image, as: "latent-grid", of: trained.name)
  }
}

/// `atelier latent interpolate`: the way from one test image to another.
struct LatentInterpolateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "interpolate",
    abstract: "The way through the latent space from one test image to another.",
    discussion: """
      Examples:
        atelier latent interpolate vae-fashion-001
        atelier latent interpolate vae-fashion-001 --from 0 1 --to 18 19 --steps 8
      """)

  @OptionGroup var trained: TrainedRunOptions
  @OptionGroup var picture: PictureOptions

  @Option(
    name: .long, parsing: .upToNextOption,
    help: ArgumentHelp("Test images to begin at.", valueName: "n"))
  var from: [Int] = [0, 1, 2, 3]

  @Option(
    name: .long, parsing: .upToNextOption,
    help: ArgumentHelp("Test images to end at, as many.", valueName: "n"))
  var to: [Int] = [18, 19, 20, 21]

  @Option(name: .long, help: ArgumentHelp("Images along the way.", valueName: "n"))
  var steps = 10

  func validate() throws {
    try requireCount(steps, named: "--steps", in: 2...64)
    guard from.count == to.count else {
      throw ValidationError("\(from.count) times --from, but \(to.count) times --to.")
    }
  }

  func run() throws {
    var model = try trained.openLatentModel()
    for index in from { try requireTestImage(index, "--from", of: model) }
    for index in to { try requireTestImage(index, "--to", of: model) }
    let image = try model.interpolationSheet(
      pairs: zip(from, to).map { (from: $0, to: $1) }, steps: steps)
    try picture.write(image, as: "interpolation", of: trained.name)
  }

  private func requireTestImage(_ index: Int, _ name: String, of model: any LatentModel) throws {
    try requireCount(index, named: name, in: 0...model.testCount - 1)
  }
}

/// `atelier latent reconstruct`: test images beside what the model makes of them.
struct LatentReconstructCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reconstruct", abstract: "Test images above what the model makes of them.",
    discussion: """
      Examples:
        atelier latent reconstruct vae-fashion-001 --count 12
      """)

  @OptionGroup var trained: TrainedRunOptions
  @OptionGroup var picture: PictureOptions

  @Option(name: .long, help: ArgumentHelp("How many images.", valueName: "n"))
  var count = 16

  func validate() throws { try requireCount(count, named: "--count", in: 1...256) }

  func run() throws {
    var model = try trained.openLatentModel()
    try picture.write(
      try model.reconstructionSheet(count: count), as: "reconstructions", of: trained.name)
  }
}

/// `atelier latent map`: where the test set lies, coloured by class.
struct LatentMapCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "map", abstract: "Where the test set lies in latent space, coloured by class.",
    discussion: """
      Examples:
        atelier latent map vae-fashion-001 -o map.png
      """)

  @OptionGroup var trained: TrainedRunOptions
  @OptionGroup var picture: PictureOptions

  func run() throws {
    var model = try trained.openLatentModel()
    try picture.write(try model.latentMap().image(), as: "latent-map", of: trained.name)
  }
}
