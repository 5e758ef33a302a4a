import NeuralNetworks
import Randomness
import TensorEngine

/// Images [N, C, H, W] in -1 ... 1 to features [N, F] and the logits of classes [N, classes]: pairs
/// of 3x3 convolutions with batches normalised, as small VGG networks are built (Simonyan and
/// Zisserman, "Very deep convolutional networks", 2015; Ioffe and Szegedy 2015).
struct ClassifierNetwork: Module {
  var body: [AnyLayer]
  var features: [AnyLayer]
  var head: [AnyLayer]

  static let fields: [Field<ClassifierNetwork>] = [
    .module("body", \.body), .module("features", \.features), .module("head", \.head),
  ]

  init(
    _ configuration: ClassifierConfiguration, image: Shape, classes: Int,
    random: inout RandomStream
  ) {
    body = []
    var inputs = image[0]
    for outputs in configuration.channels {
      for _ in 0..<2 {
        body += [
          AnyLayer(
            Conv2D(
              inputs, outputs, kernelSize: 3, .init(padding: 1), usesBias: false,
              initializer: .heNormal, random: &random)),
          AnyLayer(BatchNorm(outputs)), AnyLayer(Activation.relu),
        ]
        inputs = outputs
      }
      body += [AnyLayer(MaxPooling2D(2)), AnyLayer(Dropout(configuration.dropout))]
    }
    body.append(AnyLayer(Flatten()))
    let halvings = configuration.channels.count
    let width = inputs * (image[1] >> halvings) * (image[2] >> halvings)
    features = [
      AnyLayer(
        Dense(
          width, configuration.features, usesBias: false, initializer: .heNormal, random: &random)),
      AnyLayer(BatchNorm(configuration.features)), AnyLayer(Activation.relu),
    ]
    head = [
      AnyLayer(Dropout(2 * configuration.dropout)),
      AnyLayer(Dense(configuration.features, classes, random: &random)),
    ]
  }

  func callAsFunction(_ images: Tensor, mode: Mode) -> (features: Tensor, logits: Tensor) {
    let made = representation(of: images, mode: mode)
    return (made, images.graph.scoped("head") { head(made, mode: mode) })
  }

  /// The features alone.
  func representation(of images: Tensor, mode: Mode) -> Tensor {
    let graph = images.graph
    let seen = graph.scoped("body") { body(images, mode: mode) }
    return graph.scoped("features") { features(seen, mode: mode) }
  }
}
