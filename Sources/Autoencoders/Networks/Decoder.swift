import NeuralNetworks
import Randomness
import TensorEngine

/// From latent points to pixels, with how likely images are under them.
struct Decoder: Module {
  private var layers: [AnyLayer]
  private let likelihood: any Likelihood
  /// The logarithm of the likelihood's scale, where one is learnt.
  private var logScale: Parameter?

  /// Named by hand: the layers stand beside the scale.
  static var fields: [Field<Decoder>] { [] }

  init(_ layers: [AnyLayer], _ configuration: AutoencoderConfiguration) {
    self.layers = layers
    likelihood = configuration.likelihood(deviation: configuration.deviation)
    logScale = likelihood.initialLogScale.map {
      Parameter(TensorValue(repeating: Float($0), shape: []))
    }
  }

  mutating func walkParameters(at path: String, _ visit: (String, inout Parameter) -> Void) {
    layers.walkParameters(at: path, visit)
    guard var scale = logScale else { return }
    visit("\(path).logScale", &scale)
    logScale = scale
  }

  /// The means of the pixels of latent points, [N, pixels].
  func means(_ latents: Tensor, mode: Mode) -> Tensor { likelihood.means(outputs(latents, mode)) }

  /// The negative logarithm of the likelihood of images [N, C, H, W] given latent points, in nats an
  /// image, [N].
  func negativeLog(of images: Tensor, given latents: Tensor, mode: Mode) -> Tensor {
    let graph = latents.graph
    let outputs = outputs(latents, mode)
    return graph.scoped("loss") {
      likelihood.negativeLog(
        of: images.flattened(), outputs: outputs, logScale: logScale.map { graph[$0] }
      ).sum(axes: [1])
    }
  }

  /// The learnt scale of the likelihood, a scalar, where there is one.
  func scale(in graph: Graph) -> Tensor? { logScale.map { graph[$0].exp() } }

  private func outputs(_ latents: Tensor, _ mode: Mode) -> Tensor {
    latents.graph.scoped("decoder") { layers(latents, mode: mode) }.flattened()
  }
}
