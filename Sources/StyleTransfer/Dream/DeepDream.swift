import Experiments
import FeatureNetworks
import FileFormats
import Imaging
import NeuralNetworks
import Randomness
import TensorEngine

/// A picture in which a network sees ever more of what it knows: its features are made to grow, at one
/// size after another (Mordvintsev, Olah and Tyka, "Inceptionism: going deeper into neural networks",
/// 2015).
///
/// Differs from the paper: what a smaller size lost of the content is added at the next (Chollet, "Deep
/// learning with Python", 2017, section 8.2); the gradient is brought to a mean size of 1.
public struct DeepDream: Experiment {
  /// The name in experiment files.
  public static let module = "deepdream"
  /// What it makes.
  public static let summary = "DeepDream: a picture full of what a network sees in it"
  /// The measure.
  public static let metricUnits: KeyValuePairs<String, String> = ["activation": "mean square"]
  /// More is better.
  public static let goals: [String: MeasureGoal] = ["activation": .more]
  /// Small sizes.
  public static let smokeOverrides = ["size=64", "octaves=2"]
  private static let pictureRecord = "picture"
  private static let octaveRecord = "octave"

  private let configuration: DreamConfiguration
  private let content: SourcePicture?
  private let seed: UInt64
  private let octaves: [PictureScale]
  private let sources: [ExperimentDescription.Source]
  private let layers: [ExperimentDescription.Layer]
  private let workspace: Workspace<Float>
  /// A program for each octave.
  private let ascents: [LoadedProgram<Float>]
  /// The octave of the last step; nil before the first.
  private var current: PictureScale?
  /// The picture, [3, H, W].
  private var values: [Float] = []

  /// Reads the picture, loads the network and compiles the programs.
  public init(_ configuration: DreamConfiguration, in context: RunContext) throws {
    self.configuration = configuration
    seed = context.seed
    let content =
      configuration.content.isEmpty ? nil : try SourcePicture(named: configuration.content)
    self.content = content
    let extents = content.map { ($0.image.width, $0.image.height) } ?? (1, 1)
    octaves = configuration.sides.enumerated().map { index, side in
      let (width, height) = Image.fitted(extents, to: side)
      return PictureScale(index: index, width: width, height: height)
    }
    let features = try configuration.features.load(
      through: configuration.chosenLayers, in: context)
    sources = (content.map { [$0.source] } ?? []) + features.sources
    let strides = configuration.chosenLayers.compactMap {
      features.network.featureLayer(named: $0)?.stride
    }
    let least = strides.max() ?? 1
    if let small = octaves.first(where: { min($0.width, $0.height) < least }) {
      throw RunError(
        .unsuitable,
        "the picture would be \(small.width)x\(small.height) pixels at first, too few for the "
          + "layers of \(configuration.features.network.rawValue)",
        hint: "it needs \(least) a side: raise size, or give fewer octaves")
    }
    workspace = context.workspace()
    let traced = try octaves.map {
      try Self.ascent($0, features.network, configuration.chosenLayers)
    }
    layers = traced[traced.count - 1].layers
    ascents = try context.load(
      zip(octaves, traced).map { ("ascent at \($0.width)x\($0.height)", $1.program) },
      into: workspace)
  }

  /// The mean square of the layers' features of an input "picture", and the "gradient" by it.
  private static func ascent(
    _ octave: PictureScale, _ network: some FeatureNetwork, _ layers: [String]
  ) throws -> (program: Program<Float>, layers: [ExperimentDescription.Layer]) {
    let graph = Graph()
    let picture = graph.input("picture", shape: [1, 3, octave.height, octave.width])
    let features = graph.bind(network, as: "features").features(of: picture, at: layers)
    let activation =
      features.reduce(graph.constant(0)) { $0 + $1.square().mean() } / Double(features.count)
    let gradient = graph.gradients(of: activation, withRespectTo: [picture])[0]
    return (
      try graph.compile(["activation": activation, "gradient": gradient]),
      ExperimentDescription.layers(of: graph, network)
    )
  }

  // MARK: Steps

  /// The steps of one size.
  public var stepsPerEpoch: Int { configuration.octaveSteps }
  /// A step changes one picture.
  public var samplesPerStep: Int { 1 }
  /// Where the programs run.
  public var inspectedWorkspace: Workspace<Float>? { workspace }

