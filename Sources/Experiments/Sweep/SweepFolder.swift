import FileFormats

/// The folder of a sweep, `outputs/<experiment>-sweep-<hash>/`. Its runs lie beside it, among the
/// others.
public struct SweepFolder: Sendable, Hashable {
  /// Path of the folder.
  public let path: String

  /// What is trained, and what came of it.
  public var record: String { path + "/sweep.json" }
  /// The measure of the runs over the steps, as a drawing and as an image.
  public var drawing: String { path + "/sweep.svg" }
  /// The same as an image.
  public var picture: String { path + "/sweep.png" }
  /// The script for the Slurm workload manager.
  public var script: String { path + "/sweep.sbatch" }
  /// What each run said.
  public var logs: String { path + "/logs" }
  /// The folder of the runs.
  public var outputs: String { Files.folder(of: path) }

  /// Names a folder; nothing is read or created.
  public init(path: String) {
    self.path = path
  }

  /// What the run of a cell said.
  public func log(of cell: Sweep.Cell) -> String { "\(logs)/\(cell.run).txt" }

  /// Makes the folder, as far as it is missing.
  public func create() throws(FileError) {
    try Files.createFolders(logs)
  }
}

extension Sweep {
  /// Why a sweep's record cannot be read as one.
  private static let expectation = "expected the record of a sweep"

  /// The most bytes of a record that are read: some hundred for each of 10,000 runs.
  private static let greatestSize = 64 << 20

  /// What a cell's own process needs to know, and people too.
  var members: [JSON.Member] {
    [
      .init("sweep", .string(name)), .init("experiment", .string(experiment)),
      .init("module", .string(module)), .init("keys", .array(keys.map { .string($0) })),
      .init(
        "cells",
        .array(
          cells.map { cell in
            [
              "run": .string(cell.run),
              "overrides": .array(cell.overrides.map { .string($0) }),
            ]
          })),
    ]
  }

  /// Reads the plan of a sweep back.
  ///
  /// - Throws: `.notFound`, `.damaged`, `.tooLarge` or `.inputOutput`.
  public static func read(_ folder: SweepFolder) throws(FileError) -> Sweep {
    let json = try JSON.decode(
      Files.read(folder.record, limit: greatestSize), path: folder.record)
    let cells = (json["cells"]?.elements ?? []).compactMap { cell -> Cell? in
      guard let run = cell["run"]?.stringValue, run.isExperimentName else { return nil }
      return Cell(run: run, overrides: cell["overrides"]?.elements?.compactMap(\.stringValue) ?? [])
    }
    guard let name = json["sweep"]?.stringValue, let experiment = json["experiment"]?.stringValue,
      let module = json["module"]?.stringValue, let keys = json["keys"]?.elements,
      cells.count == json["cells"]?.elements?.count
    else { throw FileError(.damaged, path: folder.record, expectation) }
    return Sweep(
      experiment: experiment, module: module, name: name, keys: keys.compactMap(\.stringValue),
      cells: cells)
  }
}
