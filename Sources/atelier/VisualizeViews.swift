import ArgumentParser
import Experiments
import FileFormats
import Imaging

/// The views of `atelier visualize`.
extension VisualizeCommand {
  /// A file of feature maps for each image.
  func showActivations(_ model: some ClassifyingModel) throws {
    let layers =
      layer.isEmpty
      ? model.activatedConvolutions
      : try layer.map { try layer($0, of: model, withPixels: true) }
    guard !layers.isEmpty else {
      throw ValidationError("The network has no layer whose channels have pixels.")
    }
    let images = image.isEmpty ? [0] : try chosenImages(of: model)
    let sheets = try images.map { index in
      (
        suffix: images.count == 1 ? nil : String(index),
        image: try model.activationSheet(of: index, at: layers)
      )
    }
    var model = model
    try write(
      sheets,
      facts: [
        .init("layers", .array(layers.map(\.json))),
        .init("images", try evidence(images, &model).json(of: model)),
      ])
  }

  /// Pictures of a layer's channels.
  func showFilters(_ model: some ClassifyingModel) throws {
    let layer = try chosenLayer(
      of: model, orLastOf: model.normalizedConvolutions, withPixels: false)
    if let count { try requireCount(count, named: "--count", in: 1...layer.channels) }
    var options = ChannelPictureOptions()
    options.steps = steps ?? options.steps
    options.seed = seed ?? options.seed
    let channels = Array(0..<(count ?? min(64, layer.channels)))
    try write(
      try model.channelSheet(channels, of: layer, options),
      facts: [
        .init("layer", layer.json), .init("channels", .integer(Int64(channels.count))),
        .init("seed", .string(String(options.seed))),
      ])
  }

  /// The channels' favourites among the test images.
  func showStrongest(_ model: some ClassifyingModel) throws {
    let layer = try chosenLayer(
      of: model, orLastOf: model.activatedConvolutions, withPixels: false)
    let limit = embedding.count(of: model.testCount)
    let count = min(count ?? 8, limit)
    let channels = Array(0..<min(64, layer.channels))
    let answers = try model.strongestImages(of: layer, count: count, limit: limit)
    try write(
      try model.strongestSheet(answers, of: layer, channels: channels),
      facts: [
        .init("layer", layer.json), .init("searched", .integer(Int64(limit))),
        .init(
          "channels",
          .array(
            channels.map { channel in
              [
                "channel": .integer(Int64(channel)),
                "images": .array(answers[channel].map { .integer(Int64($0.image)) }),
                "activations": .array(answers[channel].map { .number(Double($0.activation)) }),
              ]
            })),
      ])
  }

  /// The features of test images in a plane.
  func showMap(_ model: some ClassifyingModel) throws {
    var model = model
    let features = try model.features(
      ofTraining: false, limit: embedding.count(of: model.testCount))
    let rows = (0..<features.count).map {
      Array(features.values[$0 * features.width..<($0 + 1) * features.width])
    }
    let map = try embedding.map(
      rows, of: model, named: "by the classifier's features",
      threads: trained.execution.threadCount)
    try picture.write(map, of: trained.name)
  }

  /// Maps of what speaks for a class.
  func showEvidence(_ model: some ClassifyingModel) throws {
    var model = model
    let indices = try chosenImages(of: model)
    let seen = try evidence(indices, &model)
    let images = try indices.map { try model.testImage($0) }
    let classes = seen.map(\.chosen)
    var facts: [JSON.Member] = [.init("images", seen.json(of: model))]
    let maps: [HeatMap]
    switch view {
    case .occlusion:
      let side = min(images[0].width, images[0].height)
      if let patch { try requireCount(patch, named: "--patch", in: 1...side) }
      let patch = patch ?? max(1, side / 4)
      maps = try zip(images, classes).map {
        try model.occlusionMap(of: $0, class: $1, patch: patch, stride: max(1, patch / 4))
      }
      facts.append(.init("patch", .integer(Int64(patch))))
      facts.append(
        .init("greatestDrops", .array(maps.map { .number(Double($0.range.high)) })))
    case .saliency:
      maps = try model.saliencyMaps(
        of: images, classes: classes, smoothing: smooth ?? 0, seed: seed ?? 0)
      facts.append(.init("smooth", .integer(Int64(smooth ?? 0))))
    default:
      let layer = try chosenLayer(
        of: model, orLastOf: model.activatedConvolutions, withPixels: true)
      maps = try model.classActivationMaps(of: images, classes: classes, at: layer)
      facts.append(.init("layer", layer.json))
    }
    // Single pixels have gradients far above the others: the paper on SmoothGrad leaves out 1 %.
    let sheet = model.evidenceSheet(
      of: images, maps: maps,
      captions: seen.map {
        // What is no number is none in per cent either.
        let share = $0.probability.isFinite ? "\(Int((100 * $0.probability).rounded()))%" : "nan"
        return "\(model.classNames[$0.chosen]) \(share)"
      }, share: view == .saliency ? 0.99 : 1)
    try write(sheet, facts: facts)
  }

  /// What the network says of images, and which class is looked for in each.
  private func evidence<Model: ClassifyingModel>(
    _ indices: [Int], _ model: inout Model
  ) throws -> [Evidence] {
    let asked = try chosenClass(of: model)
    let probabilities = try model.probabilities(of: indices.map { try model.testImage($0) })
    return zip(indices, probabilities).map { index, row in
      let likeliest = row.indices.max { row[$0] < row[$1] } ?? 0
      return Evidence(
        image: index, label: model.testLabel(index), predicted: likeliest,
        chosen: asked ?? likeliest, probability: Double(row[asked ?? likeliest]))
    }
  }
}

/// What a network says of one image.
private struct Evidence {
  let image: Int
  let label: Int
  let predicted: Int
  /// The class that is looked for, and how likely it is.
  let chosen: Int
  let probability: Double
}

extension [Evidence] {
  fileprivate func json(of model: some ClassifyingModel) -> JSON {
    .array(
      map { image in
        [
          "image": .integer(Int64(image.image)),
          "label": .string(model.classNames[image.label]),
          "predicted": .string(model.classNames[image.predicted]),
          "class": .string(model.classNames[image.chosen]),
          "probability": .number(image.probability),
        ]
      })
  }
}

extension VisibleLayer {
  fileprivate var json: JSON {
    [
      "path": .string(path), "kind": .string(kind),
      "shape": .array(shape.map { .integer(Int64($0)) }),
    ]
  }
}
