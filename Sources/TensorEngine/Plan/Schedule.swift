/// An order of units of work in which little memory is in use at a time.
///
/// Units that free at least as much as they take run as soon as they can: an optimiser's update
/// follows the gradient that it reads. The others run in the order of the graph, or each just
/// before what needs it, whichever is known to take less at its peak.
struct Schedule {
  /// A unit of work, and the values that it touches, by number.
  struct Unit {
    /// The units that make what it reads.
    var sources: [Int]
    /// The values that it reads, without repetition.
    var reads: [Int]
    /// The values that it makes.
    var makes: [Int]
    /// The units that read a state which it may overwrite once they have run.
    var readersOfStates: [Int] = []
  }

  /// The units, by number.
  private(set) var order: [Int] = []
  private let units: [Unit]
  private let bytes: [Int]
  private let lasting: Set<Int>

  /// As many units are looked at for the next one, the earliest of those that are ready: time is
  /// to grow with the number of units, not with its square.
  private static let window = 256

  /// - Parameters:
  ///   - units: in a legal order.
  ///   - bytes: the size of each value; 0 where it takes no memory that others could use.
  ///   - lasting: the values that are needed after the last unit.
  init(_ units: [Unit], bytes: [Int], lasting: Set<Int>) {
    self.units = units
    self.bytes = bytes
    self.lasting = lasting
    let given = Array(units.indices)
    let late = lateOrder()
    let peaks = [given, eagerOrder(given), eagerOrder(late)].map { (order: $0, peak: peak(of: $0)) }
    order = peaks.min { $0.peak < $1.peak }?.order ?? given
  }

  /// The units just before what needs them; of what a unit needs, the longest path first, so that
  /// the results of short ones need not wait for it.
  private func lateOrder() -> [Int] {
    var depth = [Int](repeating: 0, count: units.count)
    var isNeeded = [Bool](repeating: false, count: units.count)
    for (index, unit) in units.enumerated() {
      depth[index] = (unit.sources.map { depth[$0] }.max() ?? 0) + 1
      for source in unit.sources { isNeeded[source] = true }
    }
    var isListed = [Bool](repeating: false, count: units.count)
    var order: [Int] = []
    var open = units.indices.reversed().filter { !isNeeded[$0] }.map { (unit: $0, isReady: false) }
    while let (index, isReady) = open.popLast() {
      if isListed[index] { continue }
      if isReady {
        isListed[index] = true
        order.append(index)
      } else {
        open.append((index, true))
        open += units[index].sources.sorted { (depth[$0], $1) < (depth[$1], $0) }
          .map { (unit: $0, isReady: false) }
      }
    }
    return order
  }

  /// Whatever frees at least as much as it takes as soon as it is ready, else the first of `base`.
  private func eagerOrder(_ base: [Int]) -> [Int] {
    var place = [Int](repeating: 0, count: units.count)
    for (position, index) in base.enumerated() { place[index] = position }
    var missing = units.map(\.sources.count)
    var users = [[Int]](repeating: [], count: units.count)
    for (index, unit) in units.enumerated() {
      for source in unit.sources { users[source].append(index) }
    }
    var reads = readCounts
    var isDone = [Bool](repeating: false, count: units.count)
    var ready = base.filter { missing[$0] == 0 }
    var order: [Int] = []
    while !ready.isEmpty {
      let near = ready.indices.prefix(Self.window).filter {
        units[ready[$0]].readersOfStates.allSatisfy { isDone[$0] }
      }
      let shrinking = near.first { place in
        let unit = units[ready[place]]
        return unit.makes.reduce(0) { $0 + bytes[$1] }
          <= unit.reads.reduce(0) { $0 + (reads[$1] == 1 ? bytes[$1] : 0) }
      }
      let next = ready.remove(at: shrinking ?? near.first ?? 0)
      order.append(next)
      isDone[next] = true
      for value in units[next].reads { reads[value] -= 1 }
      for user in users[next] {
        missing[user] -= 1
        if missing[user] == 0 {
          ready.insert(user, at: ready.firstIndex { place[$0] > place[user] } ?? ready.endIndex)
        }
      }
    }
    return order
  }

  /// How often each value is read; what lasts, once more than by the units.
  private var readCounts: [Int] {
    var reads = bytes.indices.map { lasting.contains($0) ? 1 : 0 }
    for unit in units {
      for value in unit.reads { reads[value] += 1 }
    }
    return reads
  }

  /// The most bytes that values take at a time.
  private func peak(of order: [Int]) -> Int {
    var reads = readCounts
    var (live, peak) = (0, 0)
    for index in order {
      live += units[index].makes.reduce(0) { $0 + bytes[$1] }
      peak = max(peak, live)
      for value in units[index].reads {
        reads[value] -= 1
        if reads[value] == 0 { live -= bytes[value] }
      }
    }
    return peak
  }
}
