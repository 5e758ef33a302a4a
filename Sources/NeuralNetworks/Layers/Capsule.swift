import Randomness
import TensorEngine

extension Tensor {
  /// Vectors along the last axis with the same direction and a length |x|² / (1 + |x|²), below 1
  /// (equation 1 of Sabour et al. 2017). A vector of zeros stays, and its gradient is 0.
  public func squashed() -> Tensor {
    let square = square().sum(axes: [-1], keepsAxes: true)
    // The root's slope at 0 is not finite; a number this small is lost beside any other.
    return self * square / ((1 + square) * (square + 1e-30).sqrt())
  }
}

/// Capsules [N, inCapsules, inSize] to capsules [N, outCapsules, outSize] by agreement: a capsule is a
/// vector, each of which makes a prediction for every capsule above, and those that agree are heard
/// (Sabour, Frosst and Hinton, "Dynamic routing between capsules", 2017).
///
/// Differs from the paper: gradients flow through all rounds of the routing, of which it says nothing.
public struct CapsuleLayer: Layer {
  /// What makes predictions, [inCapsules, outCapsules · outSize, inSize].
  public var weight: Parameter
  /// How many capsules there are above.
  public let outCapsules: Int
  /// How many rounds the routing takes; at least 1.
  public let rounds: Int

  /// The parameter.
  public static let fields: [Field<CapsuleLayer>] = [.parameter("weight", \.weight)]

  /// A layer with a freshly drawn weight.
  ///
  /// - Parameters:
  ///   - size: numbers of a capsule below, and of one above.
  ///   - rounds: of the routing; the default is the paper's.
  public init(
    _ inCapsules: Int, _ outCapsules: Int, size: (input: Int, output: Int), rounds: Int = 3,
    initializer: Initializer = .glorotUniform, random: inout RandomStream
  ) {
    precondition(rounds > 0, "a routing of \(rounds) rounds")
    let shape: Shape = [inCapsules, outCapsules * size.output, size.input]
    weight = Parameter(initializer(shape, .dense([size.output, size.input]), &random))
    self.outCapsules = outCapsules
    self.rounds = rounds
  }

  /// Applies the layer; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    let (inCapsules, outSize) = (weight.shape[0], weight.shape[1] / outCapsules)
    guard x.rank == 3, x.shape[1] == inCapsules, x.shape[2] == weight.shape[2] else {
      return x.failing(kind, "not the shape [N, \(inCapsules), \(weight.shape[2])]")
    }
    // [I, N, inSize] x [I, inSize, O · outSize], as [N, I, O, outSize].
    let predictions = x.transposed([1, 0, 2]).matmul(x.graph[weight].transposed())
      .reshaped(to: [inCapsules, x.shape[0], outCapsules, outSize]).transposed([1, 0, 2, 3])
    // Before the first round all capsules above are alike.
    var outputs = (predictions.sum(axes: [1], keepsAxes: true) / Double(outCapsules)).squashed()
    var logits = x.graph.constant(0)
    for _ in 1..<rounds {
      logits = logits + (predictions * outputs).sum(axes: [-1], keepsAxes: true)
      let heard = logits.softmax(axis: 2) * predictions
      outputs = heard.sum(axes: [1], keepsAxes: true).squashed()
    }
    return outputs.reshaped(to: [x.shape[0], outCapsules, outSize])
  }
}
