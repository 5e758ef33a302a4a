import ArgumentParser
import Experiments
import FileFormats
import Imaging

/// `atelier latent traverse`: what each latent number changes.
struct LatentTraverseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "traverse", abstract: "What changes with each latent number, a row for each.",
    discussion: """
      Examples:
        atelier latent traverse vae-fashion-20-001
        atelier latent traverse vae-sprites-001 --image 12 --dimensions 0 4 --steps 15 --reach 2
        atelier latent traverse vae-sprites-001 --animate -o sprites.gif

      Of a run without an encoder, the image is a point of its prior.
      """)

  @OptionGroup var trained: TrainedRunOptions
  @OptionGroup var picture: PictureOptions

  @Option(name: .long, help: ArgumentHelp("The test image to begin at.", valueName: "n"))
  var image = 0

  @Option(
    name: .long, parsing: .upToNextOption,
    help: ArgumentHelp(
      "Latent numbers; the ten that change images most unless given.", valueName: "n"))
  var dimensions: [Int] = []

  @Option(
    name: .long,
    help: ArgumentHelp("Images of a row: 9 unless given, 25 of an animation.", valueName: "n"))
  var steps: Int?

  @Option(name: .long, help: ArgumentHelp("How far from 0 a row goes.", valueName: "x"))
  var reach: Float = 3

  @Flag(
    help: """
      Write a GIF and an APNG file, named alike, in which all numbers go there and back at once.
      """)
  var animate = false

  @OptionGroup var examples: ExampleOptions

  /// Hundredths of a second that a picture is shown.
  private static let delay = 8

  func validate() throws {
    if let steps { try requireCount(steps, named: "--steps", in: 2...64) }
    try requireCount(dimensions.count, named: "The number of --dimensions", in: 0...64)
    guard reach > 0, reach <= 1000 else {
      throw ValidationError("--reach \(reach) is not above 0 and at most 1000.")
    }
  }

  func run() throws {
    var model = try trained.openLatentDecoder()
    try requirePlaces([image], "--image", of: model.exampleCount)
    for dimension in dimensions {
      try requireCount(dimension, named: "--dimensions", in: 0...model.latentSize - 1)
    }
    let chosen = dimensions.isEmpty ? nil : dimensions
    guard animate else {
      let sheet = try model.traversalSheet(
        of: image, dimensions: chosen, steps: steps ?? 9, reach: reach, seed: examples.seed)
      return try picture.write(sheet, as: "traversal", of: trained.name)
    }
    let frames = try model.traversalFrames(
      of: image, dimensions: chosen, steps: steps ?? 25, reach: reach, seed: examples.seed)
    var (gif, apng) = (GIF(delay: Self.delay), APNG(delay: Self.delay))
    for frame in frames {
      gif.append(frame)
      apng.append(frame)
    }
    try picture.write(
      [("gif", gif.encoded()), ("apng", apng.encoded())], of: frames[0], as: "traversal",
      from: trained.name)
  }
}
