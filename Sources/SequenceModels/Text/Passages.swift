/// Passages of one text, to be found in others: every run of `length` characters, in which any white
/// space counts as one blank, so that lines may be broken elsewhere.
struct Passages {
  /// Five or six words in English: what is shorter is a turn of phrase.
  static let length = 32

  private let known: Set<[Unicode.Scalar]>

  /// The passages of a text.
  init(of text: some Sequence<Unicode.Scalar>) {
    let characters = Self.characters(of: text).map(\.character)
    known = Set(
      (0..<max(0, characters.count - Self.length + 1)).map {
        Array(characters[$0..<$0 + Self.length])
      })
  }

  /// A text without what lies in a known passage.
  func removed(from text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    let characters = Self.characters(of: text)
    var isKept = [Bool](repeating: true, count: text.count)
    for start in 0..<max(0, characters.count - Self.length + 1) {
      let passage = characters[start..<start + Self.length]
      guard known.contains(passage.map(\.character)) else { continue }
      let end =
        start + Self.length < characters.count
        ? characters[start + Self.length].place : text.count
      for place in characters[start].place..<end { isKept[place] = false }
    }
    return zip(text, isKept).filter(\.1).map(\.0)
  }

  /// The characters with their places, runs of white space as one blank at the first one's place.
  private static func characters(
    of text: some Sequence<Unicode.Scalar>
  ) -> [(character: Unicode.Scalar, place: Int)] {
    var found: [(Unicode.Scalar, Int)] = []
    for (place, scalar) in text.enumerated() {
      if !scalar.properties.isWhitespace {
        found.append((scalar, place))
      } else if found.last?.0 != " " {
        found.append((" ", place))
      }
    }
    return found
  }
}
