import FileFormats

/// A part of a method that can be taken out or put in: the settings that leave it out and those that
/// use it.
public struct AblationPart: Sendable, Hashable {
  /// What the field calls it.
  public let name: String
  /// `key=value` texts without it, the one that tells whether it is used first.
  public let without: [String]
  /// `key=value` texts with it.
  public let with: [String]

  /// A part.
  public init(_ name: String, without: String..., with: String...) {
    self.name = name
    self.without = without
    self.with = with
  }
}

/// An experiment beside variants of it that differ in one part each.
public struct Ablation: Sendable, Hashable {
  /// One of them.
  public struct Variant: Sendable, Hashable {
    /// `as it is`, `without dueling`, `with double`.
    public let name: String
    /// What it changes, `key=value`; nothing of the experiment as it is.
    public let overrides: [String]
  }

  /// The experiment as it is, then the others.
  public let variants: [Variant]
  /// Their runs, of every seed.
  public let sweep: Sweep

  /// The runs of a variant, by their places in the sweep.
  public func cells(of variant: Int) -> Range<Int> {
    let count = sweep.cells.count / variants.count
    return variant * count..<(variant + 1) * count
  }
}

extension Studio {
  /// Plans the runs of an experiment and of its variants, one for each part that its module names.
  /// Nothing is written.
  ///
  /// - Parameters:
  ///   - file: the experiment.
  ///   - reference: how to find it again: its name, or the absolute path of its file.
  ///   - overrides: `key=value` texts that hold for all.
  ///   - seeds: of the repetitions; each once.
  /// - Throws: `ConfigurationError` for the first run that cannot be. A variant whose configuration
  ///   breaks a rule is left out.
  public func planAblation(
    _ file: ExperimentFile, reference: String, overrides: [String], seeds: [String]
  ) throws(ConfigurationError) -> Ablation {
    func values(_ more: [String]) throws(ConfigurationError) -> [String] {
      try configuration(of: file, overrides: overrides + more).map(\.value)
    }
    let usual = try values([])
    var variants = [Ablation.Variant(name: "as it is", overrides: [])]
    for part in try module(of: file).parts {
      let isUsed = try values(Array(part.without.prefix(1))) != usual
      let variant = Ablation.Variant(
        name: isUsed ? "without \(part.name)" : "with \(part.name)",
        overrides: isUsed ? part.without : part.with)
      if (try? values(variant.overrides)) != nil { variants.append(variant) }
    }
    var cells: [Sweep.Cell] = []
    for variant in variants {
      for seed in seeds {
        let overrides = overrides + variant.overrides + ["\(Sweep.seedKey)=\(seed)"]
        cells.append(
          Sweep.Cell(run: try runName(of: file, overrides: overrides), overrides: overrides))
      }
    }
    let varied = variants.flatMap(\.overrides).compactMap { text in
      text.split(separator: "=").first.map(String.init)
    }
    return Ablation(
      variants: variants,
      sweep: Sweep(
        experiment: reference, module: file.module,
        name: sweepName(of: file, "ablation", cells), keys: varied + [Sweep.seedKey],
        cells: cells))
  }
}
