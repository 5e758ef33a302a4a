/// A trained experiment that writes text. What `atelier sample` needs where there are no images.
public protocol TextSampler: Experiment {
  /// Writes what follows a prompt, piece by piece: the same request gives the same text.
  ///
  /// - Throws: `.unsuitable` for a prompt that the model cannot read.
  mutating func sample(_ request: TextRequest, to write: (String) -> Void) throws
}

/// What text is asked for.
public struct TextRequest: Sendable, Hashable {
  /// How a character is chosen among those that may follow.
  public enum Choice: Sendable, Hashable {
    /// The likeliest.
    case greedy
    /// By chance: the logits are divided by the temperature, above 0, where less is more cautious;
    /// only the `top` likeliest characters are drawn, or all.
    case random(temperature: Double, top: Int? = nil)
  }

  /// What comes before; may be empty.
  public var prompt: String
  /// How many characters follow.
  public var count: Int
  /// How each is chosen.
  public var choice: Choice
  /// The seed of the draw.
  public var seed: UInt64

  /// Asks for text.
  public init(prompt: String = "", count: Int, choice: Choice, seed: UInt64) {
    self.prompt = prompt
    self.count = count
    self.choice = choice
    self.seed = seed
  }
}
