/// The characters (Unicode scalars) of a text, each with a number from 1 on; 0 is any other character.
struct Vocabulary {
  /// The number of characters that training never showed.
  static let unknown: Int32 = 0

  /// The characters in the order of their numbers.
  let scalars: [Unicode.Scalar]
  private let numbers: [Unicode.Scalar: Int32]

  /// The characters of a text, in Unicode's order.
  init(of text: some Sequence<Unicode.Scalar>) {
    scalars = Set(text).sorted()
    numbers = Dictionary(
      uniqueKeysWithValues: zip(scalars, 1...Int32(max(1, scalars.count))))
  }

  /// How many numbers there are.
  var count: Int { scalars.count + 1 }

  /// The number of a character.
  func number(of scalar: Unicode.Scalar) -> Int32 { numbers[scalar] ?? Self.unknown }

  /// The character of a number from 1 on.
  func scalar(_ number: Int) -> Unicode.Scalar { scalars[number - 1] }
}
