import Experiments

/// What a shell can complete: names that are looked up when it asks. Silent where nothing is found.
enum Completions {
  /// The words of the command line, which of them is completed, and its letters before the cursor.
  typealias Source = @Sendable (_ words: [String], _ place: Int, _ prefix: String) -> [String]

  /// The named experiments.
  static let experiments: Source = { _, _, _ in (try? Home.experiments.names()) ?? [] }

  /// The runs of the folder that the command line names.
  static let runs: Source = { words, _, _ in
    let place = words.firstIndex(of: "--out").map { $0 + 1 } ?? words.endIndex
    let outputs = place < words.endIndex ? words[place] : "outputs"
    return ((try? RunSummary.all(in: outputs)) ?? []).map(\.folder.name)
  }

  /// Experiments and runs.
  static let subjects: Source = { words, place, prefix in
    experiments(words, place, prefix) + runs(words, place, prefix)
  }

  /// The keys of the experiment that the command line names, each with its `=`.
  static let keys: Source = { words, _, _ in
    let names = (try? Home.experiments.names()) ?? []
    let file = words.lazy
      .filter { names.contains($0) || (!$0.hasPrefix("-") && $0.hasSuffix(".yaml")) }
      .compactMap { try? ExperimentReference($0).file() }.first
    guard let file, let keys = try? Registry.studio.configuration(of: file, overrides: [])
    else { return [] }
    return keys.map { "\($0.schema.key)=" }
  }

  /// The runs, and the keys of the experiment of the one that was named.
  static let runsAndKeys: Source = { words, place, prefix in
    let names = runs(words, place, prefix)
    guard let name = words.first(where: names.contains),
      let run = try? RunSummary.find(name, in: "outputs"),
      let keys = try? RecordedKey.read(run.folder)
    else { return names }
    return keys.map { "\($0.key)=" }
  }
}
