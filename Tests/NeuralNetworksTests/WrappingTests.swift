import NeuralNetworks
import Randomness
import TensorEngine
import Testing

/// Layers that change another layer, or what goes through.
@Suite struct WrappingTests {
  private func run(
    _ layer: some Layer, on x: TensorValue<Float>, mode: Mode, steps: Int = 1,
    frozen: Bool = false
  ) throws -> (value: [Float], states: [String: [Float]]) {
    let graph = Graph()
    let input = graph.input("x", shape: x.shape)
    let bound = graph.bind(layer, as: "layer")
    let y =
      frozen ? graph.withoutUpdates { bound(input, mode: mode) } : bound(input, mode: mode)
    let workspace = Workspace<Float>(threads: 1, seed: 1)
    let program = workspace.load(try graph.compile(["y": y]))
    for step in 0..<steps {
      program.set("x", to: x.scalars)
      program.run(step: step)
    }
    let states = workspace.stateNames.map { ($0, workspace[state: $0].scalars) }
    return (program["y"].scalars, Dictionary(uniqueKeysWithValues: states))
  }

  /// Singular values 3 and 1, turned by 30 degrees.
  private func stretching() -> SpectralNorm<Dense> {
    var random = RandomStream(seed: 1, name: "weights")
    var dense = Dense(2, 2, usesBias: false, random: &random)
    let (cosine, sine) = (Float(0.75).squareRoot(), Float(0.5))
    dense.weight = Parameter(
      TensorValue(shape: [2, 2], scalars: [3 * cosine, 3 * sine, -sine, cosine]))
    return SpectralNorm(dense, random: &random)
  }

  @Test func spectralNormBringsTheGreatestSingularValueToOne() throws {
    let x = TensorValue<Float>(
      shape: [1, 2], scalars: [Float(0.75).squareRoot(), 0.5])
    let y = try run(stretching(), on: x, mode: .training, steps: 30).value
    #expect(abs(y[0] - 1) < 1e-4)
    #expect(abs(y[1]) < 1e-4)
  }

  @Test func itsDirectionStaysOutsideTraining() throws {
    let x = TensorValue<Float>(repeating: 1, shape: [1, 2])
    let layer = stretching()
    let before = layer.direction.value.scalars
    let name = "layer.direction"
    #expect(try run(layer, on: x, mode: .inference).states[name] == before)
    #expect(try run(layer, on: x, mode: .training, frozen: true).states[name] == before)
    #expect(try run(layer, on: x, mode: .training).states[name] != before)
  }

  @Test func dropoutKeepsTheMean() throws {
    let x = TensorValue<Float>(repeating: 1, shape: [100, 100])
    let y = try run(Dropout(0.25), on: x, mode: .training).value
    #expect(Set(y) == [0, 1 / 0.75])
    let mean: Float = y.reduce(0, +) / 10_000
    #expect(abs(mean - 1) < 0.05)
    #expect(try run(Dropout(0.25), on: x, mode: .inference).value == x.scalars)
    #expect(try run(Dropout(0.25), on: x, mode: .training, steps: 2).value != y)
    let twice = try run([Dropout(0.5), Dropout(0.5)], on: x, mode: .training).value
    // Masks of their own leave a quarter.
    let kept = Double(twice.count { $0 != 0 }) / 10_000
    #expect(abs(kept - 0.25) < 0.05)
  }

  @Test func maxPoolingTakesTheGreatestOfEachWindow() throws {
    let x = TensorValue<Float>(shape: [1, 1, 2, 4], scalars: [1, 5, -3, -1, 2, 0, -2, -4])
    #expect(try run(MaxPooling2D(2), on: x, mode: .inference).value == [5, -1])
  }

  @Test func anAverageFollowsUpdatesAndStatistics() throws {
    let graph = Graph()
    let network = BatchNorm(1, momentum: 0.5)
    let bound = graph.bind(network, as: "network")
    let x = graph.input("x", shape: [2, 1])
    _ = bound(x, mode: .training)
    graph.average(bound, into: graph.bind(network, as: "average"), decay: 0.15)
    let workspace = Workspace<Float>(threads: 1, seed: 1)
    let program = workspace.load(try graph.compile([:]))
    var (mean, average) = (0.0, 0.0)
    for step in 0..<3 {
      program.set("x", to: [1, 3] as [Float])
      program.run(step: step)
      mean = 0.5 * mean + 0.5 * 2
      let decay = min(0.15, Double(step + 1) / Double(step + 10))
      average = decay * average + (1 - decay) * mean
      #expect(abs(Double(workspace[state: "average.running_mean"].scalars[0]) - average) < 1e-6)
    }
  }

  @Test func anUpdateStaysWithinItsBoundAndItsSizeFalls() throws {
    let graph = Graph()
    let state = graph.state("x", initial: TensorValue(repeating: 0.5, shape: [1]))
    graph.minimize(
      state.sum(), over: [("x", state)], with: Adam(learningRate: 0.5, decayUpdates: 2),
      within: 0.75)
    let workspace = Workspace<Float>(threads: 1, seed: 1)
    let program = workspace.load(try graph.compile([:]))
    var places: [Float] = []
    for step in 0..<4 {
      program.run(step: step)
      places.append(workspace[state: "x"].scalars[0])
    }
    // Half a step down, then a quarter, then none.
    for (place, expected) in zip(places, [0, -0.25, -0.25, -0.25] as [Float]) {
      #expect(abs(place - expected) < 1e-5)
    }
    let bounded = Graph()
    let other = bounded.state("x", initial: TensorValue(repeating: 0.5, shape: [1]))
    bounded.minimize(other.sum(), over: [("x", other)], with: Adam(learningRate: 2), within: 0.75)
    let another = Workspace<Float>(threads: 1, seed: 1)
    let loaded = another.load(try bounded.compile([:]))
    loaded.run(step: 0)
    #expect(another[state: "x"].scalars[0] == -0.75)
  }
}
