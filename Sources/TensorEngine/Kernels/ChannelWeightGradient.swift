// Unsafe: hands the pointers of operands, results and scratch to C loops. Every offset comes from
// the window's shapes, and the scratch sizes from the same numbers.

import CVectorMath

extension Kernel<Float> {
  /// Floats of the operands that a weight gradient sums over at a time: 16 MiB.
  private static var gradientOperands: Int { 1 << 22 }

  /// The gradient of the weights, from images (operand 0) and cotangents (operand 1): products
  /// summed over the tiles, block after block.
  static func channelWeightGradient(_ window: WinogradWindow) -> Kernel {
    let (channels, filters) = (window.images.channels, window.results.channels)
    let (width, height) = (window.images.groups * 16, (filters + 7) / 8 * 8)
    let views = window.views
    let perTile = window.points * (views * width + height)
    let most = Swift.min(2048, Swift.max(256, gradientOperands / perTile))
    let strips = ChannelStrips(window, tiles: most)
    let blocks = Chunks(of: strips.number, size: most / strips.tiles)
    let depth = Swift.min(blocks.size, strips.number) * strips.tiles
    let (left, right) = (height * depth + 16, width * depth + 16)
    let products = filters * width + 16
    let rightsPlace = window.points * left
    let productsPlace = rightsPlace + views * window.points * right
    let (imageGroups, filterGroups) = (window.images.groups, window.results.groups)
    var phases: [Phase] = []
    for block in (0..<blocks.number).map({ blocks[$0] }) {
      let depth = block.count * strips.tiles
      let operands = Phase(
        chunks: block.count * (imageGroups + filterGroups)
      ) { arguments, chunk in
        let (offset, group) = chunk.quotientAndRemainder(dividingBy: imageGroups + filterGroups)
        let (strip, tile) = (block.lowerBound + offset, offset * strips.tiles)
        let pixels = unsafe arguments.scratch.assumingMemoryBound(to: Float.self)
        let shared = unsafe arguments.shared.assumingMemoryBound(to: Float.self)
        if group >= imageGroups {
          let group = group - imageGroups
          return unsafe strips.transformCotangents(
            strip, group: group, from: arguments.input(1), through: pixels,
            to: shared + group * 16 * depth + tile * 8, depth: depth, pointStride: left)
        }
        unsafe strips.gather(strip, group: group, from: arguments.input(0), to: pixels)
        for view in 0..<views {
          unsafe strips.transform(
            view: view, of: pixels,
            to: shared + rightsPlace + view * window.points * right + group * 16 * depth,
            from: tile,
            vm_channel_places(panel_stride: 8 * 16, point_stride: right, tile_stride: 16))
        }
      }
      let product = Phase(chunks: views * window.points) { arguments, chunk in
        let shared = unsafe arguments.shared.assumingMemoryBound(to: Float.self)
        unsafe vm_panel_product(
          filters, width, depth, shared + chunk % window.points * left,
          shared + rightsPlace + chunk * right, shared + productsPlace + chunk * products, width,
          block.lowerBound > 0 ? 1 : 0, vm_finish())
      }
      phases += [operands, product]
    }
    let offsets = window.offsets(ofPart: 0)
    let gradient = Phase(chunks: filterGroups) { arguments, group in
      let shared = unsafe arguments.shared.assumingMemoryBound(to: Float.self)
      unsafe offsets.withUnsafeBufferPointer { offsets in
        var shape = unsafe vm_channel_window(
          taps: window.taps, tile: window.tile, views: views, window: window.windowSize,
          offsets: offsets.baseAddress, out_stride: window.filterStride,
          in_stride: window.channelStride)
        unsafe vm_channel_weight_gradient(
          &shape, shared + productsPlace + group * 16 * width, width, products,
          window.points * products, window.results.count(ofGroup: group), channels,
          arguments.output() + group * 16 * window.filterStride)
      }
    }
    let floats = productsPlace + views * window.points * products
    return Kernel(
      phases: phases + [gradient],
      workerScratch: Swift.max(strips.patchFloats, strips.cotangentFloats)
        * MemoryLayout<Float>.stride,
      sharedScratch: floats * MemoryLayout<Float>.stride)
  }
}
