import TensorEngine

/// A comparison of gradients that the engine derives with central differences, in Double, element
/// by element.
public enum GradientCheck {
  /// What a check found.
  public struct Outcome: Sendable {
    /// The largest |derived - measured| / max(1, |measured|) over all elements of all inputs; not a
    /// number where one of them is not.
    public let largestError: Double
    /// Input and element where it was found.
    public let place: String
    /// How many elements were compared.
    public let compared: Int
    /// Whether the reverse pass, run twice, gave the same bits.
    public let repeats: Bool
  }

  /// Checks the gradient of `function` at `inputs`. The result is made scalar by fixed weights that
  /// differ from place to place, so that no two mistakes cancel.
  ///
  /// - Parameters:
  ///   - types: of the inputs; all real unless given. Only real ones are differentiated.
  ///   - order: 1 checks the gradient; 2 checks the gradient of a weighted sum of the gradient.
  ///   - stepSize: of the central difference, relative to max(1, |x|).
  public static func run(
    at inputs: [TensorValue<Double>], types: [ElementType]? = nil, order: Int = 1,
    stepSize: Double = 1e-5, of function: ([Tensor]) -> Tensor
  ) throws -> Outcome {
    let graph = Graph()
    let types = types ?? inputs.map { _ in .real }
    let leaves = inputs.enumerated().map {
      graph.input("x\($0)", shape: $1.shape, type: types[$0])
    }
    let real = inputs.indices.filter { types[$0] == .real }
    let targets = real.map { leaves[$0] }
    var loss = weightedSum(function(leaves))
    for _ in 1..<order {
      let gradients = graph.gradients(of: loss, withRespectTo: targets)
      loss = gradients.map(weightedSum).reduce(graph.constant(0), +)
    }
    var outputs = ["loss": loss]
    for (index, gradient) in zip(real, graph.gradients(of: loss, withRespectTo: targets)) {
      outputs["g\(index)"] = gradient
    }
    let workspace = Workspace<Double>(threads: 1, seed: 1)
    let derived = workspace.load(try graph.compile(outputs, as: Double.self))
    let value = workspace.load(try graph.compile(["loss": loss], as: Double.self))

    func set(_ program: LoadedProgram<Double>, _ changed: Int = -1, _ scalars: [Double] = []) {
      for (index, input) in inputs.enumerated() {
        switch types[index] {
        case .real: program.set("x\(index)", to: index == changed ? scalars : input.scalars)
        case .index: program.set("x\(index)", to: input.scalars.map { Int32($0) })
        case .byte: program.set("x\(index)", to: input.scalars.map { UInt8($0) })
        }
      }
    }
    let passes = (0..<2).map { _ in
      set(derived)
      derived.run(step: 0)
      return real.map { derived["g\($0)"].scalars }
    }
    let repeats = zip(passes[0].joined(), passes[1].joined()).allSatisfy {
      $0.bitPattern == $1.bitPattern
    }

    var worst = (error: 0.0, place: "none")
    var compared = 0
    for (gradient, index) in zip(passes[0], real) {
      let input = inputs[index]
      for element in input.scalars.indices {
        let x = input.scalars[element]
        let h = stepSize * max(1, x.magnitude)
        let sides = [x + h, x - h].map { moved in
          var scalars = input.scalars
          scalars[element] = moved
          set(value, index, scalars)
          value.run(step: 0)
          return value["loss"].scalars[0]
        }
        let measured = (sides[0] - sides[1]) / (2 * h)
        let error = (gradient[element] - measured).magnitude / max(1, measured.magnitude)
        compared += 1
        // What is not a number is the worst, and stays.
        if !(error <= worst.error), !worst.error.isNaN {
          worst = (error, "input \(index), element \(element)")
        }
      }
    }
    return Outcome(
      largestError: worst.error, place: worst.place, compared: compared,
      repeats: repeats)
  }

  /// A scalar in which every element of `tensor` has a weight of its own.
  private static func weightedSum(_ tensor: Tensor) -> Tensor {
    let weights = (0..<tensor.shape.count).map { 0.5 + 0.37 * Double(($0 * 7) % 11) - 1.9 }
    return (tensor * tensor.graph.constant(weights, shape: tensor.shape)).sum()
  }
}
