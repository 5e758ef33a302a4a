// Unsafe: converts between the memory of operand and result, which have as many elements.

import CVectorMath

extension Kernel<Float> {
  static func toIndex(_ call: KernelCall) -> Kernel {
    unsafe converting(call) { unsafe vm_convert_f32_i32($0, $1, $2) }
  }
}

extension Kernel<Double> {
  static func toIndex(_ call: KernelCall) -> Kernel {
    unsafe converting(call) { unsafe vm_convert_f64_i32($0, $1, $2) }
  }
}

extension Kernel {
  /// Elements that one chunk converts.
  private static var conversionGrain: Int { 32_768 }

  private static func converting(
    _ call: KernelCall,
    _ loop: @escaping @Sendable (Int, UnsafePointer<Scalar>, UnsafeMutablePointer<Int32>) -> Void
  ) -> Kernel {
    let chunks = Chunks(of: call.output.count, size: conversionGrain)
    return Kernel(chunks: chunks.number) { arguments, chunk in
      let range = chunks[chunk]
      let y = unsafe arguments.rawOutput().assumingMemoryBound(to: Int32.self)
      unsafe loop(
        range.count, arguments.input(0) + range.lowerBound, y + range.lowerBound)
    }
  }
}
