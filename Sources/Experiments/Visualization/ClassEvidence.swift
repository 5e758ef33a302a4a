import Imaging
import Randomness
import TensorEngine

/// Where in images a network sees a class.
extension ClassifyingModel {
  /// Where the channels of a layer speak for a class: their maps, weighted by the mean gradient of the
  /// class's logit by each, where the sum is above 0 (Grad-CAM; Selvaraju et al., "Visual explanations
  /// from deep networks via gradient-based localization", 2017, equations 1 and 2).
  ///
  /// - Parameters:
  ///   - classes: one for each image.
  ///   - layer: with pixels.
  /// - Returns: a map of the layer's size for each image.
  public func classActivationMaps(
    of images: [Image], classes: [Int], at layer: VisibleLayer
  ) throws -> [HeatMap] {
    precondition(images.count == classes.count && layer.hasPixels, "a class for each image")
    let view = NetworkView(self, batch: images.count)
    let maps = view.result(of: layer)
    let gradient = view.graph.gradients(of: view.chosenLogits, withRespectTo: [maps])[0]
    let weights = gradient.mean(axes: [2, 3], keepsAxes: true)
    let evidence = (weights * maps).sum(axes: [1]).relu()
    let program = try load(["evidence": evidence], of: view)
    program.set("images", to: images.flatMap(\.planarShares))
    program.set("classes", to: classes.oneHot(classNames.count))
    program.run(step: 0)
    let values = program["evidence"].scalars
    let (height, width) = (layer.shape[1], layer.shape[2])
    let plane = height * width
    return images.indices.map { image in
      HeatMap(
        width: width, height: height,
        values: Array(values[image * plane..<(image + 1) * plane]))
    }
  }

  /// How much each pixel changes the logit of a class: the greatest magnitude of the gradient over the
  /// colours (Simonyan, Vedaldi and Zisserman, "Deep inside convolutional networks", 2014).
  ///
  /// - Parameters:
  ///   - classes: one for each image.
  ///   - smoothing: gradients of so many noisy copies are averaged first, where that is not 0 (Smilkov
  ///     et al., "SmoothGrad: removing noise by adding noise", 2017).
  ///   - noise: the deviation of their noise as a share of black to white; the paper's is 0.1 to 0.2.
  /// - Returns: a map of the image's size for each image.
  public func saliencyMaps(
    of images: [Image], classes: [Int], smoothing: Int = 0, noise: Double = 0.15, seed: UInt64 = 0
  ) throws -> [HeatMap] {
    precondition(images.count == classes.count && smoothing >= 0, "a class for each image")
    let view = NetworkView(self, batch: images.count)
    let gradient = view.graph.gradients(of: view.chosenLogits, withRespectTo: [view.images])[0]
    let program = try load(["gradient": gradient], of: view)
    let pixels = images.flatMap(\.planarShares)
    let rows = classes.oneHot(classNames.count)
    var sum = [Float](repeating: 0, count: pixels.count)
    for copy in 0..<max(1, smoothing) {
      var stream = RandomStream(seed: seed, name: "saliency noise", index: UInt64(copy))
      program.set(
        "images",
        to: smoothing == 0 ? pixels : pixels.map { $0 + Float(noise * stream.normal()) })
      // A run leaves nothing of its inputs.
      program.set("classes", to: rows)
      program.run(step: copy)
      for (place, value) in program["gradient"].scalars.enumerated() { sum[place] += value }
    }
    let (width, height, channels) = (images[0].width, images[0].height, images[0].channels)
    let plane = width * height
    return images.indices.map { image in
      HeatMap(
        width: width, height: height,
        values: (0..<plane).map { pixel in
          (0..<channels).reduce(0) {
            max($0, sum[(image * channels + $1) * plane + pixel].magnitude)
          }
        })
    }
  }
}
