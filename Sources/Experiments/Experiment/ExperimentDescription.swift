import Datasets
import FileFormats
import NeuralNetworks
import TensorEngine

/// What an experiment consists of: what `atelier describe` prints and `run.json` records.
public struct ExperimentDescription: Sendable, Hashable {
  /// One layer of a network.
  public struct Layer: Sendable, Hashable {
    /// Where it sits, such as `decoder.2`.
    public let path: String
    /// What it is, such as `Dense`.
    public let kind: String
    /// The shape of its output, without the batch.
    public let outputShape: [Int]
    /// How many trainable numbers it holds.
    public let parameters: Int
    /// What it holds: the name and shape of each parameter, where they are known.
    public let weights: [Weight]
    /// What it reads; empty where that is not known, and for what holds other layers.
    public let inputs: [Input]

    /// Describes one layer.
    public init(
      path: String, kind: String, outputShape: [Int], parameters: Int, weights: [Weight] = [],
      inputs: [Input] = []
    ) {
      self.path = path
      self.kind = kind
      self.outputShape = outputShape
      self.parameters = parameters
      self.weights = weights
      self.inputs = inputs
    }

    /// A parameter of a layer.
    public struct Weight: Sendable, Hashable {
      /// Its name, such as `weight`.
      public let name: String
      /// Its shape.
      public let shape: [Int]
    }

    /// A tensor that a layer reads.
    public struct Input: Sendable, Hashable {
      /// The layer that gives it, or the input of the network.
      public let origin: Graph.LayerOrigin
      /// Its shape there, without the batch.
      public let shape: [Int]
    }
  }

  /// One compiled program.
  public struct Program: Sendable, Hashable {
    /// What it does, such as `training step`.
    public let name: String
    /// Floating-point operations of one execution.
    public let flops: Int
    /// Bytes that the kernels of one execution read and write.
    public let bytesMoved: Int
    /// Bytes of memory that it takes by itself, states and their first values included.
    public let memoryBytes: Int
    /// What it leaves alone, where it trains one of several networks.
    public let freezing: Freezing?

    /// Describes one program.
    public init(
      name: String, flops: Int, bytesMoved: Int, memoryBytes: Int, freezing: Freezing? = nil
    ) {
      self.name = name
      self.flops = flops
      self.bytesMoved = bytesMoved
      self.memoryBytes = memoryBytes
      self.freezing = freezing
    }

    /// Describes a program that so many threads carry out.
    public init(
      name: String, _ program: TensorEngine.Program<Float>, threads: Int,
      freezing: Freezing? = nil
    ) {
      self.init(
        name: name, flops: program.work, bytesMoved: program.bytesMoved,
        memoryBytes: MemoryForecast([program], threads: threads).total, freezing: freezing)
    }
  }

  /// What a program does to each network, as its compiled form says, and what it would cost if
  /// nothing were frozen.
  public struct Freezing: Sendable, Hashable {
    /// One network.
    public struct Network: Sendable, Hashable {
      /// Its name, which its states begin with.
      public let name: String
      /// How many of its parameters and running statistics the program overwrites.
      public let updates: Int
      /// How many of its parameters the program has a gradient of.
      public let gradients: Int

      /// Describes one network.
      public init(name: String, updates: Int, gradients: Int) {
        self.name = name
        self.updates = updates
        self.gradients = gradients
      }
    }
    /// The networks.
    public let networks: [Network]
    /// Floating-point operations of the same program with the gradients of all networks.
    public let unfrozenFlops: Int

    /// Describes what is frozen.
    public init(networks: [Network], unfrozenFlops: Int) {
      self.networks = networks
      self.unfrozenFlops = unfrozenFlops
    }

    /// Reads it from a compiled program.
    ///
    /// - Parameter unfrozen: the same program with the gradients of all networks.
    public init(
      of program: TensorEngine.Program<Float>, unfrozen: TensorEngine.Program<Float>,
      networks: [String]
    ) {
      self.init(
        networks: networks.map { name in
          Network(
            name: name, updates: program.updatedStates.count { $0.hasPrefix("\(name).") },
            gradients: program.differentiatedStates.count { $0.hasPrefix("\(name).") })
        }, unfrozenFlops: unfrozen.work)
    }

    /// The share of the work that freezing saves, 0 ... 1.
    public func share(ofFlops flops: Int) -> Double {
      unfrozenFlops == 0 ? 0 : 1 - Double(flops) / Double(unfrozenFlops)
    }
  }

  /// One file, or one generated data set, that the run learns from.
  public struct Source: Sendable, Hashable {
    /// The file's name, or the data set's.
    public let name: String
    /// SHA-256 of its bytes, in hexadecimal.
    public let sha256: String

    /// Files up to which each is told by itself.
    private static let mostFiles = 4096

    /// Describes one source of data.
    public init(name: String, sha256: String) {
      self.name = name
      self.sha256 = sha256
    }

    /// The files of a data set, each by itself; of more than 4,096 one hash of all their hashes and
    /// names, because a run's record is read and written often.
    public static func list(of files: [DatasetFile]) -> [Source] {
      let each = files.map { Source(name: Files.name(of: $0.path), sha256: $0.sha256) }
      guard each.count > mostFiles else { return each }
      let text = each.map { "\($0.sha256)  \($0.name)\n" }.joined()
      return [
        Source(name: "\(each.count) files", sha256: SHA256.hexadecimal(of: Array(text.utf8)))
      ]
    }
  }

  /// Something that was found in the data or follows from the configuration, such as how pixels are
  /// scaled.
  public struct Note: Sendable, Hashable {
    /// What it is about, such as `normalization`.
    public let name: String
    /// What is to be known of it, in one line.
    public let text: String

    /// A note.
    public init(_ name: String, _ text: String) {
      (self.name, self.text) = (name, text)
    }
  }

  /// The layers, from input to output, network after network.
  public var layers: [Layer]
  /// The compiled programs.
  public var programs: [Program]
  /// What the run learns from. A run is only resumed on the same bytes.
  public var sources: [Source]
  /// What else is to be known.
  public var notes: [Note]

  /// Describes an experiment.
  public init(
    layers: [Layer] = [], programs: [Program] = [], sources: [Source] = [], notes: [Note] = []
  ) {
    self.layers = layers
    self.programs = programs
    self.sources = sources
    self.notes = notes
  }

  /// How many trainable numbers all layers hold together.
  public var parameters: Int {
    layers.reduce(0) { $0 + $1.parameters }
  }

  /// The layers that were traced in a graph, with the sizes that a network's parameters have there,
  /// and what flows between them.
  public static func layers(of graph: Graph, _ network: some Module) -> [Layer] {
    let parameters = network.parameters()
    var inputs: [String: [Layer.Input]] = [:]
    for (layer, flows) in graph.flows() {
      // A layer that is traced twice reads what it reads each time.
      for flow in flows {
        let input = Layer.Input(
          origin: flow.origin, shape: Array(flow.shape.dimensions.dropFirst()))
        if inputs[layer.path]?.contains(input) != true {
          inputs[layer.path, default: []].append(input)
        }
      }
    }
    return graph.layers.map { layer in
      let own = parameters.filter { $0.path.hasPrefix(layer.path + ".") }
      return Layer(
        path: layer.path, kind: layer.kind,
        outputShape: Array(layer.outputShape.dimensions.dropFirst()),
        parameters: own.map(\.parameter.shape.count).reduce(0, +),
        weights: own.map { path, parameter in
          .init(
            name: String(path.dropFirst(layer.path.count + 1)),
            shape: parameter.shape.dimensions)
        }, inputs: inputs[layer.path] ?? [])
    }
  }
}
