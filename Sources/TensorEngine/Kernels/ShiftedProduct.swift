// Unsafe: hands the pointers of operands, results and scratch to C loops. Offsets come from the
// window's shapes, and the scratch sizes from the same numbers.

import CVectorMath

/// Convolutions of large windows with few filters, such as the last layer of an image transformer.
/// Windows packed for a product would be read by those few filters only. Instead each line of the
/// images is multiplied by the weights of every tap, as one product without windows, and the lines
/// that result are added, shifted by their taps. The gradient of the weights is such a product too,
/// of lines of the images and shifted lines of the cotangent.
extension Kernel<Float> {
  /// Filters up to which that is faster than windows, taps and channels from which it is; `atelier
  /// bench conv` shows it.
  private static var mostFilters: Int { 8 }
  private static var fewestTaps: Int { 25 }
  private static var fewestChannels: Int { 8 }
  /// Lines of results that share a pass over the images: more make too few chunks, and for fewer the
  /// lines at their borders count more, which are multiplied twice.
  private static var linesPerChunk: Int { 64 }
  /// Floats of shifted cotangents that stay in a core's second-level cache.
  private static var cachedFloats: Int { 1 << 16 }

  /// A convolution with stride 1 or one of its gradients; nil where windows are faster.
  static func shiftedProduct(
    _ pass: ConvolutionPass, _ window: ConvolutionWindow
  ) -> Kernel? {
    let isDense = window.strideHeight == 1 && window.strideWidth == 1 && window.groups == 1
    let (filters, channels) =
      pass == .imageGradient
      ? (window.channels, window.filters) : (window.filters, window.channels)
    guard isDense, window.batch > 0, (1...mostFilters).contains(filters),
      window.kernelHeight * window.kernelWidth >= fewestTaps, channels >= fewestChannels
    else { return nil }
    guard let (parts, images, weights) = WindowPart.parts(pass, window) else {
      return shiftedWeightGradient(window)
    }
    return shiftedProduct(
      parts[0], batch: window.batch, images: images, weights: weights, window.weightForm)
  }

  /// - Parameter images: the operand that is read by windows.
  private static func shiftedProduct(
    _ part: WindowPart, batch: Int, images: Int, weights: Int, _ form: [Int]
  ) -> Kernel {
    let (shape, strides) = (part.windows, part.resultStrides)
    let (height, width, channels) = (shape.height, shape.width, shape.channels)
    let taps = shape.kernel_height * shape.kernel_width
    let weightFloats = (taps + 7) / 8 * 8 * channels
    // Zeros on both sides of a line, as far as taps reach beyond it.
    let left = Swift.max(0, shape.pad_left)
    let reach = shape.out_width - shape.pad_left + (shape.kernel_width - 1) * shape.dilation_width
    let pitch = left + width + Swift.max(0, reach - width)
    let blocks = Chunks(of: shape.out_height, size: linesPerChunk)
    let right = (width + 15) / 16 * 16 * channels
    var kernel = Kernel(
      chunks: batch * blocks.number,
      workerScratch: (right + taps * pitch) * MemoryLayout<Float>.stride
    ) { arguments, chunk in
      let (image, rows) = (chunk / blocks.number, blocks[chunk % blocks.number])
      let packed = unsafe arguments.scratch.assumingMemoryBound(to: Float.self)
      let lines = unsafe packed + right
      unsafe lines.update(repeating: 0, count: taps * pitch)
      let source = unsafe arguments.input(images) + image * shape.image_stride
      let target = unsafe arguments.output() + part.firstResult + image * strides.image
      for filter in 0..<part.filters {
        for row in rows {
          unsafe (target + filter * strides.plane + row * strides.row).update(
            repeating: 0, count: shape.out_width)
        }
      }
      let first = Swift.max(0, rows.lowerBound - shape.pad_top)
      let end = Swift.min(
        height, rows.upperBound - shape.pad_top + (shape.kernel_height - 1) * shape.dilation_height)
      for line in first..<Swift.max(first, end) {
        unsafe vm_pack_right(channels, width, source + line * width, height * width, 1, packed)
        for filter in 0..<part.filters {
          unsafe vm_panel_product(
            taps, width, channels,
            arguments.packed.assumingMemoryBound(to: Float.self) + filter * weightFloats, packed,
            lines + left, pitch, 0, vm_finish())
          for tap in 0..<taps {
            let (i, j) = (tap / shape.kernel_width, tap % shape.kernel_width)
            let row = line + shape.pad_top - i * shape.dilation_height
            guard rows.contains(row) else { continue }
            let sum = unsafe target + filter * strides.plane + row * strides.row
            let shifted =
              unsafe lines + tap * pitch + left - shape.pad_left + j * shape.dilation_width
            unsafe Float.binary(VM_BINARY_ADD, shape.out_width, sum, 1, shifted, 1, sum)
          }
        }
      }
    }
    // With stride 1 all taps meet every pixel, in order or, backwards, in reverse.
    let firstWeight = part.offsets[0]
    let tapStride = part.offsets[1] - firstWeight
    let channelStride = part.offsets[taps] - firstWeight
    let packing = Phase(chunks: part.filters) { arguments, filter in
      let target = unsafe arguments.packed.assumingMemoryBound(to: Float.self)
      unsafe vm_pack_left(
        taps, channels, arguments.input(weights) + filter * part.filterStride + firstWeight,
        tapStride, channelStride, target + filter * weightFloats)
    }
    kernel.packing = Packing(
      operand: weights, form: "shifts \(form) \(weights)",
      bytes: part.filters * weightFloats * MemoryLayout<Float>.stride, phases: [packing])
    return kernel
  }

