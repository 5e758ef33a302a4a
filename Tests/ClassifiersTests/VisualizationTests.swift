import Classifiers
import Experiments
import Imaging
import Randomness
import TensorEngine
import Testing

/// Looks into a classifier of sprites.
struct VisualizationTests {
  /// A small classifier after some steps.
  private func classifier(threads: Int = 1, steps: Int = 20) throws -> ImageClassifier {
    var configuration = ClassifierConfiguration()
    configuration.data.dataset = "sprites"
    configuration.data.imageLimit = 256
    configuration.batchSize = 32
    configuration.channels = [4, 8]
    configuration.features = 16
    configuration.optimizer.learningRate = 5e-3
    configuration.averageDecay = 0.9
    var classifier = try ImageClassifier(
      configuration, in: RunContext(seed: 1, threads: threads))
    for number in 0..<steps { _ = try classifier.step(number) }
    return classifier
  }

  /// The logits of an image of any numbers, by a program of its own.
  private func logits(_ classifier: ImageClassifier, _ pixels: [Float]) throws -> [Float] {
    let image = try classifier.testImage(0)
    let graph = Graph()
    let input = graph.input("x", shape: [1, image.channels, image.height, image.width])
    let program = classifier.workspace.load(
      try graph.compile(["logits": classifier.logits(of: input)]))
    program.set("x", to: pixels)
    program.run(step: 0)
    return program["logits"].scalars
  }

  private func pixels(_ image: Image) -> [Float] { image.planarPixels.map { Float($0) / 255 } }

  @Test func theNetworkIsTheOneInUse() throws {
    var classifier = try classifier()
    let image = try classifier.testImage(3)
    let seen = try classifier.probabilities(of: [image])[0]
    let logits = try logits(classifier, pixels(image))
    let likeliest = logits.indices.max { logits[$0] < logits[$1] }
    #expect(likeliest == seen.indices.max { seen[$0] < seen[$1] })
  }

