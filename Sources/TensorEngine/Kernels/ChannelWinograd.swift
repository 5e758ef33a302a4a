// Unsafe: hands the pointers of operands, results and scratch to C loops. Every offset comes from
// the window's shapes, and the scratch sizes from the same numbers.

import CVectorMath

/// The cut of a Winograd convolution. Operands, products and packed weights of neighbouring points
/// are an odd number of cache lines apart: at a power of two they would evict each other.
private struct ChannelCut {
  /// Tiles that are carried through all stages together, at most: more would read the weights less
  /// often, but operands and products would leave a core's second-level cache.
  static let mostTiles = 48
  /// Floats of operands and products that leave room for weights in a second-level cache of 2 MiB.
  static let cachedFloats = 320 << 10

  /// Blocks come in fours: as many for each of two or four threads.
  static let evenBlocks = 4

  let window: WinogradWindow
  /// Groups of channels that are summed at a time, so that operands stay in that cache.
  let groupsPerSlice: Int
  let strips: ChannelStrips
  /// Strips that are carried through all stages together.
  let blocks: Chunks

  init(_ window: WinogradWindow) {
    self.window = window
    let operands = window.points * window.views * 16
    let products = window.points * window.parts * window.results.groups * 16
    let tiles = Swift.min(
      Self.mostTiles, Swift.max(16, Self.cachedFloats / (operands + products) / 8 * 8))
    strips = ChannelStrips(window, tiles: tiles)
    let room = (Self.cachedFloats - tiles * products) / (tiles * operands)
    let groups = window.images.groups
    groupsPerSlice = (1...groups).last { groups % $0 == 0 && $0 <= Swift.max(1, room) } ?? 1
    let all = strips.number * strips.tiles
    let number =
      ((all + tiles - 1) / tiles + Self.evenBlocks - 1) / Self.evenBlocks * Self.evenBlocks
    // Whole panels of eight tiles.
    let even = ((all + number - 1) / number + 7) / 8 * 8
    blocks = Chunks(of: strips.number, size: Swift.max(1, Swift.min(tiles, even) / strips.tiles))
  }

  var slices: Int { window.images.groups / groupsPerSlice }
  /// Channels that a product sums over.
  var depth: Int { groupsPerSlice * window.viewsPerOperand * 16 }
  /// Floats between neighbouring filters' rows of products.
  var width: Int { window.results.groups * 16 }
  /// Packed weights of a point, a slice and a part.
  var right: Int { depth * width + 16 }
  /// Floats of 8 tiles of a left operand and of products, for one point.
  var left: Int { 8 * depth + 16 }
  var product: Int { 8 * width + 16 }
  /// The same for all points of all operands and parts, which follow each other.
  var leftPanel: Int { window.operands * window.points * left }
  var productPanel: Int { window.parts * window.points * product }

  var leftPlaces: vm_channel_places {
    vm_channel_places(panel_stride: leftPanel, point_stride: left, tile_stride: depth)
  }

  var productPlaces: vm_channel_places {
    vm_channel_places(panel_stride: productPanel, point_stride: product, tile_stride: width)
  }

  /// Where in the rows of a left operand a view of a group begins, and which operand it is.
  func place(view: Int, group: Int) -> (operand: Int, depth: Int) {
    let (operand, inner) = view.quotientAndRemainder(dividingBy: window.viewsPerOperand)
    return (operand, (group % groupsPerSlice * window.viewsPerOperand + inner) * 16)
  }
}

extension Kernel<Float> {
  /// A convolution or its image gradient by Winograd's algorithm on groups of channels, each block
  /// of tiles through all stages on one thread.
  static func channelWinograd(
    _ window: WinogradWindow, images: Int, weights: Int, _ finish: Finish?
  ) -> Kernel {
    let cut = ChannelCut(window)
    var kernel = byBlocks(cut, images, finish)
    kernel.isFinished = true
    kernel.packing = packing(cut, weights)
    return kernel
  }

