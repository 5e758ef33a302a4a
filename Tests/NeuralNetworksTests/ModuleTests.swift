import FileFormats
import NeuralNetworks
import Randomness
import TensorEngine
import Testing

/// A network with a branch, an array, a wrapped layer and a part without bias.
private struct Branched: Module {
  var body: [AnyLayer]
  var heads: Sequential<Dense, Activation, Dense>
  var scale: Parameter

  static let fields: [Field<Branched>] = [
    .module("body", \.body), .module("heads", \.heads), .parameter("scale", \.scale),
  ]

  init(seed: UInt64) {
    var random = RandomStream(seed: seed, name: "weights")
    body = [
      AnyLayer(Conv2D(2, 3, kernelSize: 3, random: &random)), AnyLayer(Flatten()),
      AnyLayer(Dense(12, 5, usesBias: false, random: &random)),
    ]
    heads = Sequential(
      Dense(5, 4, random: &random), Activation.tanh, Dense(4, 1, random: &random))
    scale = Parameter(TensorValue(repeating: 1, shape: [1]))
  }
}

/// A module whose author forgot a field and misspelt another.
private struct Careless: Module {
  var weight = Parameter(normalNumbers([2, 3], "weight"))
  var bias = Parameter(normalNumbers([2], "bias"))
  var gain = Parameter(normalNumbers([2], "gain"))
  static let fields: [Field<Careless>] = [
    .parameter("weight", \.weight), .parameter("biass", \.bias),
  ]
}

@Suite struct ModuleContractTests {
  static var samples: [ModuleSample] {
    var random = RandomStream(seed: 3, name: "weights")
    return ModuleSample.recurrent + [
      ModuleSample("Dense", Dense(3, 2, random: &random), paths: ["weight", "bias"]),
      ModuleSample(
        "Dense without bias", Dense(3, 2, usesBias: false, random: &random), paths: ["weight"]),
      ModuleSample(
        "Conv2D", Conv2D(4, 6, kernelSize: 3, .init(groups: 2), random: &random),
        paths: ["weight", "bias"]),
      ModuleSample(
        "ConvTranspose2D", ConvTranspose2D(4, 6, kernelSize: 3, random: &random),
        paths: ["weight", "bias"]),
      ModuleSample(
        "BatchNorm", BatchNorm(3), paths: ["weight", "bias", "running_mean", "running_var"]),
      ModuleSample("InstanceNorm", InstanceNorm(3), paths: ["weight", "bias"]),
      ModuleSample("InstanceNorm without parameters", InstanceNorm(3, isAffine: false), paths: []),
      ModuleSample("Flatten", Flatten(), paths: []),
      ModuleSample("Reshape", Reshape([2, 3]), paths: []),
      ModuleSample("Activation", Activation.silu, paths: []),
      ModuleSample("AnyLayer", AnyLayer(Dense(1, 2, random: &random)), paths: ["weight", "bias"]),
      ModuleSample(
        "Array", [Dense(2, 2, random: &random), Dense(2, 1, usesBias: false, random: &random)],
        paths: ["0.weight", "0.bias", "1.weight"]),
      ModuleSample(
        "Sequential",
        Sequential(
          Conv2D(1, 2, kernelSize: 2, random: &random), Flatten(), Dense(8, 1, random: &random)),
        paths: ["0.weight", "0.bias", "2.weight", "2.bias"]),
      ModuleSample(
        "Branched", Branched(seed: 3),
        paths: [
          "body.0.weight", "body.0.bias", "body.2.weight", "heads.0.weight", "heads.0.bias",
          "heads.2.weight", "heads.2.bias", "scale",
        ]),
    ]
  }

  @Test(arguments: samples)
  func isKept(sample: ModuleSample) throws {
    #expect(try sample.faults() == [])
    #expect(sample.paths == sample.expectedPaths)
  }

  @Test func isBrokenByAForgottenField() throws {
    #expect(
      try moduleFaults(Careless()) == [
        """
        It walks ["weight", "biass"] and stores ["weight", "bias", "gain"].
        """,
        "It counts 8 numbers.",
      ])
  }

  /// Counts by hand: 3·2·9 + 3, 12·5, 5·4 + 4, 4 + 1 and 1.
  @Test func countsNumbers() {
    #expect(Branched(seed: 3).parameterCount == 57 + 60 + 24 + 5 + 1)
  }
}

@Suite struct ModuleTests {
  private func scalars(_ module: some Module) -> [Float] {
    module.parameters().flatMap(\.parameter.value.scalars)
  }

  @Test func movesPartOfTheWay() {
    let (online, start) = (Branched(seed: 5), Branched(seed: 6))
    var target = start
    target.move(toward: online, tau: 0.25)
    let expected = zip(scalars(start), scalars(online)).map {
      0.75 * Double($0) + 0.25 * Double($1)
    }
    #expect(largestError(scalars(target), expected) < 1e-7)
  }

  @Test(arguments: [Float(0), 1])
  func movesNowhereOrAllTheWayToTheBit(tau: Float) {
    let (online, start) = (Branched(seed: 5), Branched(seed: 6))
    var target = start
    // So much larger than the other's that a difference would lose the other's digits.
    target.walkParameters(at: "") { _, parameter in
      parameter.value = TensorValue(repeating: 1e9, shape: parameter.shape)
    }
    let far = scalars(target)
    target.move(toward: online, tau: tau)
    #expect(scalars(target) == (tau == 0 ? far : scalars(online)))
  }

