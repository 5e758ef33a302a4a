import ArgumentParser
import Experiments
import FeatureNetworks
import FileFormats
import Imaging
import NeuralNetworks
import TensorEngine

/// `atelier weights features`: what a feature network sees in a picture, so that others can judge it.
struct WeightsFeaturesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "features", abstract: "Write what a feature network sees in a picture.",
    discussion: """
      Examples:
        atelier weights features vgg19.pth --network vgg19 --image photo.jpg -o seen.npz
        atelier weights features lite0.safetensors --image cat.png --size 224 --classes

      The npz file has an array of float32 [1, channels, rows, columns] for each layer, and logits
      [1, 1000] with --classes. Without --network it is told by the tensors' names. The networks:
        \(FeatureNetworkKind.allCases.map(\.rawValue).joined(separator: ", "))
      """)

  @OptionGroup var weights: WeightFileOptions

  @Option(
    help: ArgumentHelp("The network, if not the one that the tensors are of.", valueName: "name"),
    completion: .list(FeatureNetworkKind.allCases.map(\.rawValue)))
  var network: String?

  @Option(help: ArgumentHelp("A PNG or JPEG file.", valueName: "file"), completion: .file())
  var image: String

  @Option(
    help: ArgumentHelp(
      "Scale the picture's longer side to so many pixels; as it is unless given.",
      valueName: "pixels"))
  var size: Int?

  @Option(
    help: ArgumentHelp("Layers, divided by commas; all unless given.", valueName: "names"))
  var layers: String?

  @Flag(help: "Classify the picture too, which needs the file's classifier.")
  var classes = false

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The features.", valueName: "npz"),
    completion: .file())
  var output: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "How many threads to compute with; all processors unless given. Results do not depend on it.",
      valueName: "n"))
  var threads: Int?

  @OptionGroup var format: FormatOptions

  /// Pixels of a side: the deepest layers halve a picture five times; pictures have up to 4096.
  private static let sizes = 32...4096

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads \(threads) is not in 1...1024.")
    }
    if let size, !Self.sizes.contains(size) {
      throw ValidationError("--size \(size) is not in \(Self.sizes).")
    }
    if let network, FeatureNetworkKind(rawValue: network) == nil {
      let known = FeatureNetworkKind.allCases.map(\.rawValue)
      let suggestion =
        nearest(to: network, in: known).map { "Did you mean '\($0)'?" }
        ?? "The networks are \(known.joined(separator: ", "))."
      throw ValidationError("There is no network '\(network.printable(limit: 100))'. \(suggestion)")
    }
  }

  /// The file of weights.
  private var file: String { weights.path }

  func run() throws {
    let records = try FeatureNetworkKind.records(of: WeightFile(file), classifies: classes)
    let kind = try kind(of: records)
    let wanted = try wantedLayers(of: kind)
    let network = try kind.network(
      from: records, path: file, through: classes ? nil : wanted.last?.name, classifies: classes)
    let picture = try FeaturePicture(image, side: size, least: Self.sizes.lowerBound)
    let passage = try FeaturePassage(
      of: picture, through: network, at: wanted,
      threads: threads ?? min(Machine.current.cores, 1024))
    if let output {
      try DurableFile.write(NPZ.encode(passage.records, path: output), to: output)
    }
    if format.json {
      format.print(
        .object(
          [
            JSON.Member("network", .string(kind.rawValue)), JSON.Member("file", .string(file)),
            JSON.Member("image", .string(image)),
          ] + passage.members))
    } else {
      let terminal = StandardStream.output.terminal
      StandardStream.output.write(passage.layerTable.text(for: terminal))
      if let classes = passage.classTable {
        StandardStream.output.write("\n" + classes.text(for: terminal))
      }
    }
  }

  private func kind(of records: [TensorRecord]) throws -> FeatureNetworkKind {
    if let kind = network.flatMap(FeatureNetworkKind.init) ?? .kind(of: records) { return kind }
    let known = FeatureNetworkKind.allCases.map(\.rawValue).joined(separator: ", ")
    throw FileError(
      .unsupported, path: file, "the tensors are of no network that is known here",
      hint: "'--network NAME' tells what differs; the networks are \(known)")
  }

  /// The layers that were asked for, first to last.
  private func wantedLayers(of kind: FeatureNetworkKind) throws -> [FeatureLayer] {
    let all = kind.featureLayers
    guard let layers else { return all }
    let names = Set(layers.split(separator: ",").map(String.init))
    for name in names.sorted() where !all.contains(where: { $0.name == name }) {
      let known = all.map(\.name)
      let suggestion =
        nearest(to: name, in: known).map { "Did you mean '\($0)'?" }
        ?? "The layers are \(known.joined(separator: ", "))."
      throw ValidationError(
        "\(kind.rawValue) has no layer '\(name.printable(limit: 100))'. \(suggestion)")
    }
    guard !names.isEmpty else { throw ValidationError("--layers names none.") }
    return all.filter { names.contains($0.name) }
  }
}
