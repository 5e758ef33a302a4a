import ArgumentParser
import Experiments
import FileFormats
import Imaging

/// `atelier sample`: new images from a trained model.
struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample", abstract: "Draw new images from a trained run.",
    discussion: """
      Examples:
        atelier sample vae-fashion-001
        atelier sample vae-fashion-001 --count 25 --columns 5 --seed 7 -o grid.png
      """)

  @OptionGroup var trained: TrainedRunOptions
  @OptionGroup var picture: PictureOptions

  @Option(name: .long, help: ArgumentHelp("How many images.", valueName: "n"))
  var count = 64

  @Option(name: .long, help: ArgumentHelp("Images a row.", valueName: "n"))
  var columns = 8

  @Option(name: .long, help: ArgumentHelp("The seed of the draw.", valueName: "n"))
  var seed: UInt64 = 1

  func validate() throws {
    try requireCount(count, named: "--count")
    try requireCount(columns, named: "--columns")
  }

  func run() throws {
    var model = try trained.open(as: (any ImageSampler).self, to: "be sampled")
    let images = try model.sample(count: count, seed: seed)
    let sheet = ImageGrid(images: images, columns: columns, scale: images[0].width <= 32 ? 2 : 1)
    try picture.write(
      sheet.image(), as: "samples", of: trained.name,
      facts: [.init("count", .integer(Int64(count))), .init("seed", .string(String(seed)))])
  }
}

extension CheckpointChoice: ExpressibleByArgument {
  /// `newest`, `best` or a number of steps.
  public init?(argument: String) {
    switch argument {
    case "newest": self = .newest
    case "best": self = .best
    default:
      guard let step = Int(argument), step >= 0 else { return nil }
      self = .step(step)
    }
  }

  /// As it is written on the command line.
  public var defaultValueDescription: String {
    switch self {
    case .newest: "newest"
    case .best: "best"
    case .step(let step): String(step)
    }
  }
}

/// A run whose trained model a command uses.
struct TrainedRunOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp("A run's name or folder.", valueName: "run"),
    completion: .custom(Completions.runs))
  var name: String

  @Option(
    name: .long,
    help: ArgumentHelp("newest, best (by its evaluation) or a step.", valueName: "which"))
  var checkpoint = CheckpointChoice.newest

  @OptionGroup var output: OutputOptions
  @OptionGroup var execution: ExecutionOptions

  /// Loads the run's checkpoint as a model that can do what `Capability` asks.
  func open<Capability>(as: Capability.Type, to doing: String) throws -> Capability {
    try Self.open(
      name, at: checkpoint, as: Capability.self, to: doing, in: output, execution: execution)
  }

  /// Loads a run's checkpoint as a model that can do what `Capability` asks.
  static func open<Capability>(
    _ name: String, at checkpoint: CheckpointChoice = .newest, as: Capability.Type,
    to doing: String, in output: OutputOptions, execution: ExecutionOptions
  ) throws -> Capability {
    let summary = try RunSummary.find(name, in: output.out)
    let opened = try Registry.studio.open(
      summary.folder, at: checkpoint, settings: execution.settings(Journal()))
    guard let model = opened.experiment as? Capability else {
      throw ValidationError(
        "The run '\(name.printable())' of module \(summary.record.module) cannot \(doing).")
    }
    return model
  }
}

/// Where a picture goes, and how that is told.
struct PictureOptions: ParsableArguments {
  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp(
      "The PNG file to write; a name made from the run's unless given.", valueName: "file"),
    completion: .file())
  var output: String?

  @OptionGroup var format: FormatOptions

  /// Writes the picture, and prints where it is.
  func write(_ image: Image, as kind: String, of run: String, facts: [JSON.Member] = []) throws {
    let path = output ?? "\(Files.name(of: run))-\(kind).png"
    try DurableFile.write(PNG.encode(image), to: path)
    if format.json {
      format.print(
        .object(
          [
            .init("file", .string(path)), .init("width", .integer(Int64(image.width))),
            .init("height", .integer(Int64(image.height))),
          ] + facts))
    } else {
      StandardStream.output.writeLine(path)
    }
  }
}

/// Refuses counts that no picture could hold.
func requireCount(_ count: Int, named name: String, in range: ClosedRange<Int> = 1...4096) throws {
  guard range.contains(count) else {
    throw ValidationError(
      "\(name) \(count) is not in \(range.lowerBound)...\(range.upperBound).")
  }
}
