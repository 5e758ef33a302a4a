import Randomness
import TensorEngine

/// Positions [...] to the rows of a table, [..., size]. A position outside the table gives what is not
/// a number.
public struct Embedding: Layer {
  /// [vocabulary, size]
  public var weight: Parameter

  /// The table.
  public static let fields: [Field<Embedding>] = [.parameter("weight", \.weight)]

  /// A table of standard normal numbers, as in PyTorch.
  public init(_ vocabulary: Int, _ size: Int, random: inout RandomStream) {
    let shape: Shape = [vocabulary, size]
    weight = Parameter(Initializer.normal(deviation: 1)(shape, .dense(shape), &random))
  }

  /// A table that was learnt before.
  ///
  /// - Parameters:
  ///   - pretrained: [vocabulary, size]
  ///   - isFrozen: whether training leaves it as it is.
  public init(pretrained: TensorValue<Float>, isFrozen: Bool = true) {
    precondition(pretrained.shape.rank == 2, "a table of shape \(pretrained.shape)")
    weight = Parameter(pretrained, isTrained: !isFrozen)
  }

  /// Looks the positions up; both modes are alike.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    x.graph[weight].gathered(at: x)
  }
}
