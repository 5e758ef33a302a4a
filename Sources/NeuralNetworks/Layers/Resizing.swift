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

/// [N, C, ...] with zeros around the elements of each channel.
public struct ZeroPadding: Layer {
  /// Zeros before the elements of each axis behind the channels: one number for each, or one for all.
  public let before: [Int]
  /// Zeros after them.
  public let after: [Int]

  /// It has no parameters.
  public static var fields: [Field<ZeroPadding>] { [] }

  /// - Parameters:
  ///   - before: zeros before the elements of each axis behind the channels, such as height and
  ///     width: one number for each, or one for all.
  ///   - after: zeros after them; as many as before when nil.
  public init(_ before: [Int], after: [Int]? = nil) {
    let after = after ?? before
    precondition(
      before.count == after.count && !before.isEmpty, "zeros \(before) before, \(after) after")
    self.before = before
    self.after = after
  }

  /// Applies the layer; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    let axes = max(0, x.rank - 2)
    guard before.count == 1 || before.count == axes else {
      return x.failing(kind, "not [N, C] and \(before.count) axes")
    }
    func sides(_ zeros: [Int]) -> [Int] {
      [0, 0] + (zeros.count == axes ? zeros : Array(repeating: zeros[0], count: axes))
    }
    return x.padded(low: sides(before), high: sides(after))
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
