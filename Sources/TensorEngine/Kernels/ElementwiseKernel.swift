// Unsafe: works on raw memory, tile by tile. Every range lies within the common shape of the
// results; operands of another shape are read through strides that broadcasting gives.

import CVectorMath

/// The inner loop of an element-wise operation, over one tile.
enum TileLoop<Scalar: KernelScalar>: Sendable, Equatable {
  case copy
  case unary(vm_unary_op)
  case binary(vm_binary_op)
  case update(vm_update_op)
  case select

  /// What a number costs beside one that is added: measured, to a factor of two.
  fileprivate var cost: Int {
    switch self {
    case .copy, .select: 1
    case .update: 3
    case .unary(let operation):
      switch operation {
      case VM_UNARY_NEG, VM_UNARY_ABS, VM_UNARY_SIGN, VM_UNARY_SQRT, VM_UNARY_RSQRT,
        VM_UNARY_SQUARE, VM_UNARY_RECIPROCAL, VM_UNARY_RELU, VM_UNARY_FLOOR, VM_UNARY_CEIL,
        VM_UNARY_ROUND:
        1
      default: 8
      }
    case .binary(let operation):
      switch operation {
      case VM_BINARY_POW, VM_BINARY_ATAN2, VM_BINARY_MOD: 16
      default: 1
      }
    }
  }
}

/// A chain of element-wise operations on tensors of one shape, ready to run. A value is named by
/// its place: the operands first, then the results of the instructions in order.
struct TileProgram<Scalar: KernelScalar>: Sendable {
  struct Operand: Sendable {
    let shape: Shape
    let type: ElementType
  }
  struct Instruction: Sendable {
    let loop: TileLoop<Scalar>
    let operands: [Int]
  }

  let shape: Shape
  let operands: [Operand]
  let instructions: [Instruction]
  /// The values that are results, in order.
  let results: [Int]
  /// For each result, the operand whose memory it takes over, if any.
  let takenOver: [Int?]
}

extension Kernel {
  /// Elements of a tile: small enough that a chain's tiles stay in the first-level cache.
  private static var tile: Int { 1024 }
  /// Tiles of a chunk, and what one may cost: about 20 microseconds.
  private static var tilesPerChunk: Int { 16 }
  private static var chunkCost: Int { 256 }

  /// Runs a chain of element-wise operations, each tile through the whole chain.
  static func elementwise(_ program: TileProgram<Scalar>) -> Kernel {
    let program = program.withUpdates()
    let plan = TilePlan(program)
    let tables = TileTables(plan)
    let count = program.shape.count
    let cost = program.instructions.map(\.loop.cost).reduce(1, +)
    let chunks = Chunks(
      of: count, size: tile * Swift.max(1, Swift.min(tilesPerChunk, chunkCost / cost)))
    let pointerBytes = (plan.values.count * MemoryLayout<Int>.stride + 63) / 64 * 64
    let tileBytes = tile * MemoryLayout<Scalar>.stride
    return Kernel(
      chunks: chunks.number, workerScratch: pointerBytes + plan.tileCount * tileBytes
    ) { arguments, chunk in
      let values = unsafe arguments.scratch.assumingMemoryBound(
        to: UnsafeMutablePointer<Scalar>.self)
      let tiles = unsafe (arguments.scratch + pointerBytes).assumingMemoryBound(to: Scalar.self)
      let range = chunks[chunk]
      for index in unsafe tables.values.indices {
        switch unsafe tables.values[index] {
        case .tile(let number): unsafe values[index] = tiles + number * tile
        case .operand(let number, let step):
          unsafe values[index] =
            UnsafeMutablePointer(mutating: arguments.input(number))
            + range.lowerBound * step
        case .result(let number): unsafe values[index] = arguments.output(number) + range.lowerBound
        }
      }
      for start in Swift.stride(from: range.lowerBound, to: range.upperBound, by: tile) {
        let length = Swift.min(tile, range.upperBound - start)
        for index in unsafe tables.loads.indices {
          let load = unsafe tables.loads[index]
          unsafe load.run(arguments.rawInput(load.operand), start, length, values[load.operand])
        }
        for index in unsafe tables.instructions.indices {
          unsafe tables.instructions[index].run(values, length)
        }
        for index in unsafe tables.stores.indices {
          let store = unsafe tables.stores[index]
          unsafe (arguments.output(store.result) + start).update(
            from: values[store.value], count: length)
        }
        for index in unsafe tables.moving.indices {
          unsafe values[tables.moving[index]] += length
        }
      }
    }
  }
}

