// Unsafe: worker threads receive the pool through a pointer that `Unmanaged` keeps alive.

import CVectorMath
import Glibc
import Synchronization

/// Threads that share the chunks of one kernel at a time. Who computes a chunk is decided by
/// chance; what a chunk is, never.
///
/// Each thread begins with its own part of the chunks, always the same, so that what it wrote for
/// one kernel is in its own cache when the next one reads it; then it helps the others.
///
/// Workers spin for a moment after a piece of work, because the next one usually follows at once,
/// and sleep when none comes.
@safe final class ThreadPool: @unchecked Sendable {
  // Sendable: `work` and `chunks` are written by the caller only while no worker runs, and
  // published by the atomic `ticket`; everything else is atomic or guarded by the mutex.

  typealias Body = (_ worker: Int, _ chunk: Int) -> Void

  /// Threads that take part, the caller included.
  let threads: Int
  /// How often a worker looks for work before it sleeps: about half a millisecond. Longer than the caller is busy
  /// alone within a training step; to wake the processor of a virtual machine takes about 200 microseconds.
  private static let spins = 20_000
  /// How often a thread looks before it also lets others have its processor, as there are where threads are more than
  /// processors; and how often between two such times.
  private static let impatientSpins = 1000
  private static let spinsPerYield = 64

  private var work: Body = { _, _ in }
  private var chunks = 0
  /// The next chunk of each thread's part.
  private let parts: UnsafeMutablePointer<Part>
  private let active = Atomic<Int>(0)
  private let ticket = Atomic<Int>(0)
  private let isStopping = Atomic<Bool>(false)
  private let sleepers = Atomic<Int>(0)
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var handles: [pthread_t] = []

  /// How far the chunks of one thread are taken, in cache lines of its own.
  private struct Part: ~Copyable {
    let next = Atomic<Int>(0)
    private let padding = InlineArray<15, Int>(repeating: 0)
  }

  init(threads: Int) {
    self.threads = max(1, threads)
    unsafe parts = UnsafeMutablePointer<Part>.allocate(capacity: self.threads)
    for worker in 0..<self.threads { unsafe (parts + worker).initialize(to: Part()) }
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(condition, nil)
    for worker in 1..<self.threads { start(worker) }
  }

  /// Ends the workers; the pool runs nothing afterwards.
  func stop() {
    isStopping.store(true, ordering: .sequentiallyConsistent)
    ticket.add(1, ordering: .sequentiallyConsistent)
    wakeAll()
    for handle in handles { pthread_join(handle, nil) }
    handles = []
  }

  deinit {
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(mutex)
    unsafe mutex.deallocate()
    unsafe condition.deallocate()
    unsafe parts.deinitialize(count: threads).deallocate()
  }

  /// Runs `body` once for every chunk and returns when all are done.
  func run(chunks: Int, _ body: @escaping Body) {
    if threads == 1 || chunks <= 1 {
      for chunk in 0..<chunks { body(0, chunk) }
      return
    }
    work = body
    self.chunks = chunks
    for worker in 0..<threads {
      unsafe parts[worker].next.store(chunks * worker / threads, ordering: .relaxed)
    }
    active.store(threads - 1, ordering: .relaxed)
    ticket.add(1, ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 { wakeAll() }
    takeChunks(0)
    waitForWorkers()
  }

  /// Spins until no worker is at work.
  private func waitForWorkers() {
    var spins = 0
    while active.load(ordering: .acquiring) > 0 {
      spins += 1
      pause(spins)
    }
  }

  /// A moment between two looks.
  private func pause(_ spins: Int) {
    vm_pause()
    if spins > Self.impatientSpins && spins % Self.spinsPerYield == 0 { sched_yield() }
  }

  private func takeChunks(_ worker: Int) {
    for other in 0..<threads {
      let part = (worker + other) % threads
      let end = chunks * (part + 1) / threads
      while true {
        let chunk = unsafe parts[part].next.add(1, ordering: .relaxed).oldValue
        if chunk >= end { break }
        work(worker, chunk)
      }
    }
  }

  private func wakeAll() {
    unsafe pthread_mutex_lock(mutex)
    unsafe pthread_cond_broadcast(condition)
    unsafe pthread_mutex_unlock(mutex)
  }

  private func serve(_ worker: Int) {
    ConvolutionProvider.prepareThread()
    _ = vm_flush_subnormals()
    var seen = 0
    while true {
      seen = waitForTicket(after: seen)
      if isStopping.load(ordering: .sequentiallyConsistent) { return }
      takeChunks(worker)
      active.subtract(1, ordering: .releasing)
    }
  }

  private func waitForTicket(after seen: Int) -> Int {
    for spins in 0..<Self.spins {
      let current = ticket.load(ordering: .acquiring)
      if current != seen { return current }
      pause(spins)
    }
    unsafe pthread_mutex_lock(mutex)
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while ticket.load(ordering: .sequentiallyConsistent) == seen {
      unsafe pthread_cond_wait(condition, mutex)
    }
    sleepers.subtract(1, ordering: .sequentiallyConsistent)
    unsafe pthread_mutex_unlock(mutex)
    return ticket.load(ordering: .acquiring)
  }

  private final class Start {
    let pool: ThreadPool
    let worker: Int
    init(_ pool: ThreadPool, _ worker: Int) {
      self.pool = pool
      self.worker = worker
    }
  }

  private func start(_ worker: Int) {
    var handle = pthread_t()
    let start = unsafe Unmanaged.passRetained(Start(self, worker)).toOpaque()
    let status = unsafe pthread_create(
      &handle, nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        let start = unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
        start.pool.serve(start.worker)
        return nil
      }, start)
    precondition(status == 0, "cannot start a thread: error \(status)")
    handles.append(handle)
  }
}
