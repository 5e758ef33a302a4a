/// The eigenvalues and eigenvectors of a symmetric matrix: Householder reflections make it
/// tridiagonal, implicit QL steps with Wilkinson's shift make that diagonal (Golub and Van Loan,
/// "Matrix Computations", 4th edition, sections 8.3.1 and 8.3.3, from the last row upward).
///
/// Eigenvalues have absolute errors of about the machine's precision times the largest one.
public struct SymmetricEigen: Sendable {
  /// The eigenvalues, ascending.
  public let values: [Double]
  /// The eigenvectors in the order of the values: row-major, a row of length 1 for each.
  public let vectors: [Double]

  /// The decomposition of a matrix.
  ///
  /// - Parameter matrix: row-major, `dimension` times `dimension`, finite; what lies above its
  ///   diagonal is not read.
  public init(_ matrix: [Double], dimension: Int) {
    var tridiagonal = TridiagonalForm(matrix, dimension: dimension)
    let steps = tridiagonal.diagonalize(recording: true)
    let order = tridiagonal.ascendingOrder
    values = order.map { tridiagonal.diagonal[$0] * tridiagonal.scale }
    let width = EigenvectorPanel.width
    let form = tridiagonal
    let panels = concurrentMap((dimension + width - 1) / width) { panel in
      EigenvectorPanel(firstRow: panel * width, form: form, steps: steps)
    }
    var vectors = [Double](repeating: 0, count: dimension * dimension)
    for (place, column) in order.enumerated() {
      for row in 0..<dimension {
        vectors[place * dimension + row] = panels[row / width].columns[column][row % width]
      }
    }
    self.vectors = vectors
  }

  /// The eigenvalues alone, ascending, which takes a fifth of the time.
  ///
  /// - Parameter matrix: as for the whole decomposition.
  public static func values(of matrix: [Double], dimension: Int) -> [Double] {
    var tridiagonal = TridiagonalForm(matrix, dimension: dimension)
    _ = tridiagonal.diagonalize(recording: false)
    return tridiagonal.ascendingOrder.map { tridiagonal.diagonal[$0] * tridiagonal.scale }
  }
}

/// Eight rows of the matrix whose columns are the eigenvectors. Every reflection and rotation
/// changes each row by itself, so eight go through all of them while they are in the cache.
private struct EigenvectorPanel: Sendable {
  static let width = 8

  /// For each column the numbers of the eight rows.
  var columns: [SIMD8<Double>]

  init(firstRow: Int, form: TridiagonalForm, steps: RotationSteps) {
    columns = Array(repeating: .zero, count: form.dimension)
    for lane in 0..<min(Self.width, form.dimension - firstRow) {
      columns[firstRow + lane][lane] = 1
    }
    for case let reflection? in form.reflections.reversed() { reflect(reflection) }
    for step in steps.steps { rotate(step, steps) }
  }

  private mutating func reflect(_ reflection: TridiagonalForm.Reflection) {
    let u = reflection.u.span
    var columns = columns.mutableSpan
    precondition(u.count <= columns.count)
    var sum = SIMD8<Double>.zero
    for column in 0..<u.count { sum += columns[column] * u[column] }
    sum /= reflection.halfNorm
    for column in 0..<u.count { columns[column] -= sum * u[column] }
  }

  /// Rotates neighbouring columns into each other, from the step's last ones to its first.
  private mutating func rotate(_ step: RotationSteps.Step, _ steps: RotationSteps) {
    var columns = columns.mutableSpan
    var carried = columns[step.last]
    var place = step.start
    for column in stride(from: step.last - 1, through: step.first, by: -1) {
      let rotation = steps.rotations[place]
      let (cosine, sine) = (rotation[0], rotation[1])
      let current = columns[column]
      columns[column + 1] = sine * current + cosine * carried
      carried = cosine * current - sine * carried
      place += 1
    }
    columns[step.first] = carried
  }
}
