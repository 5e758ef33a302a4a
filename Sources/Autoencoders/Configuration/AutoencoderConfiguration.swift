import Experiments

/// What can be configured of an autoencoder.
public struct AutoencoderConfiguration: ExperimentConfiguration {
  /// The images.
  public var data = ImageDataConfiguration()
  /// How grey pixels are made black or white.
  public var binarization = Binarization.none
  /// Images of one step.
  public var batchSize = 128
  /// The kind of autoencoder.
  public var model = ModelName.vae
  /// The kind of network.
  public var architecture = Architecture.mlp
  /// Units of the encoder's dense layers, first to last; the decoder mirrors them.
  public var hidden = [512, 512]
  /// Channels of the encoder's convolutions, each halving the image; the decoder mirrors them.
  public var channels = [32, 64]
  /// Whether batches are normalised before each activation of encoder and decoder.
  public var batchNorm = false
  /// Numbers of a latent point.
  public var latentSize = 2
  /// How likely pixels are under what the decoder gives.
  public var likelihood = LikelihoodName.bernoulli
  /// The deviation of a pixel under a Gaussian or logistic likelihood, or what it begins with.
  public var deviation = 0.1
  /// What the divergence of posteriors from the prior counts for.
  public var kl = KLConfiguration()
  /// How images are spoilt for a denoising model.
  public var corruption = CorruptionConfiguration()
  /// How a sparse model's code is kept near 0.
  public var sparsity = SparsityConfiguration()
  /// What the change of a contractive model's code with its image counts for.
  public var contractionWeight = 0.1
  /// Points of the posterior for each image of an importance weighted model.
  public var importanceSamples = 5
  /// What the dependence of latent numbers on each other counts for.
  public var totalCorrelationWeight = 6.0
  /// What the distance of all latent points from the prior counts for.
  public var discrepancyWeight = 1000.0
  /// Learnt images whose posteriors are the prior.
  public var pseudoInputs = 500
  /// Numbers of the upper of two layers of latent points.
  public var upperLatentSize = 10
  /// The codes of a vector quantised model.
  public var codebook = CodebookConfiguration()
  /// Models with a discriminator.
  public var adversary = AdversaryConfiguration()
  /// How the parameters are updated.
  public var optimizer = OptimizerConfiguration()

  /// The defaults.
  public init() {}

  /// The keys, as they are written in an experiment file.
  public static var keys: [ConfigurationKey<Self>] {
    [
      .included("data", \.data),
      .choice("binarization", \.binarization, "How grey pixels are made black or white."),
      .integer("batchSize", \.batchSize, in: 1...65_536, unit: "images", "Images of one step."),
      .choice("model", \.model, "The kind of autoencoder; docs/autoencoders.md tells of each."),
      .choice(
        "architecture", \.architecture,
        "Dense layers, or convolutions or residual blocks before them."),
      .integers(
        "hidden", \.hidden, in: 1...16_384, count: 0...16, unit: "units",
        "The encoder's dense layers; the decoder mirrors them."),
      .integers(
        "channels", \.channels, in: 1...4096, count: 1...8, unit: "channels",
        "The encoder's convolutions, each halving the image; the decoder mirrors them."),
      .flag(
        "batchNorm", \.batchNorm,
        "Batches are normalised before each activation of encoder and decoder."),
      .integer("latentSize", \.latentSize, in: 1...4096, "Numbers of a latent point."),
      .choice("likelihood", \.likelihood, "How likely pixels are under what the decoder gives."),
      .number(
        "deviation", \.deviation, in: 1e-3...10,
        "Of a pixel in 0 ... 1, for likelihoods with one; what a learnt one begins with."),
      .group("kl", \.kl, "What the divergence of posteriors from the prior counts for."),
      .group("corruption", \.corruption, "How images are spoilt for a denoising model."),
      .group("sparsity", \.sparsity, "How a sparse model's code is kept near 0."),
      .number(
        "contractionWeight", \.contractionWeight, in: 0...1e6,
        "What the squared Jacobian of a contractive model's code counts for."),
      .integer(
        "importanceSamples", \.importanceSamples, in: 1...1000, unit: "points",
        "Points of the posterior for each image of an importanceWeighted model."),
      .number(
        "totalCorrelationWeight", \.totalCorrelationWeight, in: 0...1e6,
        "What the dependence of latent numbers counts for, of totalCorrelation and factor models."),
      .number(
        "discrepancyWeight", \.discrepancyWeight, in: 0...1e9,
        "What the distance of all latent points from the prior counts for, of an info model."),
      .integer(
        "pseudoInputs", \.pseudoInputs, in: 1...10_000, unit: "images",
        "Learnt images whose posteriors are a vampPrior model's prior."),
      .integer(
        "upperLatentSize", \.upperLatentSize, in: 1...4096,
        "Numbers of the upper layer of latent points of a hierarchical model."),
      .group("codebook", \.codebook, "The codes of a vectorQuantized model, and their prior."),
      .group("adversary", \.adversary, "What models with a discriminator have besides."),
      .group("optimizer", \.optimizer, "How the parameters are updated."),
    ]
  }

  /// Where the likelihood is of other pixels than the data's.
  public var warnings: [ConfigurationProblem] {
    guard binarization != .none, likelihood != .bernoulli else { return [] }
    return [
      .init(
        "likelihood", "is \(likelihood.rawValue), but pixels are made black or white",
        help: "choose bernoulli, or set binarization=none")
    ]
  }

  /// The rules between keys.
  public var problems: [ConfigurationProblem] {
    var problems: [ConfigurationProblem] = []
    if model == .vectorQuantized, architecture == .mlp {
      problems.append(
        .init(
          "architecture", "must be conv or residual for a vectorQuantized model",
          help: "its codes are places of an image"))
    }
    if [.totalCorrelation, .info, .factor].contains(model), batchSize < 2 {
      problems.append(.init("batchSize", "must be at least 2 for a model that compares images"))
    }
    return problems
  }
}
