import FileFormats

/// L-BFGS (Liu and Nocedal, "On the limited memory BFGS method for large scale optimization", 1989):
/// the curvature of a smooth function is estimated from its latest gradients, and each step goes
/// where the estimate is lowest. For functions of many numbers without noise, such as an image under
/// a perceptual loss.
///
///     var optimizer = LBFGS(from: pixels)
///     for _ in 0..<300 where try optimizer.step(loss) == .moved {}
///
/// A step depends on the records and the function alone: an optimiser that is restored goes on with
/// the same bits.
///
/// Differs from the paper: the defaults and the stop rules are those of PyTorch's
/// `torch.optim.LBFGS`, one iteration of which is a step here; sums are in double precision.
public struct LBFGS: Sendable {
  /// How far a step goes along its direction.
  public enum LineSearch: Sendable, Hashable {
    /// The learning rate, whatever the loss; the first step is shorter, as in PyTorch.
    case none
    /// As far as the strong Wolfe conditions ask, the learning rate tried first.
    ///
    /// - trials: evaluations that may follow the first of a step, at least 1.
    case strongWolfe(trials: Int = 25)
  }

  /// What a step did.
  public enum Outcome: Sendable, Hashable {
    /// It went on.
    case moved
    /// It went on by so little, or lowered the loss by so little, that it is done.
    case settled
    /// Every element of the gradient is below the tolerance: nothing more to do.
    case flat
    /// The direction does not go down, or the loss or gradient is not finite; the point stays.
    case stuck
  }

  /// A function to be made small: its value and its gradient, as many numbers as the point.
  public typealias Objective = (_ point: [Float]) throws -> (loss: Double, gradient: [Float])

  /// What multiplies the direction, or is tried first by the line search; above 0.
  public var learningRate: Double
  /// How many steps and changes of the gradient are remembered; at least 1.
  public let historySize: Int
  /// How far a step goes.
  public var lineSearch: LineSearch
  /// The greatest element of a gradient that counts as flat.
  public var gradientTolerance: Double
  /// The greatest move, and change of the loss, that counts as settled.
  public var changeTolerance: Double

  /// Where it is.
  private var place: LanedVector
  /// The loss there; nil before the first step.
  public private(set) var loss: Double?
  /// The gradient there, empty before the first step.
  private var gradient: LanedVector
  private var history: CurvatureHistory
  /// Steps taken.
  public private(set) var steps = 0
  /// Evaluations of the function.
  public private(set) var evaluations = 0

  /// An optimiser that starts at a point; the defaults are PyTorch's, but for the line search.
  public init(
    from point: [Float], learningRate: Double = 1, historySize: Int = 100,
    lineSearch: LineSearch = .strongWolfe(), gradientTolerance: Double = 1e-7,
    changeTolerance: Double = 1e-9
  ) {
    precondition(learningRate > 0 && historySize > 0, "L-BFGS needs a rate and a history")
    self.learningRate = learningRate
    self.historySize = historySize
    self.lineSearch = lineSearch
    self.gradientTolerance = gradientTolerance
    self.changeTolerance = changeTolerance
    place = LanedVector(point)
    gradient = LanedVector([])
    history = CurvatureHistory(size: historySize)
  }

  /// Where it is.
  public var point: [Float] { place.scalars }

  /// Takes one step. An error of the function leaves the optimiser as it was.
  public mutating func step(_ objective: Objective) rethrows -> Outcome {
    var next = self
    let outcome = try next.advance(objective)
    self = next
    return outcome
  }

  private mutating func advance(_ objective: Objective) rethrows -> Outcome {
    let loss: Double
    if let known = self.loss {
      loss = known
    } else {
      let first = try evaluate(objective, at: place)
      (loss, gradient) = (first.loss, first.gradient)
      self.loss = loss
    }
    guard loss.isFinite else { return .stuck }
    if gradient.greatestMagnitude <= gradientTolerance { return .flat }

    let direction = history.direction(for: gradient)
    let slope = gradient.dot(direction)
    guard slope <= -changeTolerance else { return .stuck }
    let share = steps == 0 ? min(1, 1 / gradient.sumOfMagnitudes) : 1
    let start = WolfeLineSearch.Trial(length: 0, loss: loss, slope: slope, gradient: gradient)
    let greatest = direction.greatestMagnitude
    func trial(_ length: Double) throws -> WolfeLineSearch.Trial {
      let (loss, gradient) = try evaluate(objective, at: moved(by: length, along: direction))
      return .init(
        length: length, loss: loss, slope: gradient.dot(direction), gradient: gradient)
    }
    let end =
      switch lineSearch {
      case .none: try trial(share * learningRate)
      case .strongWolfe(let trials):
        try WolfeLineSearch(start: start, trials: trials, shortest: changeTolerance / greatest)
          .search(from: share * learningRate, trial)
      }
    steps += 1
    guard end.length > 0 else { return .stuck }
    place = moved(by: end.length, along: direction)
    var change = end.gradient
    change.add(-1, times: gradient)
    history.remember(step: direction.scaled(by: end.length), change: change)
    (self.loss, gradient) = (end.loss, end.gradient)
    if gradient.greatestMagnitude <= gradientTolerance { return .flat }
    let isSettled =
      greatest * end.length <= changeTolerance || (end.loss - loss).magnitude < changeTolerance
    return isSettled ? .settled : .moved
  }