  private static func byBlocks(_ cut: ChannelCut, _ images: Int, _ finish: Finish?) -> Kernel {
    let (window, strips) = (cut.window, cut.strips)
    let most = cut.blocks.size * strips.tiles
    let (left, product) = (cut.left, cut.product)
    let operandsPlace = Swift.max(strips.patchFloats, strips.resultFloats)
    let productsPlace = operandsPlace + (most + 7) / 8 * cut.leftPanel
    let floats = productsPlace + (most + 7) / 8 * cut.productPanel
    return Kernel(
      chunks: cut.blocks.number, workerScratch: floats * MemoryLayout<Float>.stride
    ) { arguments, chunk in
      let block = cut.blocks[chunk]
      let pixels = unsafe arguments.scratch.assumingMemoryBound(to: Float.self)
      for slice in 0..<cut.slices {
        for strip in block {
          let tile = (strip - block.lowerBound) * strips.tiles
          for group in slice * cut.groupsPerSlice..<(slice + 1) * cut.groupsPerSlice {
            unsafe strips.gather(strip, group: group, from: arguments.input(images), to: pixels)
            for view in 0..<window.views {
              let place = cut.place(view: view, group: group)
              unsafe strips.transform(
                view: view, of: pixels,
                to: pixels + operandsPlace + place.operand * window.points * left + place.depth,
                from: tile, cut.leftPlaces)
            }
          }
        }
        for part in 0..<window.parts {
          for point in 0..<window.points {
            let operand = window.operand(ofPart: part) * window.points + point
            let tiles = unsafe vm_left(
              values: pixels + operandsPlace + operand * left, panel_stride: cut.leftPanel,
              row_stride: cut.depth, depth_stride: 1)
            let products = unsafe vm_results(
              values: pixels + productsPlace + (part * window.points + point) * product,
              panel_stride: cut.productPanel, row_stride: cut.width, adds: slice > 0 ? 1 : 0)
            unsafe vm_product(
              block.count * strips.tiles, window.results.channels,
              cut.depth, tiles, arguments.weights(cut, part, slice, point), products, vm_finish())
          }
        }
      }
      for strip in block {
        let tile = (strip - block.lowerBound) * strips.tiles
        for group in 0..<window.results.groups {
          for part in 0..<window.parts {
            unsafe strips.transformProducts(
              pixels + productsPlace + part * window.points * product + group * 16, from: tile,
              cut.productPlaces, part: part, group: group,
              bias: arguments.bias(finish, from: group * 16), relu: finish.relu,
              to: pixels)
          }
          unsafe strips.scatter(strip, group: group, from: pixels, to: arguments.output())
        }
      }
    }
  }

  /// The transformed weights of all parts, as right operands.
  private static func packing(_ cut: ChannelCut, _ weights: Int) -> Packing {
    let window = cut.window
    let groups = window.images.groups
    let offsets = (0..<window.parts).map { window.offsets(ofPart: $0) }
    let phase = Phase(chunks: window.parts * groups) { arguments, chunk in
      let (part, group) = chunk.quotientAndRemainder(dividingBy: groups)
      unsafe offsets[part].withUnsafeBufferPointer { offsets in
        var shape = unsafe vm_channel_window(
          taps: window.taps, tile: window.tile, views: window.viewsPerOperand,
          window: window.windowSize, offsets: offsets.baseAddress,
          out_stride: window.filterStride, in_stride: window.channelStride)
        unsafe vm_channel_weights(
          &shape, arguments.input(weights) + group * 16 * window.channelStride,
          window.results.channels, window.images.count(ofGroup: group), cut.depth,
          cut.place(view: 0, group: group).depth,
          arguments.weights(cut, part, group / cut.groupsPerSlice, 0), cut.right)
      }
    }
    return Packing(
      operand: weights,
      form: "channels \(window.tile) \(cut.slices) \(window.images.channels) "
        + "\(window.results.channels) \(window.filterStride) \(window.channelStride) "
        + "\((0..<window.parts).map(window.offsets))",
      bytes: window.parts * cut.slices * window.points * cut.right
        * MemoryLayout<Float>.stride,
      phases: [phase])
  }
}

extension KernelArguments<Float> {
  /// The packed weights of a part, a slice and a point.
  fileprivate func weights(
    _ cut: ChannelCut, _ part: Int, _ slice: Int, _ point: Int
  ) -> UnsafeMutablePointer<Float> {
    unsafe packed.assumingMemoryBound(to: Float.self)
      + ((part * cut.slices + slice) * cut.window.points + point) * cut.right
  }
}
