import FileFormats
import NeuralNetworks
import Randomness
import TensorEngine

extension Benchmark {
  private static let batchSize = 32
  private static let length = 64

  /// The next character of licence texts, by an LSTM of 512 units.
  static let charLSTM = Benchmark(
    "char_lstm", "LSTM of 512 on licence texts, 32 windows of 64 characters", .tokensPerSecond,
    unitsPerStep: batchSize * length, workPerUnit: 7_372_800
  ) { settings in
    let network = CharacterLSTM(seed: settings.seed)
    var windows = try TextWindows(settings, count: batchSize, length: length)
    return Workload(parameterCounts: [network.parameterCount]) {
      let graph = Graph()
      let loss = graph.bind(network, as: "lstm")
        .trainingStep(graph, batchSize: batchSize, length: length)
      let program = settings.workspace().load(try graph.compile(["loss": loss]))
      var step = 0
      return {
        windows.advance()
        program.set("inputs", to: windows.inputs)
        program.set("targets", to: windows.targets)
        program.run(step: step)
        step += 1
        return program.scalar("loss")
      }
    }
  }
}

/// An embedding, one layer of LSTM (Hochreiter and Schmidhuber 1997) and a dense layer, with
/// PyTorch's parameters.
private struct CharacterLSTM: Module {
  static let vocabulary = 96
  private static let embedded = 64
  private static let hidden = 512

  /// [vocabulary, embedded]
  var embedding: Parameter
  /// [4 · hidden, embedded]: input, forget, cell and output gate.
  var inputWeight: Parameter
  /// [4 · hidden, hidden]
  var hiddenWeight: Parameter
  /// [4 · hidden]
  var inputBias: Parameter
  /// [4 · hidden]
  var hiddenBias: Parameter
  var output: Dense

  static let fields: [Field<CharacterLSTM>] = [
    .parameter("emb.weight", \.embedding), .parameter("lstm.weight_ih_l0", \.inputWeight),
    .parameter("lstm.weight_hh_l0", \.hiddenWeight), .parameter("lstm.bias_ih_l0", \.inputBias),
    .parameter("lstm.bias_hh_l0", \.hiddenBias), .module("out", \.output),
  ]

  init(seed: UInt64) {
    var random = RandomStream(seed: seed, name: "weights")
    func even(_ shape: Shape) -> Parameter {
      let bound = 1 / Float(Self.hidden).squareRoot()
      return Parameter(
        TensorValue(
          shape: shape,
          scalars: (0..<shape.count).map { _ in bound * (2 * random.uniform() - 1) }))
    }
    let gates = 4 * Self.hidden
    embedding = Parameter(
      TensorValue(
        shape: [Self.vocabulary, Self.embedded],
        scalars: (0..<Self.vocabulary * Self.embedded).map { _ in Float(random.normal()) }))
    inputWeight = even([gates, Self.embedded])
    hiddenWeight = even([gates, Self.hidden])
    inputBias = even([gates])
    hiddenBias = even([gates])
    output = Dense(Self.hidden, Self.vocabulary, random: &random)
  }