/// A plan as plain memory: reading an array would count references for every tile, on one counter
/// that all threads share.
@safe private final class TileTables<Scalar: KernelScalar>: @unchecked Sendable {
  // Sendable: written once, when made.
  let values: UnsafeMutableBufferPointer<TilePlan<Scalar>.Value>
  let loads: UnsafeMutableBufferPointer<TileLoad<Scalar>>
  let instructions: UnsafeMutableBufferPointer<TilePlan<Scalar>.Step>
  let stores: UnsafeMutableBufferPointer<TilePlan<Scalar>.Store>
  let moving: UnsafeMutableBufferPointer<Int>

  init(_ plan: TilePlan<Scalar>) {
    func table<Element>(_ elements: [Element]) -> UnsafeMutableBufferPointer<Element> {
      let table = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
      _ = unsafe table.initialize(from: elements)
      return unsafe table
    }
    unsafe values = table(plan.values)
    unsafe loads = table(plan.loads)
    unsafe instructions = table(plan.instructions)
    unsafe stores = table(plan.stores)
    unsafe moving = table(plan.moving)
  }

  deinit {
    unsafe values.deallocate()
    unsafe loads.deallocate()
    unsafe instructions.deallocate()
    unsafe stores.deallocate()
    unsafe moving.deallocate()
  }
}

/// Where each value of a chain lives while a tile is worked on.
private struct TilePlan<Scalar: KernelScalar>: Sendable {
  enum Value: Sendable {
    /// In one of the thread's own tiles.
    case tile(Int)
    /// In the memory of an operand; step 0 for a single number.
    case operand(Int, step: Int)
    /// In the memory of a result.
    case result(Int)
  }
  struct Step: Sendable {
    let loop: TileLoop<Scalar>
    let target: Int
    /// Up to four operands; those that the loop does not have repeat the first.
    let a: Source
    let b: Source
    let c: Source
    let d: Source
  }
  /// A value as an operand; step 0 repeats its first element.
  struct Source: Sendable {
    let value: Int
    let step: Int
  }
  struct Store: Sendable {
    let value: Int
    let result: Int
  }

  private(set) var values: [Value] = []
  private(set) var loads: [TileLoad<Scalar>] = []
  private(set) var instructions: [Step] = []
  private(set) var stores: [Store] = []
  /// The values whose memory is another for each tile.
  private(set) var moving: [Int] = []
  private(set) var tileCount = 0

  init(_ program: TileProgram<Scalar>) {
    let operandCount = program.operands.count
    var lastUse = [Int](repeating: -1, count: operandCount + program.instructions.count)
    for (index, instruction) in program.instructions.enumerated() {
      for operand in instruction.operands { lastUse[operand] = index }
    }
    var freeTiles: [Int] = []
    var steps: [Int] = []
    for (index, operand) in program.operands.enumerated() {
      let isReal = operand.type == .real
      if isReal, operand.shape.count == 1 {
        values.append(.operand(index, step: 0))
        steps.append(0)
      } else if isReal, operand.shape.count == program.shape.count {
        values.append(.operand(index, step: 1))
        steps.append(1)
      } else {
        values.append(.tile(tileCount))
        loads.append(TileLoad(operand: index, operand, program.shape))
        tileCount += 1
        steps.append(1)
      }
    }
    for (index, instruction) in program.instructions.enumerated() {
      let value = operandCount + index
      steps.append(1)
      let places = program.results.indices.filter { program.results[$0] == value }
      let direct = places.first { place in
        // Memory taken over from an operand may be written once nothing reads the operand later.
        program.takenOver[place].map { lastUse[$0] <= index } ?? true
      }
      if let direct {
        values.append(.result(direct))
      } else if let free = freeTiles.popLast() {
        values.append(.tile(free))
      } else {
        values.append(.tile(tileCount))
        tileCount += 1
      }
      for place in places where place != direct {
        stores.append(Store(value: value, result: place))
      }
      let sources = instruction.operands.map { Source(value: $0, step: steps[$0]) }
      instructions.append(
        Step(
          loop: instruction.loop, target: value, a: sources[0],
          b: sources.count > 1 ? sources[1] : sources[0],
          c: sources.count > 2 ? sources[2] : sources[0],
          d: sources.count > 3 ? sources[3] : sources[0]))
      for operand in Set(instruction.operands) where lastUse[operand] == index {
        let isStored = program.results.contains(operand)
        if case .tile(let number) = values[operand], !isStored { freeTiles.append(number) }
      }
    }
    moving = values.indices.filter { index in
      switch values[index] {
      case .tile: false
      case .operand(_, let step): step == 1
      case .result: true
      }
    }
  }
}

