import Experiments
import NeuralNetworks
import Randomness
import TensorEngine

/// The programs of an algorithm of translation. They take images as bytes, "A" and "B", [N, C, H, W],
/// and share the states of the networks.
///
/// Each network's numbers change in its own step alone.
protocol TranslationPrograms {
  /// The networks by their names.
  var networkNames: [String] { get }
  /// The sides that images are made of, "A" or "B".
  var madeSides: [String] { get }
  /// The rows of a sheet: what each is called, and which output of `translation` it shows.
  var rows: [(caption: String, output: String)] { get }

  /// One update of the generators; the discriminators are frozen. Gives "generatorLoss", the parts of
  /// it, and "madeA" or "madeB" in -1 ... 1, as they were before the update.
  func generatorStep(_ freezing: GANPrograms.Freezing) throws -> Program<Float>
  /// One update of the discriminators by real images and by made ones, "fakeA" or "fakeB" in
  /// -1 ... 1. Gives "discriminatorLoss". The generators are not part of it.
  func discriminatorStep() throws -> Program<Float>
  /// What is made of images, and these themselves as "A" and "B", all in 0 ... 1. With "errorA" or
  /// "errorB", [N], the mean distance of what is made to its partner, and where there is a way back
  /// "cycleErrorA" and "cycleErrorB".
  func translation(batch: Int) throws -> Program<Float>
  /// The layers of all networks.
  func layers() -> [ExperimentDescription.Layer]
}

extension Graph {
  /// Images of both sides, in -1 ... 1.
  func sides(batch: Int, _ image: Shape) -> (a: Tensor, b: Tensor) {
    func images(_ side: String) -> Tensor {
      input(side, shape: Shape([batch] + image.dimensions), type: .byte).real() / 127.5 - 1
    }
    return (images("A"), images("B"))
  }

  /// Made images of a side, in -1 ... 1.
  func made(_ side: String, batch: Int, _ image: Shape) -> Tensor {
    input("fake\(side)", shape: Shape([batch] + image.dimensions))
  }
}

extension Tensor {
  /// The mean absolute difference.
  func distance(to other: Tensor) -> Tensor { (self - other).abs().mean() }

  /// The mean absolute difference of each image, [N], of 1 between black and white.
  func error(to other: Tensor) -> Tensor {
    (self - other).abs().mean(axes: [1, 2, 3]) / 2
  }

  /// From -1 ... 1 to 0 ... 1.
  var asBrightness: Tensor { (self + 1) / 2 }
}

extension TranslatorConfiguration {
  /// The network, from images of some channels to such.
  func network(image: Int, random: inout RandomStream) -> AnyLayer {
    switch architecture {
    case .unet:
      AnyLayer(UNet(image: image, channels: channels, dropout: dropout, random: &random))
    case .residual:
      AnyLayer(
        ResidualTranslator(image: image, channels: channels, blocks: blocks, random: &random))
    }
  }
}
