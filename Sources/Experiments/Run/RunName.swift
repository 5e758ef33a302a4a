/// The rule for the names of runs and exports, which become names of files:
/// `[A-Za-z0-9][A-Za-z0-9._-]{0,99}`.
public enum RunName {
  /// Whether `name` keeps the rule.
  public static func isValid(_ name: String) -> Bool {
    guard let first = name.utf8.first, name.utf8.count <= 100, isLetterOrDigit(first) else {
      return false
    }
    return name.utf8.allSatisfy { isLetterOrDigit($0) || "._-".utf8.contains($0) }
  }

  /// `vae-fashion-003`: the experiment and a number of at least three digits.
  static func numbered(_ experiment: String, _ number: Int) -> String {
    let digits = String(number)
    return "\(experiment)-\(String(repeating: "0", count: max(3 - digits.count, 0)))\(digits)"
  }

  /// The number in `name` when it is a run of `experiment`.
  static func number(in name: String, of experiment: String) -> Int? {
    guard name.hasPrefix(experiment + "-") else { return nil }
    let digits = name.dropFirst(experiment.count + 1)
    guard digits.utf8.count >= 3, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    return Int(digits)
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: false
    }
  }
}
