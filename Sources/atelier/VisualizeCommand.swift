import ArgumentParser
import Experiments
import FileFormats
import Imaging

/// What `atelier visualize` shows.
enum Visualization: String, ExpressibleByArgument, CaseIterable {
  case activations, filters, cam, occlusion, saliency, tsne, maximal

  /// The options that it takes, besides those of all.
  var options: Set<String> {
    switch self {
    case .activations: ["--image", "--layer"]
    case .filters: ["--layer", "--count", "--steps", "--seed"]
    case .cam: ["--image", "--count", "--class", "--layer"]
    case .occlusion: ["--image", "--count", "--class", "--patch"]
    case .saliency: ["--image", "--count", "--class", "--smooth", "--seed"]
    case .tsne: ["--images", "--method", "--perplexity", "--iterations"]
    case .maximal: ["--layer", "--count", "--images"]
    }
  }
}

/// `atelier visualize`: what the network of a classifier sees.
struct VisualizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "visualize", abstract: "Look into the network of a trained classifier.",
    discussion: """
      Views:
        activations   the feature maps that each convolution makes of test images
        filters       pictures that the channels of a layer answer to most, by gradient ascent
        cam           Grad-CAM: where the channels of a layer speak for a class
        occlusion     how much less likely the class is when a part of the image is covered
        saliency      how much each pixel changes the logit of the class; SmoothGrad by --smooth
        tsne          a map of the features of test images, coloured by class
        maximal       the test images that each channel of a layer answers to most

      Examples:
        atelier visualize classify-fashion-001 activations --image 0 18
        atelier visualize classify-fashion-001 filters --layer body.8
        atelier visualize classify-fashion-001 cam --image 0 1 2 3 --json
        atelier visualize classify-fashion-001 cam --image 23 --class sandal
        atelier visualize classify-fashion-001 occlusion --image 0 --patch 6
        atelier visualize classify-fashion-001 saliency --smooth 50
        atelier visualize classify-fashion-001 tsne --images 3000 -o map.png
        atelier visualize classify-fashion-001 maximal --layer body.5

      'atelier describe EXPERIMENT' lists the layers.
      """)

  @OptionGroup var trained: TrainedRunOptions

  @Argument(
    help: ArgumentHelp(
      "What to look at: \(Visualization.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "view"))
  var view: Visualization

  @OptionGroup var picture: PictureOptions

  @Option(
    name: .long, parsing: .upToNextOption,
    help: ArgumentHelp(
      "Test images; the first eight, of activations the first, unless given.", valueName: "n"))
  var image: [Int] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Test images from the first on, channels of filters, or images for each channel of maximal.",
      valueName: "n"))
  var count: Int?

  @Option(
    name: .long, parsing: .upToNextOption,
    help: ArgumentHelp(
      "A layer, of activations several; the last convolution, or all, unless given.",
      valueName: "layer"))
  var layer: [String] = []

  @Option(
    name: .customLong("class"),
    help: ArgumentHelp(
      "The class that is looked for; the likeliest unless given.", valueName: "class"))
  var className: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Height and width of the cover; a quarter of the image unless given.", valueName: "pixels"))
  var patch: Int?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Noisy copies whose gradients are averaged; none unless given.", valueName: "n"))
  var smooth: Int?

  @Option(
    name: .long,
    help: ArgumentHelp("Steps of the gradient ascent; 192 unless given.", valueName: "n"))
  var steps: Int?

  @Option(
    name: .long, help: ArgumentHelp("The seed of all noise; 0 unless given.", valueName: "n"))
  var seed: UInt64?

  @OptionGroup var embedding: EmbeddingOptions

  func validate() throws {
    let given: [(name: String, isGiven: Bool)] = [
      ("--image", !image.isEmpty), ("--count", count != nil), ("--layer", !layer.isEmpty),
      ("--class", className != nil), ("--patch", patch != nil), ("--smooth", smooth != nil),
      ("--steps", steps != nil), ("--seed", seed != nil),
      ("--images", embedding.images != nil), ("--method", embedding.method != nil),
      ("--perplexity", embedding.perplexity != nil),
      ("--iterations", embedding.iterations != nil),
    ]
    if let option = given.first(where: { $0.isGiven && !view.options.contains($0.name) }) {
      let views = Visualization.allCases.filter { $0.options.contains(option.name) }
      throw ValidationError(
        "\(option.name) belongs to \(views.map(\.rawValue).joined(separator: ", ")), "
          + "not to \(view.rawValue).")
    }
    if view == .saliency, seed != nil, smooth == nil {
      throw ValidationError("--seed of saliency belongs to --smooth.")
    }
    if !image.isEmpty, count != nil {
      throw ValidationError("Either --image or --count, not both.")
    }
    if image.count > 64 { throw ValidationError("\(image.count) times --image, at most 64.") }
    if layer.count > 1, view != .activations {
      throw ValidationError("\(view.rawValue) takes one --layer.")
    }
    for (name, value, most) in [
      ("--count", count, view == .filters ? 4096 : 64), ("--patch", patch, 4096),
      ("--smooth", smooth, 1000), ("--steps", steps, 10_000),
    ] {
      if let value { try requireCount(value, named: name, in: 1...most) }
    }
  }

  func run() throws {
    let model = try trained.open(
      as: (any ClassifyingModel).self, to: "be looked into: it is no classifier of images")
    try show(model)
  }

  private func show(_ model: some ClassifyingModel) throws {
    switch view {
    case .activations: try showActivations(model)
    case .filters: try showFilters(model)
    case .cam, .occlusion, .saliency: try showEvidence(model)
    case .tsne: try showMap(model)
    case .maximal: try showStrongest(model)
    }
  }

  // MARK: What is chosen

  /// The layer of a name.
  func layer(_ name: String, of model: some ClassifyingModel, withPixels: Bool) throws
    -> VisibleLayer
  {
    let layers = model.visibleLayers.filter { !withPixels || $0.hasPixels }
    if let layer = layers.first(where: { $0.path == name }) { return layer }
    let paths = layers.map(\.path)
    let meant = nearest(to: name, in: paths).map { "did you mean '\($0)'? " } ?? ""
    throw ValidationError(
      "--layer: there is no layer '\(name.printable())'\(withPixels ? " with pixels" : ""); "
        + "\(meant)there are \(layers.map { "\($0.path) (\($0.kind))" }.joined(separator: ", ")).")
  }

  /// The layer that is asked for, or the last of some.
  func chosenLayer(
    of model: some ClassifyingModel, orLastOf usual: [VisibleLayer], withPixels: Bool
  ) throws -> VisibleLayer {
    if let name = layer.first { return try layer(name, of: model, withPixels: withPixels) }
    guard let last = usual.last else {
      throw ValidationError("The network has no convolution; name another layer by --layer.")
    }
    return last
  }

  /// The class that is asked for; nil for the likeliest.
  func chosenClass(of model: some ClassifyingModel) throws -> Int? {
    try className.map {
      try place(ofClass: $0, in: model.classNames, "--class", missing: "there is no class")
    }
  }

  /// The test images that are asked for.
  func chosenImages(of model: some ClassifyingModel) throws -> [Int] {
    if image.isEmpty { return Array(0..<min(count ?? 8, model.testCount)) }
    try requirePlaces(image, "--image", of: model.testCount)
    return image
  }

  // MARK: Output

  /// Writes one picture, and prints where it is with its figures.
  func write(_ image: Image, facts: [JSON.Member]) throws {
    try write([(nil, image)], facts: facts)
  }

  /// Writes pictures, each with what its name ends in, and prints where they are.
  func write(_ images: [(suffix: String?, image: Image)], facts: [JSON.Member]) throws {
    let base = picture.base(as: view.rawValue, of: trained.name)
    var files: [String] = []
    for (suffix, image) in images {
      let isWhole = suffix == nil && picture.output != nil
      let path = isWhole ? picture.output ?? base : "\(base)\(suffix.map { "-\($0)" } ?? "").png"
      try DurableFile.write(PNG.encode(image), to: path)
      files.append(path)
    }
    if picture.format.json {
      picture.format.print(
        .object(
          [
            .init("view", .string(view.rawValue)),
            .init("files", .array(files.map { .string($0) })),
          ] + facts))
    } else {
      for file in files { StandardStream.output.writeLine(file) }
    }
  }
}
