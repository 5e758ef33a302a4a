import TensorEngine
import Testing

extension ShapeErrorTests {
  /// Filters or tables of a shape.
  private static func state(_ x: Tensor, _ shape: Shape) -> Tensor {
    x.graph.state("spatial", initial: TensorValue(repeating: 0, shape: shape))
  }

  /// [2, 3, 8]
  private static func line(_ x: Operands) -> Tensor { x.image.sum(axes: [3]) }

  static let spatialMisuses: [Misuse] = [
    Misuse("maxPool", ["[3, 4]"]) { $0.matrix.maxPooled(PoolingWindow(2)) },
    Misuse("maxPool", ["[9, 9]", "[2, 3, 8, 8]"]) { $0.image.maxPooled(PoolingWindow(9)) },
    Misuse("maxPool", ["[2, 2, 2]", "2 axes"]) { $0.image.maxPooled(PoolingWindow([2, 2, 2])) },
    Misuse("maxPool", ["stride [0]"]) { $0.image.maxPooled(PoolingWindow(2, stride: 0)) },
    Misuse("maxPool", ["half"]) {
      $0.image.maxPooledWithIndices(PoolingWindow([3], padding: .explicit([2]))).indices
    },
    Misuse("maxPool", ["byte"]) {
      $0.bytes.reshaped(to: [1, 3, 4]).maxPooled(PoolingWindow(2))
    },
    Misuse("averagePool", ["[3, 4]"]) { $0.matrix.averagePooled(PoolingWindow(2)) },
    Misuse("averagePool", ["-1"]) {
      $0.image.averagePooled(PoolingWindow([2], padding: .explicit([-1])))
    },
    Misuse("averagePool", ["[2, 3, 0]"]) {
      line($0).sliced(axis: 2, 0..<0).averagePooled(PoolingWindow([1]))
    },
    Misuse("maxUnpool", ["[3, 4]", "[2, 3, 8, 8]"]) {
      $0.image.maxUnpooled(to: [9, 9], at: $0.matrix.index())
    },
    Misuse("maxUnpool", ["[9]"]) { $0.image.maxUnpooled(to: [9], at: $0.image.index()) },
    Misuse("maxUnpool", ["-9"]) { $0.image.maxUnpooled(to: [9, -9], at: $0.image.index()) },
    Misuse("maxUnpool", ["too large"]) {
      $0.image.maxUnpooled(to: [1 << 40, 1 << 40], at: $0.image.index())
    },
    Misuse("globalMaxPool", ["[3, 4]"]) { $0.matrix.globalMaxPooled() },
    Misuse("globalMaxPool", ["no pixels"]) { $0.image.sliced(axis: 2, 0..<0).globalMaxPooled() },
    Misuse("globalAveragePool", ["[3, 4]"]) { $0.matrix.globalAveragePooled() },
    Misuse("globalAveragePool", ["no pixels"]) {
      $0.image.sliced(axis: 3, 1..<1).globalAveragePooled()
    },
    Misuse("resample", ["[3, 4]"]) { $0.matrix.upsampled(by: 2) },
    Misuse("resample", ["0"]) { $0.image.upsampled(by: 0) },
    Misuse("resample", ["8x0"]) { $0.image.resampled(height: 8, width: 0, .nearest) },
    Misuse("resample", ["too large"]) {
      $0.image.resampled(height: 1 << 30, width: 1 << 30, .bilinear(alignsCorners: true))
    },
    Misuse("conv1d", ["3 channels", "[4, 2, 3]"]) {
      line($0).convolved(with: state($0.image, [4, 2, 3]), padding: .valid)
    },
    Misuse("conv1d", ["[9]"]) {
      line($0).convolved(with: state($0.image, [4, 3, 9]), padding: .valid)
    },
    Misuse("conv1d", ["[4, 3, 3, 3]"]) {
      line($0).convolved(with: state($0.image, [4, 3, 3, 3]), padding: .same)
    },
    Misuse("conv2d", ["negative"]) {
      $0.image.convolved(with: state($0.image, [4, 3, 3, 3]), padding: .explicit([-1]))
    },
    Misuse("conv3d", ["groups 0"]) {
      $0.image.reshaped(to: [2, 3, 2, 4, 8]).convolved(
        with: state($0.image, [4, 3, 1, 1, 1]), padding: .valid, groups: 0)
    },
    Misuse("conv3d", ["empty"]) {
      $0.image.reshaped(to: [2, 3, 2, 4, 8]).convolved(
        with: state($0.image, [4, 3, 0, 1, 1]), padding: .valid)
    },
    Misuse("conv3d", ["does not fit"]) {
      $0.image.reshaped(to: [2, 3, 2, 4, 8]).convolved(
        with: state($0.image, [4, 3, 3, 1, 1]), padding: .valid)
    },
    Misuse("convTranspose1d", ["channels"]) {
      line($0).convolvedTransposed(with: state($0.image, [4, 3, 3]), padding: .valid)
    },
    Misuse("convTranspose1d", ["output padding [2]"]) {
      line($0).convolvedTransposed(
        with: state($0.image, [3, 4, 3]), stride: [2], padding: .valid, outputPadding: [2])
    },
    Misuse("convTranspose1d", ["leaves nothing"]) {
      line($0).convolvedTransposed(with: state($0.image, [3, 4, 3]), padding: .explicit([5]))
    },
    Misuse("convTranspose3d", ["stride [1, 2]"]) {
      $0.image.reshaped(to: [2, 3, 2, 4, 8]).convolvedTransposed(
        with: state($0.image, [3, 4, 1, 1, 1]), stride: [1, 2], padding: .valid)
    },
    Misuse("convTranspose3d", ["channels"]) {
      $0.image.reshaped(to: [2, 3, 2, 4, 8]).convolvedTransposed(
        with: state($0.image, [3, 4, 1, 1, 1]), padding: .valid, groups: 2)
    },
    Misuse("convTranspose3d", ["leaves nothing"]) {
      $0.image.reshaped(to: [2, 3, 2, 4, 8]).convolvedTransposed(
        with: state($0.image, [3, 4, 1, 1, 1]), padding: .explicit([1]))
    },
  ]

