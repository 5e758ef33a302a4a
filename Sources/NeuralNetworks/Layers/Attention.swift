import Randomness
import TensorEngine

extension Tensor {
  /// What queries find: the mean of the values, weighted by how much their keys are alike to the
  /// query (Vaswani et al., "Attention is all you need", 2017). With these queries [..., L, E], keys
  /// [..., S, E] and values [..., S, V] it is [..., L, V].
  ///
  /// - Parameters:
  ///   - mask: 1 where a query may look, else 0; [..., L, S] or broadcast to it. A query that may look
  ///     nowhere finds what is not a number.
  ///   - dropout: how likely a weight becomes 0; for training only.
  public func scaledDotProductAttention(
    keys: Tensor, values: Tensor, mask: Tensor? = nil, dropout: Double = 0
  ) -> Tensor {
    var likeness = matmul(keys.transposed()) / Double(shape[-1]).squareRoot()
    if let mask { likeness = mask.select(likeness, -.infinity) }
    let weights = likeness.softmax()
    return weights.dropped(dropout, mask: weights.shape, stream: "attention").matmul(values)
  }
}

extension Graph {
  /// A mask [length, length] that lets each query look at its own place and those before it.
  public func causalMask(_ length: Int) -> Tensor {
    let places = (0..<length * length).map { $0 % length <= $0 / length ? 1.0 : 0 }
    return constant(places, shape: [length, length])
  }
}

/// Attention by several heads, each of which sees a part of the features (Vaswani et al. 2017).
/// Batches come first, as in `torch.nn.MultiheadAttention(..., batch_first=True)`, whose names its
/// parameters have. As a layer it lets each place of [N, L, features] look at all of them.
public struct MultiHeadAttention: Layer {
  /// What makes queries, keys and values, one after another: [3 · features, features].
  public var inProjWeight: Parameter
  /// [3 · features]
  public var inProjBias: Parameter?
  /// What mixes the heads' findings.
  public var outProj: Dense
  /// How many heads there are; they share the features evenly.
  public let heads: Int
  /// How likely a weight of a head becomes 0 in training, in 0 ..< 1.
  public let dropout: Double
  /// Whether each place sees itself and those before it only, when it is used as a layer.
  public let isCausal: Bool

  /// The parameters, under PyTorch's names.
  public static let fields: [Field<MultiHeadAttention>] = [
    .parameter("in_proj_weight", \.inProjWeight), .parameter("in_proj_bias", \.inProjBias),
    .module("out_proj", \.outProj),
  ]

  /// A layer with freshly drawn weights and biases of zeros.
  ///
  /// - Parameters:
  ///   - features: of queries, keys, values and results; a multiple of `heads`.
  ///   - isCausal: whether each place sees itself and those before it only.
  public init(
    _ features: Int, heads: Int, dropout: Double = 0, isCausal: Bool = false,
    usesBias: Bool = true, initializer: Initializer = .glorotUniform,
    random: inout RandomStream
  ) {
    precondition(
      heads > 0 && features.isMultiple(of: heads), "\(heads) heads of \(features) features")
    precondition((0..<1).contains(dropout), "a dropout of \(dropout)")
    let shape: Shape = [3 * features, features]
    inProjWeight = Parameter(initializer(shape, .dense(shape), &random))
    inProjBias = usesBias ? Parameter(TensorValue(repeating: 0, shape: [3 * features])) : nil
    outProj = Dense(
      features, features, usesBias: usesBias, initializer: initializer, random: &random)
    self.heads = heads
    self.dropout = dropout
    self.isCausal = isCausal
  }

  /// Lets each place of x, [N, L, features], look at all of them.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    let mask = isCausal && x.rank == 3 ? x.graph.causalMask(x.shape[1]) : nil
    return self(queries: x, keys: x, values: x, mask: mask, mode: mode)
  }

  /// What queries find.
  ///
  /// - Parameters:
  ///   - queries: [N, L, features]
  ///   - keys: [N, S, features], like the values.
  ///   - mask: 1 where a query may look, else 0: [L, S], [N, 1, L, S] or [N, heads, L, S].
  /// - Returns: [N, L, features]
  public func callAsFunction(
    queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor? = nil, mode: Mode
  ) -> Tensor {
    let features = inProjWeight.shape[1]
    for x in [queries, keys, values] where x.rank != 3 || x.shape[2] != features {
      return x.failing(kind, "not the shape [N, L, \(features)]")
    }
    let graph = queries.graph
    let projected = [queries, keys, values].enumerated().map { part, x in
      let rows = part * features..<(part + 1) * features
      var y = x.matmul(graph[inProjWeight].sliced(axis: 0, rows).transposed())
      if let inProjBias { y = y + graph[inProjBias].sliced(axis: 0, rows) }
      return y.reshaped(to: [x.shape[0], x.shape[1], heads, features / heads])
        .transposed([0, 2, 1, 3])
    }
    let found = projected[0].scaledDotProductAttention(
      keys: projected[1], values: projected[2], mask: mask,
      dropout: mode == .training ? dropout : 0)
    return outProj(found.transposed([0, 2, 1, 3]).reshaped(to: queries.shape), mode: mode)
  }
}
