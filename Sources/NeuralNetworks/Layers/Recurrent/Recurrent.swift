import Randomness
import TensorEngine

/// How a recurrent layer reads its sequences and what it gives.
public struct RecurrentOptions: Sendable, Hashable {
  /// Whether it gives what it had at every step, or only at the last one.
  public var returnsSequences: Bool
  /// Whether sequences are [N, T, features]; else they are [T, N, features], which spares copies.
  public var isBatchFirst: Bool
  /// Whether it reads from the last step to the first. What it gives at a step stays at that step.
  public var goesBackwards: Bool
  /// How likely a number of the input becomes 0 in training, in 0 ..< 1.
  public var dropout: Double
  /// How likely a number of the hidden state is 0 where the gates read it in training, in 0 ..< 1.
  public var recurrentDropout: Double

  /// Keras's defaults.
  public init(
    returnsSequences: Bool = false, isBatchFirst: Bool = true, goesBackwards: Bool = false,
    dropout: Double = 0, recurrentDropout: Double = 0
  ) {
    for rate in [dropout, recurrentDropout] {
      precondition((0..<1).contains(rate), "a dropout of \(rate)")
    }
    self.returnsSequences = returnsSequences
    self.isBatchFirst = isBatchFirst
    self.goesBackwards = goesBackwards
    self.dropout = dropout
    self.recurrentDropout = recurrentDropout
  }
}

/// A layer that walks over sequences [N, T, inputs] with a state of `hiddenSize` numbers for each of
/// them, and gives [N, hiddenSize], or [N, T, hiddenSize] for all steps. Use it as `LSTM`, `GRU` or
/// `SimpleRNN`.
///
/// Both kinds of dropout keep one mask for all steps of a sequence (Gal and Ghahramani, "A
/// theoretically grounded application of dropout in recurrent neural networks", 2016); as in Keras,
/// one mask serves all gates.
public struct Recurrent<Cell: RecurrentCell>: Layer {
  /// PyTorch's weight_ih_l0, [gates · hiddenSize, inputs].
  public var weightIhL0: Parameter
  /// PyTorch's weight_hh_l0, [gates · hiddenSize, hiddenSize].
  public var weightHhL0: Parameter
  /// PyTorch's bias_ih_l0, [gates · hiddenSize].
  public var biasIhL0: Parameter?
  /// PyTorch's bias_hh_l0, [gates · hiddenSize].
  public var biasHhL0: Parameter?
  /// Units of the layer.
  public let hiddenSize: Int
  /// How it reads its sequences and what it gives.
  public var options: RecurrentOptions

  /// The parameters, under PyTorch's names.
  public static var fields: [Field<Recurrent>] {
    [
      .parameter("weight_ih_l0", \.weightIhL0), .parameter("weight_hh_l0", \.weightHhL0),
      .parameter("bias_ih_l0", \.biasIhL0), .parameter("bias_hh_l0", \.biasHhL0),
    ]
  }

  /// The cell's name.
  public var kind: String { Cell.kind }

  /// A layer whose parameters are all drawn evenly from -1/√hiddenSize to 1/√hiddenSize, as in
  /// PyTorch.
  public init(
    _ inputs: Int, _ hiddenSize: Int, _ options: RecurrentOptions = RecurrentOptions(),
    usesBias: Bool = true, random: inout RandomStream
  ) {
    precondition(inputs > 0 && hiddenSize > 0, "a recurrent layer of \(inputs) to \(hiddenSize)")
    self.hiddenSize = hiddenSize
    self.options = options
    let rows = Cell.gateCount * hiddenSize
    func even(_ shape: Shape) -> Parameter {
      Parameter(
        Initializer.uniformOfInputs(
          shape, .init(input: Double(hiddenSize), output: Double(rows)), &random))
    }
    weightIhL0 = even([rows, inputs])
    weightHhL0 = even([rows, hiddenSize])
    biasIhL0 = usesBias ? even([rows]) : nil
    biasHhL0 = usesBias ? even([rows]) : nil
  }

  /// Applies the layer to sequences that begin with states of zeros.
  public func callAsFunction(_ x: Tensor, mode: Mode) -> Tensor {
    traced(x, from: nil, mode: mode, givesStates: false).output
  }

  /// Applies the layer to sequences that go on from given states.
  ///
  /// - Parameters:
  ///   - x: the sequences.
  ///   - initial: the states before the first step, each [N, hiddenSize]: h, and c of an LSTM; nil for
  ///     zeros.
  ///   - mode: whether there is dropout.
  /// - Returns: what the layer gives, and the states after the last step.
  public func callAsFunction(_ x: Tensor, initial: [Tensor]?, mode: Mode) -> (
    output: Tensor, states: [Tensor]
  ) {
    traced(x, from: initial, mode: mode, givesStates: true)
  }

  private func traced(
    _ x: Tensor, from initial: [Tensor]?, mode: Mode, givesStates: Bool
  ) -> (output: Tensor, states: [Tensor]) {
    precondition(
      initial.map { $0.count == Cell.stateCount } ?? true,
      "\(kind) has \(Cell.stateCount) states")
    let graph = x.graph
    // Without three axes, the transposition says what is wrong.
    let sequence = options.isBatchFirst || x.rank != 3 ? x.transposed([1, 0, 2]) : x
    let (steps, batch) = (max(1, sequence.shape[0]), sequence.shape[1])
    let seen =
      mask([batch, sequence.shape[2]], options.dropout, "dropout", mode, graph)
      .map { sequence * $0 } ?? sequence
    let unrolling = Unrolling<Cell>(
      steps: steps, batch: batch, hiddenSize: hiddenSize, options: options,
      givesStates: givesStates, hasBias: biasIhL0 != nil, hasInitial: initial != nil,
      hasMask: mode == .training && options.recurrentDropout > 0)
    let kept = mask(
      [batch, hiddenSize], options.recurrentDropout, "recurrent dropout", mode, graph)
    let result = unrolling(
      [
        seen.reshaped(to: [steps * batch, sequence.shape[2]]), graph[weightIhL0],
        graph[weightHhL0],
      ] + [biasIhL0, biasHhL0].compactMap { $0.map { graph[$0] } } + (initial ?? [])
        + (kept.map { [$0] } ?? []))
    let (output, states) = unrolling.parts(of: result)
    guard options.returnsSequences else { return (output, states) }
    let whole = output.reshaped(to: [steps, batch, hiddenSize])
    return (options.isBatchFirst ? whole.transposed([1, 0, 2]) : whole, states)
  }

  /// What keeps the mean while a share of the numbers becomes 0, or nil where there is no dropout.
  private func mask(
    _ shape: Shape, _ rate: Double, _ stream: String, _ mode: Mode, _ graph: Graph
  ) -> Tensor? {
    guard mode == .training, rate > 0 else { return nil }
    return graph.randomBernoulli(shape, probability: 1 - rate, stream: stream) / (1 - rate)
  }
}
