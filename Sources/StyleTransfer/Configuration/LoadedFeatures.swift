import Experiments
import FeatureNetworks
import FileFormats
import Randomness

/// A network with its weights, and what a run records of them.
struct LoadedFeatures {
  let network: any FeatureNetwork
  /// The file of the weights, where there is one.
  let sources: [ExperimentDescription.Source]

  /// A network through the last of some layers.
  ///
  /// - Parameter path: the file of its weights; empty for those that come with the program, or else
  ///   random ones.
  /// - Throws: `FileError` when the file cannot be read or is another network's.
  init(
    _ kind: FeatureNetworkKind, weights path: String, through layers: [String],
    in context: RunContext
  ) throws {
    let last = kind.featureLayers.last { layers.contains($0.name) }?.name
    guard path.isEmpty else {
      let bytes = try Files.read(path)
      let file = try SafeTensors.decode(bytes, path: path)
      network = try kind.network(from: file.records, path: path, through: last)
      sources = [.init(name: Files.name(of: path), sha256: SHA256.hexadecimal(of: bytes))]
      return
    }
    sources = []
    if let bundled = kind.bundledNetwork(through: last) {
      network = bundled
    } else {
      context.note("no file of weights for \(kind.rawValue) is named; its weights are random")
      var random = RandomStream(seed: context.seed, name: "features")
      network = kind.network(through: last, random: &random)
    }
  }
}
