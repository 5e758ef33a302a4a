// Unsafe: hands the pointers of operands, results and scratch to C loops. Every offset comes from
// the window's shapes, and the scratch sizes from the same numbers.

import CVectorMath

/// The operands and products of one point for some tiles, in floats. Points are an odd number of
/// cache lines apart: at a power of two they would evict each other.
private struct WinogradSizes {
  let left: Int
  let right: Int
  let products: Int
  let columns: Int

  init(rows: Int, depth: Int, columns: Int) {
    self.columns = (columns + 15) / 16 * 16
    left = (rows + 7) / 8 * 8 * depth + 16
    right = depth * self.columns + 16
    products = rows * self.columns + 16
  }
}

extension Kernel<Float> {
  /// Tiles that are carried through all stages together, so that their operands and products stay
  /// in a core's second-level cache: one panel of columns.
  private static var tilesPerBlock: Int { 48 }
  /// Below so many blocks, the stages are cut instead: few tiles have many channels.
  private static var fewestBlocks: Int { 12 }
  /// Floats of packed weights that blocks by groups of channels read again and again: 4 MiB.
  private static var mostWeights: Int { 1 << 20 }
  /// Floats of operands that leave room for products and weights in a second-level cache of 2 MiB.
  private static var cachedFloats: Int { 160 << 10 }

  /// A convolution or one of its gradients by Winograd's algorithm; nil for windows it is not for.
  /// Weight gradients, and small images, go by groups of channels.
  static func winograd(
    _ pass: ConvolutionPass, _ window: ConvolutionWindow, _ finish: Finish?
  ) -> Kernel? {
    guard let winograd = WinogradWindow(pass, window) else { return nil }
    let (images, weights) = pass == .forward ? (0, 1) : (1, 0)
    if pass == .weightGradient { return channelWeightGradient(winograd) }
    if hasSmallImages(winograd) {
      return channelWinograd(winograd, images: images, weights: weights, finish)
    }
    return correlation(winograd.withTiles(of: 4), images: images, weights: weights, finish)
  }

  /// Whether groups of channels were measured to be faster than tiles in lanes, which images of few
  /// tiles do not fill in line. Their blocks read all weights each, so these must not be many.
  private static func hasSmallImages(_ window: WinogradWindow) -> Bool {
    guard window.taps == 2, window.images.channels >= 16 else { return false }
    let weights = window.points * window.depth * window.results.channels
    return window.tile > 4 || (window.tileColumns < 4 && weights <= mostWeights)
  }

  private static func correlation(
    _ window: WinogradWindow, images: Int, weights: Int, _ finish: Finish?
  ) -> Kernel {
    let blocks = Chunks(of: window.tiles, size: tilesPerBlock)
    let isCut = blocks.number < fewestBlocks
    let slices = isCut ? 1 : slices(window)
    var kernel =
      isCut
      ? byStages(window, images, finish) : byBlocks(window, blocks, slices, images, finish)
    kernel.isFinished = true
    kernel.packing = packing(window, slices, weights)
    if isCut && window.results.channels >= filtersPerTile * window.tiles {
      kernel.packing?.alone = { byFilters(window, images: images, weights: weights, finish) }
    }
    return kernel
  }

  /// Slices of the channels that are carried through after each other, so that a slice's operands
  /// stay in a core's second-level cache; 1 where the products alone would fill it.
  private static func slices(_ window: WinogradWindow) -> Int {
    let perChannel = window.points * window.views * tilesPerBlock
    let products = window.points * window.results.channels * tilesPerBlock
    if products > cachedFloats * 2 || perChannel * window.images.channels <= cachedFloats {
      return 1
    }
    return (1...window.images.channels).first { number in
      window.images.channels % number == 0
        && perChannel * window.images.channels / number <= cachedFloats
    } ?? 1
  }

