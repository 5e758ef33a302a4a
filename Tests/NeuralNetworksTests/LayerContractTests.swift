import FileFormats
import NeuralNetworks
import TensorEngine
import Testing

/// Every layer of the room, without exception: a layer without a row, a row without numbers of PyTorch
/// and a fault of a layer all fail.
@Suite struct LayerContractTests {
  private static let fixtures = Result { try Fixtures("layers") }

  @Test(arguments: LayerSamples.all)
  func isKept(sample: LayerSample) throws {
    let fixture = try LayerFixture(sample.description, in: Self.fixtures.get())
    #expect(try sample.faults(fixture) == [])
  }

  /// The types of layers and modules that the room's sources declare.
  @Test func everyLayerHasARow() throws {
    let tests = Files.folder(of: Files.folder(of: #filePath))
    let room = "\(Files.folder(of: tests))/Sources/NeuralNetworks"
    let declaration =
      /^(?:public )?(?:struct|enum) (\w+)[^{\n]*:[^{]*\b(?:Layer|WeightedLayer|Module)\b[^{]*\{/
      .anchorsMatchLineEndings()
    var declared: Set<String> = []
    var folders = [room]
    while let folder = folders.popLast() {
      for name in try Files.names(in: folder) {
        let path = "\(folder)/\(name)"
        guard Files.kind(of: path) != .folder else {
          folders.append(path)
          continue
        }
        let text = String(decoding: try Files.read(path), as: UTF8.self)
        for match in text.matches(of: declaration) { declared.insert(String(match.1)) }
      }
    }
    #expect(declared.count > 40)
    #expect(declared.subtracting(LayerSamples.all.map(\.type)) == [])
  }

  @Test func everySampleIsAskedFor() throws {
    let written = Set(try Self.fixtures.get().names.map { $0.prefix { $0 != ":" } })
    #expect(written == Set(LayerSamples.all.map { $0.description[...] }))
  }

  /// The checker finds what is wrong.
  @Test func aLayerThatIsWrongIsFound() throws {
    let fixture = try LayerFixture("Activation.tanh", in: Self.fixtures.get())
    func faults(_ layer: some Layer, gives shape: Shape = [4, 6]) throws -> [String] {
      try LayerSample("Activation.tanh", layer, gives: shape).faults(fixture)
    }
    #expect(try faults(Activation.tanh) == [])
    #expect(try faults(Activation.tanh, gives: [4, 5]).count == 2)
    #expect(try faults(Activation.softsign).contains { $0.hasSuffix("away from PyTorch.") })
    #expect(try faults(PReLU()).contains { $0.hasPrefix("It has the parameters") })
    let constant = Lambda("tanh") { $0.tanh().stopGradient() }
    #expect(try faults(constant).contains { $0.contains("a gradient is") })
    let forgetful = Sequential(Activation.tanh, Dropout(0.5))
    #expect(try faults(forgetful).contains { $0.hasPrefix("Training is") })
  }

  /// Mistakes in shapes name the layer.
  @Test(
    arguments: [
      ("MaxPooling1D", AnyLayer(MaxPooling1D(2)), [1, 2, 4, 4]),
      ("AveragePooling3D", AnyLayer(AveragePooling3D(2)), [1, 2, 4, 4]),
      ("ZeroPadding", AnyLayer(ZeroPadding([1, 2])), [1, 2, 4]),
      ("UntiedBias", AnyLayer(UntiedBias([2, 4])), [1, 4, 2]),
      ("LayerNorm", AnyLayer(LayerNorm([5])), [2, 4]),
      ("globalMaxPool", AnyLayer(GlobalMaxPooling()), [2, 4]),
      ("transpose", AnyLayer(Permute([2, 1])), [2, 4]),
      ("Residual", AnyLayer(Residual(Flatten())), [2, 3, 4]),
      ("Add", AnyLayer(Add(Flatten(), Activation.relu)), [2, 3, 4]),
    ] as [(String, AnyLayer, [Int])])
  func refusesOtherShapes(operation: String, layer: AnyLayer, shape: [Int]) {
    let error = #expect(throws: ShapeError.self) {
      try apply(layer, to: normalNumbers(Shape(shape)))
    }
    #expect(error?.operation == operation)
  }
}
