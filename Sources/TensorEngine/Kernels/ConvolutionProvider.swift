/// Who carries out convolutions in single precision. Both give the same results but for rounding.
public enum ConvolutionProvider: String, Sendable, CaseIterable {
  /// oneDNN where it is built in and supports the shape, else our own.
  case fastest
  /// Columns and matrix products.
  case own

  func kernel(_ pass: ConvolutionPass, _ window: ConvolutionWindow) -> Kernel<Float> {
    .columnConvolution(pass, window)
  }
}
