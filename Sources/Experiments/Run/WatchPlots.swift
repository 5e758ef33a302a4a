import Imaging

/// The pictures of what was watched: `images/watch.png`, courses over the steps, and
/// `images/watch-histograms.png`, the first look and the last.
struct WatchPlots {
  /// Lines of one plot at most, and rows of histograms: more cannot be told apart.
  private static let greatestCount = 8

  private let looks: [[WatchedTensor]]
  private let title: String

  /// - Parameter looks: what was seen in each step that was watched, in order; not empty.
  init(_ looks: [[WatchedTensor]], title: String) {
    self.looks = looks
    self.title = title
  }

  /// Shares of change, norms of gradients, activations and the shares of dead units over the steps.
  var courses: PlotSheet {
    PlotSheet(
      title: title,
      plots: [
        course("Change of a step, of the weight", .weight, isLogarithmic: true) { $0.changeShare },
        course("Norm of the gradient", .gradient, isLogarithmic: true) { $0.norm },
        course("Deviation of activations", .activation, isLogarithmic: true) { $0.deviation },
        course("Share of dead units", .activation, isLogarithmic: false) { $0.dead },
      ], columns: 2)
  }

  /// The histograms of weights, gradients and activations, a row each.
  var histograms: PlotSheet {
    let columns = [WatchedTensor.Role.weight, .gradient, .activation].map { role in
      names(role).map { histogram(role, $0) }
    }
    let rows = columns.map(\.count).max() ?? 0
    let blank = LinePlot(title: "")
    return PlotSheet(
      title: title,
      plots: (0..<rows).flatMap { row in
        columns.map { row < $0.count ? $0[row] : blank }
      }, columns: columns.count)
  }

  /// The first names of a role; of parameters those of weights, where there are any.
  private func names(
    _ role: WatchedTensor.Role, where isWanted: (WatchedTensor) -> Bool = { _ in true }
  ) -> [String] {
    let names = looks[looks.count - 1].filter { $0.role == role && isWanted($0) }.map(\.name)
    let weights = names.filter { $0.hasSuffix("weight") }
    return Array((weights.isEmpty ? names : weights).prefix(Self.greatestCount))
  }

  private func course(
    _ label: String, _ role: WatchedTensor.Role, isLogarithmic: Bool,
    _ number: (WatchedTensor) -> Double?
  ) -> LinePlot {
    LinePlot(
      title: label, horizontalLabel: "step", isLogarithmic: isLogarithmic,
      series: names(role) { number($0) != nil }.map { name in
        let tensors = looks.compactMap { look in
          look.first { $0.role == role && $0.name == name }
        }
        return .init(
          name: name,
          points: tensors.map { Point(x: Double($0.step), y: number($0) ?? .nan) })
      })
  }

  private func histogram(_ role: WatchedTensor.Role, _ name: String) -> LinePlot {
    let ends = looks.count > 1 ? [looks[0], looks[looks.count - 1]] : looks
    let tensors = ends.compactMap { look in look.first { $0.role == role && $0.name == name } }
    return LinePlot(
      title: "\(role.rawValue) \(name)", verticalLabel: "share",
      series: tensors.map { tensor in
        let width = (tensor.greatest - tensor.least) / Double(WatchedTensor.bins)
        return .init(
          name: "step \(tensor.step)",
          points: tensor.histogram.enumerated().map { bin, count in
            Point(
              x: tensor.least + (Double(bin) + 0.5) * width,
              y: Double(count) / Double(max(tensor.count, 1)))
          })
      })
  }
}
