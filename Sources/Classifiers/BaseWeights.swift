import Experiments
import FileFormats
import NeuralNetworks

extension ClassifierNetwork {
  /// The names that classifiers, and fine-tuned ones, save a network under: the average first, which
  /// is what they are used by.
  private static let savedNames = ["average", "classifier", "base"]

  /// Takes body and features over from a run's newest checkpoint, or from a file of weights. The head
  /// stays.
  ///
  /// - Parameter path: the run's folder or the file.
  /// - Returns: the file that was read.
  /// - Throws: `FileError`; `.unsuitable` where the tensors are of another network.
  mutating func loadBase(from path: String) throws -> String {
    let isRun = Files.kind(of: path) == .folder
    if isRun { try Self.checkNormalization(of: path) }
    let file = try isRun ? RunFolder(path: path).newestCheckpoint : path
    let records = try WeightFile.read(file)
    let name =
      Self.savedNames.first { name in records.contains { $0.name.hasPrefix("\(name).body.") } }
      ?? Self.savedNames[0]
    do throws(WeightError) {
      try body.load(records, at: "\(name).body")
      try features.load(records, at: "\(name).features")
    } catch {
      throw RunError(
        .unsuitable, "\(path) holds no such base: \(error)",
        hint: "give a classifier of the same channels and features, trained on images of this size")
    }
    return file
  }

  /// Refuses a run whose network sees other numbers than fine-tuning gives.
  private static func checkNormalization(of path: String) throws {
    let key = try RecordedKey.read(RunFolder(path: path)).first { $0.key == "normalization" }
    if let key, key.value != Normalization.fixed.rawValue {
      throw RunError(
        .unsuitable, "\(path) learnt from images of normalization \(key.value)",
        hint: "give a base of normalization \(Normalization.fixed.rawValue)")
    }
  }
}