  /// Adam on the mean cross-entropy over all positions. Rows are ordered by time, then by window.
  ///
  /// Gradients are asked for the sums that go into the gates, at every time: those of the weights
  /// are then one product over all times each, instead of a sum of one product a time.
  func trainingStep(_ graph: Graph, batchSize: Int, length: Int) -> Tensor {
    let rows = batchSize * length
    let inputs = graph.input("inputs", shape: [rows], type: .index)
    let targets = graph.input("targets", shape: [rows], type: .index)
    let x = graph[embedding].gathered(at: inputs)
    let gates = (0..<4).map { gate in
      Gate(self, range: gate * Self.hidden..<(gate + 1) * Self.hidden, graph, x)
    }
    var sums = [[Tensor]](repeating: [], count: gates.count)
    var outputs: [Tensor] = []
    var cell: Tensor?
    for time in 0..<length {
      let range = time * batchSize..<(time + 1) * batchSize
      let now = gates.map { gate in
        let own = gate.projected.sliced(axis: 0, range)
        return outputs.last.map { own + $0.matmul(gate.hiddenWeight.transposed()) } ?? own
      }
      for (gate, sum) in now.enumerated() { sums[gate].append(sum) }
      let fresh = now[0].sigmoid() * now[2].tanh()
      let next = cell.map { now[1].sigmoid() * $0 + fresh } ?? fresh
      outputs.append(now[3].sigmoid() * next.tanh())
      cell = next
    }
    let hidden = Tensor.concatenate(outputs, axis: 0)
    let logits = output(hidden, mode: .training)
    let chosen = logits.logSoftmax() * targets.oneHot(classes: Self.vocabulary)
    let loss = -chosen.sum(axes: [1]).mean()

    let dense = output.tensors(in: graph)
    let gradients = graph.gradients(
      of: loss, withRespectTo: sums.flatMap { $0 } + dense.map(\.tensor))
    let previous = hidden.sliced(axis: 0, 0..<rows - batchSize)
    var (ofInputs, ofHidden, ofBiases): ([Tensor], [Tensor], [Tensor]) = ([], [], [])
    var ofX = graph.constant(0)
    for (index, gate) in gates.enumerated() {
      let ofSums = Tensor.concatenate(
        Array(gradients[index * length..<(index + 1) * length]), axis: 0)
      let later = ofSums.sliced(axis: 0, batchSize..<rows)
      ofInputs.append(ofSums.transposed().matmul(x))
      ofHidden.append(later.transposed().matmul(previous))
      ofBiases.append(ofSums.sum(axes: [0]))
      ofX = ofX + ofSums.matmul(gate.inputWeight)
    }
    let ofBias = Tensor.concatenate(ofBiases, axis: 0)
    let all = [
      ofX.scatterAdded(at: inputs, extent: Self.vocabulary),
      Tensor.concatenate(ofInputs, axis: 0), Tensor.concatenate(ofHidden, axis: 0), ofBias, ofBias,
    ]
    graph.update(
      tensors(in: graph), by: Adam(learningRate: 1e-3),
      gradients: all + gradients.suffix(dense.count))
    return loss
  }

  /// The rows of the weights that belong to one gate, and what they make of all inputs.
  private struct Gate {
    let inputWeight: Tensor
    let hiddenWeight: Tensor
    /// [rows, hidden]
    let projected: Tensor

    init(_ network: CharacterLSTM, range: Range<Int>, _ graph: Graph, _ x: Tensor) {
      inputWeight = graph[network.inputWeight].sliced(axis: 0, range)
      hiddenWeight = graph[network.hiddenWeight].sliced(axis: 0, range)
      let bias = graph[network.inputBias] + graph[network.hiddenBias]
      projected = x.matmul(inputWeight.transposed()) + bias.sliced(axis: 0, range)
    }
  }
}

/// Windows at random places of the licence texts, with the characters that follow.
private struct TextWindows {
  /// The texts that Debian's base-files has in this folder.
  private static let names = [
    "Apache-2.0", "Artistic", "CC0-1.0", "GFDL-1.2", "GFDL-1.3", "GPL-1", "GPL-2", "GPL-3",
    "LGPL-2", "LGPL-2.1", "LGPL-3", "MPL-1.1", "MPL-2.0",
  ]

  private let text: [Int32]
  private let count: Int
  private let length: Int
  private var random: RandomStream
  /// Characters by time, then by window.
  private(set) var inputs: [Int32]
  /// The character after each.
  private(set) var targets: [Int32]

  /// Reads the texts: a line's end is 0, ' ' to '~' are 1 to 95, anything else is left out. The
  /// last tenth is kept from training.
  init(_ settings: BenchmarkSettings, count: Int, length: Int) throws {
    var ids: [Int32] = []
    for name in Self.names {
      for byte in try Files.read("\(settings.textFolder)/\(name)", limit: 1 << 24) {
        switch byte {
        case 10: ids.append(0)
        case 32..<127: ids.append(Int32(byte) - 31)
        default: break
        }
      }
    }
    text = Array(ids.prefix(ids.count * 9 / 10))
    guard text.count > length + 1 else {
      throw FileError(
        .damaged, path: settings.textFolder, "only \(ids.count) characters in the licence texts")
    }
    self.count = count
    self.length = length
    random = RandomStream(seed: settings.seed, name: "windows")
    inputs = [Int32](repeating: 0, count: count * length)
    targets = inputs
  }

  /// Draws the next windows.
  mutating func advance() {
    for window in 0..<count {
      let start = random.integer(below: text.count - length - 1)
      for time in 0..<length {
        inputs[time * count + window] = text[start + time]
        targets[time * count + window] = text[start + time + 1]
      }
    }
  }
}
