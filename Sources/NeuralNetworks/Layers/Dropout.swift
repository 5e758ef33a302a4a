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
    mode == .training ? x.dropped(rate, mask: x.shape, stream: "dropout") : x
  }
}

/// In training a share of the channels of [N, C, ...] becomes 0 as a whole and the others grow, so
/// that their mean stays: neighbouring pixels are too much alike to be dropped one by one (Tompson et
/// al., "Efficient object localization using convolutional networks", 2015).
public struct SpatialDropout: Layer {
  /// How likely a channel of an image becomes 0, in 0 ..< 1.
  public let rate: Double

  /// It has no parameters.
  public static var fields: [Field<SpatialDropout>] { [] }

  /// - Parameter rate: how likely a channel of an image becomes 0, in 0 ..< 1.
  public init(_ rate: Double) {
    precondition((0..<1).contains(rate), "a dropout of \(rate)")
    self.rate = rate
  }

  /// Applies the layer; in inference it is nothing.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    guard mode == .training else { return x }
    let ones = [Int](repeating: 1, count: max(0, x.rank - 2))
    let mask = Shape(x.shape.dimensions.prefix(2) + ones)
    return x.dropped(rate, mask: mask, stream: "spatialDropout")
  }
}

extension Tensor {
  /// A share of the numbers as 0, by a random mask that is broadcast, and the others divided by the
  /// share that stays.
  func dropped(_ rate: Double, mask: Shape, stream: String) -> Tensor {
    if rate == 0 { return self }
    return self * graph.randomBernoulli(mask, probability: 1 - rate, stream: stream) / (1 - rate)
  }
}
