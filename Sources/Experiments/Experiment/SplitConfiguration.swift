import Datasets

/// Which of the training images are held out to be judged by. Test images are never learnt from.
public struct SplitConfiguration: ExperimentConfiguration {
  /// The share of each class that is held out; 0 for none.
  public var validation = 0.0
  /// Parts for cross-validation, one of which is held out; 0 for none.
  public var folds = 0
  /// The part that is held out.
  public var fold = 0

  /// Nothing is held out.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .number(
        "validation", \.validation, in: 0...0.9,
        "The share of the training images of each class that is held out and evaluated by; 0 for none."
      ),
      .integer(
        "folds", \.folds, in: 0...1000, unit: "folds",
        "Parts of the training images for cross-validation, one of which is held out; 0 for none."),
      .integer(
        "fold", \.fold, in: 0...999, "The part that is held out, counted from 0."),
    ]
  }

  /// What does not go together.
  public var problems: [ConfigurationProblem] {
    var problems: [ConfigurationProblem] = []
    if folds == 1 {
      problems.append(
        .init(
          "folds", "is 1, which leaves nothing to learn from",
          help: "give at least 2, or 0 for no cross-validation"))
    }
    if folds > 1, validation > 0 {
      problems.append(
        .init("validation", "must be 0 where folds are held out", help: "leave one of them out"))
    }
    if fold > 0, fold >= folds {
      problems.append(
        .init(
          "fold", "is \(fold), of \(folds) folds",
          help: folds > 1 ? "give 0 to \(folds - 1)" : "set folds as well"))
    }
    return problems
  }

  /// Splits images; nil when nothing is to be held out.
  ///
  /// - Parameters:
  ///   - labels: the class of each image.
  ///   - seed: decides which images are held out.
  /// - Throws: `.unsuitable` when nothing would be held out, or nothing left.
  public func split(_ labels: [Int32], seed: UInt64) throws(RunError) -> DataSplit? {
    guard folds > 1 || validation > 0 else { return nil }
    let split =
      folds > 1
      ? DataSplit.fold(fold, of: folds, labels: labels, seed: seed)
      : DataSplit.holdOut(validation, of: labels, seed: seed)
    guard !split.train.isEmpty, !split.validation.isEmpty else {
      throw RunError(
        .unsuitable,
        "of \(labels.count) training images \(split.validation.count) would be held out",
        hint: folds > 1 ? "choose fewer folds" : "choose another share for validation")
    }
    return split
  }
}
