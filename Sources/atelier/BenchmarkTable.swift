import Experiments
import FileFormats

/// The lines of a bench as tables for people.
enum BenchmarkTable {
  /// A column: its title, the key of its cells, and on which side they stand.
  private typealias Column = (title: String, key: String, alignment: TextTable.Alignment)

  private static let workload: [Column] = [
    ("WORKLOAD", "workload", .left), ("MEDIAN", "median", .right), ("MIN", "min", .right),
    ("MAX", "max", .right), ("METRIC", "metric", .left), ("GFLOP/S", "gflops", .right),
    ("OF SGEMM", "machine_share", .right), ("MB", "peak_rss_mb", .right),
    ("FIRST S", "first_call_s", .right),
  ]
  private static let steps: [Column] = [
    ("WORKLOAD", "workload", .left), ("STEPS", "steps", .right),
    ("FIRST LOSS", "loss_first", .right), ("LAST LOSS", "loss_last", .right),
    ("MB", "peak_rss_mb", .right), ("FIRST S", "first_call_s", .right),
  ]
  private static let convolutions: [Column] = [
    ("NETWORK", "network", .left), ("CONVOLUTION", "shape", .left), ("PASS", "pass", .left),
    ("BY", "provider", .left), ("MS", "ms", .right), ("GFLOP/S", "gflops", .right),
    ("OF SGEMM", "machine_share", .right),
  ]
  private static let operations: [Column] = [
    ("OPERATION", "operation", .left), ("SHAPE", "shape", .left), ("US", "us", .right),
    ("GB/S", "gb_per_s", .right), ("GFLOP/S", "gflops", .right),
    ("OF MACHINE", "machine_share", .right),
  ]

  /// One table a kind of line, in the order in which the kinds come.
  static func text(_ lines: [JSON], for terminal: Terminal) -> String {
    let kinds: [(columns: [Column], has: (JSON) -> Bool)] = [
      (workload, { $0["metric"] != nil }), (steps, { $0["steps"] != nil }),
      (convolutions, { $0["pass"] != nil }), (operations, { $0["operation"] != nil }),
    ]
    return kinds.compactMap { columns, has in
      let rows = lines.filter(has)
      if rows.isEmpty { return nil }
      var table = TextTable(columns: columns.map { ($0.title, $0.alignment) })
      for row in rows { table.append(columns.map { cell(row[$0.key], key: $0.key) }) }
      return table.text(for: terminal, overflow: .keep)
    }.joined(separator: "\n")
  }

  private static func cell(_ value: JSON?, key: String) -> String {
    guard let number = value?.doubleValue else { return value?.stringValue ?? "" }
    if key == "machine_share" { return "\(Int((number * 100).rounded())) %" }
    return value?.integerValue.map { Quantity.count($0) } ?? Quantity.measure(number)
  }
}
