import ArgumentParser
import Experiments
import FileFormats
import Imaging

/// `atelier latent`: pictures of a latent space.
struct LatentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "latent", abstract: "Look into the latent space of a trained run.",
    discussion: """
      Grids, ways and traversals are made of adversarial networks too, from points of their prior
      instead of test images. The rest needs an encoder.

      Examples:
        atelier latent grid vae-fashion-001 --side 20 -o grid.png
        atelier latent interpolate vae-fashion-001 --from 0 --to 18
        atelier latent reconstruct vae-fashion-001 --count 12
        atelier latent map vae-fashion-001
        atelier latent traverse vae-fashion-20-001 --image 3
        atelier latent traverse dcgan-fashion-001 --animate
        atelier latent attribute vae-fashion-20-001 --from sneaker --to "ankle boot"
        atelier latent analogy vae-fashion-20-001 --image t-shirt/top dress pullover
        atelier latent neighbours vae-fashion-20-001 --image 0 1 2
        atelier latent embed vae-fashion-20-001
      """,
    subcommands: [
      LatentGridCommand.self, LatentInterpolateCommand.self, LatentReconstructCommand.self,
      LatentMapCommand.self, LatentTraverseCommand.self, LatentAttributeCommand.self,
      LatentAnalogyCommand.self, LatentNeighboursCommand.self, LatentEmbedCommand.self,
    ])
}

extension TrainedRunOptions {
  /// Loads the run's model as one that makes images of latent points.
  func openLatentDecoder() throws -> any LatentDecoder {
    try open(as: (any LatentDecoder).self, to: "show a latent space: it has none")
  }

  /// Loads the run's model as one with an encoder.
  func openLatentModel() throws -> any LatentModel {
    let decoder = try openLatentDecoder()
    guard let model = decoder as? any LatentModel else {
      throw ValidationError(
        "The run '\(name.printable())' has no encoder to find the latent points of images with; grid, "
          + "interpolate and traverse do without.")
    }
    return model
  }
}

/// Refuses places that there are not.
func requirePlaces(_ places: [Int], _ name: String, of count: Int) throws {
  for place in places { try requireCount(place, named: name, in: 0...max(0, count - 1)) }
}

/// The place of a class by its name, whatever its case.
///
/// - Parameter isThere: whether the class can be used.
func place(
  ofClass name: String, in classes: [String], _ option: String, missing: String,
  where isThere: (Int) -> Bool = { _ in true }
) throws -> Int {
  let place = classes.firstIndex { $0.lowercased() == name.lowercased() }
  guard let place, isThere(place) else {
    let meant = nearest(to: name, in: classes).map { "did you mean '\($0.printable())'? " } ?? ""
    let known =
      classes.isEmpty
      ? "there are none" : "there are \(classes.map { $0.printable() }.joined(separator: ", "))"
    throw ValidationError("\(option): \(missing) '\(name.printable())'; \(meant)\(known).")
  }
  return place
}

/// The seed of points of the prior.
struct ExampleOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The seed of the prior's points, for a run without an encoder.", valueName: "n"))
  var seed: UInt64 = 1
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
        atelier latent grid cvae-fashion-001 --class sandal
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

  @Option(
    name: .customLong("class"),
    help: ArgumentHelp(
      "The class of all images, for a run that is told classes; the first unless given.",
      valueName: "class"))
  var told: String?

  func validate() throws { try requireCount(side, named: "--side", in: 1...64) }

  func run() throws {
    var model = try trained.openLatentDecoder()
    let last = model.latentSize - model.toldClasses.count - 1
    let (horizontal, vertical) = (horizontal ?? 0, vertical ?? 1)
    for (name, dimension) in [("--horizontal", horizontal), ("--vertical", vertical)]
    where last > 0 || !(0...1).contains(dimension) {
      try requireCount(dimension, named: name, in: 0...max(0, last))
    }
    if last > 1, self.horizontal == nil || self.vertical == nil {
      let used = try model.usedDimensions().prefix(2).sorted()
      Journal().note(
        "dimensions \(horizontal) and \(vertical) of \(last + 1) are shown, the others are 0; "
          + "for those in which images differ most give --horizontal \(used[0]) --vertical \(used[1])"
      )
    }
    let toldClass = try told.map {
      try place(
        ofClass: $0, in: model.toldClasses, "--class", missing: "the run is not told a class")
    }
    let image = try model.latentGrid(
      side: side, dimensions: (min(horizontal, last), min(vertical, last)), class: toldClass ?? 0)
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
        atelier latent interpolate dcgan-fashion-001 --from 0 --to 7 --seed 3

      Of a run without an encoder, numbers are those of points of its prior.
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

  @OptionGroup var examples: ExampleOptions

  func validate() throws {
    try requireCount(steps, named: "--steps", in: 2...64)
    try requireCount(from.count, named: "The number of --from", in: 1...64)
    guard from.count == to.count else {
      throw ValidationError("\(from.count) times --from, but \(to.count) times --to.")
    }
  }

  func run() throws {
    var model = try trained.openLatentDecoder()
    try requirePlaces(from, "--from", of: model.exampleCount)
    try requirePlaces(to, "--to", of: model.exampleCount)
    let image = try model.interpolationSheet(
      pairs: zip(from, to).map { (from: $0, to: $1) }, steps: steps,
      path: spherical ? .spherical : .linear, seed: examples.seed)
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
