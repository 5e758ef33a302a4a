import FeatureNetworks
import NeuralNetworks
import Randomness
import TensorEngine

/// From the features of a layer back to a picture: the convolutions of a feature network in reverse
/// order, with mirrored borders, and pixels repeated where it had made the picture smaller (Huang and
/// Belongie 2017, section 6). It has no norms: they would take the style away.
public struct FeatureDecoder: Layer {
  /// Borders, convolutions, ReLUs and enlargements in a row.
  var layers: [AnyLayer]

  /// The layers.
  public static let fields: [Field<FeatureDecoder>] = [.module("layers", \.layers)]

  /// Pixels of the picture that a place depends on beyond its own, at most.
  public let reach: Int

  /// A decoder with freshly drawn weights.
  ///
  /// - Parameter stages: the layers of the feature network, first to last, of which the last's features
  ///   are what is decoded.
  public init(mirroring stages: [FeatureLayer], random: inout RandomStream) {
    layers = []
    var reach = 0
    for place in stages.indices.reversed() {
      let stage = stages[place]
      let next = place > 0 ? stages[place - 1] : nil
      reach += stage.stride
      layers += [
        AnyLayer(ReflectionPad2D(1)),
        AnyLayer(
          Conv2D(
            stage.channels, next?.channels ?? 3, kernelSize: 3, initializer: .heUniform,
            random: &random)),
      ]
      if next != nil { layers.append(AnyLayer(Activation.relu)) }
      let factor = stage.stride / (next?.stride ?? 1)
      if factor > 1 {
        layers.append(AnyLayer(Upsample(factor)))
        // A row that is repeated begins before its own.
        reach += stage.stride
      }
    }
    self.reach = reach
  }

  /// Pictures [N, 3, H, W] of features [N, C, H / stride, W / stride]; the result is not bounded.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    x.graph.scoped("layers") { layers(x, mode: mode) }
  }
}
