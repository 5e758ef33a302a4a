import TensorEngine

extension Tensor {
  /// How the channels of features [N, C, H, W] go together: [N, C, C], divided by C·H·W (Gatys,
  /// Ecker and Bethge, "Image style transfer using convolutional neural networks", 2016).
  public var gramMatrix: Tensor {
    let flat = reshaped(to: [shape[0], shape[1], shape[2] * shape[3]])
    return flat.matmul(flat.transposed()) / Double(shape[1] * shape[2] * shape[3])
  }
}
