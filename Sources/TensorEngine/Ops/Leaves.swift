/// A tensor whose value is given at each run.
struct Input: LeafPrimitive {
  static let name = "input"
  let inputName: String
  let shape: Shape
  let elementType: ElementType

  func shape(of inputs: [Shape]) -> Shape { shape }
  func type(of inputs: [ElementType]) -> ElementType { elementType }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? { nil }
  func work(inputs: [Shape], output: Shape) -> Int { 0 }
}

/// A tensor that the workspace keeps between runs. Two are the same when their names are.
struct StateLeaf: LeafPrimitive {
  static let name = "state"
  let stateName: String
  let initial: TensorValue<Float>
  /// Whether it is given from outside, and no part of what training comes to.
  var isSetting = false

  func shape(of inputs: [Shape]) -> Shape { initial.shape }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? { nil }
  func work(inputs: [Shape], output: Shape) -> Int { 0 }

  static func == (left: StateLeaf, right: StateLeaf) -> Bool { left.stateName == right.stateName }
  func hash(into hasher: inout Hasher) { hasher.combine(stateName) }
}

/// Fixed real numbers.
struct Constant: LeafPrimitive {
  static let name = "constant"
  let values: [Double]
  let shape: Shape

  func shape(of inputs: [Shape]) -> Shape { shape }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? { nil }
  func work(inputs: [Shape], output: Shape) -> Int { 0 }
}

/// Its operand, as a constant for the reverse pass.
struct StopGradient: AliasPrimitive {
  static let name = "stopGradient"

  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? { nil }
}

extension Operation {
  static let stopGradient = Operation(
    "stopGradient", "x, as a constant for the reverse pass", records: StopGradient.self,
    operands: .fixed([.any]), differentiability: .cut
  ) { operands, _ in [operands[0].stopGradient()] }
}

extension Tensor {
  /// The same value, through which no gradient flows.
  public func stopGradient() -> Tensor { graph.apply(StopGradient(), to: [self]) }
}
