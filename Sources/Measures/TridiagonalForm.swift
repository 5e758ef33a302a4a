/// A symmetric matrix made tridiagonal, and then diagonal.
struct TridiagonalForm: Sendable {
  /// Beside the largest numbers, which are about 1, so little is nothing; what is more has squares
  /// that do not underflow.
  private static let nothing = 0x1p-500

  let dimension: Int
  /// What the matrix was divided by, so that squares neither overflow nor vanish; a power of two.
  let scale: Double
  private(set) var diagonal: [Double]
  /// The numbers beside the diagonal: number i is in row i + 1 and column i.
  private var offDiagonal: [Double]
  /// The reflections that made the matrix tridiagonal, by the row they were made for. They came
  /// in the order of falling rows.
  let reflections: [Reflection?]

  /// The orthogonal symmetric matrix 1 - u uᵀ / halfNorm, of as many rows as u has, and of 1
  /// elsewhere on the diagonal.
  struct Reflection: Sendable {
    let u: [Double]
    /// Half the squared norm of u.
    let halfNorm: Double
  }

  /// Makes a matrix tridiagonal. Row by row, from the last one up, a reflection of the columns
  /// before the diagonal leaves one of them.
  ///
  /// - Parameter matrix: row-major; only the lower triangle is read.
  init(_ matrix: [Double], dimension: Int) {
    precondition(matrix.count == dimension * dimension, "the matrix is not square")
    let largest = matrix.reduce(0) { max($0, $1.magnitude) }
    scale = largest > 0 ? largest.binade : 1
    var rows = (0..<dimension).map { [scale] row in
      matrix[row * dimension...row * dimension + row].map { $0 / scale }
    }
    var offDiagonal = [Double](repeating: 0, count: max(dimension - 1, 0))
    var reflections = [Reflection?](repeating: nil, count: dimension)
    for row in stride(from: dimension - 1, to: 0, by: -1) {
      var u = Array(rows[row].dropLast())
      let neighbour = u[row - 1]
      let rest = u.dropLast().reduce(0) { $0 + $1 * $1 }
      guard rest > Self.nothing else {
        offDiagonal[row - 1] = neighbour
        continue
      }
      let norm = (rest + neighbour * neighbour).squareRoot()
      let remaining = neighbour > 0 ? -norm : norm
      offDiagonal[row - 1] = remaining
      u[row - 1] = neighbour - remaining
      let reflection = Reflection(u: u, halfNorm: norm * norm - neighbour * remaining)
      Self.apply(reflection, to: &rows)
      reflections[row] = reflection
    }
    self.dimension = dimension
    self.offDiagonal = offDiagonal
    self.reflections = reflections
    diagonal = rows.map { $0[$0.count - 1] }
  }

  /// Multiplies the upper left part of the symmetric matrix from both sides.
  ///
  /// - Parameter rows: the lower triangle.
  private static func apply(_ reflection: Reflection, to rows: inout [[Double]]) {
    let u = reflection.u
    var q = product(rows, with: u).map { $0 / reflection.halfNorm }
    let share = dot(u.span, q.span) / (2 * reflection.halfNorm)
    for place in q.indices { q[place] -= share * u[place] }
    for row in u.indices {
      let (ownU, ownQ) = (u[row], q[row])
      let (us, qs) = (u.span.extracting(0...row), q.span.extracting(0...row))
      var numbers = rows[row].mutableSpan
      precondition(numbers.count == us.count && numbers.count == qs.count)
      for column in 0..<us.count { numbers[column] -= ownU * qs[column] + ownQ * us[column] }
    }
  }

