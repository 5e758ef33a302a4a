import ArgumentParser
import Experiments

/// The place of a class that test images are of, by its name.
private func place(
  ofTestClass name: String, _ option: String, of model: any LatentModel
) throws -> Int {
  let looked = min(LatentDirections.comparedImages, model.testCount)
  return try place(
    ofClass: name, in: model.classNames, option, missing: "no test image is of a class"
  ) { place in (0..<looked).contains { model.testLabel($0) == place } }
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
      from: place(ofTestClass: from, "--from", of: model),
      to: place(ofTestClass: to, "--to", of: model),
      count: count, steps: steps, reach: reach)
    try picture.write(sheet, as: "attribute", of: trained.name)
  }
}

/// `atelier latent analogy`: A is to B as C is to what?
struct LatentAnalogyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analogy",
    abstract: "A is to B as C is to what? The image at C + B - A.",
    discussion: """
      Examples:
        atelier latent analogy vae-fashion-20-001 --image t-shirt/top dress pullover
        atelier latent analogy vae-fashion-20-001 --image 3 18 5
        atelier latent analogy vae-fashion-20-001 --image sandal --image sneaker --image 7

      A class is the mean of the latent points of its test images.
      """)

  @OptionGroup var trained: TrainedRunOptions
  @OptionGroup var picture: PictureOptions

  @Option(
    name: .long, parsing: .upToNextOption,
    help: ArgumentHelp(
      "A, B and C, test images or classes; three more for each further row.", valueName: "a b c"))
  var image: [String] = []

  func validate() throws {
    guard !image.isEmpty, image.count % 3 == 0, image.count <= 3 * 64 else {
      throw ValidationError(
        "--image takes three, A, B and C, for each of at most 64 rows, not \(image.count).")
    }
  }

  func run() throws {
    var model = try trained.openLatentModel()
    let terms = try image.map { try Self.term($0, of: model) }
    let rows = stride(from: 0, to: terms.count, by: 3).map {
      (a: terms[$0], b: terms[$0 + 1], c: terms[$0 + 2])
    }
    try picture.write(try model.analogySheet(rows), as: "analogy", of: trained.name)
  }

  /// An image by its number, or a class by its name.
  private static func term(
    _ text: String, of model: any LatentModel
  ) throws -> AnalogyTerm {
    guard let number = Int(text) else {
      return .classMean(try place(ofTestClass: text, "--image", of: model))
    }
    try requirePlaces([number], "--image", of: model.exampleCount)
    return .testImage(number)
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
    try requirePlaces(image, "--image", of: model.exampleCount)
    try requireCount(count, named: "--count", in: 1...max(1, model.testCount - 1))
    let sheet = try model.neighbourSheet(of: image, count: count)
    try picture.write(sheet, as: "neighbours", of: trained.name)
  }
}
