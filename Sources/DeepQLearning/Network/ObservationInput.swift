import Environments
import TensorEngine

/// How observations enter a network: numbers as they are, integers as a one among zeros, pictures
/// with their channels first and their frames side by side.
struct ObservationInput: Hashable {
  /// One observation without its stack.
  let space: Space
  /// Frames of a row.
  let stack: Int

  /// Numbers of one frame.
  var frameSize: Int { space.numberCount }
  /// Whether every number is whole and from 0 to 255.
  var isBytes: Bool {
    guard case .box(let box) = space else { return false }
    return box.elementType != .float32
  }

  /// The input of a program: rows of stacked frames.
  func rows(_ graph: Graph, _ name: String, count: Int) -> Tensor {
    let shape: Shape = [count, stack * frameSize]
    return isBytes
      ? graph.input(name, shape: shape, type: .byte).real() : graph.input(name, shape: shape)
  }

  /// Pictures [N, stack · C, H, W] of rows; nil when observations are none.
  func pictures(_ rows: Tensor) -> Tensor? {
    guard case .box(let box) = space, box.shape.count == 3 else { return nil }
    let (count, height, width, channels) = (rows.shape[0], box.shape[0], box.shape[1], box.shape[2])
    return rows.reshaped(to: [count, stack, height, width, channels])
      .transposed([0, 1, 4, 2, 3])
      .reshaped(to: [count, stack * channels, height, width])
  }

  /// Features [N, n] of rows.
  func features(_ rows: Tensor) -> Tensor {
    var parts: [Tensor] = []
    for frame in 0..<stack {
      var start = frame * frameSize
      append(space, rows, &start, to: &parts)
    }
    return parts.count == 1 ? parts[0] : Tensor.concatenate(parts, axis: 1)
  }

  private func append(_ space: Space, _ rows: Tensor, _ start: inout Int, to parts: inout [Tensor])
  {
    func taken(_ count: Int) -> Tensor {
      defer { start += count }
      return rows.sliced(axis: 1, start..<start + count)
    }
    func oneHot(_ count: Int, from first: Int) -> Tensor {
      let numbers = (first..<first + count).map(Double.init)
      return taken(1).isEqual(to: rows.graph.constant(numbers, shape: [1, count]))
    }
    switch space {
    case .discrete(let count, let first): parts.append(oneHot(count, from: first))
    case .multiDiscrete(let counts): parts += counts.map { oneHot($0, from: 0) }
    case .box, .multiBinary: parts.append(taken(space.numberCount))
    case .tuple(let spaces): for space in spaces { append(space, rows, &start, to: &parts) }
    case .dictionary(let members):
      for member in members { append(member.space, rows, &start, to: &parts) }
    }
  }
}
