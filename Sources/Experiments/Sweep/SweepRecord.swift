import FileFormats
import Imaging

extension SweepResults {
  /// The results as `sweep.json` and `atelier sweep --json` give them.
  public var json: JSON {
    let cells = outcomes.map { outcome -> JSON in
      [
        "run": .string(outcome.cell.run),
        "overrides": .array(outcome.cell.overrides.map { .string($0) }),
        "status": .string(outcome.status?.rawValue ?? "waiting"),
        "problem": outcome.problem.map { .string($0) } ?? .null,
        "final": outcome.curve.map { .number($0.last.y) } ?? .null,
      ]
    }
    return .object(
      sweep.members.filter { $0.key != "cells" } + [
        .init(
          "measure",
          measure.map { name in
            [
              "name": .string(name), "unit": unit.map { .string($0) } ?? .null,
              "goal": goal.map { .string($0 == .less ? "less" : "more") } ?? .null,
            ]
          } ?? .null),
        .init("cells", .array(cells)), .init("groups", .array(groups.map(\.json))),
      ])
  }

  /// Writes the record, the drawing and the image.
  public func write(to folder: SweepFolder) throws(FileError) {
    try writeRecord(to: folder)
    guard measure != nil else { return }
    let plot = plot
    try DurableFile.write(Array(plot.svg().utf8), to: folder.drawing)
    try DurableFile.write(PNG.encode(plot.image()), to: folder.picture)
  }

  /// Writes the record alone.
  public func writeRecord(to folder: SweepFolder) throws(FileError) {
    try DurableFile.write(Array((json.text(pretty: true) + "\n").utf8), to: folder.record)
  }
}

extension SweepResults.Group {
  fileprivate var json: JSON {
    [
      "keys": .object(settings.map { .init($0.key, .string($0.value)) }),
      "runs": .array(outcomes.map { .string($0.cell.run) }),
      "finished": .integer(Int64(finishedCount)),
      "final": final?.json ?? .null, "best": best?.json ?? .null,
    ]
  }
}

extension ConfidenceInterval {
  fileprivate var json: JSON {
    [
      "count": .integer(Int64(count)), "mean": .number(mean),
      "halfWidth": halfWidth.map { .number($0) } ?? .null,
    ]
  }
}
