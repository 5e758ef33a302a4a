// Unsafe: the C loops take pointers to one plane of the operand and one of the result, cut from
// the two by their shapes.

import CVectorMath

extension Kernel {
  /// Elements that one chunk reads and writes.
  private static var planeGrain: Int { 65_536 }

  /// A kernel that treats the planes [N, C] of an operand [N, C, ...] one by one.
  ///
  /// - Parameters:
  ///   - scratch: elements of memory that a thread needs.
  ///   - body: makes a plane of the result from one of the operand, with the thread's memory.
  static func planes(
    _ call: KernelCall, result: ElementType = .real, scratch: Int = 0,
    _ body:
      @escaping @Sendable (
        _ x: UnsafePointer<Scalar>, _ y: UnsafeMutableRawPointer,
        _ scratch: UnsafeMutablePointer<Scalar>
      ) -> Void
  ) -> Kernel {
    let count = Swift.max(1, call.output[0] * call.output[1])
    let source = call.inputs[0].count / count
    let target = call.output.count / count
    let targetBytes = target * result.size(real: MemoryLayout<Scalar>.stride)
    let chunks = Chunks(
      of: call.output.count / Swift.max(1, target), work: planeGrain,
      workPerElement: source + target)
    return Kernel(chunks: chunks.number, workerScratch: scratch * MemoryLayout<Scalar>.stride) {
      arguments, chunk in
      for plane in chunks[chunk] {
        unsafe body(
          arguments.input(0) + plane * source, arguments.rawOutput() + plane * targetBytes,
          arguments.scratch.assumingMemoryBound(to: Scalar.self))
      }
    }
  }
}

extension Kernel<Float> {
  static func maxPool(_ window: vm_window, _ call: KernelCall) -> Kernel {
    unsafe planes(call) { x, y, _ in
      unsafe vm_max_pool_f32(window, x, y.assumingMemoryBound(to: Float.self))
    }
  }

  static func maxPoolIndices(_ window: vm_window, _ call: KernelCall) -> Kernel {
    unsafe planes(call, result: .index, scratch: window.out.2) { x, y, row in
      unsafe vm_max_pool_places_f32(window, x, row, y.assumingMemoryBound(to: Int32.self))
    }
  }

  static func averagePool(_ window: vm_window, _ call: KernelCall) -> Kernel {
    unsafe planes(call) { x, y, _ in
      unsafe vm_average_pool_f32(window, x, y.assumingMemoryBound(to: Float.self))
    }
  }

  static func averagePoolGradient(_ window: vm_window, _ call: KernelCall) -> Kernel {
    unsafe planes(call, scratch: window.out.2) { x, y, row in
      unsafe vm_average_pool_transpose_f32(window, x, row, y.assumingMemoryBound(to: Float.self))
    }
  }
}

extension Kernel<Double> {
  static func maxPool(_ window: vm_window, _ call: KernelCall) -> Kernel {
    unsafe planes(call) { x, y, _ in
      unsafe vm_max_pool_f64(window, x, y.assumingMemoryBound(to: Double.self))
    }
  }

  static func maxPoolIndices(_ window: vm_window, _ call: KernelCall) -> Kernel {
    unsafe planes(call, result: .index, scratch: window.out.2) { x, y, row in
      unsafe vm_max_pool_places_f64(window, x, row, y.assumingMemoryBound(to: Int32.self))
    }
  }

  static func averagePool(_ window: vm_window, _ call: KernelCall) -> Kernel {
    unsafe planes(call) { x, y, _ in
      unsafe vm_average_pool_f64(window, x, y.assumingMemoryBound(to: Double.self))
    }
  }

  static func averagePoolGradient(_ window: vm_window, _ call: KernelCall) -> Kernel {
    unsafe planes(call, scratch: window.out.2) { x, y, row in
      unsafe vm_average_pool_transpose_f64(window, x, row, y.assumingMemoryBound(to: Double.self))
    }
  }
}

extension vm_window {
  /// The window over planes of `image`; missing axes have extent 1.
  ///
  /// - Parameter countsPadding: whether an average counts padded places.
  init(_ geometry: PoolingGeometry, image: Shape, result: Shape, countsPadding: Bool = false) {
    func three(_ numbers: some Collection<Int>, missing: Int) -> (Int, Int, Int) {
      let all = [Int](repeating: missing, count: 3 - numbers.count) + numbers
      return (all[0], all[1], all[2])
    }
    let extents = image.dimensions.dropFirst(2)
    self.init(
      extent: three(extents, missing: 1), kernel: three(geometry.size, missing: 1),
      stride: three(geometry.stride, missing: 1), padding: three(geometry.before, missing: 0),
      out: three(result.dimensions.dropFirst(2), missing: 1),
      counted_from: three(geometry.before.map { countsPadding ? -$0 : 0 }, missing: 0),
      counted_to: three(
        zip(extents, geometry.after).map { countsPadding ? $0 + $1 : $0 }, missing: 1))
  }
}
