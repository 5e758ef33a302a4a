import FileFormats
import TensorEngine

/// How fast each provider carries out each pass of convolutions that networks have.
public enum ConvolutionBenchmark {
  /// A convolution of square images.
  public struct Case: Sendable, CustomStringConvertible {
    let network: String
    let batch: Int
    let inputs: Int
    let outputs: Int
    let side: Int
    let kernel: Int
    var stride = 1
    var padding = 1

    /// Such as "1x64x256x256 -> 64, 3x3, stride 1".
    public var description: String {
      "\(batch)x\(inputs)x\(side)x\(side) -> \(outputs), \(kernel)x\(kernel), stride \(stride)"
    }
    var outputSide: Int { (side + 2 * padding - kernel) / stride + 1 }
  }

  /// The passes, under the names of the graph's operations.
  public enum Pass: String, CaseIterable, Sendable {
    case forward
    case imageGradient = "image gradient"
    case weightGradient = "weight gradient"
  }

  /// The convolutions of the workloads, each shape once.
  public static let cases: [Case] = [
    Case(network: "VGG-19", batch: 1, inputs: 3, outputs: 64, side: 256, kernel: 3),
    Case(network: "VGG-19", batch: 1, inputs: 64, outputs: 64, side: 256, kernel: 3),
    Case(network: "VGG-19", batch: 1, inputs: 64, outputs: 128, side: 128, kernel: 3),
    Case(network: "VGG-19", batch: 1, inputs: 128, outputs: 128, side: 128, kernel: 3),
    Case(network: "VGG-19", batch: 1, inputs: 128, outputs: 256, side: 64, kernel: 3),
    Case(network: "VGG-19", batch: 1, inputs: 256, outputs: 256, side: 64, kernel: 3),
    Case(network: "VGG-19", batch: 1, inputs: 256, outputs: 512, side: 32, kernel: 3),
    Case(network: "VGG-19", batch: 1, inputs: 512, outputs: 512, side: 32, kernel: 3),
    Case(network: "VGG-19", batch: 1, inputs: 512, outputs: 512, side: 16, kernel: 3),
    Case(network: "DCGAN 28", batch: 64, inputs: 1, outputs: 64, side: 28, kernel: 4, stride: 2),
    Case(network: "DCGAN 28", batch: 64, inputs: 64, outputs: 128, side: 14, kernel: 4, stride: 2),
    Case(network: "DCGAN 64", batch: 64, inputs: 3, outputs: 64, side: 64, kernel: 4, stride: 2),
    Case(network: "DCGAN 64", batch: 64, inputs: 64, outputs: 128, side: 32, kernel: 4, stride: 2),
    Case(network: "DCGAN 64", batch: 64, inputs: 128, outputs: 256, side: 16, kernel: 4, stride: 2),
    Case(network: "DCGAN 64", batch: 64, inputs: 256, outputs: 512, side: 8, kernel: 4, stride: 2),
    Case(
      network: "DCGAN 64", batch: 64, inputs: 512, outputs: 100, side: 4, kernel: 4, padding: 0),
    Case(network: "VAE", batch: 128, inputs: 1, outputs: 32, side: 28, kernel: 4, stride: 2),
    Case(network: "VAE", batch: 128, inputs: 32, outputs: 64, side: 14, kernel: 4, stride: 2),
    Case(
      network: "transform net", batch: 4, inputs: 3, outputs: 32, side: 264, kernel: 9, padding: 0),
    Case(
      network: "transform net", batch: 4, inputs: 32, outputs: 64, side: 258, kernel: 3, stride: 2,
      padding: 0),
    Case(
      network: "transform net", batch: 4, inputs: 128, outputs: 128, side: 66, kernel: 3,
      padding: 0),
    Case(
      network: "transform net", batch: 4, inputs: 32, outputs: 3, side: 264, kernel: 9, padding: 0),
  ]

  /// Measures every case, pass and provider, and hands over each line when it is known.
  public static func run(
    _ settings: BenchmarkSettings, isQuick: Bool, _ line: (JSON) -> Void
  ) throws {
    let seconds = isQuick ? 0.02 : 0.4
    let machineRate = try MachineRate.matrixProduct(threads: settings.threads)
    for one in isQuick ? Array(cases.suffix(1)) : cases {
      for pass in Pass.allCases {
        for provider in ConvolutionProvider.allCases {
          var options = CompileOptions()
          options.convolutionProvider = provider
          let program = try program(one, pass, options)
          let time = MachineRate.secondsPerRun(
            of: program, threads: settings.threads, atLeast: seconds)
          let rate = Double(program.work) / time
          line([
            "workload": "conv", "network": .string(one.network),
            "shape": .string(one.description), "pass": .string(pass.rawValue),
            "provider": .string("\(provider)"), "ms": .rounded(time * 1e3),
            "gflops": .rounded(rate / 1e9), "machine_gflops": .rounded(machineRate / 1e9),
            "machine_share": .rounded(rate / machineRate),
            "threads": .integer(Int64(settings.threads)),
          ])
        }
      }
    }
  }

  /// A program of the one operation. A transposed convolution is the image gradient; the weight
  /// gradient is that of the product's sum with a cotangent.
  public static func program(
    _ one: Case, _ pass: Pass, _ options: CompileOptions = CompileOptions()
  ) throws -> Program<Float> {
    let graph = Graph()
    let geometry = ConvolutionGeometry(stride: one.stride, padding: one.padding)
    let images = graph.filled("images", [one.batch, one.inputs, one.side, one.side])
    let weights = graph.filled("weights", [one.outputs, one.inputs, one.kernel, one.kernel])
    let results = graph.filled(
      "results", [one.batch, one.outputs, one.outputSide, one.outputSide])
    let y: Tensor
    switch pass {
    case .forward: y = images.convolved(with: weights, geometry)
    case .imageGradient:
      let reached = (one.outputSide - 1) * one.stride - 2 * one.padding + one.kernel
      y = results.convolvedTransposed(
        with: weights, geometry, outputPadding: one.side - reached)
    case .weightGradient:
      let product = images.convolved(with: weights, geometry) * results
      y = graph.gradients(of: product.sum(), withRespectTo: [weights])[0]
    }
    return try graph.compile(["y": y], options: options)
  }
}
