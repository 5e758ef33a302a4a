import FileFormats
import Imaging

/// A file of a run, or one like them, and whether it is what was written.
public struct VerifiedFile: Sendable, Hashable {
  /// What a file is.
  public enum Kind: String, Sendable, Hashable {
    /// A saved state, or other tensors: safetensors, npy, npz.
    case checkpoint, tensors
    /// `metrics.jsonl`, and other logs.
    case metrics, log
    /// `run.json`, and other JSON documents.
    case record, document
    /// `config.yaml`, or an experiment file.
    case configuration
    /// A PNG or JPEG file.
    case picture
    /// A file of text, of which only that can be told.
    case text
  }

  /// The file's path.
  public let path: String
  /// What it is.
  public let kind: Kind
  /// What is wrong with it, in one line; nil when it is whole.
  public let problem: String?

  /// As `verify --json` gives it.
  public var json: JSON {
    [
      "file": .string(path), "kind": .string(kind.rawValue), "ok": .bool(problem == nil),
      "problem": problem.map { .string($0) } ?? .null,
    ]
  }
}

extension Studio {
  /// Reads every byte of a run's files as the program would: configuration, record, logs,
  /// checkpoints, pictures and tables. Changes nothing and takes no lock.
  public func verify(_ folder: RunFolder) throws(FileError) -> [VerifiedFile] {
    let own = [folder.configuration, folder.record].map { verify(file: $0) }
    let written =
      [folder.metrics, folder.timing, folder.model, folder.report]
      .filter { Files.kind(of: $0) != nil } + (try folder.files())
    let metricsLength = try folder.metricsLength()
    return own
      + written.filter { Self.kind(of: $0) != nil }
      .map { verify(file: $0, metricsLength: metricsLength) }
  }

  /// Reads one file, which is what its name says.
  public func verify(file path: String) -> VerifiedFile {
    verify(file: path, metricsLength: .max)
  }

  /// - Parameter metricsLength: bytes of the log that a checkpoint goes with.
  private func verify(file path: String, metricsLength: Int) -> VerifiedFile {
    var problem: String?
    let kind = Self.kind(of: path)
    do {
      switch kind {
      case .checkpoint: try verifyCheckpoint(path, metricsLength)
      case .tensors: try Self.verifyTensors(path)
      case .metrics: _ = try MetricsLine.read(path)
      case .log: try Self.verifyLog(path)
      case .record: _ = try RunRecord.read(RunFolder(path: Files.folder(of: path)))
      case .document:
        _ = try JSON.decode(Files.read(path, limit: JSONLimits().bytes), path: path)
      case .configuration:
        _ = try configuration(of: ExperimentFolder.experiment(at: path), overrides: [])
      case .picture: _ = try Image(decoding: Files.read(path, limit: 256 << 20))
      case .text: try Self.verifyText(path)
      case nil: problem = "\(path): there is no way to verify such a file"
      }
    } catch let error as ConfigurationError {
      problem = error.diagnostics.first.map { diagnostic in
        "\(diagnostic.place?.label ?? path): \(diagnostic.message)"
      }
    } catch let error as ImageError {
      problem = "\(path): \(error)"
    } catch {
      problem = "\(error)"
    }
    return VerifiedFile(path: path, kind: kind ?? .text, problem: problem)
  }

  private static func kind(of path: String) -> VerifiedFile.Kind? {
    let name = Files.name(of: path)
    let ending = name.lastIndex(of: ".").map { name[$0...] } ?? ""
    return switch (name, ending) {
    case ("metrics.jsonl", _): .metrics
    case ("run.json", _): .record
    case (_, ".jsonl"): .log
    case (_, ".json"): .document
    case (_, ".safetensors"): CheckpointFolder.step(of: name) == nil ? .tensors : .checkpoint
    case (_, ".npy"), (_, ".npz"): .tensors
    case (_, ".yaml"): .configuration
    case (_, ".png"), (_, ".jpg"), (_, ".jpeg"): .picture
    case (_, ".svg"), (_, ".csv"), (_, ".html"): .text
    default: nil
    }
  }

  private func verifyCheckpoint(_ path: String, _ metricsLength: Int) throws(FileError) {
    let checkpoint = try Checkpoint(reading: path)
    guard checkpoint.step == CheckpointFolder.step(of: Files.name(of: path)) else {
      throw FileError(.damaged, path: path, "the state after step \(checkpoint.step)")
    }
    guard checkpoint.metricsLength <= metricsLength else {
      throw FileError(
        .damaged, path: path,
        "goes with \(checkpoint.metricsLength) bytes of metrics.jsonl, which has \(metricsLength)")
    }
  }

  private static func verifyTensors(_ path: String) throws(FileError) {
    if path.hasSuffix(".npy") {
      _ = try NPY.decode(Files.read(path), path: path)
    } else if path.hasSuffix(".npz") {
      _ = try NPZ.read(path)
    } else {
      _ = try SafeTensors.read(path)
    }
  }

  /// Every line but one still being written is a JSON object.
  private static func verifyLog(_ path: String) throws(FileError) {
    let lines = try Files.read(path, limit: MetricsLog.greatestSize).split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.dropLast().enumerated() {
      guard (try? JSON.decode(Array(line), path: path))?.members != nil else {
        throw FileError(.damaged, path: path, place: "line \(index + 1)", "expected a JSON object")
      }
    }
  }

  private static func verifyText(_ path: String) throws(FileError) {
    let bytes = try Files.read(path)
    guard !bytes.isEmpty, String(validating: bytes, as: UTF8.self) != nil else {
      throw FileError(.damaged, path: path, bytes.isEmpty ? "the file is empty" : "not UTF-8 text")
    }
  }
}
