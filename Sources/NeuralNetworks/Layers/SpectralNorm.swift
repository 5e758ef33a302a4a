import Randomness
import TensorEngine

/// A layer with one weight, whose first axis are its outputs.
public protocol WeightedLayer: Layer {
  /// The weight, [outputs, ...].
  var weight: Parameter { get }

  /// Applies the layer with another tensor in its weight's place.
  func callAsFunction(_ x: Tensor, weight: Tensor) -> Tensor
}

/// A layer whose weight is divided by its greatest singular value, so that no input is stretched by
/// more than 1 (Miyato et al., "Spectral normalization for generative adversarial networks", 2018).
///
/// The singular value is found by power iteration, one round each time the layer is applied in
/// training; its vector is a running statistic. Gradients take the singular vectors as constants.
/// Convolutions are taken as matrices of [outputs, everything else].
///
/// Differs from the paper: a layer that is applied several times in an update takes as many rounds.
public struct SpectralNorm<Base: WeightedLayer>: Layer {
  /// The layer.
  public var layer: Base
  /// The left singular vector, [outputs]; not trained.
  public var direction: Parameter

  /// The parameters and the running statistic.
  public static var fields: [Field<SpectralNorm>] {
    [.module("layer", \.layer), .parameter("direction", \.direction)]
  }

  /// The layer's name.
  public var kind: String { layer.kind }

  /// - Parameter random: draws where the power iteration starts.
  public init(_ layer: Base, random: inout RandomStream) {
    self.layer = layer
    let outputs = layer.weight.shape[0]
    let numbers = (0..<outputs).map { _ in random.normal() }
    let length = numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
    direction = Parameter(
      TensorValue(shape: [outputs], scalars: numbers.map { Float($0 / length) }), isTrained: false)
  }

  /// Applies the layer. In training it adds a round of the power iteration to the program.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    let graph = x.graph
    let weight = graph[layer.weight]
    let matrix = weight.reshaped(to: [weight.shape[0], weight.shape.count / weight.shape[0]])
    let fixed = matrix.stopGradient()
    let state = graph[direction]
    var left = graph.latest(state).reshaped(to: [weight.shape[0], 1])
    let right = fixed.transposed().matmul(left).normalized
    if mode == .training {
      left = fixed.matmul(right).normalized
      graph.update(state, to: left.reshaped(to: state.shape))
    }
    let size = left.stopGradient().transposed().matmul(matrix).matmul(right.stopGradient())
    return layer(x, weight: weight / size.reshaped(to: []))
  }
}

extension Tensor {
  /// A vector of length 1 in the same direction.
  fileprivate var normalized: Tensor { self / (square().sum() + 1e-12).sqrt() }
}
