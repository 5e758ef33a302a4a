import NeuralNetworks
import Randomness
import RealModule
import TensorEngine
import Testing

@Suite struct DenseTests {
  @Test(arguments: [true, false])
  func isAWeightedSum(usesBias: Bool) throws {
    var random = RandomStream(seed: 1, name: "weights")
    var dense = Dense(5, 3, usesBias: usesBias, random: &random)
    if usesBias { dense.bias = Parameter(normalNumbers([3], "bias")) }
    let x = normalNumbers([4, 5])
    var expected: [Double] = []
    for row in 0..<4 {
      for output in 0..<3 {
        var sum = Double(dense.bias?.value.scalars[output] ?? 0)
        for feature in 0..<5 {
          let weight = dense.weight.value.scalars[output * 5 + feature]
          sum += Double(x.scalars[row * 5 + feature]) * Double(weight)
        }
        expected.append(sum)
      }
    }
    let y = try apply(dense, to: x)
    #expect(y.shape == [4, 3])
    #expect(largestError(y.scalars, expected) < 1e-6)
  }

  @Test func keepsLeadingAxesAndEndsWithItsActivation() throws {
    var random = RandomStream(seed: 1, name: "weights")
    let plain = Dense(5, 3, random: &random)
    var rectified = plain
    rectified.activation = .relu
    let x = normalNumbers([2, 4, 5])
    let y = try apply(rectified, to: x)
    #expect(y.shape == [2, 4, 3])
    #expect(y.scalars == (try apply(plain, to: x)).scalars.map { max($0, 0) })
  }

  @Test func refusesOtherFeaturesByItsPath() {
    var random = RandomStream(seed: 1, name: "weights")
    let layers = [Dense(5, 3, random: &random), Dense(4, 3, random: &random)]
    let error = #expect(throws: ShapeError.self) { try apply(layers, to: normalNumbers([2, 5])) }
    #expect(error?.operation == "matmul")
    #expect(error?.scope == "1")
  }
}

@Suite struct ConvolutionLayerTests {
  @Test(arguments: ConvolutionSample.all)
  func convolutionEqualsThePlainLoop(sample: ConvolutionSample) throws {
    let layer = sample.convolution()
    let large = [sample.inputs, sample.height, sample.width]
    let reach = sample.dilation * (sample.kernelSize - 1) + 1
    let small =
      [sample.outputs] + large[1...].map { ($0 + 2 * sample.padding - reach) / sample.stride + 1 }
    let x = normalNumbers(Shape([2] + large))
    var expected = sample.biases(layer.bias, small)
    sample.forEachTap(large: large, small: small) { large, small, weight in
      expected[small] += Double(x.scalars[large]) * Double(layer.weight.value.scalars[weight])
    }
    let y = try apply(layer, to: x)
    #expect(y.shape == Shape([2] + small))
    #expect(largestError(y.scalars, expected) < 1e-6)
  }

  @Test(arguments: ConvolutionSample.all)
  func transposedConvolutionEqualsThePlainLoop(sample: ConvolutionSample) throws {
    let layer = sample.transposed()
    let small = [sample.inputs, sample.height, sample.width]
    let large =
      [sample.outputs]
      + small[1...].map {
        ($0 - 1) * sample.stride - 2 * sample.padding + sample.dilation * (sample.kernelSize - 1)
          + 1 + sample.outputPadding
      }
    let x = normalNumbers(Shape([2] + small))
    var expected = sample.biases(layer.bias, large)
    sample.forEachTap(large: large, small: small) { large, small, weight in
      expected[large] += Double(x.scalars[small]) * Double(layer.weight.value.scalars[weight])
    }
    let y = try apply(layer, to: x)
    #expect(y.shape == Shape([2] + large))
    #expect(largestError(y.scalars, expected) < 1e-6)
  }

