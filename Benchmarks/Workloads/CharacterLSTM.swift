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

/// An embedding, one layer of LSTM and a dense layer, with PyTorch's parameters.
private struct CharacterLSTM: Module {
  private static let vocabulary = 96
  private static let embedded = 64
  private static let hidden = 512

  var embedding: Embedding
  var lstm: LSTM
  var output: Dense

  static let fields: [Field<CharacterLSTM>] = [
    .module("emb", \.embedding), .module("lstm", \.lstm), .module("out", \.output),
  ]

  init(seed: UInt64) {
    var random = RandomStream(seed: seed, name: "weights")
    embedding = Embedding(Self.vocabulary, Self.embedded, random: &random)
    lstm = LSTM(
      Self.embedded, Self.hidden, .init(returnsSequences: true, isBatchFirst: false),
      random: &random)
    output = Dense(Self.hidden, Self.vocabulary, random: &random)
  }

  /// Adam on the mean cross-entropy over all positions. Rows are ordered by time, then by window.
  func trainingStep(_ graph: Graph, batchSize: Int, length: Int) -> Tensor {
    let inputs = graph.input("inputs", shape: [length, batchSize], type: .index)
    let targets = graph.input("targets", shape: [length, batchSize], type: .index)
    let hidden = lstm(embedding(inputs, mode: .training), mode: .training)
    let logits = output(hidden, mode: .training)
    let chosen = logits.logSoftmax() * targets.oneHot(classes: Self.vocabulary)
    let loss = -chosen.sum(axes: [-1]).mean()
    graph.minimize(loss, over: tensors(in: graph), with: Adam(learningRate: 1e-3))
    return loss
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
