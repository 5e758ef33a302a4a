/// Random numbers that depend on the run's seed, the stream's name, the step and the element's
/// place only: the same program at the same step gives the same numbers, on any thread count.
struct RandomNumbers: KernelPrimitive {
  static let name = "random"
  let distribution: RandomDistribution
  let shape: Shape
  /// Named once in a graph.
  let stream: String

  func shape(of inputs: [Shape]) -> Shape { shape }
  func gradient(ofInput index: Int, _ context: GradientContext) -> Tensor? { nil }

  func kernel(_ call: KernelCall, _: Float.Type) -> Kernel<Float> {
    .random(distribution, count: shape.count, stream: stream)
  }
  func kernel(_ call: KernelCall, _: Double.Type) -> Kernel<Double> {
    .random(distribution, count: shape.count, stream: stream)
  }
}

/// What random numbers follow.
enum RandomDistribution: String, Hashable, Sendable {
  /// Even in 0 ..< 1.
  case uniform
  /// Mean 0, deviation 1.
  case normal
}

extension Operation {
  static let randomUniform = Operation(
    "randomUniform", "numbers even in 0 ..< 1", records: RandomNumbers.self,
    attributes: [.required("shape", .integers)]
  ) { graph, attributes in
    graph.drawn("randomUniform", attributes) { graph.randomUniform($0, stream: "uniform") }
  }

  static let randomNormal = Operation(
    "randomNormal", "numbers of mean 0 and deviation 1", records: RandomNumbers.self,
    attributes: [.required("shape", .integers)]
  ) { graph, attributes in
    graph.drawn("randomNormal", attributes) { graph.randomNormal($0, stream: "normal") }
  }

  static let randomBernoulli = Operation(
    "randomBernoulli", "1 with the given probability, else 0",
    attributes: [.required("shape", .integers), .required("probability", .number)]
  ) { graph, attributes in
    graph.drawn("randomBernoulli", attributes) {
      graph.randomBernoulli(
        $0, probability: attributes.number("probability"), stream: "bernoulli")
    }
  }
}

extension Graph {
  /// What `draw` makes of the shape that the attributes give.
  fileprivate func drawn(
    _ name: String, _ attributes: Attributes, _ draw: (Shape) -> Tensor
  ) -> Tensor {
    attributes.shape().map(draw)
      ?? fail(ShapeError(name, "\(attributes.integers("shape")) has a negative extent"))
  }

  /// Numbers even in 0 ..< 1, drawn anew each step from the named stream.
  public func randomUniform(_ shape: Shape, stream: String) -> Tensor {
    apply(
      RandomNumbers(distribution: .uniform, shape: shape, stream: uniqueStream(stream)), to: [])
  }

  /// Standard normal numbers, drawn anew each step from the named stream.
  public func randomNormal(_ shape: Shape, stream: String) -> Tensor {
    apply(RandomNumbers(distribution: .normal, shape: shape, stream: uniqueStream(stream)), to: [])
  }

  /// 1 with the given probability, else 0, drawn anew each step from the named stream.
  public func randomBernoulli(_ shape: Shape, probability: Double, stream: String) -> Tensor {
    randomUniform(shape, stream: stream).isLess(than: probability)
  }
}
