import NeuralNetworks
import TensorEngine

/// A program that reads characters, with what it remembers of those before.
struct TextReader {
  let program: LoadedProgram<Float>
  private var memory: [(name: String, values: [Float])]

  /// A reader that remembers nothing.
  init(_ program: LoadedProgram<Float>, units: [Int]) {
    self.program = program
    memory = units.enumerated().flatMap { layer, count in
      (0..<LSTMCell.stateCount).map {
        (TextPrograms.name(layer: layer, state: $0), [Float](repeating: 0, count: count))
      }
    }
  }

  /// Reads a window, and the characters after it where the program judges.
  mutating func read(_ inputs: [Int32], targets: [Int32]? = nil) {
    program.set("inputs", to: inputs)
    if let targets { program.set("targets", to: targets) }
    for (name, values) in memory { program.set(name, to: values) }
    program.run(step: 0)
    for index in memory.indices {
      memory[index].values = program[memory[index].name].scalars
    }
  }
}
