/// Passages of one text, to be found in others: every run of `length` characters, in which any white
/// space counts as one blank, so that lines may be broken elsewhere. They are known by 64 bits each: of
/// other texts' passages, one in many millions may be taken for one of them.
struct Passages {
  /// Five or six words in English: what is shorter is a turn of phrase.
  static let length = 32

  private let known: Set<UInt64>

  /// The passages of a text.
  init(of text: some Sequence<Unicode.Scalar>) {
    known = Set(Self.sums(of: Self.characters(of: text).map(\.character)))
  }

  /// A text without what lies in a known passage.
  func removed(from text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    let characters = Self.characters(of: text)
    let ends = characters.dropFirst(Self.length).map(\.place) + [text.count]
    var isKept = [Bool](repeating: true, count: text.count)
    for (start, sum) in Self.sums(of: characters.map(\.character)).enumerated()
    where known.contains(sum) {
      for place in characters[start].place..<ends[start] { isKept[place] = false }
    }
    return zip(text, isKept).filter(\.1).map(\.0)
  }

  /// A number for each run of `length` characters: the value at an odd point, modulo 2^64, of the
  /// polynomial whose coefficients they are (Karp and Rabin 1987).
  private static func sums(of characters: [Unicode.Scalar]) -> [UInt64] {
    // The odd number next to 2^64 divided by the golden ratio: its powers differ in all bits.
    let point: UInt64 = 0x9E37_79B9_7F4A_7C15
    let leaving = (0..<length).reduce(1) { power, _ in power &* point }
    var (sum, sums): (UInt64, [UInt64]) = (0, [])
    for (place, character) in characters.enumerated() {
      sum = sum &* point &+ UInt64(character.value)
      if place >= length {
        sum = sum &- leaving &* UInt64(characters[place - length].value)
      }
      if place >= length - 1 { sums.append(sum) }
    }
    return sums
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
