import Experiments
import NeuralNetworks
import Randomness
import TensorEngine

/// What a model learns from.
struct SampleShape {
  /// [C, H, W]
  let image: Shape
  /// How many classes the images have.
  let classes: Int
  /// How many images there are to learn from.
  let count: Int
}

/// Images, as a program reads them.
struct ImageBatch {
  /// [N, C, H, W] in 0 ... 1.
  let images: Tensor
  /// The classes one-hot, [N, classes], for a model that is told them.
  let classes: Tensor?
  let mode: Mode

  /// How many images there are.
  var count: Int { images.shape[0] }
  var graph: Graph { images.graph }

  /// Standard normal numbers, drawn anew each step; those of an evaluation are others than those of
  /// training.
  func noise(_ shape: Shape, _ name: String = "posterior") -> Tensor {
    graph.randomNormal(shape, stream: mode == .training ? name : "test \(name)")
  }
}

/// A part of what a model makes small, or what is measured beside it.
struct Term {
  /// The name of the measure.
  let name: String
  /// A number for each image, [N], in nats; or one for the batch, a scalar.
  let values: Tensor
  /// What the mean of the values counts for in the loss; 0 where it is measured only.
  var weight = 1.0
  /// A scalar that is made small instead of the weighted mean.
  var minimized: Tensor?

  /// The mean of the values.
  var mean: Tensor { values.rank == 0 ? values : values.mean() }

  /// What the term adds to the loss; nil for nothing.
  private var loss: Tensor? {
    if let minimized { return minimized }
    return weight == 0 ? nil : weight == 1 ? mean : weight * mean
  }

  /// The sum of what terms add to the loss.
  static func loss(_ terms: [Term]) -> Tensor {
    let parts = terms.compactMap(\.loss)
    return parts.dropFirst().reduce(parts[0], +)
  }
}

/// Where new latent points come from.
enum Prior {
  /// The standard normal distribution.
  case standardNormal
  /// A mixture of Gaussians, fitted to the latent points of the training images.
  case fittedMixture
  /// A second autoencoder, of the latent points of the training images.
  case secondStage
  /// The posteriors of so many learnt images.
  case pseudoInputs
  /// A network that draws one code after another.
  case codes(CodeGrid)
}

/// A kind of autoencoder: its networks, and what they learn by. Its parameters are states named
/// `vae.…`, those of its discriminator, if it has one, `discriminator.…`.
protocol Model: Module {
  /// Draws the weights.
  init(
    _ configuration: AutoencoderConfiguration, _ samples: SampleShape,
    random: inout RandomStream)

  /// Numbers of a latent point.
  var latentSize: Int { get }
  /// Where new latent points come from.
  var prior: Prior { get }
  /// Whether it is told the classes of images, one-hot at the end of a latent point.
  var usesClasses: Bool { get }
  /// Judges in a step of its own, which leaves the rest alone.
  var discriminator: Discriminator? { get set }

  /// What is made small, and measured, of a batch.
  func terms(of batch: ImageBatch) -> [Term]
  /// What the discriminator makes small, a scalar.
  func discriminatorLoss(of batch: ImageBatch) -> Tensor
  /// Adds the updates of one step.
  func minimize(_ terms: [Term], in graph: Graph, _ configuration: AutoencoderConfiguration)

  /// What new latent points are drawn by, where the prior is learnt; nothing otherwise.
  func priorOutputs(_ graph: Graph, batch: Int) -> [String: Tensor]

  /// The latent points of images, [N, latentSize]; of a distribution its mean.
  func encode(_ batch: ImageBatch) -> Tensor
  /// The same, but of a distribution a point of it.
  func draw(_ batch: ImageBatch) -> Tensor
  /// The means of the pixels of latent points, [N, pixels].
  func decode(_ latents: Tensor, mode: Mode) -> Tensor
}

/// A model whose likelihood can be estimated by importance sampling.
protocol WeightedModel: Model {
  /// A point z of the posterior of each image, and the logarithm of p(x, z) / q(z | x) there, [N], whose
  /// mean is the evidence lower bound; the logarithm of the mean of the ratios is the evidence.
  ///
  /// The prior of the posterior's numbers is the standard normal distribution, or near it.
  func weighted(
    _ batch: ImageBatch
  ) -> (posterior: Posterior, latents: Tensor, logWeight: Tensor)
}

extension Model {
  var prior: Prior { .standardNormal }
  var usesClasses: Bool { false }
  var discriminator: Discriminator? {
    get { nil }
    set { preconditionFailure("\(Self.self) has no discriminator to replace") }
  }

  func priorOutputs(_ graph: Graph, batch: Int) -> [String: Tensor] { [:] }

  func draw(_ batch: ImageBatch) -> Tensor { encode(batch) }

  func discriminatorLoss(of batch: ImageBatch) -> Tensor {
    preconditionFailure("\(Self.self) has no discriminator")
  }

  func minimize(_ terms: [Term], in graph: Graph, _ configuration: AutoencoderConfiguration) {
    graph.minimize(
      Term.loss(terms), over: tensors(in: graph), with: configuration.optimizer)
  }
}

/// The names of the models.
public enum ModelName: String, CaseIterable, Sendable {
  /// Hinton and Salakhutdinov 2006.
  case ae
  /// Vincent et al. 2010.
  case denoising
  /// Ng 2011.
  case sparse
  /// Rifai et al. 2011.
  case contractive
  /// Kingma and Welling 2014; with a weight or capacity Higgins et al. 2017, Burgess et al. 2018.
  case vae
  /// Sohn, Lee and Yan 2015.
  case conditional
  /// Burda, Grosse and Salakhutdinov 2016.
  case importanceWeighted
  /// Chen et al. 2018.
  case totalCorrelation
  /// Kim and Mnih 2018.
  case factor
  /// Zhao, Song and Ermon 2019; without a divergence Tolstikhin et al. 2018.
  case info
  /// Tomczak and Welling 2018.
  case vampPrior
  /// Sønderby et al. 2016.
  case hierarchical
  /// Van den Oord, Vinyals and Kavukcuoglu 2017.
  case vectorQuantized
  /// Makhzani et al. 2016.
  case adversarial
  /// Larsen et al. 2016.
  case vaeGAN

  /// The model.
  var type: any Model.Type {
    switch self {
    case .ae: PlainAutoencoder.self
    case .denoising: DenoisingAutoencoder.self
    case .sparse: SparseAutoencoder.self
    case .contractive: ContractiveAutoencoder.self
    case .vae: GaussianVAE.self
    case .conditional: ConditionalVAE.self
    case .importanceWeighted: ImportanceWeightedAutoencoder.self
    case .totalCorrelation: TotalCorrelationVAE.self
    case .factor: FactorVAE.self
    case .info: InfoVAE.self
    case .vampPrior: VampPriorVAE.self
    case .hierarchical: HierarchicalVAE.self
    case .vectorQuantized: VectorQuantizedVAE.self
    case .adversarial: AdversarialAutoencoder.self
    case .vaeGAN: VAEGAN.self
    }
  }
}
