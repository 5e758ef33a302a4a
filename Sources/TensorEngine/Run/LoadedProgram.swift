// Unsafe: holds the pointers that kernels run on, looked up from the workspace's buffers whenever
// those moved.

import CVectorMath

/// A program in a workspace, ready to run. Inputs are given before each run; outputs hold until
/// the next run of any program of the workspace.
@safe public final class LoadedProgram<Scalar: KernelScalar> {
  /// What runs.
  public let program: Program<Scalar>
  /// What it is called where something goes wrong in it; empty unless it was given a name.
  public let name: String
  let workspace: Workspace<Scalar>
  private let constants: Buffer
  private let phases: [StepPhase]
  /// The phases of each step.
  private let phasesOfSteps: [Range<Int>]
  /// What the threads carry out without waiting for each other, one after another.
  private let rounds: [SharedChunks]
  /// What is made of frozen operands, before the first run and whenever they changed.
  private var keptOperands: [KeptOperand] = []
  private let updatedStates: [State]
  /// What the threads are at, and what they run: made once, because a closure made for each phase
  /// would be an allocation.
  private var current: Job?
  private var body: ThreadPool.Body = { _, _ in }
  /// The pointers of all steps, one after another.
  private var pointers: [UnsafeMutableRawPointer] = unsafe []
  private var generation = -1

  /// One phase of one step, with what it is given when it runs.
  private struct StepPhase {
    let chunks: Int
    let body: @Sendable (KernelArguments<Scalar>, Int) -> Void
    /// Where the step's pointers begin.
    let firstPointer: Int
    let inputCount: Int
    /// The place of the step's shared scratch in the arena.
    let scratch: Int
    /// The place of the step's packed operand in the arena, or in memory of its own.
    let packed: Int
    let kept: Buffer?
  }

  /// What the threads are at, and the memory that it runs on.
  @safe private struct Job {
    let round: SharedChunks
    let pointers: UnsafePointer<UnsafeMutableRawPointer>
    let arena: UnsafeMutableRawPointer
    let scratch: UnsafeMutableRawPointer
    let scratchPerWorker: Int
    let seed: UInt64
    let step: UInt64
  }

  /// A frozen operand in the form that a kernel reads it in.
  private struct KeptOperand {
    let state: State
    let phases: Range<Int>
    var version: Int?
  }

  init(
    _ program: Program<Scalar>, _ kernels: [Kernel<Scalar>], named name: String,
    in workspace: Workspace<Scalar>
  ) {
    self.program = program
    self.name = name
    self.workspace = workspace
    var firstPointer = 0
    var phases: [StepPhase] = []
    var phasesOfSteps: [Range<Int>] = []
    var keptPhases: [(state: String, phases: [StepPhase])] = []
    var keptBuffers: [Int: Buffer] = [:]
    for (index, (step, kernel)) in zip(program.steps, kernels).enumerated() {
      var (packed, kept) = (0, Buffer?.none)
      if case .arena(let offset, _) = step.packed { packed = offset }
      if case .kept(_, let first) = step.packed {
        kept = keptBuffers[first] ?? Buffer(bytes: kernel.packing?.bytes ?? 0)
        keptBuffers[first] = kept
      }
      func located(_ phases: [Kernel<Scalar>.Phase]) -> [StepPhase] {
        phases.filter { $0.chunks > 0 }.map { phase in
          StepPhase(
            chunks: phase.chunks, body: phase.body, firstPointer: firstPointer,
            inputCount: step.inputCount, scratch: step.scratch, packed: packed, kept: kept)
        }
      }
      let firstPhase = phases.count
      let packing = located(kernel.packing?.phases ?? [])
      switch step.packed {
      case .kept(let state, index): keptPhases.append((state, packing))
      case .arena(_, isMade: true): phases += packing
      default: break
      }
      phases += located(kernel.phases)
      phasesOfSteps.append(firstPhase..<phases.count)
      firstPointer += step.places.count
    }
    rounds = Self.rounds(of: program.steps, phasesOfSteps, phases)
    for (state, packing) in keptPhases {
      keptOperands.append(
        KeptOperand(
          state: workspace.state(state), phases: phases.count..<phases.count + packing.count))
      phases += packing
    }
    self.phases = phases
    self.phasesOfSteps = phasesOfSteps
    updatedStates = program.updatedStates.map { workspace.state($0) }
    constants = Buffer(bytes: program.constants.count * MemoryLayout<Scalar>.stride)
    constants.store(program.constants)
    body = { [unowned self] worker, chunk in perform(chunk, worker) }
  }

