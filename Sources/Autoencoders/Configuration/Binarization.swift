import Randomness

/// How grey pixels are made black or white.
public enum Binarization: String, CaseIterable, Sendable {
  /// They stay grey.
  case none
  /// White from the middle on.
  case threshold
  /// White with the probability of their grey: of training images anew each time, of test images once and
  /// for all runs (Salakhutdinov and Murray 2008; Burda et al. 2016).
  case dynamic

  /// Changes pixels.
  ///
  /// - Parameter random: of this step, or of this test image.
  func apply(to pixels: inout [UInt8], _ random: RandomStream) {
    switch self {
    case .none: return
    case .threshold: pixels = pixels.map { $0 > 127 ? 255 : 0 }
    case .dynamic:
      var random = random
      pixels = pixels.map { random.uniform() * 255 < Float($0) ? 255 : 0 }
    }
  }
}