  /// Changes the picture once.
  public mutating func step(_ number: Int) throws -> Metrics {
    let octave = octaves[min(number / configuration.octaveSteps, octaves.count - 1)]
    if current != octave {
      values = beginning(octave)
      current = octave
    }
    var random = RandomStream(seed: seed, name: "jitter", index: UInt64(number))
    let across = random.integer(below: configuration.jitter + 1)
    let down = random.integer(below: configuration.jitter + 1)
    let program = ascents[octave.index]
    program.set("picture", to: octave.rolled(values, across: across, down: down))
    program.run(step: number)
    let gradient = octave.rolled(program["gradient"].scalars, across: -across, down: -down)
    let size = gradient.reduce(0) { $0 + Double($1.magnitude) } / Double(gradient.count)
    // A network that sees nothing at all has no gradient; what is not finite must be seen.
    let rate = Float(configuration.stepSize / max(size, 1e-20))
    for place in values.indices {
      let changed = values[place] + rate * gradient[place]
      values[place] = changed.isNaN ? changed : min(max(changed, 0), 1)
    }
    return ["activation": Double(program.scalar("activation"))]
  }

  /// What a size begins with: the picture of the size before, with what that lost of the content.
  private func beginning(_ octave: PictureScale) -> [Float] {
    guard let current else {
      if let content { return content.image.resized(to: octave).planarValues }
      var random = RandomStream(seed: seed, name: "initial picture")
      return (0..<3 * octave.width * octave.height).map { _ in 0.4 + 0.2 * random.uniform() }
    }
    let enlarged = image(current).resized(to: octave).planarValues
    guard let content else { return enlarged }
    let whole = content.image.resized(to: octave).planarValues
    let blurred = content.image.resized(to: current).resized(to: octave).planarValues
    return enlarged.indices.map { min(max(enlarged[$0] + whole[$0] - blurred[$0], 0), 1) }
  }

  private func image(_ octave: PictureScale) -> Image {
    Image(planar: values, channels: 3, height: octave.height, width: octave.width)
  }

  // MARK: Results

  /// The activation of the picture as it is.
  public mutating func evaluate() throws -> Metrics {
    guard let current else { return ["activation": 0] }
    let program = ascents[current.index]
    program.set("picture", to: values)
    program.run(step: 0)
    return ["activation": Double(program.scalar("activation"))]
  }

  /// Writes the picture, and how it came about.
  public mutating func export(to exports: Exports) throws {
    let picture = try picture()
    try exports.write(picture, named: "picture")
    try exports.writeFrame(picture, of: "progress")
  }

  /// The layers, the programs, and the picture with the network's weights.
  public func describe() throws -> ExperimentDescription {
    ExperimentDescription(
      layers: layers,
      programs: ascents.map { .init(name: $0.name, $0.program, threads: workspace.threads) },
      sources: sources)
  }

  /// The picture and its size.
  public func state() -> [TensorRecord] {
    [
      TensorRecord(name: Self.pictureRecord, values: values),
      TensorRecord(name: Self.octaveRecord, values: [Int64(current?.index ?? -1)]),
    ]
  }

  /// Takes over what `state` gave.
  public mutating func restore(_ records: [TensorRecord]) throws {
    let table = RecordTable(records)
    let indices: [Int64] = try table.values(
      named: Self.octaveRecord, count: 1, where: { (-1..<Int64(octaves.count)).contains($0) })
    let octave = indices[0] < 0 ? nil : octaves[Int(indices[0])]
    values = try table.values(
      named: Self.pictureRecord, count: octave.map { 3 * $0.width * $0.height } ?? 0)
    current = octave
  }
}

extension DeepDream: PictureModel {
  /// The picture at its full size.
  public func picture() throws -> Image {
    let octave = current ?? octaves[0]
    let values = current == nil ? beginning(octave) : self.values
    return Image(planar: values, channels: 3, height: octave.height, width: octave.width)
      .resized(to: octaves[octaves.count - 1])
  }
}

extension Image {
  fileprivate func resized(to scale: PictureScale) -> Image {
    resized(width: scale.width, height: scale.height)
  }
}

extension PictureScale {
  /// Values [3, H, W] moved right and down; what leaves at one side enters at the other.
  fileprivate func rolled(_ values: [Float], across: Int, down: Int) -> [Float] {
    var rolled = values
    for channel in 0..<3 {
      for row in 0..<height {
        let source = ((row - down) % height + height) % height
        for column in 0..<width {
          let place = ((column - across) % width + width) % width
          rolled[(channel * height + row) * width + column] =
            values[(channel * height + source) * width + place]
        }
      }
    }
    return rolled
  }
}
