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

extension Graph {
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
