import Experiments
import FileFormats
import Measures

/// A file of features.
struct FeatureFile {
  let path: String
  let table: FeatureTable

  init(_ path: String) throws(FileError) {
    let record = try NPY.decode(Files.read(path), path: path)
    guard record.shape.count == 2 else {
      throw FileError(
        .unsupported, path: path, "an array of shape \(record.shape), expected rows and columns",
        hint: "save one row for each sample")
    }
    guard
      let values = record.values(as: Float.self) ?? record.values(as: Double.self)?.map(Float.init)
    else {
      throw FileError(
        .unsupported, path: path, "numbers of type \(record.elementType.rawValue)",
        hint: "save them as float32 or float64")
    }
    self.path = path
    do throws(MeasureError) {
      table = try FeatureTable(values, count: record.shape[0], dimension: record.shape[1])
    } catch {
      throw FileError(.damaged, path: path, error.description)
    }
  }
}

/// All measures of two tables.
struct Evaluation {
  let frechetDistance: Double
  let interval: ClosedRange<Double>?
  let resamples: Int
  let kernelDistance: KernelDistance
  let balls: PRDC

  init(
    _ command: EvaluateCommand, _ real: FeatureTable, _ generated: FeatureTable
  ) throws(MeasureError) {
    // What refuses the arguments comes first.
    balls = try PRDC(real: real, generated: generated, neighbours: command.neighbours)
    kernelDistance = try KernelDistance(
      real, generated, subsets: command.subsets, subsetSize: command.subsetSize,
      seed: command.seed)
    frechetDistance = try FrechetDistance.between(real, generated)
    resamples = command.resamples(forDimension: real.dimension)
    interval =
      resamples == 0
      ? nil
      : try FrechetDistance.interval(real, generated, resamples: resamples, seed: command.seed)
  }

  var table: TextTable {
    var table = TextTable(columns: [("MEASURE", .left), ("VALUE", .right), ("", .left)])
    let range = interval.map {
      "95 % from \(Quantity.measure($0.lowerBound)) to \(Quantity.measure($0.upperBound)), "
        + Quantity.count(resamples, "resample")
    }
    let subsets =
      "\(Quantity.measure(kernelDistance.mean)) +- \(Quantity.measure(kernelDistance.deviation)) of "
      + "\(Quantity.count(kernelDistance.subsets, "subset")) of "
      + Quantity.count(kernelDistance.subsetSize, "row")
    let neighbours = Quantity.count(balls.neighbours, "neighbour")
    for (name, value, remark) in [
      ("Frechet distance", frechetDistance, range ?? ""),
      ("kernel distance", kernelDistance.value, subsets),
      ("precision", balls.precision, neighbours), ("recall", balls.recall, neighbours),
      ("density", balls.density, neighbours), ("coverage", balls.coverage, neighbours),
    ] {
      table.append([name, Quantity.measure(value), remark])
    }
    return table
  }

  /// The measures in the document of `atelier evaluate --json`.
  var members: [JSON.Member] {
    let json: JSON = [
      "frechetDistance": [
        "value": .number(frechetDistance),
        "low": interval.map { .number($0.lowerBound) } ?? .null,
        "high": interval.map { .number($0.upperBound) } ?? .null,
        "resamples": .integer(Int64(resamples)),
      ],
      "kernelDistance": [
        "value": .number(kernelDistance.value), "mean": .number(kernelDistance.mean),
        "deviation": .number(kernelDistance.deviation),
        "subsets": .integer(Int64(kernelDistance.subsets)),
        "subsetSize": .integer(Int64(kernelDistance.subsetSize)),
      ],
      "neighbours": .integer(Int64(balls.neighbours)), "precision": .number(balls.precision),
      "recall": .number(balls.recall), "density": .number(balls.density),
      "coverage": .number(balls.coverage),
    ]
    return json.members ?? []
  }
}

extension FeatureFile {
  var json: JSON {
    [
      "file": .string(path), "rows": .integer(Int64(table.count)),
      "dimension": .integer(Int64(table.dimension)),
    ]
  }
}