  /// The product of the upper left part of the symmetric matrix with a vector.
  ///
  /// - Parameter rows: the lower triangle.
  private static func product(_ rows: [[Double]], with u: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: u.count)
    for row in u.indices {
      let numbers = rows[row]
      let before = numbers.span.extracting(0..<row)
      let sum = dot(before, u.span.extracting(0..<row)) + numbers[row] * u[row]
      let factor = u[row]
      var sums = result.mutableSpan
      precondition(before.count <= sums.count)
      for column in 0..<before.count { sums[column] += factor * before[column] }
      sums[row] += sum
    }
    return result
  }

  /// The inner product of two vectors, summed in eight lanes.
  private static func dot(_ a: Span<Double>, _ b: Span<Double>) -> Double {
    precondition(a.count == b.count)
    var sums = SIMD8<Double>.zero
    let whole = a.count / 8 * 8
    for start in stride(from: 0, to: whole, by: 8) {
      for lane in 0..<8 { sums[lane] += a[start + lane] * b[start + lane] }
    }
    var rest = 0.0
    for place in whole..<a.count { rest += a[place] * b[place] }
    return sums.sum() + rest
  }
}

/// Rotations of neighbouring columns that make a tridiagonal matrix diagonal, in their order.
struct RotationSteps: Sendable {
  /// One QL step: rotations of columns (last - 1, last) up to (first, first + 1).
  struct Step: Sendable {
    let first: Int
    let last: Int
    /// Where its rotations begin.
    let start: Int
  }

  fileprivate(set) var steps: [Step] = []
  /// Cosine and sine of each rotation.
  fileprivate(set) var rotations: [SIMD2<Double>] = []
}

extension TridiagonalForm {
  /// The places of the diagonal, the smallest number's first.
  var ascendingOrder: [Int] {
    diagonal.indices.sorted { (diagonal[$0], $0) < (diagonal[$1], $1) }
  }

  /// Makes the form diagonal by implicit QL steps.
  ///
  /// - Parameter recording: whether to return the rotations.
  mutating func diagonalize(recording: Bool) -> RotationSteps {
    var record = RotationSteps()
    // Two steps are common for an eigenvalue; EISPACK's routines give up after 30.
    var rest = 60 * dimension
    for first in diagonal.indices {
      while true {
        let last = endOfBlock(from: first)
        if last == first { break }
        rest -= 1
        precondition(rest > 0, "the QL steps do not converge")
        if recording {
          record.steps.append(.init(first: first, last: last, start: record.rotations.count))
        }
        step(first, last) { if recording { record.rotations.append($0) } }
      }
    }
    return record
  }

  /// The end of the block at `first` that no negligible number beside the diagonal parts.
  private func endOfBlock(from first: Int) -> Int {
    var last = first
    while last < dimension - 1 {
      let around = diagonal[last].magnitude + diagonal[last + 1].magnitude
      let negligible = max(Double.ulpOfOne * around, Self.nothing)
      if offDiagonal[last].magnitude <= negligible { break }
      last += 1
    }
    return last
  }

  /// One implicit QL step on the block from `first` to `last`.
  private mutating func step(_ first: Int, _ last: Int, _ record: (SIMD2<Double>) -> Void) {
    let beside = offDiagonal[first]
    let half = (diagonal[first + 1] - diagonal[first]) / 2
    let root = (half * half + beside * beside).squareRoot()
    // Wilkinson's shift: the eigenvalue of the first two rows that is nearer to the first.
    let shift = diagonal[first] - beside * (beside / (half + (half < 0 ? -root : root)))
    var x = diagonal[last] - shift
    var bulge = offDiagonal[last - 1]
    for row in stride(from: last - 1, through: first, by: -1) {
      let radius = (x * x + bulge * bulge).squareRoot()
      let (cosine, sine) = radius > 0 ? (x / radius, bulge / radius) : (1, 0)
      if row + 1 < last { offDiagonal[row + 1] = radius }
      let (upper, lower, e) = (diagonal[row], diagonal[row + 1], offDiagonal[row])
      let cross = 2 * cosine * sine * e
      diagonal[row + 1] = cosine * cosine * lower + cross + sine * sine * upper
      diagonal[row] = cosine * cosine * upper - cross + sine * sine * lower
      x = (cosine * cosine - sine * sine) * e + cosine * sine * (upper - lower)
      offDiagonal[row] = x
      if row > first {
        bulge = sine * offDiagonal[row - 1]
        offDiagonal[row - 1] *= cosine
      }
      record(SIMD2(cosine, sine))
    }
  }
}
