/// Its first operand, with a rule for the cotangents of the others, of which it counts as a
/// function. Two are the same when their rules are one object.
struct CustomGradient: AliasPrimitive {
  static let name = "customGradient"

  final class Rule: Sendable {
    let cotangents: @Sendable (GradientContext) -> [Tensor?]

    init(_ cotangents: @escaping @Sendable (GradientContext) -> [Tensor?]) {
      self.cotangents = cotangents
    }
  }

  let rule: Rule

  func type(of inputs: [ElementType]) throws(ShapeError) -> ElementType {
    guard inputs[0] == .real else {
      throw ShapeError(name, "\(inputs[0]) numbers have no gradient; convert with real()")
    }
    return .real
  }

  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? {
    gradients(ofInputs: [index], context)[0]
  }

  func gradients(ofInputs indices: [Int], _ context: GradientContext) -> [Tensor?] {
    let operands = Array(context.inputs.dropFirst())
    let cotangents = rule.cotangents(
      GradientContext(cotangent: context.cotangent, inputs: operands, output: context.output))
    precondition(
      cotangents.count == operands.count,
      "a gradient rule gave \(cotangents.count) cotangents for \(operands.count) operands")
    return indices.map { index in
      guard index > 0, let cotangent = cotangents[index - 1] else { return nil }
      let shape = operands[index - 1].shape
      if cotangent.shape == shape || cotangent.shape.isUnknown { return cotangent }
      return cotangent.failing(name, "not the shape of its operand, \(shape)")
    }
  }

  static func == (left: CustomGradient, right: CustomGradient) -> Bool { left.rule === right.rule }
  func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(rule)) }
}

extension Tensor {
  /// This value as a function of `operands` whose gradient is what `rule` says; how it was computed
  /// does not matter to the reverse pass.
  ///
  /// - Parameters:
  ///   - operands: what the reverse pass goes on to. What the rule needs besides is handed in here
  ///     too, and gets no cotangent.
  ///   - rule: makes the cotangents of the operands, each of its operand's shape or nil for none, from
  ///     that of this value. It is written in operations, so that it can be differentiated again.
  public func withGradient(
    of operands: [Tensor], _ rule: @escaping @Sendable (GradientContext) -> [Tensor?]
  ) -> Tensor {
    graph.apply(CustomGradient(rule: .init(rule)), to: [self] + operands)
  }

  /// This value, whose cotangent goes unchanged to `source` instead: the straight-through estimator
  /// for steps that have no gradient, such as rounding (Bengio et al., "Estimating or propagating
  /// gradients through stochastic neurons", 2013). Both have the same shape.
  public func straightThrough(to source: Tensor) -> Tensor {
    guard shape == source.shape || source.shape.isUnknown else {
      return failing("straightThrough", "not the shape of its source, \(source.shape)")
    }
    return withGradient(of: [source]) { [$0.cotangent] }
  }
}
