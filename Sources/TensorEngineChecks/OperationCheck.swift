import TensorEngine

/// What an operation promises about its gradients, checked over its samples and over variants that
/// are derived from each: operands that arrive transposed, strided or twice, and a scaled result.
public struct OperationCheck: Sendable {
  /// The operation.
  public let operation: String
  /// How many rows of the table were checked.
  public private(set) var samples = 0
  /// How many functions were checked: the rows and their variants.
  public private(set) var variants = 0
  /// How many derivatives were compared with measured ones, both orders together.
  public private(set) var compared = 0
  /// The largest relative error of the first and of the second derivatives.
  public private(set) var largestErrors = [0.0, 0.0]
  /// What was found, a line each; empty when the operation keeps its promises.
  public private(set) var failures: [String] = []

  /// The step of the central differences that measure the first and the second derivatives, and
  /// the factor of a sample's tolerance that each is held to: what is measured from derivatives of
  /// a loss with large second derivatives is less exact.
  private static let orders = [(order: 1, step: 1e-5, slack: 1.0), (2, 1e-4, 100)]

  /// Checks an operation over its samples.
  ///
  /// - Throws: `ShapeError` when a sample cannot be traced, which is a mistake of the table.
  public init(_ operation: Operation) throws {
    self.operation = operation.name
    for sample in OperationSample.all where sample.operation == operation.name {
      samples += 1
      if sample.isDifferentiable {
        for variant in Variant.all(of: sample) { try compare(variant, sample) }
      } else if operation.differentiability != .anyOrder, sample.attributes != nil {
        try expectNoGradient(sample, isConstant: operation.differentiability == .none)
      }
    }
  }

  private mutating func compare(_ variant: Variant, _ sample: OperationSample) throws {
    variants += 1
    for (order, step, slack) in Self.orders {
      let outcome = try GradientCheck.run(
        at: variant.operands, types: sample.types, order: order, stepSize: step, of: variant.build)
      compared += outcome.compared
      let error = outcome.largestError
      if error.isNaN || error > largestErrors[order - 1] { largestErrors[order - 1] = error }
      if !(error <= sample.tolerance * slack) {
        failures.append(
          "\(sample), \(variant.name): order \(order) is off by \(error) at \(outcome.place)")
      }
      if !outcome.repeats {
        failures.append("\(sample), \(variant.name): order \(order) differs when run twice")
      }
    }
  }

  /// The derived gradient is zero, and so is the measured one of a result that is constant; but at
  /// whole numbers, where it may jump, nothing is measured.
  private mutating func expectNoGradient(_ sample: OperationSample, isConstant: Bool) throws {
    variants += 1
    guard sample.types.contains(.real), sample.shapes.map(\.count).reduce(0, +) <= 1000 else {
      return
    }
    let graph = Graph()
    let (operands, result) = sample.trace(in: graph)
    let real = operands.filter { $0.type == .real }
    let gradients = graph.gradients(of: result.sum(), withRespectTo: real)
    for (index, gradient) in gradients.enumerated() {
      // Zeros need no operand, so that they have a value at once.
      let value = try? gradient.value(as: Double.self)
      if value?.scalars.allSatisfy({ $0 == 0 }) != true {
        failures.append("\(sample): operand \(index) has a gradient, expected none")
      }
    }
    if isConstant, sample.wholeOperands.isEmpty {
      let outcome = try GradientCheck.run(
        at: sample.operands(), types: sample.types, of: sample.build)
      compared += outcome.compared
      largestErrors[0] = max(largestErrors[0], outcome.largestError)
      if !(outcome.largestError <= sample.tolerance) {
        failures.append("\(sample): the result changes at \(outcome.place), and has no gradient")
      }
    }
  }
}
