import NeuralNetworks
import Randomness
import RealModule
import TensorEngine
import TensorEngineChecks
import Testing

/// Element i of wave k is sin(0.7 i + k) / 2, as in scripts/recurrent_references.py.
private func wave(_ shape: Shape, _ k: Int) -> TensorValue<Float> {
  TensorValue(
    shape: shape,
    scalars: (0..<shape.count).map { Float(Double.sin(0.7 * Double($0) + Double(k)) / 2) })
}

extension Graph {
  fileprivate func constant(_ value: TensorValue<Float>) -> Tensor {
    constant(value.scalars.map { Double($0) }, shape: value.shape)
  }
}

/// The recurrent layers next to what PyTorch makes of the same numbers.
@Suite struct RecurrentReferenceTests {
  private static let time = RecurrentOptions(returnsSequences: true, isBatchFirst: false)

  /// A layer whose parameters are waves 1, 2, ...
  private func waved<Layer: Module>(_ layer: Layer) -> Layer {
    var (layer, k) = (layer, 0)
    layer.walkParameters(at: "") { _, parameter in
      k += 1
      parameter.value = wave(parameter.shape, k)
    }
    return layer
  }

  private func expect(
    _ output: Tensor, _ states: [Tensor], of sources: [Tensor], equal reference: RecurrentReference
  ) throws {
    let graph = output.graph
    var loss = (output * graph.constant(wave(output.shape, 30))).sum()
    for (k, state) in states.enumerated() {
      loss = loss + (state * graph.constant(wave(state.shape, 40 + k))).sum()
    }
    #expect(largestError(try output.value.scalars, reference.output) < 1e-5)
    #expect(states.count == reference.states.count)
    for (state, expected) in zip(states, reference.states) {
      #expect(largestError(try state.value.scalars, expected) < 1e-5)
    }
    let gradients = graph.gradients(of: loss, withRespectTo: sources)
    #expect(gradients.count == reference.gradients.count)
    for (gradient, expected) in zip(gradients, reference.gradients) {
      #expect(largestError(try gradient.value.scalars, expected) < 1e-5)
    }
  }

  private func check<Cell: RecurrentCell>(
    _: Cell.Type, _ plain: RecurrentReference, _ stateful: RecurrentReference,
    _ bidirectional: RecurrentReference
  ) throws {
    var random = RandomStream(seed: 1, name: "weights")
    let graph = Graph()
    let x = graph.state("x", initial: wave([3, 2, 3], 0))
    let layer = graph.bind(waved(Recurrent<Cell>(3, 2, Self.time, random: &random)), as: "layer")
    let parameters = layer.tensors(in: graph).map(\.tensor)
    try expect(layer(x, mode: .training), [], of: [x] + parameters, equal: plain)

    let initial = (0..<Cell.stateCount).map {
      graph.state("state \($0)", initial: wave([2, 2], 20 + $0))
    }
    let (output, states) = layer(x, initial: initial, mode: .training)
    try expect(output, states, of: [x] + parameters + initial, equal: stateful)

    let both = graph.bind(
      waved(Bidirectional<Cell>(3, 2, Self.time, random: &random)), as: "both")
    try expect(
      both(x, mode: .training), [], of: [x] + both.tensors(in: graph).map(\.tensor),
      equal: bidirectional)
  }

  @Test func simpleRNNEqualsPyTorch() throws {
    try check(
      SimpleRNNCell.self, RecurrentReference.simpleRNN, .simpleRNNStateful,
      .simpleRNNBidirectional)
  }

  @Test func gruEqualsPyTorch() throws {
    try check(GRUCell.self, RecurrentReference.gru, .gruStateful, .gruBidirectional)
  }

  @Test func lstmEqualsPyTorch() throws {
    try check(LSTMCell.self, RecurrentReference.lstm, .lstmStateful, .lstmBidirectional)
  }

