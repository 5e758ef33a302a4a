import Randomness
import TensorEngine

/// Two recurrent layers on the same sequences, of which the second reads backwards (Schuster and
/// Paliwal, "Bidirectional recurrent neural networks", 1997). The names of the second one's
/// parameters end with "_reverse", as in PyTorch.
public struct Bidirectional<Cell: RecurrentCell>: Layer {
  /// How what the two give becomes one.
  public enum Merge: String, Sendable, Hashable, CaseIterable {
    /// Side by side, the forward one first: [..., 2 · hiddenSize].
    case concatenation
    /// Added.
    case sum
    /// Multiplied.
    case product
    /// Half of their sum.
    case average
  }

  /// Reads from the first step on.
  public var forward: Recurrent<Cell>
  /// Reads from the last step on.
  public var reverse: Recurrent<Cell>
  /// How what the two give becomes one.
  public var merge: Merge

  /// The two layers share one path instead.
  public static var fields: [Field<Bidirectional>] { [] }

  /// The name with that of the cell.
  public var kind: String { "Bidirectional \(Cell.kind)" }

  /// Two layers, which are drawn one after the other.
  public init(
    _ inputs: Int, _ hiddenSize: Int, _ options: RecurrentOptions = RecurrentOptions(),
    merge: Merge = .concatenation, usesBias: Bool = true, random: inout RandomStream
  ) {
    precondition(!options.goesBackwards, "a bidirectional layer reads both ways")
    forward = Recurrent(inputs, hiddenSize, options, usesBias: usesBias, random: &random)
    var backwards = options
    backwards.goesBackwards = true
    reverse = Recurrent(inputs, hiddenSize, backwards, usesBias: usesBias, random: &random)
    self.merge = merge
  }

  /// Visits the parameters of the forward layer, then those of the other.
  public mutating func walkParameters(
    at path: String, _ visit: (String, inout Parameter) -> Void
  ) {
    forward.walkParameters(at: path, visit)
    reverse.walkParameters(at: path) { visit($0 + "_reverse", &$1) }
  }

  /// Applies the layer. Where only the last step is asked for, it is of each layer the one that it
  /// reads last.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    let (first, second) = (forward(x, mode: mode), reverse(x, mode: mode))
    return switch merge {
    case .concatenation: Tensor.concatenate([first, second], axis: -1)
    case .sum: first + second
    case .product: first * second
    case .average: (first + second) / 2
    }
  }
}