  /// Each block of tiles through all stages, on one thread.
  private static func byBlocks(
    _ window: WinogradWindow, _ blocks: Chunks, _ slices: Int, _ images: Int, _ finish: Finish?
  ) -> Kernel {
    let channels = window.images.channels / slices
    let depth = window.depth / slices
    let sizes = WinogradSizes(rows: window.results.channels, depth: depth, columns: blocks.size)
    let operand = window.points * sizes.right
    let partProducts = window.points * sizes.products
    let floats = window.operands * operand + window.parts * partProducts
    return Kernel(
      chunks: blocks.number, workerScratch: floats * MemoryLayout<Float>.stride
    ) { arguments, chunk in
      let tiles = blocks[chunk]
      let right = unsafe arguments.scratch.assumingMemoryBound(to: Float.self)
      let products = unsafe right + window.operands * operand
      let columns = (tiles.count + 15) / 16 * 16
      var shape = window.shape
      for slice in 0..<slices {
        unsafe vm_winograd_tiles(
          &shape,
          window.imagePlanes.dropping(slice * channels).located(at: arguments.input(images)),
          channels,
          tiles.lowerBound, tiles.count, depth, window.operands == 1 ? channels : 0, right, 0,
          sizes.right, window.operands == 1 ? 0 : operand)
        for number in 0..<window.parts {
          let left =
            unsafe arguments.packed.assumingMemoryBound(to: Float.self)
            + (number * slices + slice) * window.points * sizes.left
          let view = unsafe right + window.operand(ofPart: number) * operand
          for point in 0..<window.points {
            unsafe vm_panel_product(
              window.results.channels, columns, depth, left + point * sizes.left,
              view + point * sizes.right,
              products + number * partProducts + point * sizes.products, sizes.columns,
              slice > 0 ? 1 : 0, vm_finish())
          }
        }
      }
      for number in 0..<window.parts {
        unsafe vm_winograd_results(
          &shape, products + number * partProducts, sizes.products, sizes.columns,
          window.results.channels,
          tiles.lowerBound, tiles.count, arguments.bias(finish),
          finish.relu,
          window.resultPlanes(ofPart: number).located(at: arguments.output()))
      }
    }
  }

  /// All tiles' operands, in memory common to all threads.
  private static func tiles(
    _ window: WinogradWindow, _ images: Int, _ sizes: WinogradSizes
  ) -> Phase {
    let operand = window.points * sizes.right
    let channels = Chunks(of: window.images.channels, size: 16)
    return Phase(chunks: channels.number) { arguments, chunk in
      let range = channels[chunk]
      let right = unsafe arguments.shared.assumingMemoryBound(to: Float.self)
      var shape = window.shape
      let images = unsafe window.imagePlanes.dropping(range.lowerBound).located(
        at: arguments.input(images))
      unsafe vm_winograd_tiles(
        &shape, images, range.count, 0, window.tiles, window.depth,
        window.operands == 1 ? window.images.channels : 0, right, range.lowerBound, sizes.right,
        window.operands == 1 ? 0 : operand)
    }
  }

  /// Filters for each tile from which weights take so much more memory than the tiles that these are better
  /// read again for every few filters.
  private static var filtersPerTile: Int { 4 }

  /// Filters that are packed, multiplied and finished together.
  private static var filtersPerPiece: Int { 16 }

  /// All tiles' operands first; then some filters at a time, whose weights are packed for them alone: they pass
  /// through a core's cache instead of memory.
  private static func byFilters(
    _ window: WinogradWindow, images: Int, weights: Int, _ finish: Finish?
  ) -> Kernel {
    let sizes = WinogradSizes(
      rows: filtersPerPiece, depth: window.depth, columns: window.tiles)
    let operand = window.points * sizes.right
    let packed = window.points * sizes.left
    let filters = Chunks(of: window.results.channels, size: filtersPerPiece)
    let taps = window.taps * window.taps
    let offsets = (0..<window.parts).map { window.offsets(ofPart: $0) }
    let products = Phase(chunks: window.parts * filters.number) { arguments, chunk in
      let (number, range) = (chunk / filters.number, filters[chunk % filters.number])
      let left = unsafe arguments.scratch.assumingMemoryBound(to: Float.self)
      let products = unsafe left + packed
      let right =
        unsafe arguments.shared.assumingMemoryBound(to: Float.self)
        + window.operand(ofPart: number) * operand
      for view in 0..<window.viewsPerOperand {
        unsafe offsets[number].withUnsafeBufferPointer { offsets in
          guard let offsets = offsets.baseAddress else { return }
          unsafe vm_winograd_weights(
            window.taps, range.count, window.images.channels,
            arguments.input(weights) + range.lowerBound * window.filterStride,
            window.filterStride, window.channelStride, offsets + view * taps, window.depth,
            view * window.images.channels, left, sizes.left)
        }
      }
      for point in 0..<window.points {
        unsafe vm_panel_product(
          range.count, sizes.columns, window.depth, left + point * sizes.left,
          right + point * sizes.right, products + point * sizes.products, sizes.columns, 0,
          vm_finish())
      }
      var shape = window.shape
      let planes = window.resultPlanes(ofPart: number).dropping(range.lowerBound)
      unsafe vm_winograd_results(
        &shape, products, sizes.products, sizes.columns, range.count, 0, window.tiles,
        arguments.bias(finish, from: range.lowerBound), finish.relu,
        planes.located(at: arguments.output()))
    }
    var kernel = Kernel(
      phases: [tiles(window, images, sizes), products],
      workerScratch: (packed + window.points * sizes.products) * MemoryLayout<Float>.stride,
      sharedScratch: window.operands * operand * MemoryLayout<Float>.stride)
    kernel.isFinished = true
    return kernel
  }