  /// Two sequences, one of them with repeated labels, one empty, and one that cannot be spelled.
  @Test func ctcEqualsPyTorch() throws {
    let graph = Graph()
    func positions(_ numbers: [Double], _ shape: Shape) -> Tensor {
      graph.constant(numbers, shape: shape).index()
    }
    let logits = graph.state("logits", initial: wave([7, 4, 4], 3))
    let losses = Losses.connectionistTemporalClassification(
      logProbabilities: logits.logSoftmax(),
      targets: positions([1, 2, 2, 0, 3, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1], [4, 4]),
      inputLengths: positions([7, 5, 3, 6], [4]), targetLengths: positions([3, 1, 0, 4], [4]))
    let values = try losses.value.scalars
    #expect(values.last == .infinity)
    #expect(largestError(Array(values.dropLast()), RecurrentReference.ctcLosses) < 1e-5)
    let weighted = losses.sliced(axis: 0, 0..<3) * graph.constant(wave([3], 5))
    let gradient = graph.gradients(of: weighted.sum(), withRespectTo: [logits])[0]
    #expect(largestError(try gradient.value.scalars, RecurrentReference.ctcGradient) < 1e-5)
    // What cannot be spelled takes no part in the gradient of the sum of all.
    let all = graph.gradients(of: losses.sum(), withRespectTo: [logits])[0]
    #expect(try all.value.scalars.allSatisfy { $0.isFinite })
  }

  @Test func ctcHasTheGradientsOfCentralDifferences() throws {
    let outcome = try GradientCheck.run(
      at: [TensorValue(shape: [5, 1, 3], scalars: wave([5, 1, 3], 3).scalars.map { Double($0) })]
    ) { inputs in
      let graph = inputs[0].graph
      return Losses.connectionistTemporalClassification(
        logProbabilities: inputs[0].logSoftmax(),
        targets: graph.constant([2, 2], shape: [1, 2]).index(),
        inputLengths: graph.constant([5], shape: [1]).index(),
        targetLengths: graph.constant([2], shape: [1]).index())
    }
    #expect(outcome.compared == 15)
    #expect(outcome.largestError < 1e-8, "\(outcome.place)")
  }
}

@Suite struct RecurrentTests {
  private func lstm(_ options: RecurrentOptions, inputs: Int = 3, units: Int = 4) -> LSTM {
    var random = RandomStream(seed: 1, name: "weights")
    return LSTM(inputs, units, options, random: &random)
  }

  private func gru(_ options: RecurrentOptions) -> GRU {
    var random = RandomStream(seed: 1, name: "weights")
    return GRU(3, 4, options, random: &random)
  }

