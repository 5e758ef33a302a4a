import NeuralNetworks
import Randomness
import TensorEngine

/// Puts a network's steps together, and reckons the channels, strides and reach of what they give.
/// After the last wanted layer was named it takes no more.
struct NetworkBuilder {
  /// The number of ImageNet's classes.
  static let classes = 1000

  private var steps: NetworkSteps
  /// Channels of what the steps so far give.
  private(set) var channels = 3
  private var field = ReceptiveField()
  private var kept: (channels: Int, field: ReceptiveField)?
  private var random: RandomStream
  private let last: String?
  private var isDone = false

  /// What a convolution has around its images.
  enum Border {
    /// Zeros, so many on each side.
    case zeros(Int)
    /// As many zeros as give ⌈extent / stride⌉ windows (TensorFlow's rule).
    case same
  }

  /// The steps that `assemble` puts together, then those of a classifier if it is wanted.
  ///
  /// - Parameters:
  ///   - last: the layer to end with; nil for all. The name of no layer traps, and so does one
  ///     together with a classifier.
  ///   - classifies: whether the network ends with its classifier.
  static func steps(
    colours: ColourScale, through last: String?, classifies: Bool, random: inout RandomStream,
    _ assemble: (inout NetworkBuilder) -> Void,
    classifier: (inout NetworkBuilder) -> Void
  ) -> NetworkSteps {
    precondition(last == nil || !classifies, "a classifier needs all layers before it")
    var builder = NetworkBuilder(
      steps: NetworkSteps(colours: colours), random: random, last: last)
    assemble(&builder)
    precondition(last == nil || builder.isDone, "the network has no layer '\(last ?? "")'")
    if classifies {
      builder.steps.classifier = builder.collecting(classifier)
    }
    random = builder.random
    return builder.steps
  }

  private init(steps: NetworkSteps, random: RandomStream, last: String?) {
    (self.steps, self.random, self.last) = (steps, random, last)
  }

  // MARK: Layers

  /// A convolution with weights drawn for the ReLUs behind it (He et al. 2015).
  mutating func convolve(
    _ path: String, to outputs: Int, kernelSize: Int, stride: Int = 1, _ border: Border = .zeros(0),
    groups: Int = 1, usesBias: Bool = true
  ) {
    if isDone { return }
    let padding = if case .zeros(let places) = border { places } else { 0 }
    let convolution = Conv2D(
      channels, outputs, kernelSize: kernelSize,
      .init(stride: stride, padding: padding, groups: groups), usesBias: usesBias,
      initializer: .heNormalOfOutputs, random: &random)
    switch border {
    case .zeros:
      append(path, convolution)
      field.look(through: kernelSize, step: stride, padding: padding...padding)
    case .same:
      append(path, SamePaddedConvolution(convolution))
      // The most where one pixel is left over, the least where none is.
      let least = max(kernelSize - stride, 0) / 2
      field.look(through: kernelSize, step: stride, padding: least...max(least, kernelSize / 2))
    }
    channels = outputs
  }

  /// Batch normalisation.
  mutating func normalize(_ path: String, epsilon: Double = 1e-5) {
    if isDone { return }
    append(path, BatchNorm(channels, epsilon: epsilon))
  }

  /// Max(x, 0).
  mutating func rectify(_ path: String) { apply(path, Activation.relu) }

  /// A layer without windows that keeps the channels.
  mutating func apply(_ path: String, _ layer: some Layer) {
    if !isDone { append(path, layer) }
  }

  /// The greatest numbers of windows.
  mutating func pool(
    _ path: String, size: Int, stride: Int, padding: Int = 0, roundsUp: Bool = false
  ) {
    if isDone { return }
    append(
      path,
      WindowMaximum(
        window: PoolingWindow(
          [size], stride: [stride], padding: .explicit([padding]), roundsUp: roundsUp)))
    field.look(through: size, step: stride, padding: padding...padding)
  }

  /// The means of windows that lie side by side.
  mutating func poolEvenly(_ path: String, size: Int) {
    if isDone { return }
    append(path, WindowMean(window: PoolingWindow(size)))
    field.look(through: size, step: size, padding: 0...0)
  }

  /// A block of parallel layers, of which the widest window has `kernelSize`, padded to keep the
  /// image's size.
  mutating func applyBlock(
    _ path: String, to outputs: Int, kernelSize: Int,
    _ block: (_ inputs: Int, _ random: inout RandomStream) -> some Layer
  ) {
    if isDone { return }
    append(path, block(channels, &random))
    field.look(through: kernelSize, step: 1, padding: kernelSize / 2...kernelSize / 2)
    channels = outputs
  }

  /// A dense layer at the end of a classifier.
  mutating func connect(_ path: String, from inputs: Int, to outputs: Int) {
    // The deviation is that of torchvision's VGG.
    apply(
      path, Dense(inputs, outputs, initializer: .normal(deviation: 0.01), random: &random))
  }

  // MARK: Branches and names

  /// Keeps what there is for the next merge.
  mutating func branch() {
    if isDone { return }
    steps.trunk.append(.init(action: .branch))
    kept = (channels, field)
  }

  /// Adds what was kept at the last branch, after the layers that `shortcut` puts together. Its
  /// windows see no more than those since the branch.
  mutating func merge(_ shortcut: (inout NetworkBuilder) -> Void = { _ in }) {
    if isDone { return }
    guard let kept else { preconditionFailure("there is no branch to merge") }
    let (outputs, widest) = (channels, field)
    (channels, field) = kept
    let parts = collecting(shortcut)
    precondition(channels == outputs, "branches of \(channels) and \(outputs) channels")
    field = widest
    self.kept = nil
    steps.trunk.append(.init(action: .merge(parts)))
  }

  /// Gives what the last step made a name to be asked for by.
  mutating func name(_ name: String) {
    if isDone { return }
    steps.trunk[steps.trunk.count - 1].feature = FeatureLayer(
      name: name, channels: channels, stride: field.stride, reach: field.reach)
    isDone = name == last
  }

  private mutating func append(_ path: String, _ layer: some Layer) {
    steps.trunk.append(.init(action: .apply(.init(path: path, layer: AnyLayer(layer)))))
  }

  /// The layers that `assemble` appends, taken out of the trunk again.
  private mutating func collecting(
    _ assemble: (inout NetworkBuilder) -> Void
  ) -> [NetworkSteps.Part] {
    let start = steps.trunk.count
    assemble(&self)
    let parts = steps.trunk[start...].compactMap { step in
      if case .apply(let part) = step.action { part } else { nil as NetworkSteps.Part? }
    }
    steps.trunk.removeSubrange(start...)
    return parts
  }
}
