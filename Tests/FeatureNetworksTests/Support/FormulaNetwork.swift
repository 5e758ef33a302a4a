import FeatureNetworks
import FileFormats
import NeuralNetworks
import Randomness
import TensorEngine

/// Networks whose parameters are a function of their names and places, as
/// `scripts/peers/compare_features.py` gives them to PyTorch.
enum FormulaNetwork {
  /// All parameters of a network, under its own names.
  static func records(
    of kind: FeatureNetworkKind, through last: String? = nil, classifies: Bool = false
  ) -> [TensorRecord] {
    var random = RandomStream(seed: 1, name: "network")
    return kind.network(through: last, classifies: classifies, random: &random).states().map {
      path, parameter in
      record(path, parameter.shape.dimensions)
    }
  }

  /// Zeros in place of all parameters of a network.
  static func zeros(of kind: FeatureNetworkKind) -> [TensorRecord] {
    var random = RandomStream(seed: 1, name: "network")
    return kind.network(random: &random).states().map { path, parameter in
      TensorRecord(
        name: path, elementType: .float32, shape: parameter.shape.dimensions,
        bytes: [UInt8](repeating: 0, count: 4 * parameter.shape.count))
    }
  }

  /// One parameter.
  static func record(_ name: String, _ shape: [Int]) -> TensorRecord {
    let numbers = mixed(name, shape.reduce(1, *))
    let bound = (6 / Double(shape.dropFirst().reduce(1, *))).squareRoot()
    let values = numbers.map { number in
      if name.hasSuffix("running_var") { return Float(0.5 + 1.5 * number) }
      if name.hasSuffix("running_mean") { return Float(0.4 * number - 0.2) }
      if name.hasSuffix("bias") { return Float(0.2 * number - 0.1) }
      return Float(shape.count == 1 ? 0.5 + 0.5 * number : (2 * number - 1) * bound)
    }
    return TensorRecord(name: name, shape: shape, values: values)
  }

  /// Numbers in 0 ... 1 of a name and a place (FNV-1a and MurmurHash3's last step).
  static func mixed(_ name: String, _ count: Int) -> [Double] {
    let seed = name.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
    return (0..<UInt32(count)).map { place in
      var bits = place &* 0x9E37_79B9 ^ seed
      bits ^= bits >> 16
      bits &*= 0x85EB_CA6B
      bits ^= bits >> 13
      bits &*= 0xC2B2_AE35
      bits ^= bits >> 16
      return Double(bits) / 4_294_967_296
    }
  }
}
