// Unsafe: carries out a part of a chain of operations on the memory of a workspace, into a buffer
// made for its result.

/// Where the first number came from that is infinite or not a number.
public struct NonFiniteOrigin: Sendable, Hashable {
  /// The name that the program was loaded under.
  public let program: String
  /// The operation that made it of finite numbers, such as "exp"; "a+b" for operations that one
  /// kernel carries out; "input 'x'" or "state 'x'" when it was there before.
  public let operation: String
  /// The layer in which the operation was traced, such as "decoder.0"; empty outside any.
  public let layer: String
  /// The number: "inf", "-inf" or "nan".
  public let value: String

  /// Names an origin.
  public init(program: String, operation: String, layer: String, value: String) {
    self.program = program
    self.operation = operation
    self.layer = layer
    self.value = value
  }
}

/// What runs under inspection found so far.
struct Inspection {
  var origin: NonFiniteOrigin?
}

extension Workspace {
  /// Where the first number that is not finite comes from in the programs that `body` runs, or nil
  /// when all results are finite. The programs run as ever, to the bit, but slower: each result is
  /// looked at as soon as it is made.
  public func findNonFinite(in body: () throws -> Void) rethrows -> NonFiniteOrigin? {
    inspection = Inspection()
    defer { inspection = nil }
    try body()
    return inspection?.origin
  }
}

extension LoadedProgram {
  /// Runs the steps one by one, shows marked values to who watches, and notes in the workspace the
  /// first step that makes a number which is not finite.
  func inspectSteps(_ run: (_ step: Int) -> Void) {
    if workspace.inspection != nil, workspace.inspection?.origin == nil {
      workspace.inspection?.origin = originInLeaves
    }
    for (index, step) in program.steps.enumerated() {
      let isSearching = workspace.inspection.map { $0.origin == nil } ?? false
      let marks = workspace.watcher == nil ? [] : program.marks[index] ?? []
      guard isSearching || !marks.isEmpty else {
        run(index)
        continue
      }
      let replaced = operandsReplaced(by: step)
      run(index)
      for mark in marks { workspace.watcher?(mark.mark, value(of: mark, step, replaced)) }
      guard isSearching, let value = nonFiniteResult(of: step) else { continue }
      let culprit = step.chain.flatMap { firstNonFinite(of: $0, step, replaced) }
      workspace.inspection?.origin = NonFiniteOrigin(
        program: name, operation: culprit?.operation.name ?? step.name,
        layer: culprit?.operation.scope ?? step.scope, value: "\(culprit?.value ?? value)")
    }
  }

  /// An input or a state that is not finite before the program runs.
  private var originInLeaves: NonFiniteOrigin? {
    var leaves: [(name: String, place: Program<Scalar>.Place, shape: Shape)] = []
    for (name, input) in program.inputs where input.type == .real {
      leaves.append(("input '\(name)'", input.place, input.shape))
    }
    for (name, value) in program.states {
      leaves.append(("state '\(name)'", .state(name), value.shape))
    }
    for (leaf, place, shape) in leaves.sorted(by: { $0.name < $1.name }) {
      if let value = firstNonFinite(shape.count, at: place) {
        return NonFiniteOrigin(program: name, operation: leaf, layer: "", value: "\(value)")
      }
    }
    return nil
  }

  private func nonFiniteResult(of step: Program<Scalar>.Step) -> Scalar? {
    for (place, count) in zip(step.places.dropFirst(step.inputCount), step.realCounts) {
      if let value = firstNonFinite(count, at: place) { return value }
    }
    return nil
  }

  private func firstNonFinite(_ count: Int, at place: Program<Scalar>.Place) -> Scalar? {
    let (buffer, offset) = memory(place)
    return buffer.firstNonFinite(count, at: offset)
  }

  /// Copies of the operands of a chain whose memory its results take over, by their numbers.
  private func operandsReplaced(by step: Program<Scalar>.Step) -> [Int: Buffer] {
    guard let chain = step.chain else { return [:] }
    let results = Set(step.places.dropFirst(step.inputCount))
    var copies: [Int: Buffer] = [:]
    for (number, place) in step.places.prefix(step.inputCount).enumerated()
    where results.contains(place) && chain.operands[number].type == .real {
      let (buffer, offset) = memory(place)
      let numbers: [Scalar] = buffer.load(chain.operands[number].shape.count, at: offset)
      let copy = Buffer(bytes: numbers.count * MemoryLayout<Scalar>.stride)
      copy.store(numbers)
      copies[number] = copy
    }
    return copies
  }

  /// A marked value of a step that has just run.
  private func value(
    of mark: Program<Scalar>.MarkedValue, _ step: Program<Scalar>.Step, _ replaced: [Int: Buffer]
  ) -> TensorValue<Scalar> {
    let count = mark.shape.count
    if let result = mark.result {
      let (buffer, offset) = memory(step.places[step.inputCount + result])
      return TensorValue(shape: mark.shape, scalars: buffer.load(count, at: offset + mark.offset))
    }
    guard let chain = step.chain else { preconditionFailure("only chains have inner values") }
    let buffer = result(of: chain, through: mark.operation, step, replaced)
    return TensorValue(shape: mark.shape, scalars: buffer.load(count, at: mark.offset))
  }

  /// The first operation of a chain whose result is not finite, with that number. Carries out ever
  /// longer beginnings of the chain.
  private func firstNonFinite(
    of chain: TileProgram<Scalar>, _ step: Program<Scalar>.Step, _ replaced: [Int: Buffer]
  ) -> (operation: Program<Scalar>.TracedOperation, value: Scalar)? {
    for (index, operation) in step.operations.enumerated() {
      let result = result(of: chain, through: index, step, replaced)
      let value: Scalar? = result.firstNonFinite(chain.shape.count)
      if let value { return (operation, value) }
    }
    return nil
  }

  /// What the beginning of a chain gives, up to an operation, from the operands that it had.
  private func result(
    of chain: TileProgram<Scalar>, through last: Int, _ step: Program<Scalar>.Step,
    _ replaced: [Int: Buffer]
  ) -> Buffer {
    let result = Buffer(bytes: chain.shape.count * MemoryLayout<Scalar>.stride)
    var pointers = unsafe step.places.prefix(step.inputCount).enumerated().map { number, place in
      let (buffer, offset) = memory(place)
      return unsafe replaced[number]?.start ?? buffer.start + offset
    }
    unsafe pointers.append(result.start)
    let beginning = TileProgram<Scalar>(
      shape: chain.shape, operands: chain.operands,
      instructions: Array(chain.instructions.prefix(last + 1)),
      results: [chain.operands.count + last], takenOver: [nil])
    let kernel = Scalar.elementwise(beginning)
    let scratch = Buffer(bytes: kernel.workerScratch)
    unsafe pointers.withUnsafeBufferPointer { pointers in
      guard let base = pointers.baseAddress else { return }
      let arguments = unsafe KernelArguments<Scalar>(
        pointers: base, inputCount: step.inputCount, scratch: scratch.start,
        shared: scratch.start, packed: scratch.start, worker: 0, seed: 0, step: 0)
      for phase in kernel.phases {
        for chunk in 0..<phase.chunks { phase.body(arguments, chunk) }
      }
    }
    return result
  }
}
