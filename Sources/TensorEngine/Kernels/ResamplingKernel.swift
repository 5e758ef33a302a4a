// Unsafe: the C loops take pointers to one plane of the operand and one of the result, of the sizes
// that `vm_resampling` is made from.

import CVectorMath

extension vm_resampling {
  init(_ method: Resampling, from image: Shape, to drawn: Shape) {
    self.init(
      height: image[2], width: image[3], out_height: drawn[2], out_width: drawn[3],
      aligns_corners: method == .bilinear(alignsCorners: true) ? 1 : 0)
  }

  /// Elements of memory that a method needs.
  fileprivate var scratch: Int { width + 3 * out_width }
}

extension Kernel<Float> {
  static func resample(_ method: Resampling, _ size: vm_resampling, _ call: KernelCall) -> Kernel {
    unsafe planes(call, scratch: size.scratch) { x, y, scratch in
      let y = unsafe y.assumingMemoryBound(to: Float.self)
      switch method {
      case .nearest: unsafe vm_resample_nearest_f32(size, x, scratch, y)
      case .bilinear: unsafe vm_resample_bilinear_f32(size, x, scratch, y)
      }
    }
  }

  static func resampleGradient(
    _ method: Resampling, _ size: vm_resampling, _ call: KernelCall
  ) -> Kernel {
    unsafe planes(call, scratch: size.scratch) { x, y, scratch in
      let y = unsafe y.assumingMemoryBound(to: Float.self)
      switch method {
      case .nearest: unsafe vm_resample_nearest_transpose_f32(size, x, scratch, y)
      case .bilinear: unsafe vm_resample_bilinear_transpose_f32(size, x, scratch, y)
      }
    }
  }
}

extension Kernel<Double> {
  static func resample(_ method: Resampling, _ size: vm_resampling, _ call: KernelCall) -> Kernel {
    unsafe planes(call, scratch: size.scratch) { x, y, scratch in
      let y = unsafe y.assumingMemoryBound(to: Double.self)
      switch method {
      case .nearest: unsafe vm_resample_nearest_f64(size, x, scratch, y)
      case .bilinear: unsafe vm_resample_bilinear_f64(size, x, scratch, y)
      }
    }
  }

  static func resampleGradient(
    _ method: Resampling, _ size: vm_resampling, _ call: KernelCall
  ) -> Kernel {
    unsafe planes(call, scratch: size.scratch) { x, y, scratch in
      let y = unsafe y.assumingMemoryBound(to: Double.self)
      switch method {
      case .nearest: unsafe vm_resample_nearest_transpose_f64(size, x, scratch, y)
      case .bilinear: unsafe vm_resample_bilinear_transpose_f64(size, x, scratch, y)
      }
    }
  }
}
