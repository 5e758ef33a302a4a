import ArgumentParser
import Experiments
import FileFormats

/// `atelier weights`: files of weights that other programs wrote.
struct WeightsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weights",
    abstract: "Look into files of weights, and convert them; nothing in them is executed.",
    discussion: """
      Examples:
        atelier weights inspect vgg19.pth
        atelier weights convert vgg19.pth -o vgg19.safetensors
        atelier weights features vgg19.pth --network vgg19 --image photo.jpg -o features.npz

      Read are safetensors, npz, npy, and what PyTorch's torch.save writes of state dicts, whatever
      the files are called.
      """,
    subcommands: [
      WeightsInspectCommand.self, WeightsConvertCommand.self, WeightsFeaturesCommand.self,
    ])
}

/// A file of weights.
struct WeightFileOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "A file of weights: safetensors, npz, npy, or PyTorch's .pth or .pt.", valueName: "file"),
    completion: .file())
  var path: String
}

/// `atelier weights inspect`: which tensors a file holds.
struct WeightsInspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "List the tensors of a file of weights.",
    discussion: """
      Examples:
        atelier weights inspect vgg19.pth
        atelier weights inspect outputs/vae-fashion-001/checkpoints/step-7020.safetensors --json

      The list alone is read, not the numbers.
      """)

  @OptionGroup var file: WeightFileOptions
  @OptionGroup var format: FormatOptions

  func run() throws {
    let file = try WeightFile(file.path)
    if format.json {
      format.print(file.json)
      return
    }
    var table = TextTable(columns: [
      ("NAME", .left), ("TYPE", .left), ("SHAPE", .left), ("COUNT", .right), ("SIZE", .right),
    ])
    for entry in file.entries {
      table.append([
        entry.name.printable(), entry.elementType.rawValue, "\(entry.shape)",
        Quantity.count(entry.count), Quantity.bytes(entry.byteCount),
      ])
    }
    StandardStream.output.write(
      table.text(for: StandardStream.output.terminal, overflow: .keep))
    StandardStream.output.writeLine(
      "\(file.format.rawValue): \(Quantity.count(file.entries.count)) tensors, "
        + "\(Quantity.count(file.count)) numbers, \(Quantity.bytes(file.byteCount))")
  }
}

/// `atelier weights convert`: the same tensors in another format.
struct WeightsConvertCommand: ParsableCommand {
  /// What floating-point numbers can be converted to.
  enum NumberType: String, ExpressibleByArgument, CaseIterable {
    case float32
  }

  /// What can be written, by the end of the file's name.
  enum Target: String, CaseIterable {
    case safetensors, npz
  }

  static let configuration = CommandConfiguration(
    commandName: "convert", abstract: "Write the tensors of a file of weights in another format.",
    discussion: """
      Examples:
        atelier weights convert vgg19.pth -o vgg19.safetensors
        atelier weights features vgg19.pth --network vgg19 --image photo.jpg -o features.npz
        atelier weights convert half.pth -o single.npz --type float32

      Names, shapes and values stay as they are. With --type float32, float16 and bfloat16 become
      float32 exactly, float64 rounded; whole numbers and truth values stay as they are.
      """)

  @OptionGroup var file: WeightFileOptions

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(
      "The file to write; its name ends in .safetensors or .npz.", valueName: "path"),
    completion: .file())
  var output: String

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What floating-point numbers become; unless given, they stay.", valueName: "type"))
  var type: NumberType?

  @OptionGroup var format: FormatOptions

  func validate() throws {
    guard target != nil else {
      throw ValidationError("--output '\(output)' must end in .safetensors or .npz.")
    }
  }

  private var target: Target? {
    Target.allCases.first { output.hasSuffix("." + $0.rawValue) }
  }

  func run() throws {
    var records = try WeightFile.read(file.path)
    if type == .float32 {
      // One at a time, so that each may go when its successor is there.
      for index in records.indices { records[index] = records[index].inSinglePrecision() }
    }
    let chunks =
      switch target {
      case .npz: try NPZ.chunks(records, path: output)
      case .safetensors, nil: SafeTensors.chunks(records)
      }
    try DurableFile.write(chunks: chunks, to: output)
    if format.json {
      format.print(try WeightFile(output).json)
    } else {
      StandardStream.output.writeLine(output.printable())
    }
  }
}

extension WeightFile {
  /// How many numbers the tensors have in all.
  fileprivate var count: Int { entries.reduce(0) { $0 + $1.count } }
  /// How many bytes they take.
  fileprivate var byteCount: Int { entries.reduce(0) { $0 + $1.byteCount } }

  /// The file as `atelier weights inspect --json` gives it.
  fileprivate var json: JSON {
    [
      "path": .string(path), "format": .string(format.rawValue),
      "count": .integer(Int64(count)), "bytes": .integer(Int64(byteCount)),
      "tensors": .array(
        entries.map { entry in
          [
            "name": .string(entry.name), "type": .string(entry.elementType.rawValue),
            "shape": .array(entry.shape.map { .integer(Int64($0)) }),
            "count": .integer(Int64(entry.count)), "bytes": .integer(Int64(entry.byteCount)),
          ]
        }),
    ]
  }
}
