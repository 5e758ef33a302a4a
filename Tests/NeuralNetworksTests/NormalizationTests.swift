import NeuralNetworks
import TensorEngine
import TensorEngineChecks
import Testing

@Suite struct NormalizationTests {
  /// The published formula in double precision: (x - mean) / sqrt(variance + 1e-5) over each list
  /// of places.
  private func standardized(_ x: [Float], _ groups: [[Int]]) -> [Double] {
    var y = [Double](repeating: 0, count: x.count)
    for places in groups {
      let (mean, variance) = moments(x, places)
      for place in places { y[place] = (Double(x[place]) - mean) / (variance + 1e-5).squareRoot() }
    }
    return y
  }

  private func moments(_ x: [Float], _ places: [Int]) -> (mean: Double, variance: Double) {
    let mean = places.map { Double(x[$0]) }.reduce(0, +) / Double(places.count)
    let squares = places.map { (Double(x[$0]) - mean) * (Double(x[$0]) - mean) }
    return (mean, squares.reduce(0, +) / Double(places.count))
  }

  /// The places of each channel of [images, channels, pixels], in all images or in each.
  private func groups(_ images: Int, _ channels: Int, _ pixels: Int, perImage: Bool) -> [[Int]] {
    func places(_ image: Int, _ channel: Int) -> [Int] {
      Array((image * channels + channel) * pixels..<(image * channels + channel + 1) * pixels)
    }
    return (0..<channels).flatMap { channel in
      let all = (0..<images).map { places($0, channel) }
      return perImage ? all : [all.flatMap { $0 }]
    }
  }

  private func trained(
    _ layer: some Layer, on x: TensorValue<Float>, times: Int = 1
  ) throws -> (value: TensorValue<Float>, workspace: Workspace<Float>) {
    let graph = Graph()
    let bound = graph.bind(layer, as: "norm")
    let input = graph.input("x", shape: x.shape)
    var y = input
    for _ in 0..<times { y = bound(input, mode: .training) }
    let workspace = Workspace<Float>(threads: 1, seed: 1)
    let program = workspace.load(try graph.compile(["y": y]))
    program.set("x", to: x.scalars)
    program.run(step: 0)
    return (program["y"], workspace)
  }

  /// The second has a mean that is a thousand times its deviation.
  @Test(arguments: [0, 1000])
  func batchNormStandardizesEachChannel(mean: Float) throws {
    var x = normalNumbers([4, 3, 2, 5])
    x.scalars = x.scalars.map { $0 + mean }
    var layer = BatchNorm(3)
    layer.weight = Parameter(normalNumbers([3], "weight"))
    layer.bias = Parameter(normalNumbers([3], "bias"))
    let (y, workspace) = try trained(layer, on: x)
    let channels = groups(4, 3, 10, perImage: false)
    var expected = standardized(x.scalars, channels)
    for (channel, places) in channels.enumerated() {
      for place in places {
        expected[place] =
          expected[place] * Double(layer.weight.value.scalars[channel])
          + Double(layer.bias.value.scalars[channel])
      }
    }
    #expect(largestError(y.scalars, expected) < (mean == 0 ? 1e-6 : 1e-4))
    let statistics = channels.map { moments(x.scalars, $0) }
    #expect(
      largestError(
        workspace[state: "norm.running_mean"].scalars, statistics.map { 0.1 * $0.mean }) < 1e-6)
    #expect(
      largestError(
        workspace[state: "norm.running_var"].scalars,
        statistics.map { 0.9 + 0.1 * $0.variance * 40 / 39 }) < 1e-5)
  }

  @Test func batchNormAppliedTwiceTracksTwice() throws {
    let x = normalNumbers([8, 2])
    let (_, workspace) = try trained(BatchNorm(2), on: x, times: 2)
    let means = groups(8, 2, 1, perImage: false).map { moments(x.scalars, $0).mean }
    #expect(
      largestError(
        workspace[state: "norm.running_mean"].scalars, means.map { 0.1 * $0 + 0.9 * 0.1 * $0 })
        < 1e-6)
  }

  @Test func batchNormInfersWithItsRunningStatistics() throws {
    var layer = BatchNorm(2)
    layer.weight.value.scalars = [3, 1]
    layer.bias.value.scalars = [0, -1]
    layer.runningMean.value.scalars = [1, 2]
    layer.runningVar.value.scalars = [4, 0.25]
    let y = try apply(layer, to: TensorValue(shape: [1, 2, 2], scalars: [1, 3, 2, 1]))
    #expect(largestError(y.scalars, [0, 3, -1, -3]) < 1e-4)
  }

  @Test(arguments: [true, false])
  func instanceNormStandardizesEachImage(isAffine: Bool) throws {
    let x = normalNumbers([2, 3, 4, 5])
    var layer = InstanceNorm(3, isAffine: isAffine)
    if isAffine { layer.bias?.value.scalars = [1, 1, 1] }
    let y = try apply(layer, to: x)
    let expected = standardized(x.scalars, groups(2, 3, 20, perImage: true))
    #expect(largestError(y.scalars, expected.map { isAffine ? $0 + 1 : $0 }) < 1e-6)
  }

  @Test(arguments: [1, 2])
  func gradientsOfEveryOrderSeeThroughTheStatistics(order: Int) throws {
    let x = TensorValue(
      shape: [3, 2, 2], scalars: normalNumbers([12]).scalars.map { Double($0) })
    let outcome = try GradientCheck.run(at: [x], order: order) { inputs in
      inputs[0].graph.bind(BatchNorm(2), as: "norm")(inputs[0], mode: .training)
    }
    #expect(outcome.compared == 12)
    #expect(outcome.largestError < (order == 1 ? 1e-8 : 1e-6), "\(outcome.place)")
  }

  @Test(arguments: [[4, 2, 5], [4, 1, 5], [4], []], [Mode.training, .inference])
  func refusesOtherChannels(shape: [Int], mode: Mode) {
    let graph = Graph()
    let x = graph.input("x", shape: Shape(shape))
    let y = graph.bind(BatchNorm(3), as: "norm")(x, mode: mode)
    #expect(throws: ShapeError.self) { try graph.compile(["y": y], as: Float.self) }
  }

  @Test(arguments: [[4, 2, 5], [4, 3], [3]])
  func instanceNormRefusesImagesThatDoNotSuit(shape: [Int]) {
    let graph = Graph()
    let y = InstanceNorm(3, isAffine: false)(graph.input("x", shape: Shape(shape)), mode: .training)
    #expect(throws: ShapeError.self) { try graph.compile(["y": y], as: Float.self) }
  }
}
