/// The names of runs: that of the experiment, and a number of at least three digits.
enum RunName {
  /// `vae-fashion-003`.
  static func numbered(_ experiment: String, _ number: Int) -> String {
    "\(experiment)-\(Quantity.padded(number, to: 3))"
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
}
