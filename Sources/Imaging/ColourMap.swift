/// Colours for numbers of 0 ... 1, from dark to light so that they also read in grey.
public enum ColourMap: String, Sendable, Hashable, CaseIterable {
  /// From violet over green to yellow.
  case viridis
  /// From black over red to light yellow.
  case inferno

  /// Colours at even distances, between which the others are mixed: of the maps that van der Walt and
  /// Smith made for Matplotlib 1.5 (2015).
  private var stops: [Colour] {
    switch self {
    case .viridis:
      [0x440154, 0x443983, 0x31688E, 0x21918C, 0x35B779, 0x90D743, 0xFDE725].map { Colour($0) }
    case .inferno:
      [0x000004, 0x320A5E, 0x781C6D, 0xBC3754, 0xED6925, 0xFBB61A, 0xFCFFA4].map { Colour($0) }
    }
  }

  /// The colour of a number; what is not in 0 ... 1 has that of the nearer end, what is no number
  /// that of 0.
  public func colour(of value: Float) -> Colour {
    let stops = stops
    let place = (value > 0 ? min(value, 1) : 0) * Float(stops.count - 1)
    let below = min(Int(place), stops.count - 2)
    let share = UInt8(((place - Float(below)) * 255).rounded())
    return Colour(
      red: Colour.mix(stops[below + 1].red, stops[below].red, share),
      green: Colour.mix(stops[below + 1].green, stops[below].green, share),
      blue: Colour.mix(stops[below + 1].blue, stops[below].blue, share))
  }
}
