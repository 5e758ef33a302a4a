/// Chunks of one phase or of several that need nothing of each other, which threads share.
struct SharedChunks {
  /// How many there are.
  let chunks: Int
  /// The phase that all are of, unless there are several.
  private let phase: Int
  /// The phase of each chunk and its number there; empty where they are all of one phase.
  private let mixed: [(phase: Int32, chunk: Int32)]

  /// All chunks of one phase.
  init(phase: Int, chunks: Int) {
    (self.phase, self.chunks, mixed) = (phase, chunks, [])
  }

  /// All chunks of some phases, spread evenly: a thread's part of the round is made of the parts that
  /// it would have of each phase alone, so that what it wrote before is in its own cache.
  init(of phases: [(phase: Int, chunks: Int)]) {
    (phase, chunks) = (phases[0].phase, phases.map(\.chunks).reduce(0, +))
    if phases.count == 1 {
      mixed = []
      return
    }
    let spread = phases.flatMap { phase, chunks in
      (0..<chunks).map { (place: (Double($0) + 0.5) / Double(chunks), phase: phase, chunk: $0) }
    }
    mixed = spread.sorted { ($0.place, $0.phase) < ($1.place, $1.phase) }
      .map { (Int32($0.phase), Int32($0.chunk)) }
  }

  /// The phase of a chunk, and its number there.
  subscript(place: Int) -> (phase: Int, chunk: Int) {
    if mixed.isEmpty { return (phase, place) }
    return (Int(mixed[place].phase), Int(mixed[place].chunk))
  }
}
