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

    /// Describes one layer.
    public init(path: String, kind: String, outputShape: [Int], parameters: Int) {
      self.path = path
      self.kind = kind
      self.outputShape = outputShape
      self.parameters = parameters
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

    /// Describes one program.
    public init(name: String, flops: Int, bytesMoved: Int, memoryBytes: Int) {
      self.name = name
      self.flops = flops
      self.bytesMoved = bytesMoved
      self.memoryBytes = memoryBytes
    }

    /// Describes a program that so many threads carry out.
    public init(name: String, _ program: TensorEngine.Program<Float>, threads: Int) {
      self.init(
        name: name, flops: program.work, bytesMoved: program.bytesMoved,
        memoryBytes: MemoryForecast([program], threads: threads).total)
    }
  }

  /// One file, or one generated data set, that the run learns from.
  public struct Source: Sendable, Hashable {
    /// The file's name, or the data set's.
    public let name: String
    /// SHA-256 of its bytes, in hexadecimal.
    public let sha256: String

    /// Describes one source of data.
    public init(name: String, sha256: String) {
      self.name = name
      self.sha256 = sha256
    }
  }

  /// The layers, from input to output, network after network.
  public var layers: [Layer]
  /// The compiled programs.
  public var programs: [Program]
  /// What the run learns from. A run is only resumed on the same bytes.
  public var sources: [Source]

  /// Describes an experiment.
  public init(layers: [Layer] = [], programs: [Program] = [], sources: [Source] = []) {
    self.layers = layers
    self.programs = programs
    self.sources = sources
  }

  /// How many trainable numbers all layers hold together.
  public var parameters: Int {
    layers.reduce(0) { $0 + $1.parameters }
  }

  /// The layers that were traced in a graph, with the sizes that a network's parameters have there.
  public static func layers(of graph: Graph, _ network: some Module) -> [Layer] {
    let parameters = network.parameters()
    return graph.layers.map { layer in
      Layer(
        path: layer.path, kind: layer.kind,
        outputShape: Array(layer.outputShape.dimensions.dropFirst()),
        parameters: parameters.filter { $0.path.hasPrefix(layer.path + ".") }
          .map(\.parameter.shape.count).reduce(0, +))
    }
  }
}
