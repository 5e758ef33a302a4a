// `unsafe` here: the bytes that a C target holds for the life of the program are copied once.

import CFeatureWeights
import FileFormats

extension FeatureNetworkKind {
  /// The weights that come with the program; nil for the networks whose weights have to be fetched.
  ///
  /// The small network's were trained by `scripts/train-features`.
  public var bundledWeights: [TensorRecord]? {
    guard self == .small else { return nil }
    var count = 0
    let start = unsafe feature_weights_small(&count)
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    do throws(FileError) {
      return try SafeTensors.decode(bytes, path: "the program's small.safetensors").records
    } catch {
      preconditionFailure("\(error)")
    }
  }

  /// The network through a layer, with the weights that come with the program; nil where none do.
  ///
  /// - Parameter last: the layer to end with; nil for all. The name of no layer traps.
  public func bundledNetwork(through last: String? = nil) -> (any FeatureNetwork)? {
    guard let records = bundledWeights else { return nil }
    do throws(FileError) {
      return try network(from: records, path: "the program's small.safetensors", through: last)
    } catch {
      preconditionFailure("\(error)")
    }
  }
}
