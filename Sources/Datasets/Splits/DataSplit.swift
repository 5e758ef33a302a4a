import Randomness

/// Which of the images that there are to learn from are held out to be judged by. Every class is
/// held out in the same share, as far as whole images allow. Both lists ascend.
public struct DataSplit: Sendable, Hashable {
  /// Places of the images to learn from.
  public let train: [Int32]
  /// Places of the images that are held out.
  public let validation: [Int32]

  /// Holds a share of each class out, chosen by the seed.
  ///
  /// - Parameter share: in 0 ... 1; of a class of n images it is n times the share, rounded, but never
  ///   all of them.
  public static func holdOut(_ share: Double, of labels: [Int32], seed: UInt64) -> DataSplit {
    precondition((0...1).contains(share), "a share of \(share)")
    var isHeldOut = [Bool](repeating: false, count: labels.count)
    for members in shuffledClasses(of: labels, seed: seed, name: "hold-out") {
      let wanted = Int((share * Double(members.count)).rounded())
      let count = max(0, min(wanted, members.count - 1))
      for place in members.prefix(count) { isHeldOut[Int(place)] = true }
    }
    return DataSplit(holdingOut: isHeldOut)
  }

  /// Holds out one of several parts of nearly equal size, chosen by the seed: over all folds, each
  /// image is held out once (Stone, "Cross-validatory choice and assessment of statistical
  /// predictions", 1974). Another seed makes other parts, for iterated cross-validation.
  ///
  /// - Parameters:
  ///   - fold: in 0 ..< folds.
  ///   - folds: at least 2.
  public static func fold(
    _ fold: Int, of folds: Int, labels: [Int32], seed: UInt64
  ) -> DataSplit {
    precondition(folds >= 2 && (0..<folds).contains(fold), "fold \(fold) of \(folds)")
    var isHeldOut = [Bool](repeating: false, count: labels.count)
    // Images are dealt on from class to class, so that no two parts differ by more than one.
    var next = 0
    for members in shuffledClasses(of: labels, seed: seed, name: "folds") {
      for place in members {
        if next == fold { isHeldOut[Int(place)] = true }
        next = (next + 1) % folds
      }
    }
    return DataSplit(holdingOut: isHeldOut)
  }

  private init(holdingOut isHeldOut: [Bool]) {
    let places = Int32(0)..<Int32(isHeldOut.count)
    train = places.filter { !isHeldOut[Int($0)] }
    validation = places.filter { isHeldOut[Int($0)] }
  }

  /// The places of the images of each class, in an order that the seed and the name decide.
  private static func shuffledClasses(
    of labels: [Int32], seed: UInt64, name: String
  ) -> [[Int32]] {
    var classes = [[Int32]](repeating: [], count: labels.max().map { Int($0) + 1 } ?? 0)
    for (place, label) in labels.enumerated() { classes[Int(label)].append(Int32(place)) }
    return classes.enumerated().map { label, members in
      var stream = RandomStream(seed: seed, name: name, index: UInt64(label))
      return stream.permutation(of: members.count).map { members[Int($0)] }
    }
  }
}
