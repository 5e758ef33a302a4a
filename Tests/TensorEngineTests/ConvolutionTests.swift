import TensorEngine
import Testing

/// Convolutions by every provider against the plain loop, all three passes.
@Suite struct ConvolutionTests {
  private static let uneven = {
    var geometry = ConvolutionGeometry(stride: 2)
    geometry.stride = [2, 1]
    geometry.padding = [1, 0, 2, 1]
    geometry.dilation = [1, 2]
    return geometry
  }()

  private static let wide = {
    var geometry = ConvolutionGeometry()
    geometry.padding = [0, 6, 3, 2]
    return geometry
  }()

  static let cases: [PlainConvolution] = [
    .init(image: [2, 2, 5, 4], weight: [3, 2, 3, 2]),
    .init(image: [1, 2, 6, 5], weight: [2, 2, 3, 3], geometry: .init(stride: 2)),
    .init(image: [1, 5, 7, 7], weight: [4, 5, 3, 3], geometry: .init(padding: 2, dilation: 2)),
    .init(image: [3, 8, 6, 6], weight: [6, 4, 3, 3], geometry: .init(padding: 1, groups: 2)),
    .init(image: [2, 6, 4, 4], weight: [6, 1, 3, 3], geometry: .init(padding: 1, groups: 6)),
    .init(image: [2, 5, 5, 6], weight: [2, 5, 3, 2], geometry: uneven),
    .init(image: [1, 16, 9, 9], weight: [8, 16, 1, 1]),
    // The shapes of a convolutional autoencoder and of a DCGAN, with batches that leave a rest.
    .init(image: [9, 1, 28, 28], weight: [32, 1, 4, 4], geometry: .init(stride: 2, padding: 1)),
    .init(image: [9, 32, 14, 14], weight: [64, 32, 4, 4], geometry: .init(stride: 2, padding: 1)),
    .init(image: [5, 3, 32, 32], weight: [64, 3, 4, 4], geometry: .init(stride: 2, padding: 1)),
    .init(image: [3, 64, 16, 16], weight: [64, 64, 4, 4], geometry: .init(stride: 2, padding: 1)),
    .init(image: [17, 64, 4, 4], weight: [1, 64, 4, 4]),
    .init(image: [2, 32, 18, 20], weight: [48, 32, 3, 3], geometry: .init(padding: 1)),
    // So many images that Winograd's large tiles are less work.
    .init(
      image: [72, 17, 14, 13], weight: [33, 17, 4, 4], geometry: .init(stride: 2, padding: 1)),
    .init(image: [7, 16, 24, 23], weight: [24, 16, 3, 3], geometry: .init(padding: 1)),
    // More channels than a tile has, and fewer; more lines than a strip has.
    .init(image: [3, 37, 9, 11], weight: [18, 37, 3, 2], geometry: uneven),
    .init(image: [2, 10, 13, 9], weight: [33, 10, 3, 3], geometry: .init(stride: 2, padding: 1)),
    .init(image: [1, 33, 40, 150], weight: [3, 33, 5, 5], geometry: .init(padding: 2)),
    .init(image: [3, 12, 7, 8], weight: [20, 12, 1, 1], geometry: .init(stride: 3)),
    // Large windows with few filters, and with few channels.
    .init(image: [2, 9, 70, 21], weight: [3, 9, 5, 7], geometry: .init(padding: 3, dilation: 2)),
    .init(image: [2, 2, 11, 13], weight: [17, 2, 9, 5], geometry: .init(padding: 4)),
    .init(image: [3, 10, 12, 15], weight: [2, 10, 5, 5], geometry: wide),
  ]

  @Test(arguments: cases)
  func everyProviderEqualsThePlainLoop(convolution: PlainConvolution) throws {
    let operands = operands(convolution)
    let expected = convolution.passes(operands[0], operands[1], operands[2])
    let double: [TensorValue<Double>] = try evaluate(operands) { passes($0, convolution) }
    for (result, reference) in zip(double, expected) {
      #expect(result.distance(to: reference) <= 1e-12)
    }
    for provider in ConvolutionProvider.allCases {
      var options = CompileOptions()
      options.convolutionProvider = provider
      let single = try evaluate(operands, as: Float.self, options: options) {
        passes($0, convolution)
      }
      for (pass, (result, reference)) in zip(single, expected).enumerated() {
        #expect(result.distance(to: reference) <= 1e-4, "\(provider), pass \(pass)")
      }
    }
  }

  @Test(arguments: cases, ConvolutionProvider.allCases)
  func threadsChangeNoBit(convolution: PlainConvolution, provider: ConvolutionProvider) throws {
    var options = CompileOptions()
    options.convolutionProvider = provider
    let results = try (1...3).map { threads in
      try evaluate(operands(convolution), as: Float.self, options: options, threads: threads) {
        passes($0, convolution)
      }
    }
    #expect(results[1] == results[0])
    #expect(results[2] == results[0])
  }