  /// All tiles through one stage after the other.
  private static func byStages(
    _ window: WinogradWindow, _ images: Int, _ finish: Finish?
  ) -> Kernel {
    let sizes = WinogradSizes(
      rows: window.results.channels, depth: window.depth, columns: window.tiles)
    let operand = window.points * sizes.right
    let partProducts = window.points * sizes.products
    let tiles = tiles(window, images, sizes)
    let product = Phase(chunks: window.parts * window.points) { arguments, chunk in
      let (number, point) = (chunk / window.points, chunk % window.points)
      let right =
        unsafe arguments.shared.assumingMemoryBound(to: Float.self)
        + window.operand(ofPart: number) * operand
      let products =
        unsafe arguments.shared.assumingMemoryBound(to: Float.self) + window.operands * operand
        + number * partProducts
      let left =
        unsafe arguments.packed.assumingMemoryBound(to: Float.self)
        + number * window.points * sizes.left
      unsafe vm_panel_product(
        window.results.channels, sizes.columns, window.depth, left + point * sizes.left,
        right + point * sizes.right, products + point * sizes.products, sizes.columns, 0,
        vm_finish())
    }
    let filters = Chunks(of: window.results.channels, size: 16)
    let results = Phase(chunks: window.parts * filters.number) { arguments, chunk in
      let (number, range) = (chunk / filters.number, filters[chunk % filters.number])
      let products =
        unsafe arguments.shared.assumingMemoryBound(to: Float.self) + window.operands * operand
        + number * partProducts + range.lowerBound * sizes.columns
      var shape = window.shape
      let planes = window.resultPlanes(ofPart: number).dropping(range.lowerBound)
      unsafe vm_winograd_results(
        &shape, products, sizes.products, sizes.columns, range.count, 0, window.tiles,
        arguments.bias(finish, from: range.lowerBound), finish.relu,
        planes.located(at: arguments.output()))
    }
    let floats = window.operands * operand + window.parts * partProducts
    return Kernel(
      phases: [tiles, product, results], sharedScratch: floats * MemoryLayout<Float>.stride)
  }

  /// The transformed weights of all parts, as left operands.
  private static func packing(
    _ window: WinogradWindow, _ slices: Int, _ weights: Int
  ) -> Packing {
    let channels = window.images.channels / slices
    let depth = window.depth / slices
    let sizes = WinogradSizes(rows: window.results.channels, depth: depth, columns: 0)
    let sliceLeft = sizes.left * window.points
    let taps = window.taps * window.taps
    let views = (0..<window.parts).flatMap { part in
      let offsets = window.offsets(ofPart: part)
      return (0..<slices).flatMap { slice in
        (0..<window.viewsPerOperand).map { view in
          let places = Array(offsets[view * taps..<(view + 1) * taps])
          return (part: part, slice: slice, view: view, offsets: places)
        }
      }
    }
    let filters = Chunks(of: window.results.channels, size: 16)
    let phase = Phase(chunks: views.count * filters.number) { arguments, chunk in
      let item = views[chunk / filters.number]
      let range = filters[chunk % filters.number]
      let left =
        unsafe arguments.packed.assumingMemoryBound(to: Float.self)
        + (item.part * slices + item.slice) * sliceLeft + range.lowerBound * depth
      let source =
        unsafe arguments.input(weights) + range.lowerBound * window.filterStride
        + item.slice * channels * window.channelStride
      unsafe vm_winograd_weights(
        window.taps, range.count, channels, source, window.filterStride, window.channelStride,
        item.offsets, depth, item.view * channels, left, sizes.left)
    }
    return Packing(
      operand: weights,
      form:
        "winograd \(slices) \(window.images.channels) \(window.results.channels) "
        + "\(window.filterStride) \(window.channelStride) \((0..<window.parts).map(window.offsets))",
      bytes: window.parts * slices * sliceLeft * MemoryLayout<Float>.stride,
      phases: [phase])
  }
}