  private func moved(by length: Double, along direction: LanedVector) -> LanedVector {
    var moved = place
    moved.add(length, times: direction)
    return moved
  }

  private mutating func evaluate(
    _ objective: Objective, at place: LanedVector
  ) rethrows -> (loss: Double, gradient: LanedVector) {
    let (loss, gradient) = try objective(place.scalars)
    precondition(
      gradient.count == place.count,
      "a gradient of \(gradient.count) numbers at a point of \(place.count)")
    evaluations += 1
    return (loss, LanedVector(gradient))
  }
}

// MARK: Records

extension LBFGS {
  /// Point, gradient, history and counters, named below `path`.
  public func records(at path: String) -> [TensorRecord] {
    [
      TensorRecord(name: partPath(path, "point"), values: place.scalars),
      TensorRecord(name: partPath(path, "gradient"), values: gradient.scalars),
      TensorRecord(name: partPath(path, "loss"), values: loss.map { [$0] } ?? []),
      TensorRecord(name: partPath(path, "counters"), values: [Int64(steps), Int64(evaluations)]),
      TensorRecord(
        name: partPath(path, "history.steps"), shape: [history.count, place.count],
        values: history.steps.flatMap(\.scalars)),
      TensorRecord(
        name: partPath(path, "history.changes"), shape: [history.count, place.count],
        values: history.changes.flatMap(\.scalars)),
    ]
  }

  /// Takes over records of an optimiser of as many numbers and a history as long.
  ///
  /// - Throws: `WeightError`, naming the first record that does not suit; nothing is changed then.
  public mutating func restore(_ records: [TensorRecord], at path: String) throws(WeightError) {
    let table = RecordTable(records)
    let count = place.count
    let point: [Float] = try table.values(named: partPath(path, "point"), count: count)
    let loss: [Double] = try table.values(named: partPath(path, "loss"))
    let counters: [Int64] = try table.values(
      named: partPath(path, "counters"), count: 2, where: { $0 >= 0 })
    let gradient: [Float] = try table.values(
      named: partPath(path, "gradient"), count: loss.isEmpty ? 0 : count)
    let name = partPath(path, "history.steps")
    let steps: [Float] = try table.values(named: name)
    let changes: [Float] = try table.values(
      named: partPath(path, "history.changes"), count: steps.count)
    guard loss.count <= 1 else {
      throw WeightError(
        name: partPath(path, "loss"), problem: "holds \(loss.count) numbers, expected up to 1")
    }
    guard steps.count.isMultiple(of: max(1, count)), steps.count / max(1, count) <= historySize
    else {
      throw WeightError(
        name: name,
        problem: "holds \(steps.count) numbers, expected up to \(historySize) rows of \(count)")
    }
    var history = CurvatureHistory(size: historySize)
    for start in stride(from: 0, to: steps.count, by: max(1, count)) {
      history.remember(
        step: LanedVector(Array(steps[start..<start + count])),
        change: LanedVector(Array(changes[start..<start + count])))
    }
    self.history = history
    (place, self.gradient) = (LanedVector(point), LanedVector(gradient))
    (self.loss, self.steps, self.evaluations) = (loss.first, Int(counters[0]), Int(counters[1]))
  }
}

/// The latest steps and what they changed in the gradient: all that L-BFGS knows of the curvature.
private struct CurvatureHistory: Sendable {
  /// How many are kept.
  let size: Int
  private(set) var steps: [LanedVector] = []
  private(set) var changes: [LanedVector] = []
  /// step · change of each.
  private var products: [Double] = []

  init(size: Int) { self.size = size }

  /// How many there are.
  var count: Int { steps.count }

  /// Adds a step, unless the function does not curve upwards along it; the oldest is forgotten.
  mutating func remember(step: LanedVector, change: LanedVector) {
    let product = step.dot(change)
    // PyTorch's bound; not a number is refused too.
    guard product > 1e-10 else { return }
    if count == size {
      steps.removeFirst()
      changes.removeFirst()
      products.removeFirst()
    }
    steps.append(step)
    changes.append(change)
    products.append(product)
  }

  /// Minus the estimated inverse of the second derivatives times the gradient (algorithm 7.4 of
  /// Nocedal and Wright, the two-loop recursion).
  func direction(for gradient: LanedVector) -> LanedVector {
    var direction = gradient.scaled(by: -1)
    guard let change = changes.last, let product = products.last else { return direction }
    var shares = [Double](repeating: 0, count: count)
    for index in steps.indices.reversed() {
      shares[index] = steps[index].dot(direction) / products[index]
      direction.add(-shares[index], times: changes[index])
    }
    direction = direction.scaled(by: product / change.dot(change))
    for index in steps.indices {
      let share = changes[index].dot(direction) / products[index]
      direction.add(shares[index] - share, times: steps[index])
    }
    return direction
  }
}
