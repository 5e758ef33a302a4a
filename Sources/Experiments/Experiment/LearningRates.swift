import TensorEngine

/// The learning rates of an experiment's optimisers: settings of its workspace. They are no part of
/// its state, so that who changes them says where a run that is resumed has them from.
struct LearningRates {
  private static let suffix = ".learningRate"

  /// The names of the optimisers, in order, with the rates that they were made with.
  let own: [(optimizer: String, rate: Float)]
  private let workspace: Workspace<Float>

  /// The rates of the programs of a workspace; nil where there are none.
  init?(of workspace: Workspace<Float>?) {
    guard let workspace else { return nil }
    let names = workspace.settingNames.filter { $0.hasSuffix(Self.suffix) }
    guard !names.isEmpty else { return nil }
    self.workspace = workspace
    own = names.map {
      (String($0.dropLast(Self.suffix.count)), workspace[state: $0].scalars[0])
    }
  }

  /// The rates of an experiment.
  ///
  /// - Throws: `.unsuitable` where there are none.
  static func required<Module: Experiment>(of experiment: Module) throws(RunError) -> LearningRates
  {
    guard let rates = LearningRates(of: experiment.inspectedWorkspace) else {
      throw RunError(
        .unsuitable, "the module '\(Module.module)' has no learning rate that can be changed here",
        hint: "modules that train networks have one")
    }
    return rates
  }

  /// Sets each rate to its own times a factor.
  func scale(by factor: Double) {
    for (optimizer, rate) in own {
      workspace[state: optimizer + Self.suffix] = TensorValue(
        repeating: Float(Double(rate) * factor), shape: [])
    }
  }
}
