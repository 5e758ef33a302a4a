// Unsafe: turns the places of a program into pointers. The plan keeps every place within the
// buffers allocated here.

import COpenBLAS

/// What lasts between runs: the states by name, the threads, the seed, and the memory that
/// programs share. Programs of one workspace see the same states.
public final class Workspace<Scalar: KernelScalar> {
  /// The seed of all random numbers.
  public let seed: UInt64
  /// The threads that share each kernel's chunks.
  public var threads: Int { pool.threads }

  let pool: ThreadPool
  private var states: [String: State] = [:]
  private(set) var arena = Buffer(bytes: 0)
  private(set) var workerScratch = Buffer(bytes: 0)
  private(set) var scratchPerWorker = 0
  /// Grows whenever memory moved, so that loaded programs know to look it up again.
  private(set) var generation = 0
  /// Set while runs look at every result: where the first number that is not finite came from.
  var inspection: Inspection?
  /// Set while somebody watches: receives every marked value as soon as it is made.
  var watcher: ((Mark, TensorValue<Scalar>) -> Void)?

  /// - Parameters:
  ///   - threads: how many threads work, the caller's included. Results do not depend on it.
  ///   - seed: of all random numbers.
  public init(threads: Int, seed: UInt64) {
    pool = ThreadPool(threads: threads)
    self.seed = seed
    openblas_set_num_threads(1)
    ConvolutionProvider.prepareThread()
  }

  deinit { pool.stop() }

  /// Makes room for a program and gives states it names, but the workspace lacks, their initial
  /// values.
  ///
  /// - Parameter name: what the program is called where something goes wrong in it.
  public func load(
    _ program: Program<Scalar>, named name: String = ""
  ) -> LoadedProgram<Scalar> {
    for (name, initial) in program.states {
      if let state = states[name] {
        precondition(
          state.shape == initial.shape,
          "state \(name) has shape \(state.shape), the program expects \(initial.shape)")
        continue
      }
      let buffer = Buffer(bytes: initial.shape.count * MemoryLayout<Scalar>.stride)
      buffer.store(Scalar.values(initial.scalars))
      states[name] = State(
        shape: initial.shape, isSetting: program.settings.contains(name), buffer: buffer)
    }
    let kernels = program.steps.map { $0.kernel.prepared(workers: pool.threads) }
    let scratch = MemoryPlan.aligned(kernels.map(\.workerScratch).max() ?? 0)
    if program.arenaBytes > arena.bytes {
      arena = Buffer(bytes: program.arenaBytes, beginningWith: arena)
      generation += 1
    }
    if scratch > scratchPerWorker {
      scratchPerWorker = scratch
      workerScratch = Buffer(bytes: scratch * pool.threads)
      generation += 1
    }
    return LoadedProgram(program, kernels, named: name, in: self)
  }

  /// The names of all states, in order.
  public var stateNames: [String] { names { !$0.isSetting } }

  /// The names of all settings, in order.
  public var settingNames: [String] { names(where: \.isSetting) }

  private func names(where isWanted: (State) -> Bool) -> [String] {
    states.filter { isWanted($0.value) }.keys.sorted()
  }

  /// The first state, by name, that holds a number which is infinite or not a number, with that
  /// number.
  ///
  /// - Parameter limit: states of more numbers are passed over.
  public func nonFiniteState(
    ofCountUpTo limit: Int = .max
  ) -> (name: String, value: Scalar)? {
    var found: (name: String, value: Scalar)?
    for (name, state) in states where state.shape.count <= limit {
      let value: Scalar? = state.buffer.firstNonFinite(state.shape.count)
      guard let value else { continue }
      if let known = found?.name, known < name { continue }
      found = (name, value)
    }
    return found
  }

  /// The value of a state or a setting; reading an unknown one is a mistake of the program and traps.
  public subscript(state name: String) -> TensorValue<Scalar> {
    get {
      let state = self.state(name)
      return TensorValue(shape: state.shape, scalars: state.buffer.load(state.shape.count))
    }
    set {
      let state = self.state(name)
      precondition(
        state.shape == newValue.shape,
        "state \(name) has shape \(state.shape), not \(newValue.shape)")
      state.buffer.store(newValue.scalars)
      state.version += 1
    }
  }

  /// The shape of a state, or nil when there is none of that name.
  public func shape(ofState name: String) -> Shape? { states[name]?.shape }

  func state(_ name: String) -> State {
    guard let state = states[name] else { preconditionFailure("no state named \(name)") }
    return state
  }
}

/// A tensor that lasts between runs.
final class State {
  let shape: Shape
  /// Whether it is given from outside, and no part of what training comes to.
  let isSetting: Bool
  let buffer: Buffer
  /// Grows whenever the value may have changed, so that what was made of it is made again.
  var version = 0

  init(shape: Shape, isSetting: Bool, buffer: Buffer) {
    self.shape = shape
    self.isSetting = isSetting
    self.buffer = buffer
  }
}
