/// Weights of which one can be found by its place in their running sum, and changed, in the logarithm
/// of their number.
public struct SumTree {
  /// The number of weights.
  public let count: Int
  /// A whole binary tree: the root is 1, the children of n are 2n and 2n + 1, the last half are the
  /// weights.
  private var nodes: [Double]
  private let firstLeaf: Int

  /// Weights of zero.
  public init(count: Int) {
    self.count = count
    var leaves = 1
    while leaves < count { leaves *= 2 }
    firstLeaf = leaves
    nodes = [Double](repeating: 0, count: 2 * leaves)
  }

  /// The sum of all weights.
  public var total: Double { nodes[1] }

  /// One weight, 0 or more.
  public subscript(place: Int) -> Double {
    get { nodes[firstLeaf + place] }
    set {
      var node = firstLeaf + place
      nodes[node] = newValue
      while node > 1 {
        node /= 2
        // Added anew rather than corrected, so that the sum is a function of the weights alone.
        nodes[node] = nodes[2 * node] + nodes[2 * node + 1]
      }
    }
  }

  /// The place at which the running sum first exceeds a number in `0 ..< total`.
  public func place(at sum: Double) -> Int {
    var (node, rest) = (1, sum)
    while node < firstLeaf {
      let left = nodes[2 * node]
      // Rounding can leave a rest where there is no weight.
      if rest < left || nodes[2 * node + 1] == 0 {
        node = 2 * node
      } else {
        rest -= left
        node = 2 * node + 1
      }
    }
    return node - firstLeaf
  }

  /// The weights in order.
  public var weights: [Double] {
    get { Array(nodes[firstLeaf..<firstLeaf + count]) }
    set {
      for (place, weight) in newValue.enumerated() { nodes[firstLeaf + place] = weight }
      for node in stride(from: firstLeaf - 1, to: 0, by: -1) {
        nodes[node] = nodes[2 * node] + nodes[2 * node + 1]
      }
    }
  }
}