  /// A 2 x 2 image of ones under a window of ones, stride 2: by hand.
  @Test func transposedConvolutionAddsWhereWindowsOverlap() throws {
    var random = RandomStream(seed: 1, name: "weights")
    var layer = ConvTranspose2D(
      1, 1, kernelSize: 3, .init(stride: 2, padding: 1), outputPadding: 1, random: &random)
    layer.weight.value = TensorValue(repeating: 1, shape: [1, 1, 3, 3])
    let y = try apply(layer, to: TensorValue(repeating: 1, shape: [1, 1, 2, 2]))
    #expect(y.shape == [1, 1, 4, 4])
    #expect(y.scalars == [1, 2, 1, 1, 2, 4, 2, 2, 1, 2, 1, 1, 1, 2, 1, 1])
  }

  @Test func endsWithItsActivation() throws {
    var sample = ConvolutionSample()
    sample.padding = 1
    let x = normalNumbers([2, 2, 6, 5])
    var (direct, transposed) = (sample.convolution(), sample.transposed())
    let plain = [try apply(direct, to: x), try apply(transposed, to: x)]
    direct.activation = .relu
    transposed.activation = .relu
    let rectified = [try apply(direct, to: x), try apply(transposed, to: x)]
    #expect(rectified.map(\.scalars) == plain.map { $0.scalars.map { max($0, 0) } })
  }

  @Test(arguments: [[2, 3, 6, 5], [2, 2, 2, 2], [2, 30]])
  func refusesImagesThatDoNotSuit(shape: [Int]) {
    let layer = ConvolutionSample().convolution()
    #expect(throws: ShapeError.self) { try apply(layer, to: normalNumbers(Shape(shape))) }
  }
}

@Suite struct ReshapingTests {
  @Test func keepTheNumbersInOrder() throws {
    let x = normalNumbers([2, 3, 2, 2])
    let flat = try apply(Flatten(), to: x)
    #expect(flat == TensorValue(shape: [2, 12], scalars: x.scalars))
    #expect(try apply(Reshape([3, 2, 2]), to: flat) == x)
  }

  @Test func refuseAnotherNumberOfElements() {
    #expect(throws: ShapeError.self) { try apply(Reshape([5]), to: normalNumbers([2, 12])) }
  }
}

@Suite struct ActivationTests {
  private static let points = [-100, -20, -3, -1, -0.5, -1e-3, 0, 1e-3, 0.5, 1, 3, 20, 100]

  /// The published formula, in double precision.
  private func reference(_ activation: Activation, _ x: Double) -> Double {
    switch activation {
    case .identity: x
    case .relu: max(x, 0)
    case .leakyReLU: x < 0 ? 0.2 * x : x
    case .relu6: min(max(x, 0), 6)
    case .elu: x < 0 ? .exp(x) - 1 : x
    // Klambauer et al. 2017, appendix.
    case .selu: 1.0507009873554805 * (x < 0 ? 1.6732632423543772 * (.exp(x) - 1) : x)
    case .tanh: .tanh(x)
    case .sigmoid: 1 / (1 + .exp(-x))
    case .hardSigmoid: min(max(x / 6 + 0.5, 0), 1)
    case .softmax: .exp(x) / Self.points.map { .exp($0) }.reduce(0, +)
    case .softsign: x / (1 + x.magnitude)
    case .softplus: max(x, 0) + .log(onePlus: .exp(-x.magnitude))
    case .silu: x / (1 + .exp(-x))
    case .gelu: x * .erfc(-x / 2.0.squareRoot()) / 2
    case .geluTanh: x * (1 + .tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x))) / 2
    }
  }

  @Test(arguments: Activation.allCases)
  func equalsItsFormula(activation: Activation) throws {
    let x = TensorValue(shape: [Self.points.count], scalars: Self.points.map { Float($0) })
    for (x, y) in zip(x.scalars, try apply(activation, to: x).scalars) {
      let expected = reference(activation, Double(x))
      // The distribution function is a difference of numbers near 1 where x is negative.
      let isDifference = activation == .gelu || activation == .geluTanh
      let scale = isDifference ? max(1, Double(x.magnitude)) : max(1e-3, expected.magnitude)
      #expect((Double(y) - expected).magnitude <= 1e-6 * scale, "at \(x)")
    }
  }
}