  @Test func lastStepIsThatOfTheSequence() throws {
    let x = normalNumbers([2, 5, 3])
    let all = try apply(gru(.init(returnsSequences: true)), to: x)
    let last = try apply(gru(.init()), to: x)
    #expect(all.shape == [2, 5, 4] && last.shape == [2, 4])
    for row in 0..<2 {
      #expect(
        last.scalars[row * 4..<(row + 1) * 4] == all.scalars[row * 20 + 16..<row * 20 + 20])
    }
  }

  @Test func batchesMayComeSecond() throws {
    let graph = Graph()
    let x = graph.constant(normalNumbers([2, 5, 3]))
    let first = graph.bind(lstm(.init(returnsSequences: true)), as: "layer")
    let second = graph.bind(
      lstm(.init(returnsSequences: true, isBatchFirst: false)), as: "layer")
    let turned = second(x.transposed([1, 0, 2]), mode: .inference).transposed([1, 0, 2])
    #expect(try first(x, mode: .inference).value == turned.value)
  }

  @Test func backwardsIsForwardsOnTheTurnedSequence() throws {
    let graph = Graph()
    let x = graph.constant(normalNumbers([2, 5, 3]))
    let forwards = graph.bind(lstm(.init(returnsSequences: true)), as: "layer")
    let backwards = graph.bind(
      lstm(.init(returnsSequences: true, goesBackwards: true)), as: "layer")
    let turned = forwards(x.flipped(axes: [1]), mode: .inference).flipped(axes: [1])
    #expect(try backwards(x, mode: .inference).value == turned.value)
  }

  /// Two halves, the second from the states that the first ended with, are the whole.
  @Test func goesOnFromGivenStates() throws {
    let graph = Graph()
    let x = graph.constant(normalNumbers([2, 6, 3]))
    let layer = graph.bind(lstm(.init(returnsSequences: true)), as: "layer")
    let whole = layer(x, initial: nil, mode: .inference)
    let first = layer(x.sliced(axis: 1, 0..<2), initial: nil, mode: .inference)
    let second = layer(x.sliced(axis: 1, 2..<6), initial: first.states, mode: .inference)
    let joined = try Tensor.concatenate([first.output, second.output], axis: 1).value.scalars
    #expect(largestError(joined, try whole.output.value.scalars.map { Double($0) }) < 1e-6)
    for (state, expected) in zip(second.states, whole.states) {
      let expected = try expected.value.scalars.map { Double($0) }
      #expect(largestError(try state.value.scalars, expected) < 1e-6)
    }
  }

  /// A kept input gives tanh(2 / 4), a dropped one nothing; h is read twice as large, or not at all.
  @Test func oneMaskServesAllSteps() throws {
    var random = RandomStream(seed: 1, name: "weights")
    var layer = SimpleRNN(
      1, 1,
      .init(returnsSequences: true, isBatchFirst: false, dropout: 0.5), usesBias: false,
      random: &random)
    layer.weightIhL0.value = TensorValue(repeating: 0.25, shape: [1, 1])
    layer.weightHhL0.value = TensorValue(repeating: 0, shape: [1, 1])
    let graph = Graph()
    let ones = graph.constant(1).broadcast(to: [4, 64, 1])
    let bound = graph.bind(layer, as: "layer")
    let y = try bound(ones, mode: .training).value.scalars
    let first = y.prefix(64)
    #expect(Set(first.map { Int(($0 * 1000).rounded()) }) == [0, 462])
    for step in 1..<4 { #expect(y[step * 64..<(step + 1) * 64].elementsEqual(first)) }
    #expect(Set(try bound(ones, mode: .inference).value.scalars).count == 1)

    layer.options.dropout = 0
    layer.options.recurrentDropout = 0.5
    layer.weightHhL0.value = TensorValue(repeating: 1, shape: [1, 1])
    let masked = try graph.bind(layer, as: "other")(ones, mode: .training).value.scalars
    let start = Float.tanh(0.25)
    // Never seen again, or twice as large, at every step.
    for sequence in 0..<64 {
      let steps = (0..<4).map { masked[$0 * 64 + sequence] }
      let doubled = (1..<4).reduce(into: [start]) { list, _ in
        list.append(.tanh(0.25 + 2 * (list.last ?? 0)))
      }
      let isKept = steps[1] > 0.5
      for (step, expected) in zip(steps, isKept ? doubled : [start, start, start, start]) {
        #expect((step - expected).magnitude < 1e-6)
      }
    }
  }

  @Test(arguments: [[2, 3], [2, 5, 4], [2, 0, 3], [2, 5, 3, 1]])
  func refuseOtherShapes(shape: [Int]) {
    #expect(throws: ShapeError.self) {
      try apply(self.lstm(.init(returnsSequences: true)), to: normalNumbers(Shape(shape)))
    }
  }

  @Test(arguments: Bidirectional<GRUCell>.Merge.allCases)
  func bothDirectionsBecomeOne(merge: Bidirectional<GRUCell>.Merge) throws {
    var random = RandomStream(seed: 1, name: "weights")
    let layer = Bidirectional<GRUCell>(3, 4, merge: merge, random: &random)
    let x = normalNumbers([2, 5, 3])
    let (one, other) = (try apply(layer.forward, to: x), try apply(layer.reverse, to: x))
    let y = try apply(layer, to: x)
    if merge == .concatenation {
      #expect(y.shape == [2, 8])
      #expect(y.scalars[0..<4] == one.scalars[0..<4] && y.scalars[4..<8] == other.scalars[0..<4])
      return
    }
    let expected = zip(one.scalars, other.scalars).map { a, b in
      switch merge {
      case .sum: Double(a + b)
      case .product: Double(a * b)
      default: Double((a + b) / 2)
      }
    }
    #expect(largestError(y.scalars, expected) < 1e-6)
  }

  @Test func stepsAreTreatedAlike() throws {
    var random = RandomStream(seed: 1, name: "weights")
    let dense = Dense(3, 2, random: &random)
    let x = normalNumbers([2, 5, 3])
    let y = try apply(TimeDistributed(dense), to: x)
    #expect(y.shape == [2, 5, 2])
    let rows = TensorValue<Float>(shape: [10, 3], scalars: x.scalars)
    #expect(y.scalars == (try apply(dense, to: rows).scalars))
    #expect(throws: ShapeError.self) {
      try apply(TimeDistributed(dense), to: normalNumbers([3]))
    }
  }
}

