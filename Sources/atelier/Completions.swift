import Benchmarks
import Datasets
import Environments
import Experiments
import TensorEngine

/// What a shell can complete: names that are looked up when it asks. Silent where nothing is found.
enum Completions {
  /// The words of the command line, which of them is completed, and its letters before the cursor.
  typealias Source = @Sendable (_ words: [String], _ place: Int, _ prefix: String) -> [String]

  /// The named experiments.
  static let experiments: Source = { _, _, _ in (try? Home.experiments.names()) ?? [] }

  /// The runs of the folder that the command line names.
  static let runs: Source = { words, _, _ in
    ((try? RunSummary.all(in: outputs(words))) ?? []).map(\.folder.name)
  }

  /// Experiments and runs.
  static let subjects: Source = { words, place, prefix in
    experiments(words, place, prefix) + runs(words, place, prefix)
  }

  /// The keys of the experiment or run that the command line names, each with its `=`.
  static let keys: Source = { words, place, _ in
    (configuration(words, but: place) ?? []).map { "\($0.key)=" }
  }

  /// The runs; then the keys that may change when the run that was named is resumed.
  static let runsAndKeys: Source = { words, place, prefix in
    guard let rows = configuration(words, but: place) else {
      return runs(words, place, prefix)
    }
    return rows.filter { $0.change != .none }.map { "\($0.key)=" }
  }

  /// The operations of the engine.
  static let operations: Source = { _, _, _ in OperationRegistry.operations.map(\.name) }

  /// The data sets, but for the one whose name ends with a path.
  static let datasets: Source = { _, _, _ in
    DatasetCatalog.entries.map(\.name).filter { !$0.contains(":") }
  }

  /// The environments that agents act in.
  static let environments: Source = { _, _, _ in EnvironmentCatalog.specs.map(\.id) }

  /// Runs and environments.
  static let players: Source = { words, place, prefix in
    runs(words, place, prefix) + environments(words, place, prefix)
  }

  /// What `atelier bench` can measure.
  static let benchmarks: Source = { _, _, _ in BenchCommand.known }

  private static func outputs(_ words: [String]) -> String {
    let place = words.firstIndex(of: "--out").map { $0 + 1 } ?? words.endIndex
    return place < words.endIndex ? words[place] : "outputs"
  }

  /// The keys of the first experiment or run among the words, or nil where there is none; the word
  /// that is being completed does not count.
  private static func configuration(_ words: [String], but place: Int) -> [SchemaRow]? {
    let names = (try? Home.experiments.names()) ?? []
    let (studio, outputs) = (Registry.studio, outputs(words))
    let complete = words.indices.filter { $0 != place }.map { words[$0] }
    return complete.lazy.filter { !$0.hasPrefix("-") && !$0.contains("=") }.compactMap { word in
      if names.contains(word) || word.hasSuffix(".yaml") {
        return try? studio.configuration(of: ExperimentReference(word).file(), overrides: [])
      }
      return try? studio.configuration(of: RunFolder.find(word, in: outputs), overrides: [])
    }.first?.map(\.schema)
  }
}
