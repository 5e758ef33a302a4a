/// A fixed arena for values that live from one step to another: two whose lives overlap never
/// share memory, others may.
struct MemoryPlan {
  /// A value's size in bytes, and the first and last step during which it must exist.
  struct Request {
    let bytes: Int
    let first: Int
    let last: Int
  }

  /// Every value starts at a multiple of this: a cache line, and the widest vector.
  static let alignment = 64

  /// The offset of each request, in the order given.
  private(set) var offsets: [Int]
  /// The arena's size in bytes.
  private(set) var bytes = 0

  /// Places the largest values first, each in the lowest gap that is free all its life
  /// ("greedy by size", Pisarchyk and Lee, "Efficient memory management for deep neural net
  /// inference", 2020). Without reuse, values are laid end to end.
  init(_ requests: [Request], reuses: Bool = true) {
    offsets = [Int](repeating: 0, count: requests.count)
    let order = requests.indices.sorted {
      (requests[$1].bytes, $0) < (requests[$0].bytes, $1)
    }
    var placed: [Int] = []
    for index in order {
      let request = requests[index]
      let size = Self.aligned(request.bytes)
      let neighbours =
        placed
        .filter { other in
          !reuses
            || (requests[other].first <= request.last && request.first <= requests[other].last)
        }
        .sorted { offsets[$0] < offsets[$1] }
      var offset = 0
      for other in neighbours {
        if offset + size <= offsets[other] { break }
        offset = max(offset, offsets[other] + Self.aligned(requests[other].bytes))
      }
      offsets[index] = offset
      bytes = max(bytes, offset + size)
      placed.append(index)
    }
  }

  static func aligned(_ bytes: Int) -> Int {
    (bytes + alignment - 1) / alignment * alignment
  }
}
