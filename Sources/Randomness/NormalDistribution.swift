import RealModule

extension RandomStream {
  /// The words that a call of ``normal()`` draws.
  public static let wordsOfNormal = 2 * wordsOfUniformDouble

  /// A standard normal number (Box and Muller 1958; one of the pair is used, so that a draw always
  /// takes the same number of words).
  public mutating func normal() -> Double {
    let radius = (-2 * Double.log(1 - uniformDouble())).squareRoot()
    return radius * Double.cos(2 * Double.pi * uniformDouble())
  }
}

/// The standard normal distribution.
public enum NormalDistribution {
  /// The point below which a share `p` of the distribution lies, for p in 0 < p < 1, to about seven
  /// digits (Wichura, "Algorithm AS 241: the percentage points of the normal distribution", 1988,
  /// PPND7).
  public static func quantile(_ p: Double) -> Double {
    precondition(p > 0 && p < 1, "a share of \(p) is not between 0 and 1")
    let q = p - 0.5
    if q.magnitude <= 0.425 {
      let r = 0.180625 - q * q
      return q * polynomial(r, [3.3871327179, 50.434271938, 159.29113202, 59.109374720])
        / polynomial(r, [1, 17.895169469, 78.757757664, 67.187563600])
    }
    let r = (-Double.log(min(p, 1 - p))).squareRoot()
    let size =
      if r <= 5 {
        polynomial(r - 1.6, [1.4234372777, 2.7568153900, 1.3067284816, 0.17023821103])
          / polynomial(r - 1.6, [1, 0.73700164250, 0.12021132975])
      } else {
        polynomial(r - 5, [6.6579051150, 3.0812263860, 0.42868294337, 0.017337203997])
          / polynomial(r - 5, [1, 0.24197894225, 0.012258202635])
      }
    return q < 0 ? -size : size
  }

  /// A polynomial with the constant term first.
  private static func polynomial(_ x: Double, _ coefficients: [Double]) -> Double {
    coefficients.reversed().reduce(0) { $0 * x + $1 }
  }
}
