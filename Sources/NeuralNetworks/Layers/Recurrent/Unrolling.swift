import TensorEngine

/// A recurrent layer written out over the steps of its sequences, with its own reverse pass
/// (backpropagation through time; Werbos, 1990): the gradients of the weights are one product over
/// all steps each, instead of a sum of one product a step. Rows are ordered by time, then by
/// sequence.
struct Unrolling<Cell: RecurrentCell>: Sendable {
  let steps: Int
  let batch: Int
  let hiddenSize: Int
  let options: RecurrentOptions
  let givesStates: Bool
  let hasBias: Bool
  let hasInitial: Bool
  let hasMask: Bool

  /// The steps in the order in which they are read.
  private var times: [Int] {
    options.goesBackwards ? (0..<steps).reversed() : Array(0..<steps)
  }

  /// The steps at which the gates read a hidden state that is not zero, as they are read.
  private var readingTimes: [Int] { hasInitial ? times : Array(times.dropFirst()) }

  private var operandCount: Int {
    3 + (hasBias ? 2 : 0) + (hasInitial ? Cell.stateCount : 0) + (hasMask ? 1 : 0)
  }

  private var gates: Range<Int> { 0..<Cell.gateCount }

  /// The rows of the sequence and those of the last states in what the layer gives. The states stand on
  /// the side where the reading ends, so that it is a piece of all hidden states in the order of time.
  private var resultRows: (sequence: Range<Int>, states: Range<Int>) {
    let sequence = options.returnsSequences ? steps * batch : 0
    let states = givesStates ? Cell.stateCount * batch : options.returnsSequences ? 0 : batch
    return options.goesBackwards
      ? (states..<states + sequence, 0..<states)
      : (0..<sequence, sequence..<sequence + states)
  }

  /// The rows of the steps at which the gates read a hidden state.
  private var readingRows: Range<Int> {
    let unread = hasInitial ? 0 : batch
    return options.goesBackwards ? 0..<steps * batch - unread : unread..<steps * batch
  }

  private func rows(of time: Int) -> Range<Int> { time * batch..<(time + 1) * batch }

  /// The rows of a weight or bias that belong to a gate.
  private func part(_ weight: Tensor, _ gate: Int) -> Tensor {
    weight.sliced(axis: 0, gate * hiddenSize..<(gate + 1) * hiddenSize)
  }

  /// What the layer is a function of.
  private struct Operands {
    /// [steps · batch, inputs]
    let x: Tensor
    let inputWeight: Tensor
    let hiddenWeight: Tensor
    let biases: [Tensor]
    let initial: [Tensor]
    let mask: Tensor?

    init(_ all: [Tensor], _ unrolling: Unrolling) {
      (x, inputWeight, hiddenWeight) = (all[0], all[1], all[2])
      var rest = all.dropFirst(3)
      biases = Array(rest.prefix(unrolling.hasBias ? 2 : 0))
      rest = rest.dropFirst(biases.count)
      initial = Array(rest.prefix(unrolling.hasInitial ? Cell.stateCount : 0))
      mask = unrolling.hasMask ? rest.dropFirst(initial.count).first : nil
    }
  }

  // MARK: Forwards

  /// All that the layer gives, laid end to end: hidden states by time where sequences are asked for,
  /// and the last states.
  ///
  /// - Parameter all: x [steps · batch, inputs], both weights, both biases, the initial states and the
  ///   mask of the hidden state, as far as there are some.
  func callAsFunction(_ all: [Tensor]) -> Tensor {
    let operands = Operands(all, self)
    let zero = operands.x.graph.constant(0)
    let bias = hasBias ? operands.biases[0] + operands.biases[1] : zero
    let inputs = gates.map { gate in
      let product = operands.x.matmul(part(operands.inputWeight, gate).transposed())
      guard hasBias else { return product }
      let isSeparate = Cell.separateGates.contains(gate)
      return product + part(isSeparate ? operands.biases[0] : bias, gate)
    }
    var states = hasInitial ? operands.initial : [Tensor](repeating: zero, count: Cell.stateCount)
    var outputs = [Tensor](repeating: zero, count: steps)
    var (reads, kept): ([Tensor], [Tensor]) = ([], [])
    let reading = Set(readingTimes)
    for time in times {
      let read = operands.mask.map { states[0] * $0 } ?? states[0]
      let isReading = reading.contains(time)
      if isReading { reads.append(read) }
      let hidden = gates.map { gate in
        let sum =
          isReading ? read.matmul(part(operands.hiddenWeight, gate).transposed()) : zero
        let isSeparate = hasBias && Cell.separateGates.contains(gate)
        return isSeparate ? sum + part(operands.biases[1], gate) : sum
      }
      let step = Cell.step(
        input: inputs.map { $0.sliced(axis: 0, rows(of: time)) }, hidden: hidden, previous: states)
      kept += step.kept
      states = step.states
      outputs[time] = states[0]
    }
    let (result, read) = joined(outputs, operands.initial, states, reads)
    return result.withGradient(of: all + read + kept) { self.cotangents($0) }
  }

