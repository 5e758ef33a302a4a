import TensorEngine

extension Graph {
  /// Moves a bound copy of a network towards the numbers that the updates traced so far give the
  /// network itself, running statistics too: average = decay · average + (1 - decay) · network.
  ///
  /// After n moves no more than (1 + n) / (10 + n) of the copy stays, so that it soon forgets the
  /// numbers it began with (as TensorFlow's ExponentialMovingAverage counts).
  ///
  /// - Parameters:
  ///   - network: bound under a name.
  ///   - average: the same network, bound under another name.
  ///   - decay: the share that stays in the end, in 0 ..< 1.
  public func average<Network: Module>(
    _ network: Network, into average: Network, decay: Double, name: String = "average"
  ) {
    let count = state("\(name).updates", initial: TensorValue(repeating: 0, shape: []))
    update(count, to: count + 1)
    let decay = ((count + 1) / (count + 10)).minimum(decay)
    for (new, old) in zip(network.states(), average.states()) {
      let state = self[old.parameter]
      update(state, to: decay * state + (1 - decay) * latest(self[new.parameter]))
    }
  }
}
