extension Colour {
  /// Ten colours that stay apart for readers of all common kinds of colour vision: the ten-colour
  /// sequence of Petroff, "Accessible Color Sequences for Data Visualization" (2021).
  public static let categories: [Colour] = [
    Colour(0x3F90DA), Colour(0xFFA90E), Colour(0xBD1F01), Colour(0x94A4A2), Colour(0x832DB6),
    Colour(0xA96B59), Colour(0xE76300), Colour(0xB9AC70), Colour(0x717581), Colour(0x92DADD),
  ]

  /// The colour of a category; from the eleventh on they begin again.
  public static func category(_ index: Int) -> Colour {
    precondition(index >= 0, "category \(index) is negative")
    return categories[index % categories.count]
  }
}
