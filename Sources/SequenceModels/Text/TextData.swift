import Experiments

/// The characters to learn from and those that are held out, as numbers.
struct TextData {
  let vocabulary: Vocabulary
  /// The other texts, then the beginning of the text.
  let training: [Int32]
  /// The end of the text, after the last character of its beginning.
  let heldOut: [Int32]
  let sources: [ExperimentDescription.Source]

  /// Reads the texts.
  ///
  /// - Throws: `FileError` when they cannot be read; `.unsuitable` when there is too little text.
  init(_ configuration: TextConfiguration, note: (String) -> Void) throws {
    let text = try TextFile(configuration.text.file)
    let count = text.scalars.count
    let kept = count - max(1, Int((configuration.text.heldOut * Double(count)).rounded()))
    guard kept > configuration.length else {
      throw RunError(
        .unsuitable,
        "\(text.path) has \(count) characters: without the held-out end too few for a window of "
          + "\(configuration.length) and the character after it",
        hint: "choose a smaller length, or a longer text")
    }
    let end = text.scalars[kept...]
    var (shown, files): ([Unicode.Scalar], [TextFile]) = ([], [text])
    var found = 0
    let passages = configuration.text.others.isEmpty ? nil : Passages(of: end)
    for path in configuration.text.others {
      let other = try TextFile(path)
      let rest = passages?.removed(from: other.scalars) ?? other.scalars
      shown += rest
      found += other.scalars.count
      files.append(other)
    }
    if shown.count < found {
      note(
        "\(found - shown.count) of \(found) characters of text.others are cut out: the held-out text "
          + "has them too")
    }
    shown += text.scalars[..<kept]
    let vocabulary = Vocabulary(of: shown)
    self.vocabulary = vocabulary
    training = shown.map(vocabulary.number)
    heldOut = text.scalars[(kept - 1)...].map(vocabulary.number)
    sources = files.map { .init(name: $0.path, sha256: $0.sha256) }
  }
}
