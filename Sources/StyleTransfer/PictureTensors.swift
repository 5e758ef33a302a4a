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

extension Tensor {
  /// The squared difference of each of N to its target over the target's own square: [N].
  func relativeDistances(to target: Tensor) -> Tensor {
    let axes = Array(1..<rank)
    let size = target.square().sum(axes: axes).stopGradient().maximum(1e-12)
    return (self - target).square().sum(axes: axes) / size
  }

  /// The mean squared differences between the neighbours of each of some images [N, C, H, W], down
  /// and across together: [N].
  var neighbourDifferences: Tensor {
    [2, 3].reduce(graph.constant([Double](repeating: 0, count: shape[0]), shape: [shape[0]])) {
      sum, axis in
      let extent = shape[axis]
      guard extent > 1 else { return sum }
      let steps = sliced(axis: axis, 1..<extent) - sliced(axis: axis, 0..<extent - 1)
      return sum + steps.square().mean(axes: [1, 2, 3])
    }
  }
}
