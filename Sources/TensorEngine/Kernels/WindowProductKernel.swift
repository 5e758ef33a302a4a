// Unsafe: hands the pointers of operands, results and scratch to C loops. Offsets come from the
// window's shapes, and the scratch sizes from the same numbers.

import CVectorMath

extension Kernel<Float> {
  /// Bytes of packed windows, or split images, that leave room for weights and results in a
  /// second-level cache of 2 MiB.
  static var cachedBytes: Int { 896 << 10 }
  /// Windows that are multiplied together: what the weights are read once for.
  private static var windowsPerBlock: Int { 192 }
  /// Fewer pieces leave threads without work; each piece of the filters packs the windows, or splits
  /// the images, again.
  static var fewestPieces: Int { 8 }
  private static var fewestFilters: Int { 64 }

  /// A convolution or one of its gradients as products with windows that are packed as they are
  /// needed.
  static func windowProduct(
    _ pass: ConvolutionPass, _ window: ConvolutionWindow, _ finish: Finish?
  ) -> Kernel? {
    guard window.batch > 0, window.channels > 0, window.filters > 0 else { return nil }
    guard let (parts, images, weights) = WindowPart.parts(pass, window) else {
      return windowWeightGradient(window)
    }
    return windowProduct(parts, window, images: images, weights: weights, finish)
  }

  /// - Parameter images: the operand that is read by windows.
  private static func windowProduct(
    _ parts: [WindowPart], _ window: ConvolutionWindow, images: Int, weights: Int,
    _ finish: Finish?
  ) -> Kernel {
    let products = parts.map { part in
      WindowProduct(part, batch: window.batch, cachedBytes, windowsPerBlock)
    }
    let blocks = products.map(\.blocks.number).max() ?? 0
    let filters = parts[0].filters
    let pieces = Chunks(
      of: filters,
      size: blocks * parts.count * window.groups >= fewestPieces || filters <= fewestFilters
        ? filters : fewestFilters)
    // The parts of a block follow each other: their results lie side by side.
    let numbers = (pieces.number, parts.count, window.groups)
    let leftCounts = products.map(\.leftCount)
    let lefts = leftCounts.indices.map { leftCounts[..<$0].reduce(0, +) }
    let groupCount = leftCounts.reduce(0, +)
    let resultFloats = products.map(\.blocks.size).max().map { $0 * pieces.size } ?? 0
    let rightCount = products.map(\.rightCount).max() ?? 0
    var kernel = Kernel(
      chunks: blocks * numbers.0 * numbers.1 * numbers.2,
      workerScratch: (rightCount + resultFloats) * MemoryLayout<Float>.stride
    ) { arguments, chunk in
      let filters = pieces[chunk % numbers.0]
      let number = chunk / numbers.0 % numbers.1
      let group = chunk / numbers.0 / numbers.1 % numbers.2
      let block = chunk / numbers.0 / numbers.1 / numbers.2
      guard block < products[number].blocks.number else { return }
      unsafe products[number].run(
        block, filters, images: arguments.input(images) + group * parts[number].groupSize,
        weights: arguments.packed.assumingMemoryBound(to: Float.self) + group * groupCount
          + lefts[number],
        results: arguments.output() + group * parts[number].groupResultSize,
        scratch: arguments.scratch.assumingMemoryBound(to: Float.self), rightCount,
        arguments.rowFinish(
          finish, from: group * parts[number].filters + filters.lowerBound))
    }
    kernel.isFinished = true
    kernel.packing = Packing(
      operand: weights, form: "windows \(window.weightForm) \(weights) \(products.map(\.form))",
      bytes: window.groups * groupCount * MemoryLayout<Float>.stride,
      phases: products.indices.map { number in
        let product = products[number]
        return Phase(chunks: window.groups * product.weightPieces) { arguments, chunk in
          let (group, piece) = (chunk / product.weightPieces, chunk % product.weightPieces)
          unsafe product.packWeights(
            piece, arguments.input(weights) + group * window.weightSize,
            arguments.packed.assumingMemoryBound(to: Float.self) + group * groupCount
              + lefts[number])
        }
      })
    return kernel
  }

  /// Fixed pieces of the windows of all images sum a partial gradient each; the pieces are added in
  /// order.
  private static func windowWeightGradient(_ window: ConvolutionWindow) -> Kernel {
    let columns = window.columnRows
    let size = window.weightSize * window.groups
    let windows = window.batch * window.columnCount
    let columnsUp = (columns + 15) / 16 * 16
    let perWindow = columnsUp * MemoryLayout<Float>.stride
    let blocks = Chunks(
      of: windows,
      size: Swift.min(768, Swift.max(192, cachedBytes / perWindow / 192 * 192)))
    let pieces = Chunks(
      of: blocks.number,
      size: (blocks.number + maximumPartials - 1) / maximumPartials)
    let left = (window.filters + 7) / 8 * 8 * blocks.size
    let shape = window.windows
    let sum = Phase(chunks: pieces.number) { arguments, chunk in
      let filters = unsafe arguments.scratch.assumingMemoryBound(to: Float.self)
      let right = unsafe filters + left
      let partial = unsafe arguments.shared.assumingMemoryBound(to: Float.self) + chunk * size
      var shape = shape
      for block in pieces[chunk] {
        let range = blocks[block]
        for group in 0..<window.groups {
          unsafe vm_pack_left_by_window(
            &shape, window.filters,
            arguments.input(1) + group * window.resultSize, window.resultSize * window.groups,
            window.columnCount, range.lowerBound, range.count, filters)
          unsafe vm_pack_windows_by_place(
            &shape, arguments.input(0) + group * window.imageSize,
            range.lowerBound, range.count, right)
          unsafe vm_panel_product(
            window.filters, columns, range.count, filters, right,
            partial + group * window.weightSize, columns,
            block > pieces[chunk].lowerBound ? 1 : 0, vm_finish())
        }
      }
    }
    return Kernel(
      phases: [sum, addingPartials(pieces.number, size)],
      workerScratch: (left + columnsUp * blocks.size) * MemoryLayout<Float>.stride,
      sharedScratch: pieces.number * size * MemoryLayout<Float>.stride)
  }
}
