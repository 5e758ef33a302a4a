// Unsafe: fills a result's memory.

import Randomness

extension Kernel {
  /// `count` numbers of a named stream; the step chooses the sequence.
  static func random(_ distribution: RandomDistribution, count: Int, stream: String) -> Kernel {
    let chunks = Chunks(of: count, size: 8192)
    return Kernel(chunks: chunks.number) { arguments, chunk in
      let range = chunks[chunk]
      unsafe Scalar.philox(
        isNormal: distribution == .normal, range.count,
        RandomStream.key(seed: arguments.seed, name: stream), arguments.step, range.lowerBound,
        arguments.output() + range.lowerBound)
    }
  }
}