extension TilePlan.Step {
  fileprivate func run(_ values: UnsafeMutablePointer<UnsafeMutablePointer<Scalar>>, _ count: Int) {
    let y = unsafe values[target]
    let x = unsafe UnsafePointer(values[a.value])
    switch loop {
    case .copy:
      if a.step == 1 {
        unsafe y.update(from: x, count: count)
      } else {
        unsafe Scalar.fill(count, x[0], y)
      }
    case .unary(let op):
      if a.step == 1 {
        unsafe Scalar.unary(op, count, x, y)
      } else {
        unsafe Scalar.unary(op, 1, x, y)
        unsafe Scalar.fill(count, y[0], y)
      }
    case .binary(let op):
      unsafe Scalar.binary(op, count, x, a.step, values[b.value], b.step, y)
    case .update(let op):
      unsafe Scalar.update(op, count, x[0], values[b.value], values[c.value][0], values[d.value], y)
    case .select:
      unsafe Scalar.select(count, x, a.step, values[b.value], b.step, values[c.value], c.step, y)
    }
  }
}

/// Reads a tile of an operand that is stretched, or not real, into a tile of its own.
private struct TileLoad<Scalar: KernelScalar>: Sendable {
  let operand: Int
  private let type: ElementType
  /// The common shape with neighbouring axes merged where the operand's strides allow it: the last
  /// axis, and those before it from the innermost outwards.
  private let run: Int
  private let stride: Int
  private let outer: Int
  private let extents: InlineArray<8, Int>
  private let strides: InlineArray<8, Int>

  init(operand: Int, _ source: TileProgram<Scalar>.Operand, _ shape: Shape) {
    self.operand = operand
    self.type = source.type
    var (extents, strides): ([Int], [Int]) = ([], [])
    for (extent, stride) in zip(shape.dimensions, source.shape.broadcastStrides(to: shape))
    where extent != 1 {
      if let last = strides.last, last == stride * extent {
        extents[extents.count - 1] *= extent
        strides[strides.count - 1] = stride
      } else {
        extents.append(extent)
        strides.append(stride)
      }
    }
    run = extents.popLast() ?? 1
    stride = strides.popLast() ?? 1
    outer = extents.count
    var outerExtents = InlineArray<8, Int>(repeating: 1)
    var outerStrides = InlineArray<8, Int>(repeating: 0)
    for (index, axis) in extents.indices.reversed().enumerated() {
      outerExtents[index] = extents[axis]
      outerStrides[index] = strides[axis]
    }
    self.extents = outerExtents
    self.strides = outerStrides
  }

  func run(
    _ source: UnsafeRawPointer, _ start: Int, _ count: Int, _ target: UnsafeMutablePointer<Scalar>
  ) {
    var place = start % run
    var rest = start / run
    var counters = InlineArray<8, Int>(repeating: 0)
    var offset = 0
    for axis in 0..<outer {
      counters[axis] = rest % extents[axis]
      rest /= extents[axis]
      offset += counters[axis] * strides[axis]
    }
    var done = 0
    while done < count {
      let length = Swift.min(run - place, count - done)
      unsafe read(source, offset + place * stride, stride, length, target + done)
      done += length
      place = 0
      for axis in 0..<outer {
        counters[axis] += 1
        offset += strides[axis]
        if counters[axis] < extents[axis] { break }
        offset -= extents[axis] * strides[axis]
        counters[axis] = 0
      }
    }
  }

  private func read(
    _ source: UnsafeRawPointer, _ offset: Int, _ stride: Int, _ count: Int,
    _ target: UnsafeMutablePointer<Scalar>
  ) {
    switch type {
    case .real:
      let x = unsafe source.assumingMemoryBound(to: Scalar.self) + offset
      switch stride {
      case 0: unsafe Scalar.fill(count, x[0], target)
      case 1: unsafe target.update(from: x, count: count)
      default: for index in 0..<count { unsafe target[index] = x[index * stride] }
      }
    case .byte:
      let x = unsafe source.assumingMemoryBound(to: UInt8.self) + offset
      if stride == 1 {
        unsafe Scalar.convert(count, x, target)
      } else {
        for index in 0..<count { unsafe target[index] = Scalar(x[index * stride]) }
      }
    case .index:
      let x = unsafe source.assumingMemoryBound(to: Int32.self) + offset
      if stride == 1 {
        unsafe Scalar.convert(count, x, target)
      } else {
        for index in 0..<count { unsafe target[index] = Scalar(x[index * stride]) }
      }
    }
  }
}
