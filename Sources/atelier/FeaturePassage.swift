import Experiments
import FeatureNetworks
import FileFormats
import Glibc
import Imaging
import NeuralNetworks
import TensorEngine

/// A picture as feature networks take it.
struct FeaturePicture {
  let path: String
  let width: Int
  let height: Int
  /// [3, height, width]: red, green and blue in 0 ... 1.
  let values: [Float]

  /// - Parameters:
  ///   - side: pixels to scale the longer side to; nil for the picture as it is.
  ///   - least: pixels that each side has at least.
  init(_ path: String, side: Int?, least: Int) throws(FileError) {
    let image = try ImageFile(reading: path).image.converted(to: 3)
    let picture = side.map(image.fitted(to:)) ?? image
    guard min(picture.width, picture.height) >= least else {
      throw FileError(
        .unsupported, path: path,
        "a picture of \(picture.width)x\(picture.height) pixels, the deepest layers need \(least)",
        hint: "--size scales it")
    }
    self.path = path
    (width, height) = (picture.width, picture.height)
    values = picture.planarValues
  }
}

/// What a network's layers made of a picture.
struct FeaturePassage {
  /// The largest of ImageNet's classes that are listed.
  private static let listedClasses = 5

  private let picture: FeaturePicture
  private let layers: [(layer: FeatureLayer, features: TensorValue<Float>)]
  private let logits: TensorValue<Float>?

  /// Takes a picture through a network; logits come with its classifier.
  init(
    of picture: FeaturePicture, through network: some FeatureNetwork, at layers: [FeatureLayer],
    threads: Int
  ) throws {
    let graph = Graph()
    let bound = graph.bind(network, as: "network")
    let images = graph.input("images", shape: [1, 3, picture.height, picture.width])
    let features = bound.features(of: images, at: layers.map(\.name))
    var outputs = Dictionary(
      uniqueKeysWithValues: zip(layers.map { "features." + $0.name }, features))
    outputs["logits"] = bound.logits(of: images)
    let context = RunContext(seed: 0, threads: threads)
    let workspace = context.workspace()
    let program: LoadedProgram<Float>
    do {
      program = try context.load(
        [("features", try graph.compile(outputs))], into: workspace)[0]
    } catch is RunError {
      throw FileError(
        .tooLarge, path: picture.path,
        "features of \(picture.width)x\(picture.height) pixels need more memory than there is",
        hint: "--size scales it, --layers leaves some out")
    }
    program.set("images", to: picture.values)
    program.run(step: 0)
    self.picture = picture
    self.layers = layers.map { ($0, program["features." + $0.name]) }
    logits = outputs["logits"].map { _ in program["logits"] }
  }

  /// The features by their layers' names, and "logits".
  var records: [TensorRecord] {
    (layers.map { ($0.layer.name, $0.features) } + (logits.map { [("logits", $0)] } ?? []))
      .map { name, value in
        TensorRecord(name: name, shape: value.shape.dimensions, values: value.scalars)
      }
  }

  /// The most likely classes with their probabilities, most likely first.
  private var likeliest: [(index: Int, probability: Double)] {
    guard let scalars = logits?.scalars, let greatest = scalars.max() else { return [] }
    let weights = scalars.map { exp(Double($0 - greatest)) }
    let sum = weights.reduce(0, +)
    return weights.enumerated().sorted { $0.element > $1.element }
      .prefix(Self.listedClasses).map { ($0.offset, $0.element / sum) }
  }

  var layerTable: TextTable {
    var table = TextTable(columns: [
      ("LAYER", .left), ("CHANNELS", .right), ("ROWS", .right), ("COLUMNS", .right),
      ("STRIDE", .right), ("REACH", .right), ("MEAN", .right), ("LARGEST", .right),
    ])
    for (layer, features) in layers {
      let (mean, largest) = Self.measures(of: features)
      table.append([
        layer.name, "\(layer.channels)", "\(features.shape[2])", "\(features.shape[3])",
        "\(layer.stride)", "\(layer.reach)", Quantity.measure(mean), Quantity.measure(largest),
      ])
    }
    return table
  }

  /// The classes by their place in ImageNet's challenge; nil without a classifier.
  var classTable: TextTable? {
    if logits == nil { return nil }
    var table = TextTable(columns: [("CLASS", .right), ("PROBABILITY", .right)])
    for (index, probability) in likeliest {
      table.append(["\(index)", Quantity.measure(probability)])
    }
    return table
  }

  /// The members of the document of `atelier weights features --json`.
  var members: [JSON.Member] {
    var members = [
      JSON.Member("width", .integer(Int64(picture.width))),
      JSON.Member("height", .integer(Int64(picture.height))),
      JSON.Member(
        "layers",
        .array(
          layers.map { layer, features in
            let (mean, largest) = Self.measures(of: features)
            return [
              "name": .string(layer.name),
              "shape": .array(features.shape.dimensions.map { .integer(Int64($0)) }),
              "stride": .integer(Int64(layer.stride)), "reach": .integer(Int64(layer.reach)),
              "mean": .number(mean), "largest": .number(largest),
            ]
          })),
    ]
    if logits != nil {
      let classes = likeliest.map { index, probability -> JSON in
        ["class": .integer(Int64(index)), "probability": .number(probability)]
      }
      members.append(JSON.Member("classes", .array(classes)))
    }
    return members
  }

  /// The mean of features, and the greatest of their magnitudes.
  private static func measures(of features: TensorValue<Float>) -> (mean: Double, largest: Double) {
    let scalars = features.scalars
    let sum = scalars.reduce(0.0) { $0 + Double($1) }
    return (sum / Double(max(scalars.count, 1)), scalars.reduce(0.0) { max($0, Double(abs($1))) })
  }
}
