import TensorEngine

/// Images [N, C, H, W] with the pixels next to each border mirrored beyond it; the border's own
/// are not repeated.
public struct ReflectionPad2D: Layer {
  /// Pixels added at each side; less than height and width.
  public let padding: Int

  /// It has no parameters.
  public static var fields: [Field<ReflectionPad2D>] { [] }

  /// - Parameter padding: pixels added at each side.
  public init(_ padding: Int) { self.padding = padding }

  /// Applies the layer; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    let sides = [0, 0, padding, padding]
    return x.padded(low: sides, high: sides, .reflect)
  }
}

/// Images [N, C, H, W] with `factor` times the height and width.
public struct Upsample: Layer {
  /// How many pixels, in each direction, one becomes.
  public let factor: Int
  /// How they are drawn.
  public let method: Resampling

  /// It has no parameters.
  public static var fields: [Field<Upsample>] { [] }

  /// - Parameters:
  ///   - factor: how many pixels, in each direction, one becomes.
  ///   - method: how they are drawn; `nearest` repeats the pixel.
  public init(_ factor: Int, _ method: Resampling = .nearest) {
    self.factor = factor
    self.method = method
  }

  /// Applies the layer; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    x.upsampled(by: factor, method)
  }
}
