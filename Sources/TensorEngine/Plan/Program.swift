/// A compiled graph: what to run in which order on which memory. Immutable; run it by loading it
/// into a `Workspace`.
public struct Program<Scalar: KernelScalar>: Sendable {
  /// Where a tensor's memory is.
  enum Place: Hashable, Sendable {
    /// At a byte offset of the arena that the program's steps share.
    case arena(Int)
    /// In the workspace's state of this name, at a byte offset.
    case state(String, at: Int = 0)
    /// At a byte offset of the program's constants.
    case constant(Int)
  }

  struct Step: Sendable {
    /// The operations that it carries out, in order.
    let operations: [TracedOperation]
    let kernel: Kernel<Scalar>
    /// The chain that the kernel was made of, if its operations are element-wise.
    let chain: TileProgram<Scalar>?
    /// Operands, then results.
    let places: [Place]
    let inputCount: Int
    /// How many real numbers each result has; 0 for one of another type.
    let realCounts: [Int]
    /// The place of the kernel's shared scratch in the arena.
    let scratch: Int
    /// Where the kernel's packed operand is.
    let packed: Packed
    /// Steps of one stage follow each other, and may run at the same time.
    let stage: Int
    let work: Int
    /// The bytes of its operands and results.
    let traffic: Int

    /// The operations, joined by "+", for listings.
    var name: String { operations.map(\.name).joined(separator: "+") }
    /// The layer in which the first of them was traced.
    var scope: String { operations[0].scope }
  }

  /// One operation of the graph that the program was compiled from.
  struct TracedOperation: Sendable {
    let name: String
    /// The layer in which it was traced, such as "encoder.0"; empty outside any.
    let scope: String
  }

  /// Where the packed operand of a kernel is.
  enum Packed: Hashable, Sendable {
    /// The kernel has none.
    case none
    /// At an offset of the arena, made in each run by this step or by an earlier one.
    case arena(Int, isMade: Bool)
    /// In memory of its own, made again only when the state it is made of changes; `first` is the
    /// first step that reads it.
    case kept(state: String, first: Int)
  }

  struct Variable: Sendable {
    let place: Place
    let shape: Shape
    let type: ElementType
  }

  let steps: [Step]
  let inputs: [String: Variable]
  let outputs: [String: Variable]
  /// The states that the program reads or writes, with the value that a new workspace gives them.
  let states: [String: TensorValue<Float>]
  /// Those of them that are settings.
  let settings: Set<String>
  let constants: [Scalar]
  /// Where the marked values are, by the steps that make them.
  let marks: [Int: [MarkedValue]]

  /// The bytes of memory that the steps share, inputs and outputs included.
  public let arenaBytes: Int
  /// The states that the program overwrites.
  public let updatedStates: [String]
  /// The states that gradients were built for when the program was traced, in order.
  public let differentiatedStates: [String]

  /// The bytes of frozen operands that are kept in the form that kernels read them in.
  public var keptBytes: Int { keptSizes.reduce(0, +) }

  /// The bytes of each frozen operand that is kept.
  var keptSizes: [Int] {
    steps.indices.compactMap { index in
      if case .kept(_, index) = steps[index].packed {
        steps[index].kernel.packing?.bytes
      } else {
        nil
      }
    }
  }

  /// Floating-point operations of one run, a multiply-add counting as two.
  public var work: Int { steps.map(\.work).reduce(0, +) }
  /// The bytes that the kernels of one run read and write: operands and results, each once a kernel.
  public var bytesMoved: Int { steps.map(\.traffic).reduce(0, +) }
  /// The bytes of the states that the program touches.
  public var stateBytes: Int {
    states.values.map { $0.shape.count * MemoryLayout<Scalar>.stride }.reduce(0, +)
  }
  /// The names of the states that the program touches, in order.
  public var stateNames: [String] { states.keys.filter { !settings.contains($0) }.sorted() }
  /// The number of kernels that one run starts.
  public var stepCount: Int { steps.count }
  /// How often one run waits until its steps so far are done, beside the waits within steps.
  public var stageCount: Int { steps.last.map { $0.stage + 1 } ?? 0 }
  /// The names of the results, in order.
  public var outputNames: [String] { outputs.keys.sorted() }
  /// The names of the inputs, in order.
  public var inputNames: [String] { inputs.keys.sorted() }
}

extension Program: CustomStringConvertible {
  /// One line per step: its operations, its layer and where its operands and results are.
  public var description: String {
    steps.map { step in
      let inputs = step.places.prefix(step.inputCount).map(\.text).joined(separator: " ")
      let results = step.places.dropFirst(step.inputCount).map(\.text).joined(separator: " ")
      let scope = step.scope.isEmpty ? "" : "  # \(step.scope)"
      return "\(results) = \(step.name)(\(inputs))\(scope)"
    }.joined(separator: "\n")
  }
}

extension Program.Place {
  fileprivate var text: String {
    switch self {
    case .arena(let offset): "@\(offset)"
    case .state(let name, let offset): offset == 0 ? name : "\(name)@\(offset)"
    case .constant(let offset): "constant@\(offset)"
    }
  }
}
