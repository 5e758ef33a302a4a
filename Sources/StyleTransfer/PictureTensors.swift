import TensorEngine

extension Graph {
  /// An input "pictures" of bytes, as [count, 3, height, width] in 0 ... 1.
  func pictures(_ count: Int, height: Int, width: Int) -> Tensor {
    input("pictures", shape: [count, 3, height, width], type: .byte).real() / 255
  }

  /// Tensors as outputs of a name and their places.
  func numbered(_ name: String, _ tensors: [Tensor]) -> [String: Tensor] {
    Dictionary(uniqueKeysWithValues: tensors.enumerated().map { ("\(name)\($0)", $1) })
  }
}
