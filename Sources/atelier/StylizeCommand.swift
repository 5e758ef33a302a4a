import ArgumentParser
import Experiments
import FileFormats
import Imaging

/// `atelier stylize`: one picture in the style of others.
struct StylizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stylize", abstract: "Paint a picture anew in the style of others.",
    discussion: """
      Examples:
        atelier stylize --content photo.jpg --style painting.jpg
        atelier stylize --content photo.jpg --style a.jpg --style b.jpg --share 2 --share 1 --size 768
        atelier stylize --content photo.jpg --style painting.jpg --preserve-color luminance
        atelier stylize --content photo.jpg --style painting.jpg --network vgg19 --weights vgg19.pth

      The picture is optimised in a run of the experiment style-gatys; what is left to say of it is
      said by keys, as in optimizer.rule=lbfgs. Ctrl-C writes the picture as it is; 'atelier resume'
      carries on.
      """)

  @Option(
    name: .long, help: ArgumentHelp("The PNG or JPEG whose content is kept.", valueName: "file"),
    completion: .file())
  var content: String

  @Option(
    name: .long,
    help: ArgumentHelp("A PNG or JPEG whose style is taken; may be repeated.", valueName: "file"),
    completion: .file())
  var style: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp("The share of each style, in their order.", valueName: "share"))
  var share: [Double] = []

  @Option(
    name: .long, help: ArgumentHelp("The longer side of the result, in pixels.", valueName: "n"))
  var size: Int?

  @Option(name: .long, help: ArgumentHelp("How many steps to take.", valueName: "n"))
  var iterations = 300

  @Option(
    name: .long,
    help: ArgumentHelp("The network that looks at the pictures.", valueName: "name"))
  var network: String?

  @Option(
    name: .long,
    help: ArgumentHelp("The file of the network's weights.", valueName: "file"),
    completion: .file())
  var weights: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Keep the content's colours: luminance or histogram.", valueName: "how"))
  var preserveColor: String?

  @Option(name: .long, help: ArgumentHelp("The same as train.seed=N.", valueName: "n"))
  var seed: Int?

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp(
      "The PNG or JPEG file to write; a name made from the content's unless given.",
      valueName: "file"),
    completion: .file())
  var output: String?

  @Argument(
    help: ArgumentHelp(
      "Keys of style-gatys to change, as in styleWeight=20.", valueName: "key=value"),
    completion: .custom(Completions.keys))
  var overrides: [String] = []

  @OptionGroup var runs: OutputOptions
  @OptionGroup var execution: ExecutionOptions
  @OptionGroup var verbosity: VerbosityOptions
  @OptionGroup var format: FormatOptions

  func validate() throws {
    guard !style.isEmpty else { throw ValidationError("Name at least one --style.") }
    try requireCount(iterations, named: "--iterations", in: 1...1_000_000)
    if let output, PictureFormat(path: output) == nil {
      throw ValidationError("'\(output.printable())' ends neither in .png nor in .jpg.")
    }
  }

  func run() throws {
    let training = Training(
      output: runs, execution: execution, format: format, verbosity: verbosity)
    let journal = training.journal
    let file = try ExperimentReference("style-gatys").file()
    let result = try training.watched(journal) { settings in
      try Registry.studio.begin(file, overrides: keys, in: runs.out, settings: settings)
    }
    let opened = try Registry.studio.open(result.folder, settings: execution.settings(Journal()))
    guard let model = opened.experiment as? any PictureModel else {
      throw ValidationError("The run '\(result.folder.name)' makes no picture.")
    }
    let path = output ?? defaultOutput
    let picture = try model.picture()
    try DurableFile.write((PictureFormat(path: path) ?? .png).encode(picture), to: path)
    if format.json {
      format.print(
        .object([
          .init("file", .string(path)), .init("width", .integer(Int64(picture.width))),
          .init("height", .integer(Int64(picture.height))),
          .init("run", .string(result.folder.path)),
          .init("step", .integer(Int64(result.record.step))),
          .init(
            "measures",
            .object(
              result.record.evaluation.measures.map { .init($0.name, .number($0.value)) })),
        ]))
    } else {
      StandardStream.output.writeLine(path)
    }
    try training.leaveIfStopped(result, journal)
  }

  /// What the options say as keys of the experiment; those that a person gave come last and win.
  private var keys: [String] {
    let epochs = (1...10).last { iterations.isMultiple(of: $0) } ?? 1
    func text(_ value: String) -> String { JSON.string(value).text() }
    var keys = [
      "content=\(text(absolute(content)))",
      "style=[\(style.map { text(absolute($0)) }.joined(separator: ", "))]",
      "train.epochs=\(epochs)", "epochSteps=\(iterations / epochs)",
    ]
    if !share.isEmpty {
      keys.append("styleShares=[\(share.map { "\($0)" }.joined(separator: ", "))]")
    }
    if let size { keys.append("size=\(size)") }
    if let network { keys.append("features.network=\(network)") }
    if let weights { keys.append("features.weights=\(text(Files.absolute(weights)))") }
    if let preserveColor { keys.append("colours=\(preserveColor)") }
    if let seed { keys.append("train.seed=\(seed)") }
    return keys + overrides
  }

  /// The path of a file from any folder; drawings have none.
  private func absolute(_ picture: String) -> String {
    picture.hasPrefix("drawn:") ? picture : Files.absolute(picture)
  }

  /// Beside where the person stands, with the content's name.
  private var defaultOutput: String {
    let name = Files.name(of: content.replacing(":", with: "-"))
    let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    return "\(stem)-stylized.png"
  }
}

/// The formats that a picture can be written in.
private enum PictureFormat {
  case png, jpeg

  /// By the ending of a path.
  init?(path: String) {
    let path = path.lowercased()
    if path.hasSuffix(".png") {
      self = .png
    } else if path.hasSuffix(".jpg") || path.hasSuffix(".jpeg") {
      self = .jpeg
    } else {
      return nil
    }
  }

  func encode(_ image: Image) -> [UInt8] {
    switch self {
    case .png: PNG.encode(image)
    case .jpeg: JPEG.encode(image)
    }
  }
}
