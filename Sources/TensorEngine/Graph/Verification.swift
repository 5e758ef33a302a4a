extension Graph {
  /// Checks that the graph is a legal one: operands come before what uses them, every shape and
  /// type is what the operation's rules give, and every update writes a state of its shape.
  ///
  /// Tracing keeps these rules; a rewrite that breaks one is found here. Compiling verifies in
  /// debug builds, the suite in all.
  ///
  /// - Throws: `ShapeError`, the first mistake made while tracing or the first broken rule.
  public func verify() throws(ShapeError) {
    if let error { throw error }
    for (id, node) in nodes.enumerated() {
      let name = node.operation.name
      guard node.inputs.allSatisfy({ $0 >= 0 && $0 < id }) else {
        throw ShapeError(name, "node \(id) uses a later node", scope: node.scope)
      }
      let shape = try node.operation.shape(of: node.inputs.map { nodes[$0].shape })
      let type = try node.operation.type(of: node.inputs.map { nodes[$0].type })
      guard shape == node.shape, type == node.type else {
        throw ShapeError(
          name,
          "node \(id) is recorded as \(node.shape) of \(node.type), its rules give \(shape) of "
            + "\(type)", scope: node.scope)
      }
    }
    for update in updates {
      guard nodes[update.state].operation is StateLeaf,
        nodes[update.state].shape == nodes[update.value].shape
      else {
        throw ShapeError("update", "node \(update.state) cannot take node \(update.value)")
      }
    }
  }

  /// Whether the graph is a legal one.
  var isLegal: Bool {
    do throws(ShapeError) {
      try verify()
      return true
    } catch {
      return false
    }
  }
}
