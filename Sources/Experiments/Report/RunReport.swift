import FileFormats
import Imaging

/// One run on one page, `report.html`: readable without network, scripts or this program. What it
/// says comes from the run's folder alone, clock times included, so that the same folder gives the
/// same bytes.
public struct RunReport: Sendable {
  private let summary: RunSummary
  private let guide: MeasureGuide
  private let history: RunHistory

  /// A report of a run as it stands.
  ///
  /// - Parameter guide: what the run's module says of its measures.
  public init(_ summary: RunSummary, guide: MeasureGuide) {
    self.summary = summary
    self.guide = guide
    history = RunHistory(of: summary.folder)
  }

  /// The report of a run of `module`, written into its folder.
  static func write(_ folder: RunFolder, module: any Experiment.Type) throws(FileError) {
    let report = RunReport(try RunSummary(folder), guide: MeasureGuide(module))
    try DurableFile.write(Array(report.html().utf8), to: folder.report)
  }

  /// The page. Damaged files are told on it, or left out.
  public func html() -> String {
    let name = summary.folder.name
    let head = HTML.element(
      "head",
      [
        .void("meta", ["charset": "utf-8"]),
        .void(
          "meta",
          [
            "http-equiv": "Content-Security-Policy",
            "content": "default-src 'none'; img-src data:; style-src 'unsafe-inline'",
          ]),
        .void(
          "meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
        .void("meta", ["name": "color-scheme", "content": "light dark"]),
        .element("title", name), .own("<style>\(ReportStyle.sheet)</style>"),
      ])
    let sections = [header, measures, curves, pictures, configuration, model, machine, timing]
    let body = HTML.element("body", [.element("main", sections.compactMap(\.self))])
    let page = HTML.element("html", with: ["lang": "en"], [head, body])
    return "<!doctype html>\n\(page.markup)\n"
  }

  private func section(_ title: String, _ content: [HTML]) -> HTML {
    .element("section", [.element("h2", title)] + content)
  }

  private var header: HTML? {
    let record = summary.record
    let step = max(record.step, history.lastStep)
    let facts = [
      "\(record.experiment), module \(record.module)",
      "step \(Quantity.count(step)) of \(Quantity.count(record.steps))",
      Quantity.count(record.parameters, "parameter"), "seed \(record.seed)",
      "\(Quantity.duration(record.seconds)) at work",
    ]
    let status = record.status.rawValue
    var content: [HTML] = [
      .element("h1", summary.folder.name),
      .element(
        "p",
        [
          .element("strong", with: ["class": "status \(status)"], status),
          .text(" " + facts.joined(separator: " \u{B7} ")),
        ]),
    ]
    for problem in [record.problem, history.damage?.description].compactMap(\.self) {
      content.append(.element("p", with: ["class": "problem"], problem))
    }
    return .element("header", content)
  }

  private var measures: HTML? {
    let rows = history.curves.map { curve in
      let best = curve.best(guide)
      return [
        curve.name, guide.unit(of: curve.measure) ?? "", Quantity.measure(curve.values[0]),
        Quantity.measure(curve.last.y), best.map { Quantity.measure($0.y) } ?? "-",
        best.map { Quantity.step($0.x) } ?? "-",
        Sparkline.text(curve.values, width: 24),
      ]
    }
    guard !rows.isEmpty else { return nil }
    let titles = ["Measure", "Unit", "First", "Last", "Best", "at step", "Course"]
    return section("Measures", [.table(titles, numbers: [2, 3, 4, 5], rows: rows)])
  }

  private var curves: HTML? {
    let plots = CurvePlots.plots(of: history, guide).map { plot in
      HTML.element("figure", with: ["class": "plot"], [.own(plot.svg())])
    }
    return plots.isEmpty
      ? nil : section("Curves", [.element("div", with: ["class": "plots"], plots)])
  }

  private var pictures: HTML? {
    let figures = RunPicture.last(of: summary.folder).map { picture in
      let image = HTML.void(
        "img",
        [
          "src": "data:image/png;base64," + Base64.text(of: picture.bytes), "alt": picture.name,
          "width": String(picture.image.width), "height": String(picture.image.height),
        ])
      return HTML.element("figure", [image, .element("figcaption", picture.name)])
    }
    return figures.isEmpty
      ? nil : section("Pictures", [.element("div", with: ["class": "pictures"], figures)])
  }

  private var configuration: HTML? {
    do {
      let keys = try RecordedKey.read(summary.folder)
      let rows = keys.map { [$0.key, $0.value, $0.origin] }
      return section("Configuration", [.table(["Key", "Value", "From"], rows: rows)])
    } catch {
      return section("Configuration", [.element("p", with: ["class": "problem"], "\(error)")])
    }
  }

  private var model: HTML? {
    guard let model = ModelFile.read(summary.folder) else { return nil }
    let layers = model.layers.map { layer in
      [
        layer.path, layer.kind, layer.outputShape.map(String.init).joined(separator: " \u{D7} "),
        Quantity.count(layer.parameters),
      ]
    }
    let programs = model.programs.map { program in
      [
        program.name, Quantity.scaled(Double(program.flops)), Quantity.bytes(program.bytesMoved),
        Quantity.bytes(program.memoryBytes),
      ]
    }
    return section(
      "Model",
      [
        .table(["Layer", "Kind", "Output", "Parameters"], numbers: [3], rows: layers),
        .table(["Program", "FLOP", "Moved", "Memory"], numbers: [1, 2, 3], rows: programs),
      ])
  }

  private var machine: HTML? {
    let record = summary.record
    let facts = [
      [
        "processor", "\(record.machine.processor), \(Quantity.count(record.machine.cores, "core"))",
      ],
      ["memory", Quantity.bytes(record.machine.memoryBytes)],
      ["system", record.machine.system], ["threads", String(record.threads)],
      ["started", record.startedText], ["last written", record.updatedText],
    ]
    let components = record.components.map { [$0.name, $0.version] }
    let sources = record.sources.map { ["data: \($0.name)", "SHA-256 \($0.sha256)"] }
    return section("Machine and data", [.table(["What", ""], rows: facts + components + sources)])
  }

  private var timing: HTML? {
    let rows = RunTiming(of: summary.folder).sessions.map { session in
      [
        String(session.number), Quantity.count(session.step), Quantity.duration(session.seconds),
        session.samplesPerSecond.map(Quantity.scaled) ?? "",
        Quantity.duration(session.evaluation), Quantity.duration(session.export),
        Quantity.duration(session.checkpoint),
      ]
    }
    guard !rows.isEmpty else { return nil }
    let titles = [
      "Session", "Last step", "Time", "Samples/s", "of it tests", "pictures", "checkpoints",
    ]
    return section("Timing", [.table(titles, numbers: Set(0...6), rows: rows)])
  }
}
