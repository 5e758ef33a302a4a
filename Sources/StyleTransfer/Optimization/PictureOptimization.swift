import Experiments
import FeatureNetworks
import FileFormats
import Imaging
import NeuralNetworks
import Randomness
import TensorEngine

/// A picture that is changed until a network's features of it are those of a content and of a style
/// (Gatys, Ecker and Bethge, "Image style transfer using convolutional neural networks", 2016).
/// Without a content it is a texture like the style (Gatys, Ecker and Bethge, "Texture synthesis using
/// convolutional neural networks", 2015); without a style it is what the features keep of the content
/// (Mahendran and Vedaldi, "Understanding deep image representations by inverting them", 2015).
///
/// Differs from the paper: each loss is relative, about 1 for a picture that has nothing of its
/// target, so that weights mean the same for every network and size; the picture may be optimised at
/// half, a quarter ... of its size first.
public struct PictureOptimization: Experiment {
  /// The name in experiment files.
  public static let module = "style"
  /// What it makes.
  public static let summary = "A picture with the content of one and the style of others"
  /// All losses are relative.
  public static let metricUnits: KeyValuePairs<String, String> = [
    "loss": "weighted loss", "content": relativeUnit, "style": relativeUnit,
    "variation": "of black to white, squared",
  ]
  /// Every size and a few steps of each.
  public static let smokeOverrides = ["size=64", "scaleSteps=1"]
  private static let relativeUnit = "of the target's features"
  private static let scaleRecord = "scale"
  private static let optimizerRecord = "lbfgs"

  let configuration: StyleConfiguration
  let content: SourcePicture?
  let styles: [SourcePicture]
  let seed: UInt64
  let stop: StopRequest
  let scales: [PictureScale]
  private let regions: (content: SourcePicture, style: SourcePicture)?
  private let sources: [ExperimentDescription.Source]
  private let programs: PicturePrograms
  private let workspace: Workspace<Float>
  /// What is done at each scale.
  private var works: [ScaleWork]
  /// Scales whose targets are known.
  private var preparedScales: Set<Int> = []
  /// The scale of the last step; nil before the first.
  private var current: PictureScale?
  private var optimizer: LBFGS?

  /// Reads the pictures, loads the network and compiles the programs.
  public init(_ configuration: StyleConfiguration, in context: RunContext) throws {
    self.configuration = configuration
    (seed, stop) = (context.seed, context.stop)
    content = configuration.content.isEmpty ? nil : try SourcePicture(named: configuration.content)
    let styles = try configuration.style.map { try SourcePicture(named: $0) }
    self.styles = styles
    regions =
      configuration.regions.isUsed
      ? (
        try SourcePicture(named: configuration.regions.content),
        try SourcePicture(named: configuration.regions.style)
      ) : nil
    let features = try configuration.features.load(in: context)
    let pictures = (content.map { [$0] } ?? []) + styles
    sources =
      pictures.map(\.source) + (regions.map { [$0.content.source, $0.style.source] } ?? [])
      + features.sources
    var programs = PicturePrograms(
      network: features.network, configuration: configuration,
      regions: try regions.map { try PictureRegions(content: $0.content, style: $0.style) })
    let alignment = configuration.tile > 0 ? programs.alignment : 1
    let extents = content.map { ($0.image.width, $0.image.height) } ?? (1, 1)
    let scales = PictureScale.pyramid(
      of: extents, size: configuration.size, count: configuration.scales, alignment: alignment)
    programs.styleExtents = scales.map { scale in
      let side = Double(max(scale.width, scale.height)) * configuration.styleScale
      return styles.map { style in
        Image.fitted(
          (style.image.width, style.image.height), to: max(1, Int(side.rounded())),
          alignment: alignment)
      }
    }
    try programs.checkExtents(scales, styles)
    (self.scales, self.programs) = (scales, programs)
    workspace = context.workspace()
    works = try ScaleWork.load(programs, scales, in: context, workspace)
  }

  // MARK: Steps

  /// Steps between two evaluations.
  public var stepsPerEpoch: Int { configuration.epochSteps }
  /// A step changes one picture.
  public var samplesPerStep: Int { 1 }
  /// Where the programs run.
  public var inspectedWorkspace: Workspace<Float>? { workspace }

  private func scale(ofStep number: Int) -> PictureScale {
    scales[min(number / configuration.scaleSteps, scales.count - 1)]
  }

  /// Changes the picture once.
  public mutating func step(_ number: Int) throws -> Metrics {
    let scale = scale(ofStep: number)
    if current != scale { begin(scale) }
    try prepareTargets(of: scale)
    let work = works[scale.index]
    guard var optimizer else {
      return try work.adamStep(number, workspace, scale, stop)
    }
    var metrics = Metrics()
    _ = try optimizer.step { point in
      let (measured, gradient) = try work.losses(of: point, step: number, stop)
      metrics = measured
      return (measured["loss"] ?? 0, gradient)
    }
    self.optimizer = optimizer
    return metrics
  }

  /// Gives a scale the picture to begin with: that of the scale before, enlarged.
  private mutating func begin(_ scale: PictureScale) {
    let values =
      current == nil
      ? initialValues(scale)
      : shown.resized(width: scale.width, height: scale.height).planarValues
    current = scale
    switch configuration.optimizer.rule {
    case .adam:
      workspace[state: scale.state] = TensorValue(
        shape: [1, 3, scale.height, scale.width], scalars: values)
    case .lbfgs:
      optimizer = LBFGS(
        from: values, historySize: configuration.optimizer.history)
    }
  }