  static let indexingMisuses: [Misuse] = [
    Misuse("gather", ["[3, 4]", "axis 2"]) { $0.matrix.gathered(at: $0.matrix.index(), axis: 2) },
    Misuse("gather", ["real", "index()"]) { $0.matrix.gathered(at: $0.matrix) },
    Misuse("gather", ["byte"]) { $0.matrix.gathered(at: $0.bytes) },
    Misuse("scatterAdd", ["[3, 4]"]) { $0.image.scatterAdded(at: $0.matrix.index(), extent: 5) },
    Misuse("scatterAdd", ["-1"]) { $0.matrix.scatterAdded(at: $0.matrix.index(), extent: -1) },
    Misuse("scatterAdd", ["byte"]) { $0.bytes.scatterAdded(at: $0.matrix.index(), extent: 5) },
    Misuse("scatterAdd", ["axis 9"]) {
      $0.matrix.scatterAdded(at: $0.matrix.index(), extent: 5, axis: 9)
    },
    Misuse("takeAlongAxis", ["[3, 4]", "-3"]) {
      $0.matrix.takenAlong(axis: -3, at: $0.matrix.index())
    },
    Misuse("takeAlongAxis", ["[3, 4]", "[4, 3]"]) {
      $0.matrix.takenAlong(axis: 0, at: $0.matrix.transposed().index())
    },
    Misuse("takeAlongAxis", ["real"]) { $0.matrix.takenAlong(axis: 0, at: $0.matrix) },
    Misuse("addAlongAxis", ["axis 2"]) {
      $0.matrix.addedAlong(axis: 2, at: $0.matrix.index(), extent: 3)
    },
    Misuse("addAlongAxis", ["[3, 4]", "[4, 3]"]) {
      $0.matrix.addedAlong(axis: 0, at: $0.matrix.transposed().index(), extent: 3)
    },
    Misuse("addAlongAxis", ["too large"]) {
      $0.matrix.addedAlong(axis: 0, at: $0.matrix.index(), extent: .max)
    },
    Misuse("oneHot", ["real", "5 classes"]) { $0.matrix.oneHot(classes: 5) },
    Misuse("oneHot", ["-1"]) { $0.matrix.index().oneHot(classes: -1) },
    Misuse("oneHot", ["2^24"]) { $0.matrix.index().oneHot(classes: 1 << 30) },
    Misuse("argsort", ["[3, 4]", "axis 2"]) { $0.matrix.argsorted(axis: 2) },
    Misuse("argsort", ["byte"]) { $0.bytes.argsorted() },
    Misuse("argsort", ["axis -3"]) { $0.matrix.sorted(axis: -3) },
    Misuse("topK", ["5 elements", "[3, 4]"]) { $0.matrix.topK(5).values },
    Misuse("topK", ["-1 elements"]) { $0.matrix.topK(-1).indices },
    Misuse("topK", ["axis 2"]) { $0.matrix.topK(1, axis: 2).values },
    Misuse("index", ["byte", "real()"]) { $0.bytes.index() },
    Misuse("randomCategorical", ["[3, 0]"]) {
      $0.matrix.graph.randomCategorical(
        logits: $0.matrix.sliced(axis: 1, 0..<0), stream: "class")
    },
    Misuse("randomCategorical", ["[]"]) {
      $0.matrix.graph.randomCategorical(logits: $0.matrix.sum(), stream: "class")
    },
    Misuse("randomPermutation", ["-1"]) { $0.matrix.graph.randomPermutation(-1, stream: "order") },
  ]

