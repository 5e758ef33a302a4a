import RealModule

extension RandomStream {
  /// A standard normal number (Box and Muller 1958; one of the pair is used, so that a draw always
  /// takes the same number of words).
  public mutating func normal() -> Double {
    let radius = (-2 * Double.log(1 - uniformDouble())).squareRoot()
    return radius * Double.cos(2 * Double.pi * uniformDouble())
  }
}