  /// What the layer gives, and what the gates read at all steps in the order of time, if they read at
  /// any. Both are pieces of one whole where they can be.
  private func joined(
    _ outputs: [Tensor], _ initial: [Tensor], _ states: [Tensor], _ reads: [Tensor]
  ) -> (result: Tensor, read: [Tensor]) {
    let last = givesStates ? states : options.returnsSequences ? [] : [states[0]]
    let isBackwards = options.goesBackwards
    func inOrder(_ pieces: [[Tensor]]) -> Tensor {
      Tensor.concatenate((isBackwards ? pieces.reversed() : pieces).flatMap { $0 }, axis: 0)
    }
    guard options.returnsSequences, !hasMask else {
      let read = reads.isEmpty ? [] : [inOrder(reads.map { [$0] })]
      return (inOrder([options.returnsSequences ? outputs : [], last]), read)
    }
    let before = Array(initial.prefix(1))
    let whole = inOrder([before, outputs, last])
    let count = last.count * batch
    let rows = (before.count + steps) * batch + count
    let result = isBackwards ? 0..<rows - before.count * batch : before.count * batch..<rows
    let read = isBackwards ? count + batch..<rows : 0..<rows - count - batch
    return (
      whole.sliced(axis: 0, result), read.isEmpty ? [] : [whole.sliced(axis: 0, read)]
    )
  }

  /// What the layer gives, hidden states [steps · batch, hiddenSize] or the last one, and the states
  /// after the last step where they are asked for.
  func parts(of result: Tensor) -> (output: Tensor, states: [Tensor]) {
    guard givesStates else { return (result, []) }
    let states = states(of: result)
    let output =
      options.returnsSequences ? result.sliced(axis: 0, resultRows.sequence) : states[0]
    return (output, states)
  }

  /// The last states in what the layer gives.
  private func states(of result: Tensor) -> [Tensor] {
    let first = resultRows.states.lowerBound
    return (0..<Cell.stateCount).map {
      result.sliced(axis: 0, first + $0 * batch..<first + ($0 + 1) * batch)
    }
  }

  // MARK: Backwards

  private func cotangents(_ context: GradientContext) -> [Tensor?] {
    let operands = Operands(context.inputs, self)
    let rest = context.inputs.dropFirst(operandCount)
    let reads = rest.prefix(readingRows.isEmpty ? 0 : 1)
    let kept = Array(rest.dropFirst(reads.count))
    let keptCount = kept.count / steps
    let zero = context.cotangent.graph.constant(0)
    var states = [Tensor](repeating: zero, count: Cell.stateCount)
    if givesStates {
      states = self.states(of: context.cotangent)
    } else if !options.returnsSequences {
      states[0] = context.cotangent
    }
    let firstRow = resultRows.sequence.lowerBound
    let isReading = Set(readingTimes)
    var ofInput = [[Tensor]](repeating: [], count: steps)
    var ofHidden = ofInput
    for (place, time) in times.enumerated().reversed() {
      if options.returnsSequences {
        let here = firstRow + time * batch
        states[0] = context.cotangent.sliced(axis: 0, here..<here + batch) + states[0]
      }
      let step = Cell.reverse(
        kept: Array(kept[place * keptCount..<(place + 1) * keptCount]), cotangents: states)
      (ofInput[time], ofHidden[time]) = (step.input, step.hidden)
      states = step.previous
      guard isReading.contains(time) else { continue }
      let ofRead = sum(gates.map { step.hidden[$0].matmul(part(operands.hiddenWeight, $0)) })
      states[0] = states[0] + (operands.mask.map { ofRead * $0 } ?? ofRead)
    }

    func joined(_ sums: [[Tensor]], _ gate: Int) -> Tensor {
      Tensor.concatenate(sums.map { $0[gate] }, axis: 0)
    }
    let inputSums = gates.map { joined(ofInput, $0) }
    let hiddenSums = gates.map {
      Cell.separateGates.contains($0) ? joined(ofHidden, $0) : inputSums[$0]
    }
    let ofX = sum(gates.map { inputSums[$0].matmul(part(operands.inputWeight, $0)) })
    let ofInputWeight = inputSums.map { $0.transposed().matmul(operands.x) }
    let ofHiddenWeight = reads.first.map { read in
      hiddenSums.map { $0.sliced(axis: 0, readingRows).transposed().matmul(read) }
    }
    var all: [Tensor?] = [
      ofX, Tensor.concatenate(ofInputWeight, axis: 0),
      ofHiddenWeight.map { Tensor.concatenate($0, axis: 0) },
    ]
    if hasBias {
      for sums in [inputSums, hiddenSums] {
        all.append(Tensor.concatenate(sums.map { $0.sum(axes: [0]) }, axis: 0))
      }
    }
    if hasInitial { all += states }
    return all + [Tensor?](repeating: nil, count: context.inputs.count - all.count)
  }

  private func sum(_ terms: [Tensor]) -> Tensor { terms.dropFirst().reduce(terms[0], +) }
}
