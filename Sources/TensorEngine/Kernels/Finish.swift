// Unsafe: kernels' results and bias, over the elements that the shapes say.

import CVectorMath

/// What a product or convolution does to its result before storing it: a bias is added along one
/// axis, then max(x, 0) taken.
struct Finish: Sendable {
  /// The bias's number among the operands.
  let operand: Int
  /// The result is [outer, extent, inner], with one bias for each of the extent.
  let outer: Int
  let extent: Int
  let inner: Int
  let isRectified: Bool

  init(operand: Int, shape: Shape, axis: Int, isRectified: Bool) {
    self.operand = operand
    outer = shape.dimensions[..<axis].reduce(1, *)
    extent = shape[axis]
    inner = shape.dimensions[(axis + 1)...].reduce(1, *)
    self.isRectified = isRectified
  }
}

extension Kernel {
  /// Elements worth a chunk of their own.
  private static var finishGrain: Int { 1 << 15 }

  /// The kernel followed by a phase that finishes its result, unless it does so itself.
  func finishing(_ finish: Finish?) -> Kernel {
    guard let finish, !isFinished else { return self }
    let isVector = finish.inner == 1
    let length = isVector ? finish.extent : finish.inner
    let lines = Chunks(
      of: isVector ? finish.outer : finish.outer * finish.extent, work: Self.finishGrain,
      workPerElement: length)
    let phase = Phase(chunks: lines.number) { arguments, chunk in
      for line in lines[chunk] {
        let x = unsafe arguments.output() + line * length
        let bias = unsafe arguments.input(finish.operand) + (isVector ? 0 : line % finish.extent)
        unsafe Scalar.binary(VM_BINARY_ADD, length, x, 1, bias, isVector ? 1 : 0, x)
        if finish.isRectified { unsafe Scalar.unary(VM_UNARY_RELU, length, x, x) }
      }
    }
    var kernel = self
    kernel.phases.append(phase)
    kernel.isFinished = true
    return kernel
  }
}

extension Finish? {
  /// Whether max(x, 0) is taken, as C loops are told.
  var relu: Int32 { self?.isRectified == true ? 1 : 0 }
}

extension KernelArguments<Float> {
  /// The bias of a finish from its `first` number on; nil without one.
  func bias(_ finish: Finish?, from first: Int = 0) -> UnsafePointer<Float>? {
    unsafe finish.map { unsafe input($0.operand) + first }
  }

  /// A finish as C loops see it, for results whose rows are the biased axis, from row `first` on.
  func rowFinish(_ finish: Finish?, from first: Int) -> vm_finish {
    unsafe vm_finish(
      row_bias: bias(finish, from: first), column_bias: nil,
      relu: finish.relu)
  }

  /// The same for results whose columns are that axis.
  func columnFinish(_ finish: Finish?, from first: Int) -> vm_finish {
    unsafe vm_finish(
      row_bias: nil, column_bias: bias(finish, from: first),
      relu: finish.relu)
  }
}
