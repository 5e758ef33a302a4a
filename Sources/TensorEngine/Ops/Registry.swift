/// All operations, one line each. The suite checks every one of them over its samples; an
/// operation that is missing here, or has no sample, fails it.
public enum OperationRegistry {
  static let all: [any Primitive.Type] = [
    // Leaves and views
    Input.self, StateLeaf.self, Constant.self, StopGradient.self, Reshape.self,
    // Unary
    Negate.self, Absolute.self, Sign.self, Exp.self, ExpMinusOne.self, Log.self, LogOnePlus.self,
    SquareRoot.self, ReciprocalSquareRoot.self, Square.self, Reciprocal.self, Sine.self,
    Cosine.self, HyperbolicTangent.self, Sigmoid.self, Softplus.self, ReLU.self, Floor.self,
    // Binary
    Add.self, Subtract.self, Multiply.self, Divide.self, Power.self, Maximum.self, Minimum.self,
    // Comparison and choice
    Equal.self, NotEqual.self, Less.self, LessOrEqual.self, Greater.self, GreaterOrEqual.self,
    Select.self,
    // Reduction
    Sum.self, LargestAlong.self, SmallestAlong.self,
    // Movement
    Transpose.self, Broadcast.self, Slice.self, Embed.self, Concatenate.self,
    // Products and convolutions
    MatMul.self, Convolution.self, ConvolutionImageGradient.self, ConvolutionWeightGradient.self,
    // Random numbers and conversion
    RandomNumbers.self, ToReal.self,
    // Windows over images
    MaxPool.self, MaxPoolIndices.self, AveragePool.self, AveragePoolGradient.self,
    // Positions
    Gather.self, ScatterAdd.self, TakeAlong.self, AddAlong.self, SortOrder.self, ToIndex.self,
  ]

  /// The names of all operations, in the order of the registry.
  public static var names: [String] { all.map { $0.name } }

  /// Every operation that can be called by name.
  public static let operations: [Operation] = [
    // Unary
    .unary(Negate.self, "-x"),
    // Binary
    .binary(Add.self, "a + b, broadcast"),
    // Reduction
    .sum,
  ]
}

extension Graph {
  /// The names of the operations recorded so far, each once, in order.
  public var operationNames: [String] {
    var seen: Set<String> = []
    return nodes.map(\.operation.name).filter { seen.insert($0).inserted }
  }

  /// The number of operations recorded so far.
  public var nodeCount: Int { nodes.count }

  /// One line per node: its number, operation, operands, shape and layer.
  public var listing: String {
    nodes.enumerated().map { id, node in
      let inputs = node.inputs.map { "%\($0)" }.joined(separator: " ")
      let scope = node.scope.isEmpty ? "" : "  # \(node.scope)"
      return "%\(id) = \(node.operation.name)(\(inputs)) \(node.shape)\(scope)"
    }.joined(separator: "\n")
  }
}
