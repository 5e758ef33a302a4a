/// All operations, one line each. The suite checks every one of them over its samples; a node that
/// no sample records fails it, and so does an operation without samples.
public enum OperationRegistry {
  /// The nodes that no operation is called by: leaves, and what gradients are made of.
  private static let unnamed: [any Primitive.Type] = [
    Input.self, StateLeaf.self, Constant.self, CustomGradient.self, Checkpoint.self,
    Postponed.self, PadBorder.self, PadBorderGradient.self, MaxPoolIndices.self,
    AveragePoolGradient.self, ResampleGradient.self,
  ]

  /// The names of all nodes that a graph can hold, in order.
  public static var names: [String] {
    Set((unnamed + operations.compactMap(\.primitive)).map { $0.name }).sorted()
  }

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
    .unary(Ceiling.self, "the smallest whole number not below x", .none),
    .unary(Round.self, "the nearest whole number, the even one for halves", .none),
    .unary(ErrorFunction.self, "the error function"),
    .unary(Tangent.self, "the tangent of radians"),
    .unary(Arcsine.self, "the angle in -π/2 ... π/2 whose sine is x"),
    .unary(Arccosine.self, "the angle in 0 ... π whose cosine is x"),
    .unary(Arctangent.self, "the angle in -π/2 ... π/2 whose tangent is x"),
    .unary(HyperbolicSine.self, "the hyperbolic sine"),
    .unary(HyperbolicCosine.self, "the hyperbolic cosine"),
    .unary(InverseHyperbolicSine.self, "the number whose hyperbolic sine is x"),
    .unary(InverseHyperbolicCosine.self, "the number from 0 on whose hyperbolic cosine is x"),
    .unary(InverseHyperbolicTangent.self, "the number whose hyperbolic tangent is x"),
    .leakyRelu, .elu, .selu, .softsign, .hardSigmoid, .silu, .gelu, .clamp,
    // Binary
    .binary(Add.self, "a + b, broadcast"), .binary(Subtract.self, "a - b, broadcast"),
    .binary(Multiply.self, "a · b, broadcast"), .binary(Divide.self, "a / b, broadcast"),
    .binary(Power.self, "a to the power of b, broadcast"),
    .binary(Maximum.self, "the larger of a and b, broadcast; equal ones share the gradient"),
    .binary(Minimum.self, "the smaller of a and b, broadcast; equal ones share the gradient"),
    .binary(Modulo.self, "the remainder of floored division of a by b, broadcast"),
    .binary(Arctangent2.self, "the angle in -π ... π of the points (b, a), broadcast"),
    .binary(ParametricReLU.self, "a, or b · a where a is not above 0, broadcast"),
    // Comparison and choice
    .binary(Equal.self, "1 where a = b, else 0, broadcast", .none),
    .binary(NotEqual.self, "1 where a ≠ b, else 0, broadcast", .none),
    .binary(Less.self, "1 where a < b, else 0, broadcast", .none),
    .binary(LessOrEqual.self, "1 where a ≤ b, else 0, broadcast", .none),
    .binary(Greater.self, "1 where a > b, else 0, broadcast", .none),
    .binary(GreaterOrEqual.self, "1 where a ≥ b, else 0, broadcast", .none), .select,
    .binary(And.self, "1 where neither a nor b is 0, else 0, broadcast", .none),
    .binary(Or.self, "1 where a or b is not 0, else 0, broadcast", .none), .logicalNot,
    // Reduction
    .sum, .mean, .maxAlong, .minAlong, .prod, .argmax, .argmin, .variance, .standardDeviation,
    .logSumExp, .softmax, .logSoftmax, .cumulativeSum,
    // Movement
    .reshape, .transpose, .broadcast, .slice, .embed, .concatenate, .pad, .flip, .roll, .tile,
    .stack, .split, .squeeze, .expandDims,
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

  /// The numbers that all values recorded so far have together; the largest number there is when
  /// there are more. What comes from outside can be refused by it before it takes memory.
  public var elementCount: Int {
    nodes.reduce(0) { sum, node in
      let (count, isTooLarge) = sum.addingReportingOverflow(node.shape.count)
      return isTooLarge ? .max : count
    }
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
