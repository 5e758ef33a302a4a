import Experiments
import NeuralNetworks
import TensorEngine

/// What a classifier makes small.
public enum ClassifierLoss: String, CaseIterable, Sendable {
  /// The cross-entropy of the classes under the softmax of the outputs.
  case crossEntropy
  /// The cross-entropy of each class by itself under the sigmoid of its output, summed.
  case binary
  /// The squared distance of the outputs from 1 for the class and 0 for the others.
  case squaredError
  /// The hinge of each class by itself, 1 for the class and -1 for the others, summed.
  case hinge
}

/// What a classifier's last layer ends with.
public enum LastActivation: String, CaseIterable, Sendable {
  /// Nothing: the outputs are logits.
  case none
  /// Probabilities of which one class is right.
  case softmax
  /// A probability for each class.
  case sigmoid
  /// A side for each class, in -1 ... 1.
  case tanh

  func callAsFunction(_ outputs: Tensor) -> Tensor {
    switch self {
    case .none: outputs
    case .softmax: outputs.softmax()
    case .sigmoid: outputs.sigmoid()
    case .tanh: outputs.tanh()
    }
  }
}

/// What can be configured of how a classifier's outputs are judged.
public struct ClassifierLossConfiguration: ExperimentConfiguration {
  /// What is made small.
  public var loss = ClassifierLoss.crossEntropy
  /// What the last layer ends with.
  public var lastActivation = LastActivation.none
  /// The share of the targets that is spread evenly over all classes (Szegedy et al. 2016).
  public var labelSmoothing = 0.0

  /// The cross-entropy of logits.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .choice(
        "loss", \.loss, "What is made small; docs/toolkit.md says which activation it goes with."),
      .choice("lastActivation", \.lastActivation, "What the last layer ends with."),
      .number(
        "labelSmoothing", \.labelSmoothing, in: 0...0.999,
        "The share of the targets that is spread evenly over all classes, in training."),
    ]
  }

  /// Where the last activation is not one that the loss is made for: the table of docs/toolkit.md.
  public var warnings: [ConfigurationProblem] {
    let fitting: [LastActivation] =
      switch loss {
      case .crossEntropy, .binary: [.none]
      case .squaredError: [.softmax, .sigmoid]
      case .hinge: [.none, .tanh]
      }
    var warnings: [ConfigurationProblem] = []
    if loss == .squaredError {
      warnings.append(
        .init(
          "loss", "is squaredError, but classes are told apart",
          help: "crossEntropy with lastActivation=none learns faster"))
    }
    if !fitting.contains(lastActivation) {
      let names = fitting.map(\.rawValue).joined(separator: " or ")
      let reason =
        [.crossEntropy, .binary].contains(loss)
        ? "the loss applies it itself" : "the targets have another range"
      warnings.append(
        .init(
          "lastActivation",
          "is \(lastActivation.rawValue), but \(loss.rawValue) goes with \(names)",
          help: reason))
    }
    return warnings
  }

  /// The loss of each row of outputs in training.
  ///
  /// - Parameters:
  ///   - outputs: of the last layer, without its activation, [N, classes].
  ///   - targets: 1 for the class of a row and 0 for the others, [N, classes].
  func losses(of outputs: Tensor, targets: Tensor) -> Tensor {
    let outputs = lastActivation(outputs)
    let even = labelSmoothing / Double(outputs.shape[1])
    let soft = labelSmoothing == 0 ? targets : (1 - labelSmoothing) * targets + even
    switch loss {
    case .crossEntropy:
      return Losses.softmaxCrossEntropy(
        logits: outputs, targets: targets, axis: 1, smoothing: labelSmoothing)
    case .binary:
      return Losses.sigmoidCrossEntropy(logits: outputs, targets: soft).sum(axes: [1])
    case .squaredError:
      return Losses.squaredError(prediction: outputs, target: soft).sum(axes: [1])
    case .hinge:
      return Losses.hinge(prediction: outputs, target: 2 * soft - 1).sum(axes: [1])
    }
  }
}
