import ArgumentParser
import Experiments
import FileFormats
import Imaging

/// `atelier sample`: new images, or text, from a trained model.
struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample", abstract: "Draw new images, or text, from a trained run.",
    discussion: """
      Images become a PNG file; text goes to standard output.

      Examples:
        atelier sample vae-fashion-001
        atelier sample vae-fashion-001 --count 25 --columns 5 --seed 7 -o grid.png
        atelier sample ae-fashion-001 --prior twoStage
        atelier sample text-lstm-001 --prompt "You may" --temperature 0.5
        atelier sample text-lstm-001 --greedy --count 200
      """)

  @OptionGroup var trained: TrainedRunOptions
  @OptionGroup var picture: PictureOptions

  @Option(
    name: .long,
    help: ArgumentHelp("How many images, 64 unless given, or characters, 500.", valueName: "n"))
  var count: Int?

  @Option(name: .long, help: ArgumentHelp("Images a row; 8 unless given.", valueName: "n"))
  var columns: Int?

  @Option(name: .long, help: ArgumentHelp("The seed of the draw.", valueName: "n"))
  var seed: UInt64 = 1

  @OptionGroup var prior: PriorOptions
  @OptionGroup(title: "Text") var text: TextOptions

  func validate() throws {
    if let count { try requireCount(count, named: "--count", in: 1...1_000_000) }
    if let columns { try requireCount(columns, named: "--columns") }
  }

  func run() throws {
    let model = try trained.open(as: (any Experiment).self, to: "be sampled")
    switch model {
    case let model as any TextSampler: try write(model)
    case let model as any ImageSampler: try draw(model)
    default: throw ValidationError("The run '\(trained.name.printable())' cannot be sampled.")
    }
  }

  private func draw(_ model: some ImageSampler) throws {
    if let option = text.given { throw ValidationError("\(option) is for runs that write text.") }
    let count = count ?? 64
    try requireCount(count, named: "--count")
    var model = model
    let images = try prior.sample(&model, count: count, seed: seed, of: trained.name)
    let sheet = ImageGrid(
      images: images, columns: columns ?? 8, scale: images[0].width <= 32 ? 2 : 1)
    try picture.write(
      sheet.image(), as: "samples", of: trained.name,
      facts: [
        .init("count", .integer(Int64(count))), .init("seed", .string(String(seed))),
        .init("prior", prior.json),
      ])
  }

  private func write(_ model: some TextSampler) throws {
    if columns != nil { throw ValidationError("--columns is for runs that make images.") }
    if prior.prior != nil { throw ValidationError("--prior is for runs that make images.") }
    if picture.output != nil {
      throw ValidationError(
        "--output is for runs that make images; text goes to standard output, as in '> FILE'.")
    }
    var model = model
    let request = text.request(count: count ?? 500, seed: seed)
    guard picture.format.json else {
      // Not before the model has read it: a prompt that it refuses is no result.
      var prompt = request.prompt
      try model.sample(request) {
        StandardStream.output.write(prompt + $0)
        prompt = ""
      }
      StandardStream.output.write("\n")
      return
    }
    var written = ""
    try model.sample(request) { written += $0 }
    picture.format.print(
      .object([
        .init("prompt", .string(request.prompt)), .init("text", .string(written)),
        .init("count", .integer(Int64(request.count))), .init("seed", .string(String(seed))),
      ]))
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

  /// Writes animations of pictures in several formats beside each other, and prints where they are.
  ///
  /// - Parameter files: what is written under the name that was given, or made, with another ending.
  func write(
    _ files: [(ending: String, content: [UInt8])], of picture: Image, as kind: String,
    from run: String
  ) throws {
    var stem = output ?? "\(Files.name(of: run))-\(kind)"
    for ending in [".png"] + files.map({ "." + $0.ending }) where stem.hasSuffix(ending) {
      stem.removeLast(ending.count)
      break
    }
    let paths = files.map { "\(stem).\($0.ending)" }
    for (file, path) in zip(files, paths) { try DurableFile.write(file.content, to: path) }
    if format.json {
      format.print([
        "files": .array(paths.map { .string($0) }), "width": .integer(Int64(picture.width)),
        "height": .integer(Int64(picture.height)),
      ])
    } else {
      for path in paths { StandardStream.output.writeLine(path) }
    }
  }

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