  /// Fixed pieces of the lines of all images sum a partial gradient each, [channel][filter, tap].
  private static func shiftedWeightGradient(_ window: ConvolutionWindow) -> Kernel {
    let (width, channels) = (window.width, window.channels)
    let taps = window.kernelHeight * window.kernelWidth
    let columns = window.filters * taps
    let perLine = (columns + 15) / 16 * 16 * width
    let blocks = Chunks(of: window.height, size: Swift.max(1, cachedFloats / Swift.max(1, perLine)))
    let number = window.batch * blocks.number
    let pieces = Chunks(of: number, size: (number + maximumPartials - 1) / maximumPartials)
    let plane = window.height * width
    let sum = Phase(chunks: pieces.number) { arguments, chunk in
      let lines = unsafe arguments.scratch.assumingMemoryBound(to: Float.self)
      let right = unsafe lines + 16 * blocks.size * width
      let partial =
        unsafe arguments.shared.assumingMemoryBound(to: Float.self) + chunk * channels * columns
      for block in pieces[chunk] {
        let (image, rows) = (block / blocks.number, blocks[block % blocks.number])
        let depth = rows.count * width
        let cotangents = unsafe arguments.input(1) + image * window.resultSize
        for first in Swift.stride(from: 0, to: columns, by: 16) {
          let count = Swift.min(16, columns - first)
          for column in 0..<count {
            unsafe window.shift(
              cotangents, filter: (first + column) / taps, tap: (first + column) % taps, rows,
              to: lines + column * depth)
          }
          unsafe vm_pack_right(depth, count, lines, 1, depth, right + first * depth)
        }
        let left = unsafe vm_left(
          values: arguments.input(0) + image * window.imageSize + rows.lowerBound * width,
          panel_stride: 8 * plane, row_stride: plane, depth_stride: 1)
        let results = unsafe vm_results(
          values: partial, panel_stride: 8 * columns, row_stride: columns,
          adds: block > pieces[chunk].lowerBound ? 1 : 0)
        unsafe vm_product(channels, columns, depth, left, right, results, vm_finish())
      }
    }
    let adding = Phase(chunks: window.filters) { arguments, filter in
      let partials = unsafe arguments.shared.assumingMemoryBound(to: Float.self)
      for channel in 0..<channels {
        let target = unsafe arguments.output() + (filter * channels + channel) * taps
        unsafe target.update(from: partials + channel * columns + filter * taps, count: taps)
        for piece in 1..<Swift.max(1, pieces.number) {
          let part = unsafe partials + (piece * channels + channel) * columns + filter * taps
          unsafe Float.binary(VM_BINARY_ADD, taps, target, 1, part, 1, target)
        }
      }
    }
    return Kernel(
      phases: [sum, adding],
      workerScratch: (16 * width + perLine) * blocks.size * MemoryLayout<Float>.stride,
      sharedScratch: pieces.number * channels * columns * MemoryLayout<Float>.stride)
  }
}

extension ConvolutionWindow {
  /// For each pixel of some lines of an image, the cotangent of what a filter made of it by a tap, 0
  /// where it made nothing.
  fileprivate func shift(
    _ cotangents: UnsafePointer<Float>, filter: Int, tap: Int, _ lines: Range<Int>,
    to target: UnsafeMutablePointer<Float>
  ) {
    let down = padTop - tap / kernelWidth * dilationHeight
    let across = padLeft - tap % kernelWidth * dilationWidth
    let first = min(width, max(0, -across))
    let end = max(first, min(width, outWidth - across))
    for (place, line) in lines.enumerated() {
      let y = unsafe target + place * width
      let row = line + down
      guard (0..<outHeight).contains(row), first < end else {
        unsafe y.update(repeating: 0, count: width)
        continue
      }
      let source = unsafe cotangents + (filter * outHeight + row) * outWidth + across
      unsafe y.update(repeating: 0, count: first)
      unsafe (y + first).update(from: source + first, count: end - first)
      unsafe (y + end).update(repeating: 0, count: width - end)
    }
  }
}