  private func initialValues(_ scale: PictureScale) -> [Float] {
    switch configuration.initial {
    case .content:
      if let content { return contentImage(content, scale).planarValues }
    case .style:
      if let style = styles.first {
        return style.image.resized(width: scale.width, height: scale.height).planarValues
      }
    case .noise: break
    }
    var random = RandomStream(seed: seed, name: "initial picture")
    return (0..<3 * scale.width * scale.height).map { _ in random.uniform() }
  }

  // MARK: Targets

  /// Computes what the picture of a scale is compared with, once.
  private mutating func prepareTargets(of scale: PictureScale) throws {
    guard preparedScales.insert(scale.index).inserted else { return }
    let content = content.map { contentImage($0, scale) }
    let styles = zip(styles, programs.styleExtents[scale.index]).map { style, extents in
      styleImage(style).resized(width: extents.width, height: extents.height)
    }
    try works[scale.index].prepare(
      content: content, styles: styles, programs, scale, workspace, stop)
  }

  private func contentImage(_ content: SourcePicture, _ scale: PictureScale) -> Image {
    let image = content.image.resized(width: scale.width, height: scale.height)
    return configuration.colours == .luminance ? ColourPreservation.grey(image) : image
  }

  private func styleImage(_ style: SourcePicture) -> Image {
    switch configuration.colours {
    case .style: style.image
    case .luminance: ColourPreservation.grey(style.image)
    case .histogram:
      content.map { ColourPreservation.matched(style.image, to: $0.image) } ?? style.image
    }
  }

  // MARK: Results

  /// The picture as it is optimised, at the size of the current scale.
  private var shown: Image {
    let scale = current ?? scales[0]
    return Image(
      planar: current == nil ? initialValues(scale) : values(of: scale), channels: 3,
      height: scale.height, width: scale.width)
  }

  /// The picture of the current scale.
  private func values(of scale: PictureScale) -> [Float] {
    optimizer?.point ?? workspace[state: scale.state].scalars
  }

  /// The losses of the picture at its full size.
  public mutating func evaluate() throws -> Metrics {
    let last = scales[scales.count - 1]
    try prepareTargets(of: last)
    let values =
      current == last
      ? values(of: last)
      : shown.resized(width: last.width, height: last.height).planarValues
    return try works[last.index].losses(of: values, step: 0, stop).metrics
  }

  /// Writes the picture, and how it came about.
  public mutating func export(to exports: Exports) throws {
    let picture = try picture()
    try exports.write(picture, named: "picture")
    try exports.writeFrame(picture, of: "progress")
    try exports.write(sheet(picture), named: "sheet")
  }

  /// The content, the styles and the picture in a row.
  private func sheet(_ picture: Image) -> Image {
    let side = max(picture.width, picture.height)
    let pictures = (content.map { [$0.image] } ?? []) + styles.map(\.image) + [picture]
    let cells = pictures.map { image in
      let fitted = image.fitted(to: side)
      var canvas = Canvas(width: side, height: side, background: .white)
      canvas.draw(fitted, x: (side - fitted.width) / 2, y: (side - fitted.height) / 2)
      return canvas.image
    }
    return ImageGrid(images: cells, columns: cells.count, spacing: 4).image()
  }

  /// The layers of the network, the programs, and the pictures with the network's weights.
  public func describe() throws -> ExperimentDescription {
    let last = scales[scales.count - 1]
    return ExperimentDescription(
      layers: programs.layers(last),
      programs: works.flatMap(\.loaded).map {
        .init(name: $0.name, $0.program, threads: workspace.threads)
      }, sources: sources)
  }

  /// The picture at all sizes and what the optimiser remembers; neither the network nor the targets,
  /// which come from their files.
  public func state() -> [TensorRecord] {
    let kept = workspace.records { !PicturePrograms.isDerived($0) }
    let scale = TensorRecord(name: Self.scaleRecord, values: [Int64(current?.index ?? -1)])
    return kept + [scale] + (optimizer?.records(at: Self.optimizerRecord) ?? [])
  }

  /// Takes over what `state` gave.
  public mutating func restore(_ records: [TensorRecord]) throws {
    let indices: [Int64] = try RecordTable(records).values(
      named: Self.scaleRecord, count: 1, where: { (-1..<Int64(scales.count)).contains($0) })
    let scale = indices[0] < 0 ? nil : scales[Int(indices[0])]
    var restored: LBFGS?
    if let scale, configuration.optimizer.rule == .lbfgs {
      var optimizer = LBFGS(
        from: [Float](repeating: 0, count: 3 * scale.width * scale.height),
        historySize: configuration.optimizer.history)
      try optimizer.restore(records, at: Self.optimizerRecord)
      restored = optimizer
    }
    try workspace.restore(records) { !PicturePrograms.isDerived($0) }
    (current, optimizer) = (scale, restored)
  }
}

extension PictureOptimization: PictureModel {
  /// The picture at its full size, in the colours that were asked for.
  public func picture() throws -> Image {
    let last = scales[scales.count - 1]
    let image = shown.resized(width: last.width, height: last.height)
    guard configuration.colours == .luminance, let content else { return image }
    return ColourPreservation.recoloured(
      image, by: content.image.resized(width: last.width, height: last.height))
  }
}
