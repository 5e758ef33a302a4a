import FileFormats
import TensorEngine

/// Where a run's numbers stopped being finite: the part `divergence` of `run.json`.
public struct Divergence: Sendable, Hashable {
  /// The step in which it happened, counted from 1.
  public let step: Int
  /// What was seen, such as "loss is nan".
  public let symptom: String
  /// What made the first number that is not finite; nil when repeating the step did not tell.
  public let origin: NonFiniteOrigin?

  /// Describes a divergence.
  public init(step: Int, symptom: String, origin: NonFiniteOrigin?) {
    self.step = step
    self.symptom = symptom
    self.origin = origin
  }

  /// `loss is inf at step 12: exp gave inf first (layer latents, program training step)`.
  var text: String {
    guard let origin else { return "\(symptom) at step \(step)" }
    let places = [("layer", origin.layer), ("program", origin.program)].filter { !$0.1.isEmpty }
      .map { "\($0) \($1)" }.joined(separator: ", ")
    return "\(symptom) at step \(step): \(origin.operation) gave \(origin.value) first"
      + (places.isEmpty ? "" : " (\(places))")
  }
}

extension Divergence {
  /// As `run.json` gives it.
  var json: JSON {
    func text(_ part: String?) -> JSON { part.map { .string($0) } ?? .null }
    return [
      "step": .integer(Int64(step)), "symptom": .string(symptom),
      "program": text(origin?.program), "operation": text(origin?.operation),
      "layer": text(origin?.layer), "value": text(origin?.value),
    ]
  }

  init?(_ json: JSON) {
    guard let step = json["step"]?.integerValue, let symptom = json["symptom"]?.stringValue else {
      return nil
    }
    self.init(step: step, symptom: symptom, origin: NonFiniteOrigin(json))
  }
}

extension NonFiniteOrigin {
  fileprivate init?(_ json: JSON) {
    guard let program = json["program"]?.stringValue,
      let operation = json["operation"]?.stringValue, let layer = json["layer"]?.stringValue,
      let value = json["value"]?.stringValue
    else { return nil }
    self.init(program: program, operation: operation, layer: layer, value: value)
  }
}

extension Experiment {
  /// A number of the state, as far as it is looked at, that is not finite, such as "state
  /// 'vae.mean.bias' holds inf".
  ///
  /// - Parameter limit: tensors of more numbers are passed over.
  func nonFiniteState(ofCountUpTo limit: Int = .max) -> String? {
    inspectedWorkspace?.nonFiniteState(ofCountUpTo: limit).map {
      "state '\($0.name)' holds \($0.value)"
    }
  }
}

extension TensorRecord {
  /// Whether a number of a real tensor is infinite or not a number.
  var isNonFinite: Bool {
    switch elementType {
    case .float32: values(as: Float.self)?.contains { !$0.isFinite } ?? false
    case .float64: values(as: Double.self)?.contains { !$0.isFinite } ?? false
    default: false
    }
  }
}
