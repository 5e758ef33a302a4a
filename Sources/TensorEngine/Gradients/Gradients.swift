extension Graph {
  /// The gradients of a scalar with respect to some tensors, as tensors of this graph: they can be
  /// differentiated again.
  ///
  /// Only what lies between the loss and the asked tensors gets a cotangent. What is not asked for
  /// is frozen: its gradient is never built. A tensor that the loss does not depend on has zeros.
  public func gradients(of loss: Tensor, withRespectTo targets: [Tensor]) -> [Tensor] {
    guard loss.shape.count == 1 || loss.shape.isUnknown else {
      let error = ShapeError("gradients", "the loss has shape \(loss.shape); sum or average it")
      return targets.map { _ in fail(error) }
    }
    for target in targets {
      if let state = target.operation as? StateLeaf { note(differentiated: state.stateName) }
    }
    let one = constant(1).broadcast(to: loss.shape)
    return zip(targets, cotangents(of: targets, from: loss, with: one)).map { target, cotangent in
      cotangent ?? constant(0).broadcast(to: target.shape)
    }
  }

  /// The cotangents of some tensors when `result` has the given one; nil where the result does not
  /// depend on them smoothly.
  func cotangents(
    of targets: [Tensor], from result: Tensor, with cotangent: Tensor
  ) -> [Tensor?] {
    let sources = Set(targets.map(\.id))
    let needed = nodesLeading(to: result.id, from: sources)
    var cotangents: [NodeID: Tensor] = [result.id: cotangent]
    for id in stride(from: result.id, through: 0, by: -1) where needed.contains(id) {
      guard let cotangent = cotangents[id] else { continue }
      let node = nodes[id]
      if let segment = node.operation as? Checkpoint, !sources.isDisjoint(with: segment.nodes) {
        let error = ShapeError(
          "gradients", "asked for a tensor inside a checkpointed segment; make it before")
        return targets.map { _ in fail(error) }
      }
      let context = GradientContext(
        cotangent: cotangent, inputs: node.inputs.map { Tensor(graph: self, id: $0) },
        output: Tensor(graph: self, id: id))
      let asked = node.inputs.indices.filter { needed.contains(node.inputs[$0]) }
      let parts = scoped(node.scope.isEmpty ? "gradient" : "\(node.scope).gradient") {
        zip(asked, node.operation.gradients(ofInputs: asked, context)).map { index, part in
          part?.summed(to: nodes[node.inputs[index]].shape)
        }
      }
      for (index, part) in zip(asked, parts) {
        guard let part else { continue }
        let input = node.inputs[index]
        cotangents[input] = cotangents[input].map { $0 + part } ?? part
      }
    }
    return targets.map { cotangents[$0.id] }
  }

  /// The nodes on a path from one of `sources` to `result`, both ends included.
  private func nodesLeading(to result: NodeID, from sources: Set<NodeID>) -> Set<NodeID> {
    var depends = [Bool](repeating: false, count: result + 1)
    for id in 0...result {
      depends[id] = sources.contains(id) || nodes[id].inputs.contains { depends[$0] }
    }
    var reached: Set<NodeID> = []
    var open = depends[result] ? [result] : []
    while let id = open.popLast() {
      if reached.insert(id).inserted { open += nodes[id].inputs.filter { depends[$0] } }
    }
    return reached
  }
}

extension Tensor {
  /// The sum over what broadcasting stretched: the cotangent of an operand of shape `shape`.
  /// The one place where broadcasting is undone, for all operations.
  fileprivate func summed(to shape: Shape) -> Tensor {
    if shape == self.shape || self.shape.isUnknown { return self }
    let stretched = self.shape.axesStretched(from: shape)
    return sum(axes: stretched, keepsAxes: true).reshaped(to: shape)
  }
}
