import Imaging
import TensorEngine

extension Graph {
  /// An input "pictures" of bytes of the size of a picture, as [count, 3, H, W] in 0 ... 1.
  func pictures(_ count: Int, _ picture: Image) -> Tensor {
    pictures(count, height: picture.height, width: picture.width)
  }

  /// An input "pictures" of bytes, as [count, 3, height, width] in 0 ... 1.
  func pictures(_ count: Int, height: Int, width: Int) -> Tensor {
    input("pictures", shape: [count, 3, height, width], type: .byte).real() / 255
  }

  /// Tensors as outputs of a name and their places.
  func numbered(_ name: String, _ tensors: [Tensor]) -> [String: Tensor] {
    Dictionary(uniqueKeysWithValues: tensors.enumerated().map { ("\(name)\($0)", $1) })
  }
}

extension Tensor {
  /// The mean squared difference of neighbouring pixels, downwards and to the right together, of each
  /// of some pictures [N, C, H, W]: [N]. 0 where there are no neighbours.
  var variation: Tensor {
    var sum = graph.constant([Double](repeating: 0, count: shape[0]), shape: [shape[0]])
    for axis in [2, 3] where shape[axis] > 1 {
      let difference =
        sliced(axis: axis, 1..<shape[axis]) - sliced(axis: axis, 0..<shape[axis] - 1)
      sum = sum + difference.square().mean(axes: [1, 2, 3])
    }
    return sum
  }
}
