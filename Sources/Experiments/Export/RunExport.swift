import FileFormats
import Imaging

/// What a run can be taken elsewhere as.
public enum ExportFormat: String, Sendable, CaseIterable {
  /// A folder that TensorBoard reads: measures and pictures.
  case tensorboard
  /// A table of the measures.
  case csv
  /// The weights for NumPy.
  case npz
  /// The weights for PyTorch, as a state dict.
  case safetensors

  /// What follows the run's name in that of an export: `-tensorboard` or `.csv`.
  public var suffix: String {
    self == .tensorboard ? "-tensorboard" : ".\(rawValue)"
  }
}

/// Takes a run's measures, pictures and weights elsewhere. The same run gives the same bytes.
public struct RunExport: Sendable {
  private let summary: RunSummary

  /// An export of this run.
  public init(_ summary: RunSummary) {
    self.summary = summary
  }

  /// Writes the file or, for TensorBoard, the folder at `path`.
  ///
  /// - Parameter note: told what was damaged and left out.
  /// - Returns: the paths of the files written.
  /// - Throws: `RunError` when there is nothing to export, `FileError`.
  public func write(
    _ format: ExportFormat, to path: String, note: (String) -> Void
  ) throws -> [String] {
    switch format {
    case .tensorboard: return try writeEvents(to: path, note)
    case .csv: try DurableFile.write(Array(try table(note).utf8), to: path)
    case .npz: try DurableFile.write(try NPZ.encode(weights(note), path: path), to: path)
    case .safetensors:
      let metadata = [
        SafeTensors.Metadata("experiment", summary.record.experiment),
        SafeTensors.Metadata("format", "pt"), SafeTensors.Metadata("run", summary.folder.name),
      ]
      try DurableFile.write(
        chunks: SafeTensors.chunks(try weights(note), metadata: metadata), to: path)
    }
    return [path]
  }

  // MARK: Measures

  private func history(_ note: (String) -> Void) throws -> RunHistory {
    let history = RunHistory(of: summary.folder)
    if let damage = history.damage { note("passed over damaged lines: \(damage)") }
    guard !history.lines.isEmpty else {
      throw RunError(.damaged, "\(summary.folder.name) has no measures to export")
    }
    return history
  }

  /// The measures as CSV (RFC 4180, lines end with LF), a line of the log a row.
  private func table(_ note: (String) -> Void) throws -> String {
    let history = try history(note)
    let names = history.lines.lazy.flatMap(\.metrics.measures).map(\.name).distinct
    let rows = history.lines.map { line in
      [line.kind.rawValue, String(line.step), String(line.epoch)]
        + names.map { line.metrics[$0].map { "\($0)" } ?? "" }
    }
    return ([["kind", "step", "epoch"] + names] + rows)
      .map { $0.joined(separator: ",") + "\n" }.joined()
  }

  /// A folder for the measures in training, one for those on the test data, so that TensorBoard
  /// draws both in one plot, and one for the pictures.
  private func writeEvents(to path: String, _ note: (String) -> Void) throws -> [String] {
    let history = try history(note)
    let clock = EventClock(summary)
    var files: [String] = []
    func write(_ file: EventFile, to name: String) throws(FileError) {
      let folder = "\(path)/\(name)"
      try Files.createFolders(folder)
      // TensorBoard knows its files by "tfevents"; by the number it orders those of one folder.
      let target = "\(folder)/events.out.tfevents.\(max(summary.record.started, 0)).atelier"
      try DurableFile.write(file.bytes, to: target)
      files.append(target)
    }
    for (kind, name) in [(MetricsLine.Kind.train, "train"), (.evaluation, "test")] {
      var file = EventFile(time: clock.start)
      for line in history.lines where line.kind == kind {
        file.add(
          scalars: line.metrics.measures.map { ($0.name, $0.value) }, step: line.step,
          time: clock.time(at: line.step))
      }
      try write(file, to: name)
    }
    let pictures = RunPicture.all(of: summary.folder)
    guard !pictures.isEmpty else { return files }
    var file = EventFile(time: clock.start)
    for picture in pictures {
      let step = step(of: picture, history)
      file.add(
        png: picture.bytes, width: picture.image.width, height: picture.image.height,
        channels: picture.image.channels, tag: picture.name, step: step,
        time: clock.time(at: step))
    }
    try write(file, to: "pictures")
    return files
  }

  /// The step after which a picture was drawn: the last of its epoch.
  private func step(of picture: RunPicture, _ history: RunHistory) -> Int {
    guard let epoch = picture.epoch else { return history.lastStep }
    return history.lines.last { $0.epoch == epoch }?.step ?? epoch
  }

  // MARK: Weights

  /// The parameters and running statistics of the newest whole checkpoint, by PyTorch's names.
  /// Where all belong to one network its own name, which begins them all, is left out, so that
  /// they are the state dict of a module with the network's fields.
  private func weights(_ note: (String) -> Void) throws -> [TensorRecord] {
    let checkpoints = CheckpointFolder(summary.folder.checkpoints)
    let newest = try checkpoints.newestValid(metricsLength: .max) {
      note("skipped a damaged checkpoint: \($0)")
    }
    guard let newest else {
      throw RunError(
        .damaged, "\(summary.folder.name) has no checkpoint yet",
        hint: "train it with 'atelier resume \(summary.folder.name)'")
    }
    let optimizers = newest.records.compactMap { record in
      record.name.hasSuffix(Self.updates) ? record.name.dropLast(Self.updates.count) + "." : nil
    }
    let weights = newest.records.filter { record in
      !optimizers.contains { record.name.hasPrefix($0) }
    }
    let networks = Set(weights.map { $0.name.prefix { $0 != "." } })
    guard networks.count == 1, let network = networks.first,
      weights.allSatisfy({ $0.name.count > network.count + 1 })
    else { return weights }
    return weights.map { record in
      TensorRecord(
        name: String(record.name.dropFirst(network.count + 1)), elementType: record.elementType,
        shape: record.shape, bytes: record.bytes)
    }
  }

  /// What the count of an optimiser's updates, which each has, ends with; its other states begin
  /// with the same name.
  private static let updates = ".updates"
}

/// The time of day at each step, as far as the run tells: when it began, and the time at work since.
private struct EventClock {
  let start: Double
  private let times: [(step: Int, seconds: Double)]

  init(_ summary: RunSummary) {
    start = Double(summary.record.started)
    times = RunTiming(of: summary.folder).secondsAtWork
  }

  /// Seconds since 1970 when a step was done: by the first line of the clock from it on.
  func time(at step: Int) -> Double {
    start + ((times.first { $0.step >= step } ?? times.last)?.seconds ?? 0)
  }
}
