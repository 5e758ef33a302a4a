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
    MaxPool.self, MaxPoolIndices.self, AveragePool.self, AveragePoolGradient.self, Resample.self,
    ResampleGradient.self,
    // Positions
    Gather.self, ScatterAdd.self, TakeAlong.self, AddAlong.self, SortOrder.self, ToIndex.self,
  ]

  /// The names of all operations, in the order of the registry.
  public static var names: [String] { all.map { $0.name } }

  /// Every operation that can be called by name.
  public static let operations: [Operation] = [
    // Unary
    .unary(Negate.self, "-x"), .unary(Absolute.self, "the distance from 0"),
    .unary(Sign.self, "-1, 0 or 1", .none), .unary(Exp.self, "e to the power of x"),
    .unary(ExpMinusOne.self, "exp(x) - 1 without cancellation near 0"),
    .unary(Log.self, "the natural logarithm"),
    .unary(LogOnePlus.self, "log(1 + x) without cancellation near 0"),
    .unary(SquareRoot.self, "the square root"), .unary(ReciprocalSquareRoot.self, "1 / sqrt(x)"),
    .unary(Square.self, "x · x"), .unary(Reciprocal.self, "1 / x"),
    .unary(Sine.self, "the sine of radians"), .unary(Cosine.self, "the cosine of radians"),
    .unary(HyperbolicTangent.self, "the hyperbolic tangent"),
    .unary(Sigmoid.self, "1 / (1 + exp(-x))"),
    .unary(Softplus.self, "log(1 + exp(x)) without overflow"),
    .unary(ReLU.self, "the larger of x and 0"),
    .unary(Floor.self, "the largest whole number not above x", .none),
    // Binary
    .binary(Add.self, "a + b, broadcast"), .binary(Subtract.self, "a - b, broadcast"),
    .binary(Multiply.self, "a · b, broadcast"), .binary(Divide.self, "a / b, broadcast"),
    .binary(Power.self, "a to the power of b, broadcast"),
    .binary(Maximum.self, "the larger of a and b, broadcast; equal ones share the gradient"),
    .binary(Minimum.self, "the smaller of a and b, broadcast; equal ones share the gradient"),
    // Comparison and choice
    .binary(Equal.self, "1 where a = b, else 0, broadcast", .none),
    .binary(NotEqual.self, "1 where a ≠ b, else 0, broadcast", .none),
    .binary(Less.self, "1 where a < b, else 0, broadcast", .none),
    .binary(LessOrEqual.self, "1 where a ≤ b, else 0, broadcast", .none),
    .binary(Greater.self, "1 where a > b, else 0, broadcast", .none),
    .binary(GreaterOrEqual.self, "1 where a ≥ b, else 0, broadcast", .none), .select,
    // Reduction
    .sum, .mean, .maxAlong, .minAlong,
    // Movement
    .reshape, .transpose, .broadcast, .slice, .embed, .concatenate,
    // Products and convolutions
    .matmul, .conv2d, .convTranspose2d, .conv2dImageGradient, .conv2dWeightGradient,
    // Random numbers, conversion and the reverse pass
    .randomUniform, .randomNormal, .randomBernoulli, .real, .stopGradient,
    // Windows over images
    .maxPool1d, .maxPool2d, .maxPool3d, .averagePool1d, .averagePool2d, .averagePool3d,
    .maxUnpool1d, .maxUnpool2d, .maxUnpool3d, .globalMaxPool, .globalAveragePool,
    .resampleNearest2d, .resampleBilinear2d, .conv1d, .conv3d, .convTranspose1d, .convTranspose3d,
    // Positions
    .gather, .scatterAdd, .takeAlongAxis, .addAlongAxis, .oneHot, .argsort, .sort, .topK, .index,
    .randomCategorical, .randomPermutation,
  ]

  /// The operation of a name.
  public static func operation(named name: String) -> Operation? {
    operations.first { $0.name == name }
  }
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
