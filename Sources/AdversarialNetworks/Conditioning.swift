import TensorEngine

/// What is told beside a latent point: a class of the data, or InfoGAN's codes.
struct Conditioning {
  let kind: ConditionKind
  /// Classes, or values of the code that is one of several; 0 where nothing is told.
  let classCount: Int
  /// Codes that are numbers.
  let continuousCount: Int
  /// Numbers that a class is embedded in.
  let embeddingSize: Int
  /// What told codes count for.
  private let weight: Double

  init(_ configuration: GANConfiguration, classes: Int) {
    kind = configuration.condition
    classCount =
      switch kind {
      case .none: 0
      case .information: configuration.codes.categories
      case .concatenation, .embedding, .projection, .auxiliary: classes
      }
    continuousCount = kind == .information ? configuration.codes.continuous : 0
    embeddingSize = configuration.codes.embeddingSize
    weight = configuration.codes.weight
  }

  /// Whether the codes are classes of the data.
  var areClasses: Bool { kind != .none && kind != .information }
  /// Whether the discriminator is to tell the codes.
  var isTold: Bool { kind == .auxiliary || kind == .information }
  /// Numbers of the codes of one sample: a class one-hot, then the continuous codes.
  var width: Int { classCount + continuousCount }

  /// The codes [N, width] of real samples; nil where they have none.
  func codesOfReal(_ graph: Graph, batch: Int) -> Tensor? {
    guard areClasses else { return nil }
    return graph.input("labels", shape: [batch], type: .index).oneHot(classes: classCount)
  }

  /// Codes drawn for samples that are to be made; nil where there are none.
  func drawnCodes(_ graph: Graph, batch: Int) -> Tensor? {
    guard kind != .none else { return nil }
    let even = graph.constant(0).broadcast(to: [batch, classCount])
    let classes = graph.randomCategorical(logits: even, stream: "classes")
      .oneHot(classes: classCount)
    guard continuousCount > 0 else { return classes }
    let continuous = graph.randomUniform([batch, continuousCount], stream: "continuous codes")
    return Tensor.concatenate([classes, continuous * 2 - 1], axis: 1)
  }

  /// How far what the discriminator tells is from the codes: the mean cross-entropy of the class, and
  /// of each continuous code half the squared error, a normal distribution's of deviation 1.
  func loss(told: Tensor, codes: Tensor) -> Tensor {
    let sizes = [classCount, continuousCount]
    let (told, codes) = (told.split(sizes: sizes, axis: 1), codes.split(sizes: sizes, axis: 1))
    var loss = -(codes[0] * told[0].logSoftmax(axis: 1)).sum(axes: [1])
    if continuousCount > 0 {
      loss = loss + 0.5 * (told[1] - codes[1]).square().sum(axes: [1])
    }
    return weight * loss.mean()
  }
}
