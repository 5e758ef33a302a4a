/// The candidate a person most likely meant by `name`, or nil when none is near.
///
/// Near is an edit distance of at most a third of the name's length, letter case aside; failing
/// that, the first candidate the name is the beginning of. Of equally near candidates the first
/// is taken.
public func nearest(to name: String, in candidates: [String]) -> String? {
  let wanted = Array(name.lowercased().unicodeScalars)
  let allowed = max(1, wanted.count / 3)
  var best: (candidate: String, distance: Int)?
  for candidate in candidates {
    let letters = Array(candidate.lowercased().unicodeScalars)
    guard abs(letters.count - wanted.count) <= allowed else { continue }
    let distance = editDistance(wanted, letters)
    if distance <= allowed, distance < best?.distance ?? .max {
      best = (candidate, distance)
    }
  }
  if let best { return best.candidate }
  guard wanted.count >= 3 else { return nil }
  return candidates.first { $0.lowercased().hasPrefix(name.lowercased()) }
}

/// How many letters must be inserted, removed, replaced or swapped with their neighbour to turn
/// one word into the other (Damerau 1964, Levenshtein 1966; no letter is edited twice).
private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
  var beforeLast = [Int](repeating: 0, count: right.count + 1)
  var last = Array(0...right.count)
  for (row, letter) in left.enumerated() {
    var current = [row + 1]
    current.reserveCapacity(right.count + 1)
    for (column, other) in right.enumerated() {
      var cost = min(
        last[column + 1] + 1, current[column] + 1, last[column] + (letter == other ? 0 : 1))
      if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
        cost = min(cost, beforeLast[column - 1] + 1)
      }
      current.append(cost)
    }
    (beforeLast, last) = (last, current)
  }
  return last[right.count]
}
