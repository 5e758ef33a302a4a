import Randomness
import TensorEngine

extension TensorValue<Float> {
  /// Standard normal numbers, drawn from the stream's next ones when they are asked for.
  static func standardNormal(_ shape: Shape, random: inout RandomStream) -> TensorValue {
    let start = random
    random.skip(shape.count * RandomStream.wordsOfNormal)
    return TensorValue(shape: shape) {
      var stream = start
      return (0..<shape.count).map { _ in Float(stream.normal()) }
    }
  }
}
