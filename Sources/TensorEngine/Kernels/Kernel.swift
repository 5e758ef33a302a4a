// Unsafe: kernels run on the raw memory of a workspace. Every pointer comes from the memory plan,
// which gives each tensor room for its shape; a kernel touches only the elements of its operands'
// and result's shapes.

/// How an operation is carried out: phases that follow each other, each cut in chunks that may run
/// at the same time. The cut depends on the shapes alone, never on the number of threads, so that
/// results do not either.
struct Kernel<Scalar: KernelScalar>: Sendable {
  struct Phase: Sendable {
    let chunks: Int
    let body: @Sendable (KernelArguments<Scalar>, Int) -> Void

    init(chunks: Int, body: @escaping @Sendable (KernelArguments<Scalar>, Int) -> Void) {
      (self.chunks, self.body) = (chunks, body)
    }

    /// The chunks of phases that need nothing of each other.
    init(together phases: [Phase]) {
      let all = SharedChunks(of: phases.enumerated().map { ($0, $1.chunks) })
      chunks = all.chunks
      body = { arguments, place in
        let (phase, chunk) = all[place]
        phases[phase].body(arguments, chunk)
      }
    }
  }

  /// An operand in the form that the phases read it in, made by phases of its own that see that
  /// operand only. Steps that read one value in one form share it; where the operand is frozen, it is
  /// made once and kept.
  struct Packing: Sendable {
    /// The operand's number.
    let operand: Int
    /// What is made of it: two packings of one value in equal forms are the same.
    let form: String
    let bytes: Int
    let phases: [Phase]
    /// A kernel that packs the operand itself, a piece at a time; nil where there is none. Faster where no other
    /// step reads the packed form, whose memory it spares.
    var alone: (@Sendable () -> Kernel)?
  }

  var phases: [Phase]
  var packing: Packing?
  /// Whether the phases themselves finish the result as the call asks.
  var isFinished = false
  /// Bytes of memory that each thread has to itself.
  var workerScratch = 0
  /// Bytes of memory that lasts from the first phase to the last.
  var sharedScratch = 0
  /// Makes the kernel once the number of threads is known, for one that keeps memory of its own
  /// per thread.
  private var preparation: (@Sendable (_ workers: Int) -> Kernel)?

  init(phases: [Phase], workerScratch: Int = 0, sharedScratch: Int = 0) {
    self.phases = phases
    self.workerScratch = workerScratch
    self.sharedScratch = sharedScratch
  }

  /// A kernel that is made once the number of threads is known. The memory plan is made before
  /// that: what is made then may use no more than `sharedScratch` bytes of it.
  init(
    sharedScratch: Int, preparing preparation: @escaping @Sendable (_ workers: Int) -> Kernel
  ) {
    self.init(phases: [], sharedScratch: sharedScratch)
    self.preparation = preparation
  }

  /// The kernel for a number of threads.
  func prepared(workers: Int) -> Kernel {
    guard let preparation else { return self }
    var kernel = preparation(workers)
    kernel.phases += phases
    precondition(kernel.sharedScratch <= sharedScratch, "a kernel outgrew its planned scratch")
    return kernel
  }

  /// A kernel of one phase.
  init(
    chunks: Int, workerScratch: Int = 0,
    body: @escaping @Sendable (KernelArguments<Scalar>, Int) -> Void
  ) {
    self.init(phases: [Phase(chunks: chunks, body: body)], workerScratch: workerScratch)
  }
}

/// What a kernel is given when it runs.
@safe struct KernelArguments<Scalar: KernelScalar> {
  /// Operands, then results.
  let pointers: UnsafePointer<UnsafeMutableRawPointer>
  let inputCount: Int
  /// This thread's memory.
  let scratch: UnsafeMutableRawPointer
  /// Memory common to all threads and phases of the step.
  let shared: UnsafeMutableRawPointer
  /// The packed operand of a kernel that has one.
  let packed: UnsafeMutableRawPointer
  /// The number of the thread, from 0.
  let worker: Int
  let seed: UInt64
  let step: UInt64

  func input(_ index: Int) -> UnsafePointer<Scalar> {
    unsafe UnsafePointer(pointers[index].assumingMemoryBound(to: Scalar.self))
  }

  func rawInput(_ index: Int) -> UnsafeRawPointer {
    unsafe UnsafeRawPointer(pointers[index])
  }

  func rawOutput(_ index: Int = 0) -> UnsafeMutableRawPointer {
    unsafe pointers[inputCount + index]
  }

  func output(_ index: Int = 0) -> UnsafeMutablePointer<Scalar> {
    unsafe pointers[inputCount + index].assumingMemoryBound(to: Scalar.self)
  }
}

/// A fixed cut of `0 ..< count` into equal pieces, the last one shorter.
struct Chunks: Sendable {
  let count: Int
  let size: Int

  init(of count: Int, size: Int) {
    self.count = count
    self.size = Swift.max(1, size)
  }

  /// Pieces of `unit` elements, as many in each as are needed for about `work` operations.
  init(of count: Int, work: Int, workPerElement: Int, unit: Int = 1) {
    let elements = Swift.max(1, work / Swift.max(1, workPerElement))
    self.init(of: count, size: (elements + unit - 1) / unit * unit)
  }

  var number: Int { (count + size - 1) / size }

  subscript(chunk: Int) -> Range<Int> {
    chunk * size..<Swift.min(count, (chunk + 1) * size)
  }
}
