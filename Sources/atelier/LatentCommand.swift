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
        atelier latent traverse vae-fashion-20-001 --image 3
        atelier latent attribute vae-fashion-20-001 --from sneaker --to "ankle boot"
        atelier latent neighbours vae-fashion-20-001 --image 0 1 2
        atelier latent embed vae-fashion-20-001
      """,
    subcommands: [
      LatentGridCommand.self, LatentInterpolateCommand.self, LatentReconstructCommand.self,
      LatentMapCommand.self, LatentTraverseCommand.self, LatentAttributeCommand.self,
      LatentNeighboursCommand.self, LatentEmbedCommand.self,
    ])
}

extension TrainedRunOptions {
  /// Loads the run's model with its latent space.
  func openLatentModel() throws -> any LatentModel {
    try open(as: (any LatentModel).self, to: "show a latent space: it has none")
  }
}

/// Refuses images that the test set has not.
func requireTestImages(_ indices: [Int], _ name: String, of model: any TestImageModel) throws {
  for index in indices { try requireCount(index, named: name, in: 0...model.testCount - 1) }
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

  @Option(
    name: .long,
    help: ArgumentHelp("The dimension from left to right; 0 unless given.", valueName: "n"))
  var horizontal: Int?

  @Option(
    name: .long,
    help: ArgumentHelp("The dimension from bottom to top; 1 unless given.", valueName: "n"))
  var vertical: Int?

  func validate() throws { try requireCount(side, named: "--side", in: 1...64) }

  func run() throws {
    var model = try trained.openLatentModel()
    let last = model.latentSize - 1
    let (horizontal, vertical) = (horizontal ?? 0, vertical ?? 1)
    for (name, dimension) in [("--horizontal", horizontal), ("--vertical", vertical)]
    where last > 0 || dimension > 1 {
      try requireCount(dimension, named: name, in: 0...max(0, last))
    }
    if last > 1, self.horizontal == nil || self.vertical == nil {
      let used = try model.usedDimensions().prefix(2).sorted()
      Journal().note(
        "dimensions \(horizontal) and \(vertical) of \(last + 1) are shown, the others are 0; "
          + "for those in which images differ most give --horizontal \(used[0]) --vertical \(used[1])"
      )
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
        atelier latent interpolate vae-fashion-20-001 --spherical
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

  @Flag(help: "On the great circle around 0 instead of straight on.")
  var spherical = false

  func validate() throws {
    try requireCount(steps, named: "--steps", in: 2...64)
    guard from.count == to.count else {
      throw ValidationError("\(from.count) times --from, but \(to.count) times --to.")
    }
  }

  func run() throws {
    var model = try trained.openLatentModel()
    try requireTestImages(from, "--from", of: model)
    try requireTestImages(to, "--to", of: model)
    let image = try model.interpolationSheet(
      pairs: zip(from, to).map { (from: $0, to: $1) }, steps: steps,
      path: spherical ? .spherical : .linear)
    try picture.write(image, as: "interpolation", of: trained.name)
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
