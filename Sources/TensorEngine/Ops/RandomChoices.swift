extension Operation {
  static let randomCategorical = Operation(
    "randomCategorical", "a position along the last axis, drawn with the softmax of x",
    differentiability: .none
  ) { operands, _ in
    [operands[0].graph.randomCategorical(logits: operands[0], stream: "categorical")]
  }

  static let randomPermutation = Operation(
    "randomPermutation", "the positions 0 ..< count in random order",
    attributes: [.required("count", .integer)]
  ) { graph, attributes in
    graph.randomPermutation(attributes.integer("count"), stream: "permutation")
  }
}

extension Graph {
  /// For each row of logits [..., classes] one position, drawn with the probabilities
  /// softmax(logits), anew each step from the named stream: the largest of the logits with Gumbel
  /// noise added (Gumbel, "Statistical theory of extreme values", 1954).
  public func randomCategorical(logits: Tensor, stream: String) -> Tensor {
    guard logits.rank >= 1, logits.shape[-1] > 0, !logits.shape.isUnknown else {
      return logits.failing("randomCategorical", "no classes along its last axis")
    }
    // Uniform numbers are multiples of 2^-24; half of that stands for 0, whose logarithm is none.
    let uniform = randomUniform(logits.shape, stream: stream).maximum(constant(0x1p-25))
    return (logits - (-uniform.log()).log()).argmax(axis: -1)
  }

  /// The positions 0 ..< count in an order drawn anew each step from the named stream; all orders
  /// are equally likely.
  public func randomPermutation(_ count: Int, stream: String) -> Tensor {
    guard count >= 0, count <= Int(Int32.max) else {
      return fail(ShapeError("randomPermutation", "\(count) positions cannot be counted"))
    }
    // Among many uniform numbers of 24 bits some are equal: those are ordered by a second draw.
    let second = randomUniform([count], stream: stream).argsorted()
    let first = randomUniform([count], stream: stream).takenAlong(axis: 0, at: second).argsorted()
    return second.takenAlong(axis: 0, at: first)
  }
}
