import Experiments

/// A configuration with a key of every type.
struct SampleConfiguration: ExperimentConfiguration {
  enum Likelihood: String, CaseIterable {
    case bernoulli, gaussian, logistic
  }

  var latentSize = 2
  var hidden = [400]
  var scales = [1.0, 0.5]
  var likelihood = Likelihood.bernoulli
  var binarize = false
  var dataset = "fashion-mnist"
  var layers = ["relu1_1"]
  var optimizer = SampleOptimizer()

  static var keys: [ConfigurationKey<Self>] {
    [
      .integer("latentSize", \.latentSize, in: 1...512, unit: "dimensions", "Size of the space."),
      .integers("hidden", \.hidden, in: 1...65536, count: 0...16, unit: "units", "Layer sizes."),
      .numbers("scales", \.scales, in: 0...1, count: 0...4, "Image scales."),
      .choice("likelihood", \.likelihood, "What a pixel is drawn from."),
      .flag("binarize", \.binarize, "Whether pixels are rounded."),
      .text("dataset", \.dataset, length: 1...64, "The data set."),
      .texts("layers", \.layers, count: 0...8, "The layers compared."),
      .group("optimizer", \.optimizer, "How parameters are updated."),
    ]
  }

  var problems: [ConfigurationProblem] {
    likelihood == .gaussian && binarize
      ? [.init("binarize", "must be false when 'likelihood' is gaussian", help: "remove it")] : []
  }
}

struct SampleOptimizer: ExperimentConfiguration {
  var learningRate = 1e-3
  var momentum = 0.9
  var schedule = SampleSchedule()

  static var keys: [ConfigurationKey<Self>] {
    [
      .number("learningRate", \.learningRate, in: 1e-7...1, "Size of a step."),
      .number("momentum", \.momentum, in: 0...1, "Decay of the running mean."),
      .group("schedule", \.schedule, "How the learning rate changes."),
    ]
  }
}

struct SampleSchedule: ExperimentConfiguration {
  var warmup = 0
  var decay = 0

  static var keys: [ConfigurationKey<Self>] {
    [
      .integer("warmup", \.warmup, in: 0...Int.max, unit: "steps", "Steps of linear growth."),
      .integer("decay", \.decay, in: 0...Int.max, unit: "steps", "Steps of linear decline."),
    ]
  }

  var problems: [ConfigurationProblem] {
    warmup > 0 && decay > 0 && decay < warmup
      ? [.init("decay", "must not end before 'warmup'")] : []
  }
}

struct SampleTraining: ExperimentConfiguration {
  var epochs = 10

  static var keys: [ConfigurationKey<Self>] {
    [.integer("epochs", \.epochs, in: 1...100_000, unit: "epochs", "How often to see the data.")]
  }
}

typealias SampleRun = RunConfiguration<SampleTraining, SampleConfiguration>

/// The experiment that one text says.
func experiment(_ text: String) throws -> ExperimentFile {
  try experiment("sample", files: ["sample": text])
}

/// The experiment `name` of some texts by their names.
func experiment(_ name: String, files: [String: String]) throws -> ExperimentFile {
  func source(_ name: String) throws(ConfigurationError) -> SourceText {
    try SourceText(path: "experiments/\(name).yaml", bytes: Array((files[name] ?? "").utf8))
  }
  return try ExperimentFile(name: name, source: source(name)) {
    name, _ throws(ConfigurationError) in try source(name)
  }
}

/// The sample that a text of keys and some overrides say.
func sample(_ keys: String = "", _ overrides: [String] = []) throws -> Resolved<SampleRun> {
  try resolve(SampleRun.self, file: experiment("module: sample\n" + keys), overrides: overrides)
}
