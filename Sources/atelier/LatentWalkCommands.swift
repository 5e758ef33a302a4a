import ArgumentParser
import Experiments

/// `atelier latent traverse`: what each latent number changes.
struct LatentTraverseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "traverse", abstract: "What changes with each latent number, a row for each.",
    discussion: """
      Examples:
        atelier latent traverse vae-fashion-20-001
        atelier latent traverse vae-sprites-001 --image 12 --dimensions 0 4 --steps 15 --reach 2
      """)

  @OptionGroup var trained: TrainedRunOptions
  @OptionGroup var picture: PictureOptions

  @Option(name: .long, help: ArgumentHelp("The test image to begin at.", valueName: "n"))
  var image = 0

  @Option(
    name: .long, parsing: .upToNextOption,
    help: ArgumentHelp(
      "Latent numbers; the ten in which images differ most unless given.", valueName: "n"))
  var dimensions: [Int] = []

  @Option(name: .long, help: ArgumentHelp("Images of a row.", valueName: "n"))
  var steps = 9

  @Option(name: .long, help: ArgumentHelp("How far from 0 a row goes.", valueName: "x"))
  var reach: Float = 3

  func validate() throws {
    try requireCount(steps, named: "--steps", in: 2...64)
    guard reach > 0, reach <= 1000 else {
      throw ValidationError("--reach \(reach) is not above 0 and at most 1000.")
    }
  }

  func run() throws {
    var model = try trained.openLatentModel()
    try requireTestImages([image], "--image", of: model)
    for dimension in dimensions {
      try requireCount(dimension, named: "--dimensions", in: 0...model.latentSize - 1)
    }
    let sheet = try model.traversalSheet(
      of: image, dimensions: dimensions.isEmpty ? nil : dimensions, steps: steps, reach: reach)
    try picture.write(sheet, as: "traversal", of: trained.name)
  }
}

/// `atelier latent attribute`: images moved from one class towards another.
struct LatentAttributeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attribute",
    abstract: "Test images of a class, moved towards another one by the difference of their means.",
    discussion: """
      Examples:
        atelier latent attribute vae-fashion-20-001 --from sneaker --to "ankle boot"
        atelier latent attribute vae-fashion-20-001 --from shirt --to dress --count 4 --reach 1.5
      """)

  @OptionGroup var trained: TrainedRunOptions
  @OptionGroup var picture: PictureOptions

  @Option(name: .long, help: ArgumentHelp("The class to begin at.", valueName: "class"))
  var from: String

  @Option(name: .long, help: ArgumentHelp("The class to go to.", valueName: "class"))
  var to: String

  @Option(name: .long, help: ArgumentHelp("How many images.", valueName: "n"))
  var count = 8

  @Option(name: .long, help: ArgumentHelp("Images along the way.", valueName: "n"))
  var steps = 9

  @Option(name: .long, help: ArgumentHelp("Differences to go.", valueName: "x"))
  var reach: Float = 1

  func validate() throws {
    try requireCount(count, named: "--count", in: 1...64)
    try requireCount(steps, named: "--steps", in: 2...64)
    guard reach.magnitude <= 1000 else {
      throw ValidationError("--reach \(reach) is not from -1000 to 1000.")
    }
  }

  func run() throws {
    var model = try trained.openLatentModel()
    let sheet = try model.attributeSheet(
      from: Self.place(from, "--from", of: model), to: Self.place(to, "--to", of: model),
      count: count, steps: steps, reach: reach)
    try picture.write(sheet, as: "attribute", of: trained.name)
  }

  /// The class of a name, whatever its case.
  private static func place(
    _ name: String, _ option: String, of model: any LatentModel
  ) throws -> Int {
    let classes = model.classNames
    let place = classes.firstIndex { $0.lowercased() == name.lowercased() }
    guard let place, (0..<model.testCount).contains(where: { model.testLabel($0) == place }) else {
      let known =
        classes.isEmpty ? "there are none" : "there are \(classes.joined(separator: ", "))"
      throw ValidationError("\(option): no test image is of a class '\(name)'; \(known).")
    }
    return place
  }
}

/// `atelier latent neighbours`: the nearest test images in latent space.
struct LatentNeighboursCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "neighbours",
    abstract: "Test images before those nearest to them in latent space.",
    discussion: """
      Examples:
        atelier latent neighbours vae-fashion-20-001
        atelier latent neighbours vae-fashion-20-001 --image 5 7 --count 12
      """)

  @OptionGroup var trained: TrainedRunOptions
  @OptionGroup var picture: PictureOptions

  @Option(
    name: .long, parsing: .upToNextOption,
    help: ArgumentHelp("Test images.", valueName: "n"))
  var image: [Int] = [0, 1, 2, 3, 4, 5]

  @Option(name: .long, help: ArgumentHelp("Neighbours of each.", valueName: "n"))
  var count = 10

  func validate() throws { try requireCount(count, named: "--count", in: 1...64) }

  func run() throws {
    var model = try trained.openLatentModel()
    try requireTestImages(image, "--image", of: model)
    try requireCount(count, named: "--count", in: 1...max(1, model.testCount - 1))
    let sheet = try model.neighbourSheet(of: image, count: count)
    try picture.write(sheet, as: "neighbours", of: trained.name)
  }
}
