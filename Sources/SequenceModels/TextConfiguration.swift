import Experiments

/// What can be configured of a language model of characters.
public struct TextConfiguration: ExperimentConfiguration {
  /// What it reads.
  public var text = TextDataConfiguration()
  /// Windows that are read side by side in one step.
  public var batchSize = 32
  /// Characters of a window: gradients reach no further back.
  public var length = 64
  /// Numbers that stand for a character.
  public var embeddingSize = 64
  /// Units of the LSTM layers, from the input on.
  public var hidden = [256]
  /// How likely a number is dropped before each LSTM layer and after the last.
  public var dropout = 0.2
  /// How likely a number of the hidden state is dropped where the gates read it.
  public var recurrentDropout = 0.0
  /// How the parameters are updated.
  public var optimizer = OptimizerConfiguration()
  /// The greatest norm of the gradients of all parameters together; 0 leaves them as they are.
  public var gradientNorm = 1.0
  /// The share of the weights' moving average that stays at each step; the average is what is used.
  public var averageDecay = 0.99

  /// The defaults.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .group("text", \.text, "What it reads."),
      .integer("batchSize", \.batchSize, in: 1...65_536, unit: "windows", "Windows of one step."),
      .integer(
        "length", \.length, in: 1...4096, unit: "characters",
        "A window: gradients reach no further back, the state goes on."),
      .integer(
        "embeddingSize", \.embeddingSize, in: 1...4096, "Numbers that stand for a character."),
      .integers(
        "hidden", \.hidden, in: 1...8192, count: 1...8, unit: "units",
        "The LSTM layers, from the input on."),
      .number(
        "dropout", \.dropout, in: 0...0.95,
        "How likely a number is dropped before each LSTM layer and after the last."),
      .number(
        "recurrentDropout", \.recurrentDropout, in: 0...0.95,
        "How likely a number of the hidden state is dropped where the gates read it."),
      .group("optimizer", \.optimizer, "How the parameters are updated."),
      .number(
        "gradientNorm", \.gradientNorm, in: 0...1e6,
        "The greatest norm of all gradients together; 0 leaves them as they are."),
      .number(
        "averageDecay", \.averageDecay, in: 0...0.999_999,
        "The share of the weights' moving average that stays; the average is what is used."),
    ]
  }
}

/// The texts that a language model reads.
public struct TextDataConfiguration: ExperimentConfiguration {
  /// The text whose end is held out.
  public var file = "/usr/share/common-licenses/GPL-3"
  /// Texts for training only.
  public var others: [String] = []
  /// The share of the text, at its end, that is held out.
  public var heldOut = 0.1

  /// The licence text that Debian has on every machine.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .text("file", \.file, length: 1...1024, "The text, a file in UTF-8, whose end is held out."),
      .texts(
        "others", \.others, count: 0...1000,
        "Further texts for training; passages that the held-out text has too are cut out of them."),
      .number(
        "heldOut", \.heldOut, in: 0.001...0.9, "The share of the text, at its end, held out."),
    ]
  }
}
