import CVectorMath

extension TileProgram {
  /// The same program with the sums and quotients that the rules of optimizers and running means are made of in
  /// one loop each, bit for bit: an update passes over its memory four times instead of thirteen.
  func withUpdates() -> TileProgram {
    var search = UpdateSearch(self)
    return search.result()
  }
}

/// Looks for the sums and quotients that one loop carries out.
private struct UpdateSearch<Scalar: KernelScalar> {
  private typealias Instruction = TileProgram<Scalar>.Instruction
  /// A vector with the number that it is multiplied by.
  private typealias Scaled = (factor: Int, vector: Int)

  private let program: TileProgram<Scalar>
  /// How often each value is read, or is a result.
  private var uses: [Int]
  /// The instructions that are part of a later one.
  private var isAbsorbed: [Bool]

  init(_ program: TileProgram<Scalar>) {
    self.program = program
    uses = Array(repeating: 0, count: program.operands.count + program.instructions.count)
    isAbsorbed = Array(repeating: false, count: program.instructions.count)
    for value in program.instructions.flatMap(\.operands) + program.results { uses[value] += 1 }
  }

  mutating func result() -> TileProgram<Scalar> {
    // A chain of single numbers has no vectors.
    if program.shape.count == 1 { return program }
    var instructions = program.instructions
    for index in instructions.indices.reversed() where !isAbsorbed[index] {
      instructions[index] = update(instructions[index]) ?? instructions[index]
    }
    var places = Array(program.operands.indices)
    var next = places.count
    for index in instructions.indices {
      places.append(next)
      if !isAbsorbed[index] { next += 1 }
    }
    return TileProgram(
      shape: program.shape, operands: program.operands,
      instructions: zip(instructions, isAbsorbed).filter { !$1 }.map { instruction, _ in
        Instruction(loop: instruction.loop, operands: instruction.operands.map { places[$0] })
      },
      results: program.results.map { places[$0] }, takenOver: program.takenOver)
  }

  /// One loop for an instruction and those that it alone reads; nil where there is none.
  private mutating func update(_ instruction: Instruction) -> Instruction? {
    let operands = instruction.operands
    switch instruction.loop {
    case .binary(VM_BINARY_ADD):
      return sum(operands[0], operands[1]) ?? sum(operands[1], operands[0])
        ?? step(operands[0], operands[1]) ?? step(operands[1], operands[0])
    case .binary(VM_BINARY_DIV): return quotient(operands[0], operands[1])
    default: return nil
    }
  }

  /// s x + t z, or s x + t z².
  private mutating func sum(_ left: Int, _ right: Int) -> Instruction? {
    guard left != right, let x = scaled(left), let z = scaled(right),
      sole(x.vector, .unary(VM_UNARY_SQUARE)) == nil
    else { return nil }
    absorb([left, right])
    guard let square = sole(z.vector, .unary(VM_UNARY_SQUARE)) else {
      return Instruction(
        loop: .update(VM_UPDATE_SUM), operands: [x.factor, x.vector, z.factor, z.vector])
    }
    absorb([z.vector])
    return Instruction(
      loop: .update(VM_UPDATE_SUM_OF_SQUARE), operands: [x.factor, x.vector, z.factor, square[0]])
  }

  /// x + t z.
  private mutating func step(_ x: Int, _ right: Int) -> Instruction? {
    guard !isNumber(x), let z = scaled(right) else { return nil }
    absorb([right])
    return Instruction(loop: .update(VM_UPDATE_STEP), operands: [z.factor, x, z.factor, z.vector])
  }

  /// s x / (√z + t).
  private mutating func quotient(_ left: Int, _ right: Int) -> Instruction? {
    guard let x = scaled(left), let added = sole(right, .binary(VM_BINARY_ADD)),
      let number = added.first(where: isNumber), let root = added.first(where: { !isNumber($0) }),
      let z = sole(root, .unary(VM_UNARY_SQRT))
    else { return nil }
    absorb([left, right, root])
    return Instruction(
      loop: .update(VM_UPDATE_OVER_ROOT), operands: [x.factor, x.vector, number, z[0]])
  }

  private mutating func absorb(_ values: [Int]) {
    for value in values { isAbsorbed[value - program.operands.count] = true }
  }

  /// What a value is the product of, if that is a number and a vector and it is read once.
  private func scaled(_ value: Int) -> Scaled? {
    guard let factors = sole(value, .binary(VM_BINARY_MUL)),
      isNumber(factors[0]) != isNumber(factors[1])
    else { return nil }
    return isNumber(factors[0]) ? (factors[0], factors[1]) : (factors[1], factors[0])
  }

  /// The operands of the instruction that a value comes from, if it is of this kind and nothing else reads the value.
  private func sole(_ value: Int, _ loop: TileLoop<Scalar>) -> [Int]? {
    let index = value - program.operands.count
    guard index >= 0, uses[value] == 1, program.instructions[index].loop == loop else { return nil }
    return program.instructions[index].operands
  }

  /// Whether a value is a single real number.
  private func isNumber(_ value: Int) -> Bool {
    value < program.operands.count && program.operands[value].shape.count == 1
      && program.operands[value].type == .real
  }
}
