import TensorEngine

/// A sample whose operands reach the operation in another way, with the numbers they then begin as.
struct Variant {
  let name: String
  let operands: [TensorValue<Double>]
  let build: ([Tensor]) -> Tensor

  /// The sample itself and all variants that it has.
  static func all(of sample: OperationSample) -> [Variant] {
    let operands = sample.operands()
    var variants = [
      Variant(name: "as it is", operands: operands, build: sample.build),
      Variant(name: "scaled", operands: operands) { sample.build($0) * -2.5 },
    ]
    if sample.shapes.contains(where: { $0.rank >= 2 }) {
      variants.append(
        Variant(name: "transposed", operands: operands.map(\.axesReversed)) {
          sample.build($0.map(\.axesReversed))
        })
    }
    if sample.shapes.contains(where: { $0.rank >= 1 && $0.count > 0 }) {
      variants.append(
        Variant(name: "strided", operands: operands.map(\.spread)) {
          sample.build($0.map(\.everySecond))
        })
    }
    variants.append(usedTwice(sample, operands))
    return variants
  }

  /// One operand in place of every other of its shape, type and range; where there is none such,
  /// the result times the operand's sum.
  private static func usedTwice(
    _ sample: OperationSample, _ operands: [TensorValue<Double>]
  ) -> Variant {
    let real = operands.indices.first {
      sample.types[$0] == .real && !sample.wholeOperands.contains($0)
    }
    guard let real else { return Variant(name: "again", operands: operands, build: sample.build) }
    let alike = operands.indices.filter {
      sample.shapes[$0] == sample.shapes[real] && sample.types[$0] == .real
        && sample.ranges[$0] == sample.ranges[real] && !sample.wholeOperands.contains($0)
    }
    if alike.count > 1 {
      return Variant(name: "used twice", operands: operands) { leaves in
        sample.build(leaves.indices.map { leaves[alike.contains($0) ? real : $0] })
      }
    }
    return Variant(name: "used twice", operands: operands) {
      sample.build($0) * ($0[real].sum() * 0.1)
    }
  }
}

extension TensorValue<Double> {
  /// The same numbers with the axes in reversed order.
  fileprivate var axesReversed: TensorValue {
    let extents = Array(shape.dimensions.reversed())
    var scalars: [Double] = []
    scalars.reserveCapacity(shape.count)
    for place in 0..<shape.count {
      // The place's coordinates under the reversed shape, innermost first, are those of the
      // original, outermost first.
      var (rest, source) = (place, 0)
      for (axis, extent) in shape.dimensions.enumerated() {
        source += (rest % extent) * shape.dimensions[(axis + 1)...].reduce(1, *)
        rest /= extent
      }
      scalars.append(self.scalars[source])
    }
    return TensorValue(shape: Shape(extents), scalars: scalars)
  }

  /// Every number twice along the last axis.
  fileprivate var spread: TensorValue {
    guard let last = shape.dimensions.last else { return self }
    return TensorValue(
      shape: Shape(shape.dimensions.dropLast() + [2 * last]),
      scalars: scalars.flatMap { [$0, $0] })
  }
}

extension Tensor {
  fileprivate var axesReversed: Tensor { transposed((0..<rank).reversed()) }

  /// The elements at odd places of the last axis.
  fileprivate var everySecond: Tensor {
    guard rank > 0 else { return self }
    var starts = [Int](repeating: 0, count: rank)
    var extents = shape.dimensions
    var steps = [Int](repeating: 1, count: rank)
    starts[rank - 1] = extents[rank - 1] > 0 ? 1 : 0
    extents[rank - 1] /= 2
    steps[rank - 1] = 2
    return sliced(starts: starts, extents: extents, steps: steps)
  }
}
