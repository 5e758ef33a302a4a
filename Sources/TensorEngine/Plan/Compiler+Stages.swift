// Steps that run at the same time.

extension Compiler {
  /// Bytes that the steps of a stage of several read and write at most. What a stage needs is kept until its
  /// last step is done, and a wait is nothing beside steps that take long.
  private static var mostTraffic: Int { 1 << 24 }

  /// Puts neighbouring steps that need nothing of each other in one stage: threads that are done with one
  /// go on with the next, and wait for each other only at the end.
  mutating func formStages() {
    stages = []
    var isOpen = false
    var traffic = 0
    var (made, read): (Set<NodeID>, Set<NodeID>) = ([], [])
    for (step, work) in works.enumerated() {
      let last = stages.last ?? -1
      guard case .nodes(let unit) = work, options.runsStepsTogether else {
        stages.append(last + 1)
        isOpen = false
        continue
      }
      let operands = operands(of: unit)
      let reads = Set((operands + operands.flatMap(conditions)).map(base))
      let makes = results(of: unit)
      let bytes = (operands + makes).map(bytes).reduce(0, +)
      let isJoining =
        isOpen && traffic + bytes <= Self.mostTraffic && made.isDisjoint(with: reads)
        && read.isDisjoint(with: makes.compactMap(replaced)) && !isPacked(for: step, inStage: last)
      if !isJoining { (made, read, traffic) = ([], [], 0) }
      stages.append(isJoining ? last : last + 1)
      made.formUnion(makes)
      read.formUnion(reads)
      traffic += bytes
      isOpen = true
    }
  }

  /// The value whose memory a result is written over.
  private func replaced(by result: NodeID) -> NodeID? {
    if let source = takesOver[result] { return source }
    guard let name = inState[result] else { return nil }
    return updates.first { stateName($0.state) == name }?.state
  }

  /// Whether the packed operand of a step is made in a stage by another step.
  private func isPacked(for step: Int, inStage stage: Int) -> Bool {
    guard let first = packedFirst[step], first != step else { return false }
    return stages[first] == stage && frozenOperand(step) == nil
  }
}