  @Test func tracingGoesOnThroughWindowsAndPositions() {
    let graph = Graph()
    let poisoned = graph.input("x", shape: [3]).transposed()
    let index = graph.input("index", shape: [2, 3], type: .index)
    let sound = graph.input("sound", shape: [2, 3])
    let window = PoolingWindow(2)
    let (values, indices) = poisoned.maxPooledWithIndices(window)
    for tensor in [
      values, indices, poisoned.averagePooled(window), poisoned.globalMaxPooled(),
      poisoned.globalAveragePooled(), poisoned.maxUnpooled(to: [3], at: index),
      sound.maxUnpooled(to: [3], at: poisoned), poisoned.upsampled(by: 2),
      poisoned.resampled(height: 2, width: 2, .nearest),
      poisoned.convolved(with: sound, padding: .same),
      sound.convolved(with: poisoned, padding: .same),
      poisoned.convolvedTransposed(with: sound, padding: .valid),
      sound.convolvedTransposed(with: poisoned, padding: .valid), poisoned.gathered(at: index),
      sound.gathered(at: poisoned), poisoned.scatterAdded(at: index, extent: 2),
      sound.scatterAdded(at: poisoned, extent: 2), poisoned.takenAlong(axis: 1, at: index),
      sound.takenAlong(axis: 1, at: poisoned), poisoned.addedAlong(axis: 0, at: index, extent: 2),
      sound.addedAlong(axis: 0, at: poisoned, extent: 2), poisoned.oneHot(classes: 3),
      poisoned.argsorted(), poisoned.sorted(), poisoned.topK(1).values, poisoned.topK(1).indices,
      poisoned.index(), graph.randomCategorical(logits: poisoned, stream: "class"),
    ] {
      #expect(tensor.shape.description == "[?]")
    }
  }

  /// A name that says two axes takes images of two axes.
  @Test(
    arguments: [
      "maxPool1d", "maxPool3d", "averagePool1d", "averagePool3d", "maxUnpool1d", "maxUnpool3d",
      "conv1d", "conv3d", "convTranspose1d", "convTranspose3d",
    ])
  func namesSayHowManyAxes(name: String) throws {
    let operation = try #require(OperationRegistry.operation(named: name))
    let graph = Graph()
    let image = graph.input("image", shape: [2, 3, 8, 8])
    let other = graph.input(
      "places", shape: [2, 3, 8, 8], type: name.contains("Un") ? .index : .real)
    let attributes = operation.attributes.filter { !$0.isOptional }
    let result = try operation(
      operation.operands == .fixed([.real]) ? [image] : [image, other],
      Dictionary(uniqueKeysWithValues: attributes.map { ($0.name, [1]) }), in: graph)
    let error = #expect(throws: ShapeError.self) {
      _ = try graph.compile(["y": result[0]], as: Float.self)
    }
    #expect(error?.operation == name)
  }
}
