// Unsafe: hands the pointers of operands, results and scratch to C loops. Offsets come from the
// window's shapes, and the scratch sizes from the same numbers.

import CVectorMath

extension ConvolutionWindow {
  /// The windows of one group as C loops see them.
  fileprivate var packed: vm_windows {
    vm_windows(
      channels: channels, height: height, width: width, kernel_height: kernelHeight,
      kernel_width: kernelWidth, stride_height: strideHeight, stride_width: strideWidth,
      pad_top: padTop, pad_left: padLeft, dilation_height: dilationHeight,
      dilation_width: dilationWidth, out_width: outWidth)
  }

  /// The convolution that gives this one's image gradient from its cotangent; for stride 1.
  fileprivate var turned: ConvolutionWindow {
    var window = self
    (window.channels, window.filters) = (filters, channels)
    (window.height, window.width) = (outHeight, outWidth)
    (window.outHeight, window.outWidth) = (height, width)
    window.padTop = dilationHeight * (kernelHeight - 1) - padTop
    window.padLeft = dilationWidth * (kernelWidth - 1) - padLeft
    return window
  }
}

extension Kernel<Float> {
  /// Windows that are packed and multiplied together: their operand stays in a core's second-level
  /// cache.
  private static var windowsPerBlock: Int { 96 }
  /// Partial weight gradients at most: each needs memory of the weights' size.
  private static var maximumWindowPartials: Int { 8 }

  /// A convolution or one of its gradients as products with windows that are packed as they are
  /// needed; nil for the image gradient of strided windows.
  static func windowProduct(_ pass: ConvolutionPass, _ window: ConvolutionWindow) -> Kernel? {
    guard window.batch > 0 else { return nil }
    switch pass {
    case .forward:
      return windowProduct(window, images: 0, weights: 1, isTurned: false)
    case .imageGradient:
      guard window.strideHeight == 1, window.strideWidth == 1 else { return nil }
      return windowProduct(window.turned, images: 1, weights: 0, isTurned: true)
    case .weightGradient:
      return windowWeightGradient(window)
    }
  }

  /// - Parameter isTurned: the weights are read as those of the image gradient: filters and
  ///   channels exchanged, taps in opposite order.
  private static func windowProduct(
    _ window: ConvolutionWindow, images: Int, weights: Int, isTurned: Bool
  ) -> Kernel {
    let depth = window.columnRows
    let taps = window.kernelHeight * window.kernelWidth
    let left = (window.filters + 7) / 8 * 8 * depth
    let blocks = Chunks(of: window.columnCount, size: windowsPerBlock)
    let groups = window.batch * window.groups
    var kernel = Kernel(
      chunks: blocks.number * groups,
      workerScratch: (windowsPerBlock + 16) * depth * MemoryLayout<Float>.stride
    ) { arguments, chunk in
      let (part, range) = (chunk / blocks.number, blocks[chunk % blocks.number])
      let right = unsafe arguments.scratch.assumingMemoryBound(to: Float.self)
      let weights =
        unsafe arguments.packed.assumingMemoryBound(to: Float.self) + part % window.groups * left
      var shape = window.packed
      unsafe vm_pack_windows(
        &shape, arguments.input(images) + part * window.imageSize, range.lowerBound, range.count,
        right)
      unsafe vm_panel_product(
        window.filters, range.count, depth, weights, right,
        arguments.output() + part * window.resultSize + range.lowerBound, window.columnCount, 0)
    }
    kernel.packing = Packing(
      operand: weights, bytes: window.groups * left * MemoryLayout<Float>.stride,
      phases: [
        Phase(chunks: window.groups) { arguments, group in
          let packed =
            unsafe arguments.packed.assumingMemoryBound(to: Float.self) + group * left
          let source = unsafe arguments.input(weights) + group * window.weightSize
          if isTurned {
            for channel in 0..<window.channels {
              // Taps in opposite order: from the last one backwards.
              let first = channel * window.filters * taps + taps - 1
              for panel in stride(from: 0, to: window.filters, by: 8) {
                unsafe vm_pack_left(
                  Swift.min(8, window.filters - panel), taps, source + first + panel * taps, taps,
                  -1, packed + panel * depth + channel * taps * 8)
              }
            }
          } else {
            unsafe vm_pack_left(window.filters, depth, source, depth, 1, packed)
          }
        }
      ])
    return kernel
  }

  /// Fixed pieces of the windows of all images sum a partial gradient each; the pieces are added in
  /// order.
  private static func windowWeightGradient(_ window: ConvolutionWindow) -> Kernel {
    let columns = window.columnRows
    let columnsUp = (columns + 15) / 16 * 16
    let size = window.weightSize * window.groups
    let blocks = Chunks(of: window.columnCount, size: windowsPerBlock)
    let work = Chunks(of: window.batch * blocks.number, size: 1)
    let pieces = Chunks(
      of: work.number, size: (work.number + maximumWindowPartials - 1) / maximumWindowPartials)
    let rights = (window.filters + 7) / 8 * 8 * windowsPerBlock
    let sum = Phase(chunks: pieces.number) { arguments, chunk in
      let left = unsafe arguments.scratch.assumingMemoryBound(to: Float.self)
      let right = unsafe left + rights
      let partial = unsafe arguments.shared.assumingMemoryBound(to: Float.self) + chunk * size
      var shape = window.packed
      for item in pieces[chunk] {
        let (image, range) = (item / blocks.number, blocks[item % blocks.number])
        for group in 0..<window.groups {
          let part = image * window.groups + group
          unsafe vm_pack_left(
            window.filters, range.count,
            arguments.input(1) + part * window.resultSize + range.lowerBound, window.columnCount, 1,
            left)
          unsafe vm_pack_windows_by_place(
            &shape, arguments.input(0) + part * window.imageSize, range.lowerBound, range.count,
            right)
          unsafe vm_panel_product(
            window.filters, columns, range.count, left, right, partial + group * window.weightSize,
            columns, item > pieces[chunk].lowerBound ? 1 : 0)
        }
      }
    }
    return Kernel(
      phases: [sum, addingPartials(pieces.number, size)],
      workerScratch: (rights + columnsUp * windowsPerBlock) * MemoryLayout<Float>.stride,
      sharedScratch: pieces.number * size * MemoryLayout<Float>.stride)
  }
}
