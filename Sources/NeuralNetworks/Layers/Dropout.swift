import TensorEngine

/// In training a share of the numbers becomes 0 and the others grow, so that their mean stays
/// (Srivastava et al., "Dropout", 2014, in its inverted form).
public struct Dropout: Layer {
  /// How likely a number becomes 0, in 0 ..< 1.
  public let rate: Double

  /// It has no parameters.
  public static var fields: [Field<Dropout>] { [] }

  /// - Parameter rate: how likely a number becomes 0, in 0 ..< 1.
  public init(_ rate: Double) {
    precondition((0..<1).contains(rate), "a dropout of \(rate)")
    self.rate = rate
  }

  /// Applies the layer; in inference it is nothing.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    guard mode == .training, rate > 0 else { return x }
    let kept = x.graph.randomBernoulli(x.shape, probability: 1 - rate, stream: "dropout")
    return x * kept / (1 - rate)
  }
}
