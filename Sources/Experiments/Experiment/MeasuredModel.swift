/// A trained experiment that measures itself by its test data, at more length than at the end of each
/// epoch: what `atelier evaluate RUN` shows without a classifier.
public protocol MeasuredModel: Experiment {
  /// Measures, in the order people read them.
  mutating func measure(_ effort: MeasureEffort) throws -> [ModelMeasure]
}

/// How much is measured.
public struct MeasureEffort: Sendable, Hashable {
  /// Samples of the test set at most.
  public var limit: Int
  /// Latent points for each sample of estimates that draw them.
  public var importanceSamples: Int
  /// The seed of groups that are drawn for scores.
  public var seed: UInt64

  /// What to measure.
  public init(limit: Int, importanceSamples: Int, seed: UInt64) {
    self.limit = limit
    self.importanceSamples = importanceSamples
    self.seed = seed
  }
}

/// One measure of a model.
public struct ModelMeasure: Sendable, Hashable {
  /// The measured number, or numbers.
  public enum Value: Sendable, Hashable {
    /// One number.
    case number(Double)
    /// A number for each of several things, such as latent numbers.
    case numbers([Double])
  }

  /// Its name, in the manner of metrics.
  public let name: String
  /// What was measured.
  public let value: Value
  /// What it is, for people: unit, size of the estimate.
  public let remark: String

  /// A measure of one number.
  public init(_ name: String, _ value: Double, _ remark: String) {
    (self.name, self.value, self.remark) = (name, .number(value), remark)
  }

  /// A measure of several numbers.
  public init(_ name: String, _ values: [Double], _ remark: String) {
    (self.name, self.value, self.remark) = (name, .numbers(values), remark)
  }
}
