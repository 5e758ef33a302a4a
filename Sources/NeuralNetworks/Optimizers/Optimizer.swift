import TensorEngine

/// A rule that turns gradients into new parameter values. The rule is traced into the program that
/// computes the gradients; what it remembers are states beside the parameters.
public protocol Optimizer: Sendable {
  /// Step size, above 0. The change must be proportional to it.
  var learningRate: Double { get }

  /// The change to add to a parameter.
  ///
  /// - Parameters:
  ///   - parameter: the parameter's name and tensor.
  ///   - gradient: of the loss, with the parameter's shape.
  ///   - memory: the optimiser's own states.
  func change(
    of parameter: (name: String, tensor: Tensor), gradient: Tensor, memory: OptimizerMemory
  ) -> Tensor
}

/// The states of one optimiser in one graph: the number of the update, and moments by parameter.
public struct OptimizerMemory {
  let graph: Graph
  let name: String
  /// The number of this update, from 1.
  public let updateNumber: Tensor

  init(graph: Graph, name: String) {
    self.graph = graph
    self.name = name
    let count = graph.state("\(name).updates", initial: TensorValue(repeating: 0, shape: []))
    updateNumber = count + 1
    graph.update(count, to: updateNumber)
  }

  /// A state beside a parameter, such as a running mean of its gradient, with the value that this
  /// update gives it.
  ///
  /// - Parameters:
  ///   - shape: of the state; the parameter's when nil.
  ///   - initial: what each of its numbers starts with.
  public func moment(
    _ kind: String, of parameter: (name: String, tensor: Tensor), shape: Shape? = nil,
    initial: Float = 0, next: (Tensor) -> Tensor
  ) -> Tensor {
    let old = graph.state(
      "\(name).\(kind).\(parameter.name)",
      initial: TensorValue(repeating: initial, shape: shape ?? parameter.tensor.shape))
    let new = next(old)
    graph.update(old, to: new)
    return new
  }
}

extension Graph {
  /// Adds one update of the given parameters to the program: their gradients, and the optimiser's
  /// rule in place. Parameters that are not given are frozen; their gradients are never built.
  ///
  /// - Parameters:
  ///   - loss: a scalar.
  ///   - parameters: the names and tensors to change, from `Module.tensors(in:)`.
  ///   - name: of the optimiser's states.
  ///   - bound: where the new numbers are kept, from its negative to itself; nil for anywhere.
  ///   - batches: runs of the program that make one update, by the mean of their gradients.
  ///   - clipping: how gradients are kept from being too large, their mean where several make one.
  /// - Returns: a scalar that is not 0 in runs with an update; nil when each has one.
  @discardableResult
  public func minimize(
    _ loss: Tensor, over parameters: [(name: String, tensor: Tensor)],
    with optimizer: some Optimizer, name: String = "optimizer", within bound: Double? = nil,
    gathering batches: Int = 1, clipping: GradientClipping? = nil
  ) -> Tensor? {
    update(
      parameters, by: optimizer,
      gradients: gradients(of: loss, withRespectTo: parameters.map(\.tensor)), name: name,
      within: bound, gathering: batches, clipping: clipping)
  }

  /// Adds one update of the given parameters to the program, from gradients that are there already.
  /// Parameters and result as for ``minimize(_:over:with:name:within:gathering:clipping:)``.
  ///
  /// The learning rate is a setting of the workspace, `NAME.learningRate`, which is the rule's own
  /// until somebody sets another.
  @discardableResult
  public func update(
    _ parameters: [(name: String, tensor: Tensor)], by optimizer: some Optimizer,
    gradients: [Tensor], name: String = "optimizer", within bound: Double? = nil,
    gathering batches: Int = 1, clipping: GradientClipping? = nil
  ) -> Tensor? {
    func clipped(_ gradients: [Tensor]) -> [Tensor] {
      clipping.map { self.clipped(gradients, by: $0) } ?? gradients
    }
    guard batches > 1 else {
      apply(optimizer, to: parameters, clipped(gradients), name: name, within: bound)
      return nil
    }
    let (isDue, means) = gathered(gradients, of: parameters, batches: batches, name: name)
    updating(where: isDue) {
      apply(optimizer, to: parameters, clipped(means), name: name, within: bound)
    }
    return isDue
  }

  /// Adds gradients to those of the runs before. Gives whether this run is the last of `batches`, and
  /// the means, which are whole then.
  private func gathered(
    _ gradients: [Tensor], of parameters: [(name: String, tensor: Tensor)], batches: Int,
    name: String
  ) -> (isDue: Tensor, means: [Tensor]) {
    let count = state("\(name).gathered", initial: TensorValue(repeating: 0, shape: []))
    let isDue = count.isEqual(to: constant(Double(batches - 1)))
    update(count, to: isDue.select(constant(0), count + 1))
    let means = zip(parameters, gradients).map { parameter, gradient in
      let sum = state(
        "\(name).gathered.\(parameter.name)",
        initial: TensorValue(repeating: 0, shape: gradient.shape))
      let new = sum + gradient
      update(sum, to: isDue.select(0, new))
      return new / Double(batches)
    }
    return (isDue, means)
  }

  /// Adds the changes that a rule makes of gradients.
  private func apply(
    _ optimizer: some Optimizer, to parameters: [(name: String, tensor: Tensor)],
    _ gradients: [Tensor], name: String, within bound: Double?
  ) {
    scoped(name) {
      let memory = OptimizerMemory(graph: self, name: name)
      let ownRate = Float(optimizer.learningRate)
      precondition(ownRate > 0 && ownRate.isFinite, "a learning rate of \(ownRate)")
      // Exactly 1 unless the setting is changed.
      let scale = setting("\(name).learningRate", initial: ownRate) / Double(ownRate)
      for (parameter, gradient) in zip(parameters, gradients) {
        let change =
          scale * optimizer.change(of: parameter, gradient: gradient, memory: memory)
        mark(gradient, as: Mark(.gradient, of: parameter.name))
        mark(change, as: Mark(.change, of: parameter.name))
        let new = parameter.tensor + change
        update(parameter.tensor, to: bound.map { new.clamped(low: -$0, high: $0) } ?? new)
      }
    }
  }
}