  @Test func layersAreListedFromInputToOutput() throws {
    let classifier = try classifier(steps: 0)
    let layers = classifier.visibleLayers
    #expect(layers.first?.path == "body.0" && layers.first?.kind == "Conv2D")
    #expect(layers.last?.path == "head.1" && layers.last?.channels == classifier.classNames.count)
    #expect(
      classifier.activatedConvolutions.map(\.path) == ["body.2", "body.5", "body.10", "body.13"])
    #expect(
      classifier.normalizedConvolutions.map(\.path) == ["body.1", "body.4", "body.9", "body.12"])
    #expect(classifier.activatedConvolutions.allSatisfy { $0.kind == "relu" && $0.hasPixels })
  }

  @Test func featureMapsAreTheLayersNumbers() throws {
    let classifier = try classifier()
    let layers = classifier.activatedConvolutions
    let image = try classifier.testImage(1)
    let maps = try classifier.activationMaps(of: image, at: layers)
    #expect(maps.map(\.count) == [4, 4, 8, 8])
    #expect(maps[0][0].width == image.width && maps[3][0].width == image.width / 2)
    #expect(maps.allSatisfy { $0.allSatisfy { $0.range.low >= 0 } })
    #expect(maps[3].contains { $0.range.high > 0 })
    let sheet = try classifier.activationSheet(of: 1, at: layers)
    #expect(sheet.width > 4 * 50)
  }

  /// The gradient against central differences of the logit.
  @Test func saliencyIsTheGradientByThePixels() throws {
    let classifier = try classifier()
    // Not an image with areas of one colour: there pooling has no gradient.
    let size = try classifier.testImage(2)
    var random = RandomStream(seed: 1, name: "pixels")
    let image = Image(
      width: size.width, height: size.height, channels: size.channels,
      pixels: size.pixels.map { _ in UInt8(random.integer(below: 256)) })
    let map = try classifier.saliencyMaps(of: [image], classes: [1])[0]
    let whole = pixels(image)
    let plane = image.width * image.height
    let greatest = map.range.high
    #expect(greatest > 0)
    for pixel in stride(from: 0, to: plane, by: 37) {
      var slopes: [Float] = []
      for channel in 0..<image.channels {
        var shifted = whole
        let step: Float = 1e-3
        shifted[channel * plane + pixel] += step
        let above = try logits(classifier, shifted)[1]
        shifted[channel * plane + pixel] -= 2 * step
        slopes.append((above - (try logits(classifier, shifted)[1])) / (2 * step))
      }
      let slope = slopes.map(\.magnitude).max() ?? 0
      #expect(abs(slope - map.values[pixel]) < 0.05 * greatest)
    }
  }

  @Test func noiseIsAveragedAndTheSameForTheSameSeed() throws {
    let classifier = try classifier()
    let images = try [classifier.testImage(0), classifier.testImage(5)]
    let plain = try classifier.saliencyMaps(of: images, classes: [0, 1])
    let maps = try [3, 3, 4].map {
      try classifier.saliencyMaps(of: images, classes: [0, 1], smoothing: 8, seed: $0)
    }
    #expect(maps[0] == maps[1] && maps[0] != maps[2] && maps[0] != plain)
    // Each image is looked at by itself.
    let alone = try classifier.saliencyMaps(of: [images[1]], classes: [1])
    #expect(zip(alone[0].values, plain[1].values).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  @Test func evidenceIsWhereChannelsAnswer() throws {
    let classifier = try classifier()
    let layer = try #require(classifier.activatedConvolutions.last)
    let image = try classifier.testImage(4)
    let map = try classifier.classActivationMaps(of: [image], classes: [2], at: layer)[0]
    #expect((map.width, map.height) == (layer.shape[2], layer.shape[1]))
    #expect(map.range.low >= 0)
    // Where no channel answers there is no evidence.
    let maps = try classifier.activationMaps(of: image, at: [layer])[0]
    for place in map.values.indices where maps.allSatisfy({ $0.values[place] == 0 }) {
      #expect(map.values[place] == 0)
    }
    // Of the classes together some are spoken for.
    let all = try classifier.classActivationMaps(
      of: classifier.classNames.map { _ in image }, classes: Array(classifier.classNames.indices),
      at: layer)
    #expect(all.contains { $0.range.high > 0 })
    #expect(
      zip(all[2].values, map.values).allSatisfy { abs($0 - $1) < 1e-3 * max(1, map.range.high) })
  }

  /// A cover as large as the image leaves its mean colour: every pixel has the same drop.
  @Test func coversTakeAwayWhatTheyHide() throws {
    var classifier = try classifier()
    let image = try classifier.testImage(6)
    let before = try classifier.probabilities(of: [image])[0]
    let chosen = before.indices.max { before[$0] < before[$1] } ?? 0
    let map = try classifier.occlusionMap(
      of: image, class: chosen, patch: image.width, stride: image.width)
    let plane = image.width * image.height
    let means = (0..<image.channels).flatMap { channel in
      let mean =
        pixels(image)[channel * plane..<(channel + 1) * plane].reduce(0, +) / Float(plane)
      return [Float](repeating: mean, count: plane)
    }
    let logits = try logits(classifier, means).map(Double.init)
    let graph = Graph()
    let after = try graph.constant(logits, shape: [1, logits.count]).softmax().value.scalars[chosen]
    #expect(map.values.allSatisfy { abs($0 - (before[chosen] - after)) < 1e-3 })
    // A step that does not divide the side still covers the border.
    let small = try classifier.occlusionMap(of: image, class: chosen, patch: 5, stride: 3)
    #expect(small.values.allSatisfy { $0.isFinite && $0 <= 1 })
    #expect(small.values.contains { $0 != small.values[0] })
  }

  @Test func picturesOfChannelsExciteThem() throws {
    let classifier = try classifier()
    let layer = try #require(classifier.normalizedConvolutions.last)
    var options = ChannelPictureOptions()
    func answers(_ pictures: [Image]) throws -> [Float] {
      try pictures.enumerated().map { channel, picture in
        let map = try classifier.activationMaps(of: picture, at: [layer])[0][channel]
        return map.values.reduce(0, +) / Float(map.values.count)
      }
    }
    options.steps = 0
    let noise = try answers(classifier.channelPictures([0, 1, 2], of: layer, options))
    options.steps = 40
    let pictures = try classifier.channelPictures([0, 1, 2], of: layer, options)
    #expect(zip(try answers(pictures), noise).allSatisfy { $0 > $1 })
    #expect(pictures == (try classifier.channelPictures([0, 1, 2], of: layer, options)))
    options.seed = 1
    #expect(pictures != (try classifier.channelPictures([0, 1, 2], of: layer, options)))
  }

  @Test func aUnitOfTheLastLayerHasAPictureToo() throws {
    var classifier = try classifier(steps: 60)
    let layer = try #require(classifier.visibleLayers.last)
    let pictures = try classifier.channelPictures(Array(0..<layer.channels), of: layer)
    let seen = try classifier.probabilities(of: pictures)
    let right = seen.enumerated().count { place, row in row[place] == row.max() }
    #expect(right == layer.channels)
  }

  @Test func theStrongestImagesAreThoseOfAFullSort() throws {
    let classifier = try classifier()
    let layer = try #require(classifier.activatedConvolutions.first)
    let answers = try classifier.strongestImages(of: layer, count: 3, limit: 30)
    #expect(answers.count == 4 && answers.allSatisfy { $0.count == 3 })
    var greatest: [[Float]] = []
    for index in 0..<30 {
      let maps = try classifier.activationMaps(of: classifier.testImage(index), at: [layer])[0]
      greatest.append(maps.map(\.range.high))
    }
    for (channel, list) in answers.enumerated() {
      let sorted = greatest.map { $0[channel] }.sorted(by: >)
      for (answer, expected) in zip(list, sorted) {
        #expect(abs(answer.activation - expected) < 1e-4)
        #expect(abs(greatest[answer.image][channel] - expected) < 1e-4)
      }
    }
  }

  @Test func threadsDoNotChangeALook() throws {
    let (one, two) = (try classifier(), try classifier(threads: 2))
    let layer = try #require(one.activatedConvolutions.last)
    let images = try [one.testImage(0), one.testImage(1)]
    #expect(
      try one.classActivationMaps(of: images, classes: [0, 1], at: layer)
        == two.classActivationMaps(of: images, classes: [0, 1], at: layer))
    var options = ChannelPictureOptions()
    options.steps = 5
    #expect(
      try one.channelPictures([0, 1], of: layer, options)
        == two.channelPictures([0, 1], of: layer, options))
  }

  /// A look changes nothing that training goes on with.
  @Test func trainingGoesOnAsIfNobodyHadLooked() throws {
    var looked = try classifier(steps: 2)
    let layer = try #require(looked.activatedConvolutions.last)
    _ = try looked.classActivationMaps(of: [looked.testImage(0)], classes: [0], at: layer)
    _ = try looked.strongestImages(of: layer, count: 2, limit: 20)
    var plain = try classifier(steps: 2)
    for number in 2..<4 {
      _ = try looked.step(number)
      _ = try plain.step(number)
    }
    #expect(looked.state() == plain.state())
  }
}
