import FileFormats
import NeuralNetworks

extension ReplayBuffer {
  /// Everything it holds, for a checkpoint.
  var records: [TensorRecord] {
    let frames = [placeCount, frameSize]
    return [
      storesBytes
        ? TensorRecord(name: "replay.frames", shape: frames, values: bytes)
        : TensorRecord(name: "replay.frames", shape: frames, values: floats),
      TensorRecord(name: "replay.actions", values: actions),
      TensorRecord(name: "replay.rewards", values: rewards),
      TensorRecord(name: "replay.kinds", values: kinds),
      TensorRecord(name: "replay.heads", values: heads.map(Int64.init)),
      TensorRecord(name: "replay.counts", values: counts.map(Int64.init)),
    ]
  }

  /// Takes over what `records` gave, of a buffer of the same sizes.
  ///
  /// - Throws: `WeightError`; nothing is changed then.
  mutating func restore(_ table: RecordTable) throws(WeightError) {
    var restored = self
    if storesBytes {
      restored.bytes = try table.values(named: "replay.frames", count: bytes.count)
    } else {
      restored.floats = try table.values(named: "replay.frames", count: floats.count)
    }
    restored.actions = try table.values(named: "replay.actions", count: placeCount)
    restored.rewards = try table.values(named: "replay.rewards", count: placeCount)
    restored.kinds = try table.values(named: "replay.kinds", count: placeCount) { $0 <= 3 }
    restored.heads = try table.values(named: "replay.heads", count: heads.count) {
      0..<Int64(ringLength) ~= $0
    }.map(Int.init)
    restored.counts = try table.values(named: "replay.counts", count: counts.count) {
      0...Int64(ringLength) ~= $0
    }.map(Int.init)
    self = restored
  }
}

extension Priorities {
  /// Everything it holds, for a checkpoint.
  var records: [TensorRecord] {
    [
      TensorRecord(name: "replay.priorities", values: tree.weights),
      TensorRecord(name: "replay.greatestPriority", values: [greatest]),
    ]
  }

  /// Takes over what `records` gave.
  ///
  /// - Throws: `WeightError`; nothing is changed then.
  mutating func restore(_ table: RecordTable) throws(WeightError) {
    let weights: [Double] = try table.values(named: "replay.priorities", count: tree.count) {
      $0 >= 0 && $0.isFinite
    }
    greatest = try table.values(named: "replay.greatestPriority", count: 1) { $0.isFinite }[0]
    tree.weights = weights
  }
}