  @Test func isAValue() {
    let original = Branched(seed: 5)
    var copy = original
    copy.scale.value.scalars[0] = 9
    #expect(original.scale.value.scalars == [1])
  }

  @Test func sharesStatesUnderOneName() throws {
    var random = RandomStream(seed: 5, name: "weights")
    let dense = Dense(2, 2, random: &random)
    let graph = Graph()
    let x = graph.input("x", shape: [1, 2])
    let once = graph.bind(dense, as: "net")(x, mode: .training)
    let twice = graph.bind(dense, as: "net")(once, mode: .training)
    #expect(try graph.compile(["y": twice]).stateNames == ["net.bias", "net.weight"])
  }

  /// What tables of layers show: types without what they are generic over, functions by name.
  @Test func tracesLayersUnderTheirPlaces() {
    var random = RandomStream(seed: 5, name: "weights")
    let network = Sequential(
      AnyLayer(Dense(2, 3, random: &random)),
      [Dense(3, 3, random: &random), Dense(3, 4, random: &random)], Activation.relu)
    let graph = Graph()
    _ = graph.layer("net", kind: network.kind) {
      graph.bind(network, as: "net")(graph.input("x", shape: [5, 2]), mode: .training)
    }
    #expect(
      graph.layers.map { "\($0.path) \($0.kind) \($0.outputShape)" } == [
        "net.0 Dense [5, 3]", "net.1.0 Dense [5, 3]", "net.1.1 Dense [5, 4]",
        "net.1 Array [5, 4]", "net.2 relu [5, 4]", "net Sequential [5, 4]",
      ])
  }
}

@Suite struct WeightTests {
  private let network = Branched(seed: 7)

  /// Records in which one tensor went wrong, and what is said of it.
  struct Damage: Sendable, CustomStringConvertible {
    let description: String
    let change: @Sendable (TensorRecord) -> TensorRecord?
  }

  private static let damages = [
    Damage(description: "is missing") { _ in nil },
    Damage(description: "has shape [60], expected [5, 12]") {
      TensorRecord(name: $0.name, elementType: $0.elementType, shape: [60], bytes: $0.bytes)
    },
    Damage(description: "has shape [5, 11], expected [5, 12]") {
      TensorRecord(name: $0.name, shape: [5, 11], values: [Float](repeating: 0, count: 55))
    },
    Damage(description: "holds F64 numbers, expected F32") {
      TensorRecord(name: $0.name, shape: $0.shape, values: [Double](repeating: 0, count: 60))
    },
    Damage(description: "holds I32 numbers, expected F32") {
      TensorRecord(name: $0.name, shape: $0.shape, values: [Int32](repeating: 0, count: 60))
    },
  ]

  @Test(arguments: damages)
  func ofAnotherNetworkAreRefused(damage: Damage) throws {
    let other = Branched(seed: 8)
    let records = other.records(at: "net").compactMap {
      $0.name == "net.body.2.weight" ? damage.change($0) : $0
    }
    var loaded = network
    let error = #expect(throws: WeightError.self) { try loaded.load(records, at: "net") }
    #expect(error?.description == "tensor 'net.body.2.weight': \(damage.description)")
    #expect(loaded.records() == network.records(), "nothing is changed")
  }

  @Test func thatNobodyNamesAreLeftAlone() throws {
    let records = network.records() + [TensorRecord(name: "other", values: [Float(1)])]
    var loaded = Branched(seed: 8)
    try loaded.load(records)
    #expect(loaded.records() == network.records())
  }

  @Test func ofAWorkspaceGoBackIntoTheNetwork() throws {
    let workspace = try trainedWorkspace()
    var trained = network
    try trained.load(workspace.records(), at: "net")
    #expect(trained.scale.value.scalars[0] != network.scale.value.scalars[0])
    #expect(trained.scale.value == workspace[state: "net.scale"])
  }

  @Test func ofAWorkspaceAreRestoredAsAWhole() throws {
    let trained = try trainedWorkspace()
    let fresh = try trainedWorkspace(steps: 0)
    let before = fresh.records()
    #expect(before != trained.records())

    let incomplete = trained.records().filter { $0.name != "optimizer.updates" }
    let error = #expect(throws: WeightError.self) { try fresh.restore(incomplete) }
    #expect(error?.description == "tensor 'optimizer.updates': is missing")
    #expect(fresh.records() == before)

    try fresh.restore(trained.records())
    #expect(fresh.records() == trained.records())
  }

  /// A workspace in which the network's scale was trained for some steps.
  private func trainedWorkspace(steps: Int = 3) throws -> Workspace<Float> {
    let graph = Graph()
    let bound = graph.bind(network, as: "net")
    let tensors = bound.tensors(in: graph)
    let loss = tensors.map { $0.tensor.square().sum() }.reduce(graph.constant(0), +)
    graph.minimize(loss, over: tensors, with: Adam())
    let workspace = Workspace<Float>(threads: 1, seed: 1)
    let program = workspace.load(try graph.compile(["loss": loss]))
    for step in 0..<steps { program.run(step: step) }
    return workspace
  }
}
