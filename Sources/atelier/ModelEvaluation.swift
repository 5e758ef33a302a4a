import ArgumentParser
import Experiments
import FileFormats

/// What a run's model measures by itself.
struct ModelEvaluation {
  private let run: String
  private let effort: MeasureEffort
  private let measures: [ModelMeasure]

  init(_ command: EvaluateCommand, of run: String) throws {
    self.run = run
    effort = MeasureEffort(
      limit: command.count ?? .max, importanceSamples: command.importanceSamples,
      seed: command.seed)
    var model = try TrainedRunOptions.open(
      run, at: command.checkpoint, as: (any MeasuredModel).self,
      to: "be measured alone: give --by and the run of a classifier", in: command.output,
      execution: command.execution)
    measures = try model.measure(effort)
  }

  /// For people.
  var table: TextTable {
    var table = TextTable(columns: [("MEASURE", .left), ("VALUE", .right), ("", .left)])
    for measure in measures {
      switch measure.value {
      case .number(let value):
        table.append([measure.name, Quantity.measure(value), measure.remark])
      case .numbers(let values):
        for (place, value) in values.enumerated() {
          let remark = place == 0 ? measure.remark : ""
          table.append(["\(measure.name)[\(place)]", Quantity.measure(value), remark])
        }
      }
    }
    return table
  }

  /// The document of `atelier evaluate RUN --json`.
  var json: JSON {
    .object(
      [
        .init("run", .string(run)),
        .init("importanceSamples", .integer(Int64(effort.importanceSamples))),
        .init("seed", .string("\(effort.seed)")),
      ]
        + measures.map { measure in
          switch measure.value {
          case .number(let value): .init(measure.name, .number(value))
          case .numbers(let values): .init(measure.name, .array(values.map { .number($0) }))
          }
        })
  }
}
