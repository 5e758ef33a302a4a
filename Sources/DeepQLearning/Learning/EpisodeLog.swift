import FileFormats
import NeuralNetworks

/// The returns of the training episodes: those at work, and the last hundred that ended.
struct EpisodeLog {
  /// Over how many episodes the mean is taken, as the field does.
  private static let span = 100

  private var running: [Double]
  private var ended: [Double] = []

  init(environments: Int) {
    running = [Double](repeating: 0, count: environments)
  }

  /// The mean return of the last hundred episodes; nil before the first has ended.
  var mean: Double? {
    ended.isEmpty ? nil : ended.reduce(0, +) / Double(ended.count)
  }

  /// Adds what a step paid.
  mutating func add(_ reward: Double, of environment: Int, endsEpisode: Bool) {
    running[environment] += reward
    guard endsEpisode else { return }
    if ended.count == Self.span { ended.removeFirst() }
    ended.append(running[environment])
    running[environment] = 0
  }

  /// Everything it holds, for a checkpoint.
  var records: [TensorRecord] {
    [
      TensorRecord(name: "episodes.running", values: running),
      TensorRecord(name: "episodes.ended", values: ended),
    ]
  }

  /// Takes over what `records` gave.
  ///
  /// - Throws: `WeightError`; nothing is changed then.
  mutating func restore(_ table: RecordTable) throws(WeightError) {
    let ended: [Double] = try table.values(named: "episodes.ended") { $0.isFinite }
    running = try table.values(named: "episodes.running", count: running.count) { $0.isFinite }
    self.ended = ended.suffix(Self.span)
  }
}