  /// Partial sums of a weight gradient have memory of their own: what lives meanwhile stays.
  @Test(arguments: ConvolutionProvider.allCases)
  func weightGradientsLeaveOtherValuesAlone(provider: ConvolutionProvider) throws {
    let convolution = PlainConvolution(image: [16, 8, 8, 8], weight: [8, 8, 3, 3])
    var options = CompileOptions()
    options.convolutionProvider = provider
    let bystander = numbers([20_000], "bystander")
    let results = try evaluate(
      operands(convolution) + [bystander], as: Float.self, options: options
    ) { x in
      let squares = (0..<4).map { x[3].square() + Double($0) }
      return passes(x, convolution) + squares + [x[3]]
    }
    for (offset, value) in results[3..<7].enumerated() {
      let expected = bystander.scalars.map { Float($0) * Float($0) + Float(offset) }
      #expect(value.scalars == expected)
    }
    #expect(results[7].scalars == bystander.scalars.map { Float($0) })
  }

  /// What is no number stays where the plain loop has it.
  @Test(arguments: ConvolutionProvider.allCases.filter { $0 != .winograd })
  func infinitiesAndNaNsReachOnlyTheirWindows(provider: ConvolutionProvider) throws {
    let convolution = PlainConvolution(image: [1, 16, 12, 12], weight: [16, 16, 5, 5])
    var options = CompileOptions()
    options.convolutionProvider = provider
    var operands = operands(convolution)
    var image = operands[0].scalars
    (image[3 * 144 + 2 * 12 + 2], image[9 * 144 + 9 * 12 + 11]) = (.infinity, .nan)
    operands[0] = TensorValue(shape: convolution.image, scalars: image)
    let expected = convolution.passes(operands[0], operands[1], operands[2])
    let results = try evaluate(operands, as: Float.self, options: options) {
      passes($0, convolution)
    }
    for (result, reference) in zip(results, expected) {
      for (x, y) in zip(result.scalars, reference.scalars) where !(y.isFinite && x.isFinite) {
        #expect(x.isNaN == y.isNaN && (y.isNaN || x == Float(y)))
      }
    }
  }

  /// An image smaller than the stride has fewer kinds of pixels than a large one: what is packed of
  /// the same weights for one is nothing for the other.
  @Test(arguments: ConvolutionProvider.allCases)
  func imagesOfDifferentKindsDoNotSharePackedWeights(provider: ConvolutionProvider) throws {
    let geometry = ConvolutionGeometry(stride: 2, padding: 1)
    func results(keepsPackedOperands: Bool) throws -> [TensorValue<Float>] {
      var options = CompileOptions()
      options.convolutionProvider = provider
      options.keepsPackedOperands = keepsPackedOperands
      let operands = [
        numbers([12, 12, 2, 2], "weight"), numbers([1, 12, 1, 1], "small"),
        numbers([1, 12, 3, 3], "large"),
      ]
      return try evaluate(operands, as: Float.self, options: options) { x in
        [
          x[1].convolvedTransposed(with: x[0], geometry, outputPadding: 1),
          x[2].convolvedTransposed(with: x[0], geometry),
        ]
      }
    }
    let (shared, separate) = (
      try results(keepsPackedOperands: true), try results(keepsPackedOperands: false)
    )
    #expect(shared == separate)
  }

  @Test func theTransposedConvolutionIsTheImageGradient() throws {
    let convolution = PlainConvolution(
      image: [2, 3, 8, 8], weight: [5, 3, 4, 4], geometry: .init(stride: 2, padding: 1))
    let operands = operands(convolution)
    let expected = convolution.passes(operands[0], operands[1], operands[2])[1]
    let result: TensorValue<Double> = try evaluate([operands[2], operands[1]]) {
      [$0[0].convolvedTransposed(with: $0[1], convolution.geometry)]
    }[0]
    #expect(result.distance(to: expected) <= 1e-13)
  }

  private func operands(_ convolution: PlainConvolution) -> [TensorValue<Double>] {
    [
      numbers(convolution.image, "image"), numbers(convolution.weight, "weight"),
      numbers(convolution.result, "cotangent"),
    ]
  }

  private func passes(_ x: [Tensor], _ convolution: PlainConvolution) -> [Tensor] {
    let result = x[0].convolved(with: x[1], convolution.geometry)
    let loss = (result * x[2]).sum()
    return [result] + x[0].graph.gradients(of: loss, withRespectTo: [x[0], x[1]])
  }
}