@Suite struct EmbeddingTests {
  private let table = TensorValue<Float>(shape: [3, 2], scalars: [1, 2, 3, 4, 5, 6])

  @Test func looksRowsUp() throws {
    let graph = Graph()
    let layer = graph.bind(Embedding(pretrained: table), as: "layer")
    let positions = graph.constant([2, 0, 2, 7], shape: [2, 2]).index()
    let y = try layer(positions, mode: .inference).value
    #expect(y.shape == [2, 2, 2])
    #expect(Array(y.scalars.prefix(6)) == [5, 6, 1, 2, 5, 6])
    #expect(y.scalars.suffix(2).allSatisfy { $0.isNaN })
  }

  @Test func mayBeFrozen() {
    #expect(Embedding(pretrained: table).parameters().isEmpty)
    #expect(Embedding(pretrained: table, isFrozen: false).parameterCount == 6)
  }
}

extension LayerSample {
  /// The recurrent layers, on short sequences.
  static var recurrent: [LayerSample] {
    var random = RandomStream(seed: 2, name: "weights")
    let all = RecurrentOptions(returnsSequences: true)
    let input: Shape = [2, 3, 3]
    return [
      LayerSample("SimpleRNN", SimpleRNN(3, 2, random: &random), input: input),
      LayerSample("GRU", GRU(3, 2, all, random: &random), input: input),
      LayerSample("LSTM", LSTM(3, 2, all, random: &random), input: input),
      LayerSample(
        "LSTM without bias", LSTM(3, 2, usesBias: false, random: &random), input: input),
      LayerSample(
        "GRU with dropout",
        GRU(
          3, 2, .init(returnsSequences: true, dropout: 0.3, recurrentDropout: 0.4),
          usesBias: false, random: &random), input: input),
      LayerSample(
        "Bidirectional LSTM", Bidirectional<LSTMCell>(3, 2, all, random: &random), input: input),
      LayerSample(
        "TimeDistributed Dense", TimeDistributed(Dense(3, 2, random: &random)), input: input),
    ]
  }
}

extension ModuleSample {
  /// The recurrent layers under PyTorch's names.
  static var recurrent: [ModuleSample] {
    var random = RandomStream(seed: 3, name: "weights")
    let names = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"]
    return [
      ModuleSample("SimpleRNN", SimpleRNN(3, 2, random: &random), paths: names),
      ModuleSample("GRU", GRU(3, 2, random: &random), paths: names),
      ModuleSample("LSTM", LSTM(3, 2, random: &random), paths: names),
      ModuleSample(
        "LSTM without bias", LSTM(3, 2, usesBias: false, random: &random),
        paths: Array(names.prefix(2))),
      ModuleSample(
        "Bidirectional", Bidirectional<GRUCell>(3, 2, random: &random),
        paths: names + names.map { "\($0)_reverse" }),
      ModuleSample("Embedding", Embedding(3, 2, random: &random), paths: ["weight"]),
      ModuleSample(
        "TimeDistributed", TimeDistributed(Dense(3, 2, random: &random)),
        paths: ["layer.weight", "layer.bias"]),
    ]
  }
}