  /// Carries out all steps once.
  ///
  /// - Parameter step: the number that, with the seed, decides the random numbers.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func run(step: Int) {
    lookUpPointers()
    let control = vm_flush_subnormals()
    defer { vm_restore_control(control) }
    for index in keptOperands.indices
    where keptOperands[index].version != keptOperands[index].state.version {
      run(keptOperands[index].phases, step)
      keptOperands[index].version = keptOperands[index].state.version
    }
    if workspace.inspection == nil && workspace.watcher == nil {
      run(rounds, step)
    } else {
      inspectSteps { run(phasesOfSteps[$0], step) }
    }
    for state in updatedStates { state.version += 1 }
  }

  /// Phases one after another.
  private func run(_ phases: Range<Int>, _ step: Int) {
    run(phases.map { SharedChunks(phase: $0, chunks: self.phases[$0].chunks) }, step)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func run(_ rounds: [SharedChunks], _ step: Int) {
    unsafe pointers.withUnsafeBufferPointer { table in
      guard let base = table.baseAddress else { return }
      for round in rounds {
        current = unsafe Job(
          round: round, pointers: base, arena: workspace.arena.start,
          scratch: workspace.workerScratch.start, scratchPerWorker: workspace.scratchPerWorker,
          seed: workspace.seed, step: UInt64(step))
        workspace.pool.run(chunks: round.chunks, body)
      }
      current = nil
    }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func perform(_ place: Int, _ worker: Int) {
    guard let job = current else { preconditionFailure("no phase to run") }
    let (index, chunk) = job.round[place]
    let phase = phases[index]
    let arguments = unsafe KernelArguments<Scalar>(
      pointers: job.pointers + phase.firstPointer, inputCount: phase.inputCount,
      scratch: job.scratch + worker * job.scratchPerWorker, shared: job.arena + phase.scratch,
      packed: phase.kept?.start ?? job.arena + phase.packed, worker: worker, seed: job.seed,
      step: job.step)
    phase.body(arguments, chunk)
  }

  /// The phases of steps in rounds: the first ones of all steps of a stage, then the second ones. Those of a
  /// single chunk stay alone, and with one thread, where all together are not worth waking another.
  private static func rounds(
    of steps: [Program<Scalar>.Step], _ phasesOfSteps: [Range<Int>], _ phases: [StepPhase]
  ) -> [SharedChunks] {
    var rounds: [SharedChunks] = []
    var first = 0
    while first < steps.count {
      let end = steps[first...].firstIndex { $0.stage != steps[first].stage } ?? steps.count
      let cost = steps[first..<end].map(\.cost).reduce(0, +)
      var remaining = phasesOfSteps[first..<end].filter { !$0.isEmpty }
      while !remaining.isEmpty {
        let next = remaining.map { (phase: $0.lowerBound, chunks: phases[$0.lowerBound].chunks) }
        if cost < leastShared, next.allSatisfy({ $0.chunks == 1 }) {
          rounds += next.map { SharedChunks(phase: $0.phase, chunks: 1) }
        } else {
          rounds.append(SharedChunks(of: next))
        }
        remaining = remaining.map { $0.dropFirst() }.filter { !$0.isEmpty }
      }
      first = end
    }
    return rounds
  }

  /// The cost, in nanoseconds, from which threads share steps of a single chunk. Another thread has to fetch what they
  /// read: a few microseconds, or a fifth of a millisecond where it has gone to sleep.
  private static var leastShared: Int { 60_000 }

  private func lookUpPointers() {
    if generation == workspace.generation { return }
    unsafe pointers = []
    for step in program.steps {
      for place in step.places { unsafe pointers.append(pointer(place)) }
    }
    generation = workspace.generation
  }

  private func pointer(_ place: Program<Scalar>.Place) -> UnsafeMutableRawPointer {
    let (buffer, offset) = memory(place)
    return unsafe buffer.start + offset
  }

  /// The buffer that a place is in, and where in it.
  func memory(_ place: Program<Scalar>.Place) -> (Buffer, offset: Int) {
    switch place {
    case .arena(let offset): (workspace.arena, offset)
    case .state(let name, let offset): (workspace.state(name).buffer, offset)
    case .constant(let offset): (constants, offset)
    }
  }

  // MARK: Inputs and outputs

  /// Gives a real input its value for the next run. One that no step of the program reads is
  /// ignored.
  public func set(_ name: String, to scalars: [Scalar]) {
    store(scalars, name, .real)
  }

  /// Gives an input of bytes its value for the next run.
  public func set(_ name: String, to bytes: [UInt8]) {
    store(bytes, name, .byte)
  }

  /// Gives an input of positions its value for the next run.
  public func set(_ name: String, to indices: [Int32]) {
    store(indices, name, .index)
  }

  private func store<Element: BitwiseCopyable>(
    _ elements: [Element], _ name: String, _ type: ElementType
  ) {
    guard let input = program.inputs[name] else { return }
    precondition(
      input.type == type && input.shape.count == elements.count,
      "input \(name) is \(input.shape) of \(input.type), got \(elements.count) of \(type)")
    let (buffer, offset) = memory(input.place)
    buffer.store(elements, at: offset)
  }

  /// The value of a real output of the last run; asking for an unknown one traps.
  public subscript(output name: String) -> TensorValue<Scalar> { value(name, .real) }

  /// The value of an output of positions of the last run; asking for an unknown one traps.
  public subscript(indices name: String) -> TensorValue<Int32> { value(name, .index) }

  /// The value of an output of bytes of the last run; asking for an unknown one traps.
  public subscript(bytes name: String) -> TensorValue<UInt8> { value(name, .byte) }

  private func value<Element: BitwiseCopyable>(
    _ name: String, _ type: ElementType
  ) -> TensorValue<Element> {
    guard let output = program.outputs[name] else { preconditionFailure("no output \(name)") }
    precondition(output.type == type, "output \(name) holds \(output.type) numbers")
    let (buffer, offset) = memory(output.place)
    return TensorValue(shape: output.shape, scalars: buffer.load(output.shape.count, at: offset))
  }

  /// The first number of a real output of the last run, such as a loss. Allocates nothing.
  public func scalar(_ name: String) -> Scalar {
    guard let output = program.outputs[name] else { preconditionFailure("no output \(name)") }
    precondition(
      output.type == .real && output.shape.count > 0, "output \(name) holds no real number")
    let (buffer, offset) = memory(output.place)
    return buffer.scalar(at: offset)
  }

  /// The value of a real output of the last run.
  public subscript(name: String) -> TensorValue<Scalar> { self[output: name] }
}

extension Program.Step {
  /// About how many nanoseconds it takes one core: 40 operations or 10 bytes each.
  fileprivate var cost: Int { work / 40 + traffic / 10 }
}
