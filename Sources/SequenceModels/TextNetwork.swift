import NeuralNetworks
import Randomness
import TensorEngine

/// Characters to the logits of the characters after them: an embedding, LSTM layers and a dense layer
/// (Graves, "Generating sequences with recurrent neural networks", 2013).
struct TextNetwork: Module {
  var embedding: Embedding
  var lstm: [LSTM]
  var output: Dense
  let dropout: Double

  static let fields: [Field<TextNetwork>] = [
    .module("embedding", \.embedding), .module("lstm", \.lstm), .module("output", \.output),
  ]

  init(_ configuration: TextConfiguration, vocabulary: Int, random: inout RandomStream) {
    embedding = Embedding(vocabulary, configuration.embeddingSize, random: &random)
    let options = RecurrentOptions(
      returnsSequences: true, isBatchFirst: false, dropout: configuration.dropout,
      recurrentDropout: configuration.recurrentDropout)
    lstm = []
    var inputs = configuration.embeddingSize
    for units in configuration.hidden {
      lstm.append(LSTM(inputs, units, options, random: &random))
      inputs = units
    }
    output = Dense(inputs, vocabulary, random: &random)
    dropout = configuration.dropout
  }

  /// - Parameters:
  ///   - characters: [T, N] positions.
  ///   - memory: the states of each LSTM layer before the first, [N, units] each.
  /// - Returns: logits [T, N, vocabulary], and the states after the last character.
  func callAsFunction(_ characters: Tensor, memory: [[Tensor]], mode: Mode) -> (
    logits: Tensor, memory: [[Tensor]]
  ) {
    let graph = characters.graph
    var x = graph.layer("embedding", kind: embedding.kind) { embedding(characters, mode: mode) }
    var after: [[Tensor]] = []
    for (index, layer) in lstm.enumerated() {
      x = graph.layer("lstm.\(index)", kind: layer.kind) {
        let (output, states) = layer(x, initial: memory[index], mode: mode)
        after.append(states)
        return output
      }
    }
    let logits = graph.layer("output", kind: output.kind) {
      output(Dropout(dropout)(x, mode: mode), mode: mode)
    }
    return (logits, after)
  }
}
