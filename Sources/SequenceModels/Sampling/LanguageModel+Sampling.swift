import Experiments
import Randomness
import TensorEngine

extension LanguageModel: TextSampler {
  /// Goes on after a prompt, or as if after the end of a line, character by character.
  ///
  /// - Throws: `.unsuitable` when the prompt has a character that the training text lacks.
  public mutating func sample(_ request: TextRequest, to write: (String) -> Void) throws {
    var reader = reader
    for (place, scalar) in request.prompt.unicodeScalars.enumerated() {
      let number = data.vocabulary.number(of: scalar)
      guard number != Vocabulary.unknown else {
        throw RunError(
          .unsuitable,
          "character \(place + 1) of the prompt, U+\(String(scalar.value, radix: 16).uppercased()), "
            + "is not in the text that the run learnt from",
          hint: "leave it out")
      }
      reader.read([number])
    }
    if request.prompt.isEmpty { reader.read([data.vocabulary.number(of: "\n")]) }
    var random = RandomStream(seed: request.seed, name: "text samples")
    for index in 0..<request.count {
      if index % 64 == 0 { try stop.check() }
      // Without the place of unknown characters, which cannot be written.
      let logits = reader.program["logits"].scalars.dropFirst()
      let number = request.choice.place(in: Array(logits), random: &random) + 1
      write(String(data.vocabulary.scalar(number)))
      if index + 1 < request.count { reader.read([Int32(number)]) }
    }
  }
}
