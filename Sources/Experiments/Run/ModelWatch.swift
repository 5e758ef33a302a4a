import FileFormats
import Imaging
import TensorEngine

/// Looks at weights, gradients and activations in the first step of an epoch that updates something,
/// and writes what is told of them to `images/watch/epoch-0001.csv`. The step computes the same bits as
/// unwatched; steps that are not watched cost nothing.
struct ModelWatch {
  private let interval: Int
  private let folder: RunFolder
  /// The last epoch of which nothing is left to be done.
  private var doneEpoch = 0

  /// - Parameter interval: epochs between two looks; 0 for none.
  init(every interval: Int, in folder: RunFolder) {
    self.interval = interval
    self.folder = folder
  }

  /// Whether the next step of an epoch is to be watched.
  mutating func isDue(in epoch: Int) -> Bool {
    guard interval > 0, epoch > doneEpoch, (epoch - 1) % interval == 0 else { return false }
    // A run that is resumed has looked before.
    if Files.kind(of: "\(folder.watch)/\(RunFolder.name(ofEpoch: epoch)).csv") != nil {
      doneEpoch = epoch
    }
    return epoch > doneEpoch
  }

  /// Takes a step and looks at it.
  mutating func step<Module: Experiment>(
    _ experiment: inout Module, _ number: Int, _ epoch: Int
  ) throws -> Metrics {
    guard let workspace = experiment.inspectedWorkspace, LearningRates(of: workspace) != nil else {
      doneEpoch = epoch
      return try experiment.step(number)
    }
    let seen = Sight(step: number + 1)
    let metrics = try workspace.watch {
      try experiment.step(number)
    } see: { mark, value in
      seen.add(mark, value)
    }
    guard seen.updates else { return metrics }
    try Exports(folder: folder.watch, epoch: epoch).write(
      columns: WatchedTensor.columns, rows: seen.tensors(with: workspace).map(\.row),
      named: RunFolder.name(ofEpoch: epoch))
    doneEpoch = epoch
    return metrics
  }

  /// Draws what was seen so far, if anything was.
  func draw(titled title: String) throws {
    guard interval > 0, Files.kind(of: folder.watch) == .folder else { return }
    var looks: [[WatchedTensor]] = []
    for name in try Files.names(in: folder.watch).sorted() where name.hasSuffix(".csv") {
      let text = String(decoding: try Files.read("\(folder.watch)/\(name)"), as: UTF8.self)
      let tensors = text.split(separator: "\n").dropFirst().compactMap(WatchedTensor.init(row:))
      if !tensors.isEmpty { looks.append(tensors) }
    }
    guard !looks.isEmpty else { return }
    let exports = try Exports(folder: folder.images, epoch: looks.count)
    let plots = WatchPlots(looks, title: title)
    try exports.write(plots.courses.image(scale: 1), named: "watch")
    try exports.write(plots.histograms.image(scale: 1), named: "watch-histograms")
  }
}

/// What is seen in one step. Of what is made several times in it, the last counts.
private final class Sight {
  private struct Key: Hashable {
    let role: WatchedTensor.Role
    let name: String
  }

  private let step: Int
  private var tensors: [Key: WatchedTensor] = [:]
  private var order: [Key] = []

  init(step: Int) { self.step = step }

  /// Whether a parameter was updated.
  var updates: Bool { order.contains { $0.role == .change } }

  func add(_ mark: Mark, _ value: TensorValue<Float>) {
    let role: WatchedTensor.Role =
      switch mark.role {
      case .activation: .activation
      case .gradient: .gradient
      case .change: .change
      }
    put(WatchedTensor(value, role, of: mark.name, kind: mark.kind, step: step))
  }

  private func put(_ tensor: WatchedTensor) {
    let key = Key(role: tensor.role, name: tensor.name)
    if tensors.updateValue(tensor, forKey: key) == nil { order.append(key) }
  }

  /// All of it, with the weights that were updated as they are now.
  func tensors(with workspace: Workspace<Float>) -> [WatchedTensor] {
    for key in order where key.role == .change {
      var weight = WatchedTensor(workspace[state: key.name], .weight, of: key.name, step: step)
      if let change = tensors[Key(role: .change, name: key.name)], weight.norm > 0 {
        weight.changeShare = change.norm / weight.norm
      }
      put(weight)
    }
    return order.compactMap { tensors[$0] }
  }
}
