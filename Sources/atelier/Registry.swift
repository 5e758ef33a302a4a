import AdversarialNetworks
import Autoencoders
import Classifiers
import DeepQLearning
import Experiments
import SequenceModels
import StyleTransfer
import TensorEngine

/// What this program is made of. A new module is one line in `studio`.
enum Registry {
  /// The version of the program.
  static let version = "0.1.0"

  /// The modules that experiment files can name.
  static let studio = Studio([
    Autoencoder.self, AdversarialNetwork.self, ImageTranslator.self, ImageClassifier.self,
    FineTuning.self,
    PictureOptimization.self, DeepDream.self, FastStyle.self, AdaptiveStyle.self,
    FeatureDistillation.self, LanguageModel.self, DeepQLearner.self, TabularLearner.self,
  ])

  /// The program and its libraries, as `run.json` and `atelier doctor` name them.
  static var components: [RunRecord.Component] {
    [
      .init("atelier", version),
      .init("Swift", Machine.swiftVersion),
    ] + EngineLibraries.descriptions.map { .init($0.name, $0.description) }
  }
}
