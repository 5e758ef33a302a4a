// Unsafe: hands the pointers of operands, results and scratch to C loops. Every offset comes from
// the window's shapes, and the scratch sizes from the same numbers.

import CVectorMath

/// A convolution as Winograd's algorithm sees it: stride-1 correlations of planes with 3x3 or 2x2
/// weights, in tiles of 4x4 results.
///
/// A 3x3 window with stride 1 is one correlation. A 4x4 window with stride 2 is one of 2x2 weights
/// over four times the channels, one for each phase of the pixels' rows and columns; its image
/// gradient is four correlations, one for each phase of the image.
struct WinogradWindow: Sendable {
  /// Planes that are read or written: all of an image, or every second row and column of it.
  struct Planes: Sendable {
    let offset: Int
    let imageStride: Int
    let planeStride: Int
    let rowStride: Int
    let step: Int
    let height: Int
    let width: Int

    func located(at pixels: UnsafePointer<Float>) -> vm_planes {
      unsafe vm_planes(
        pixels: UnsafeMutablePointer(mutating: pixels) + offset, image_stride: imageStride,
        plane_stride: planeStride, row_stride: rowStride, step: step, height: height, width: width)
    }

    /// The same planes from channel `first` on.
    func dropping(_ first: Int) -> Planes {
      Planes(
        offset: offset + first * planeStride, imageStride: imageStride, planeStride: planeStride,
        rowStride: rowStride, step: step, height: height, width: width)
    }
  }

  /// Channels that are read, where their first tile begins, and their weights' places.
  struct Source: Sendable {
    let planes: Planes
    let top: Int
    let left: Int
    let offsets: [Int]
  }

  /// Results and the sources that they are sums over.
  struct Part: Sendable {
    let results: Planes
    let sources: [Source]
  }

  let taps: Int
  let parts: [Part]
  /// Channels of one source.
  let channels: Int
  let filters: Int
  /// Distances in the weights between neighbouring filters and channels.
  let filterStride: Int
  let channelStride: Int
  let batch: Int
  let tileRows: Int
  let tileColumns: Int

  var points: Int { (taps + 3) * (taps + 3) }
  var tiles: Int { batch * tileRows * tileColumns }
  /// Channels that a result is summed over.
  var depth: Int { channels * parts[0].sources.count }
  var shape: vm_winograd {
    vm_winograd(taps: taps, tile_rows: tileRows, tile_columns: tileColumns)
  }

  /// The window as seen by a pass (the weight gradient sees it as the forward pass does); nil when
  /// it is of another kind.
  init?(_ pass: ConvolutionPass, _ window: ConvolutionWindow) {
    let stride = window.strideHeight
    guard window.groups == 1, window.dilationHeight == 1, window.dilationWidth == 1,
      window.strideWidth == stride, window.kernelHeight == window.kernelWidth,
      window.batch > 0, window.channels > 0,
      (stride == 1 && window.kernelHeight == 3) || (stride == 2 && window.kernelHeight == 4)
    else { return nil }
    let kernel = window.kernelHeight
    let taps = stride == 1 ? 3 : 2
    let phases = (0..<stride).flatMap { y in (0..<stride).map { (y, $0) } }

    func planes(_ y: Int, _ x: Int, step: Int, isImage: Bool) -> Planes {
      let (height, width, channels) =
        isImage
        ? (window.height, window.width, window.channels)
        : (window.outHeight, window.outWidth, window.filters)
      return Planes(
        offset: y * width + x, imageStride: channels * height * width, planeStride: height * width,
        rowStride: step * width, step: step, height: (height - y + step - 1) / step,
        width: (width - x + step - 1) / step)
    }
    /// The first tap that meets a phase.
    func first(_ phase: Int, _ padding: Int) -> Int { (phase + padding) % stride }

    switch pass {
    case .forward, .weightGradient:
      let sources = phases.map { y, x in
        let (row, column) = (first(y, window.padTop), first(x, window.padLeft))
        return Source(
          planes: planes(y, x, step: stride, isImage: true), top: (row - window.padTop - y) / stride,
          left: (column - window.padLeft - x) / stride,
          offsets: (0..<taps).flatMap { a in
            (0..<taps).map { (row + a * stride) * kernel + column + $0 * stride }
          })
      }
      parts = [Part(results: planes(0, 0, step: 1, isImage: false), sources: sources)]
      (channels, filters) = (window.channels, window.filters)
      (filterStride, channelStride) = (window.channels * kernel * kernel, kernel * kernel)
    case .imageGradient:
      parts = phases.map { y, x in
        let (row, column) = (first(y, window.padTop), first(x, window.padLeft))
        let last = (taps - 1) * stride
        let source = Source(
          planes: planes(0, 0, step: 1, isImage: false),
          top: (y + window.padTop - row) / stride - taps + 1,
          left: (x + window.padLeft - column) / stride - taps + 1,
          offsets: (0..<taps).flatMap { a in
            (0..<taps).map { (row + last - a * stride) * kernel + column + last - $0 * stride }
          })
        return Part(results: planes(y, x, step: stride, isImage: true), sources: [source])
      }
      (channels, filters) = (window.filters, window.channels)
      (filterStride, channelStride) = (kernel * kernel, window.channels * kernel * kernel)
    }
    self.taps = taps
    batch = window.batch
    tileRows = (parts[0].results.height + 3) / 4
    tileColumns = (parts[0].results.width + 3) / 4
  }
}

/// The operands and products of all points for some tiles, in floats. Points are an odd number of
/// cache lines apart: at a power of two they would evict each other.
private struct WinogradSizes {
  let left: Int
  let right: Int
  let products: Int
  let columns: Int

  /// For `columns` columns of products.
  init(rows: Int, depth: Int, columns: Int) {
    let columns = (columns + 15) / 16 * 16
    self.columns = columns
    left = (rows + 7) / 8 * 8 * depth + 16
    right = depth * columns + 16
    products = rows * columns + 16
  }
}

extension Kernel<Float> {
  /// Tiles that are carried through all stages together, so that their operands and products stay
  /// in a core's second-level cache: one panel of columns.
  private static var tilesPerBlock: Int { 48 }
  /// Below so many blocks, the stages are cut instead: few tiles have many channels.
  private static var fewestBlocks: Int { 12 }
  /// Floats of the operands that a weight gradient sums over at a time: 16 MiB.
  private static var gradientOperands: Int { 1 << 22 }

  /// A convolution, or its image gradient, by Winograd's algorithm; nil for other windows. Operand
  /// `weights` holds the weights, operand `images` what is convolved.
  static func winograd(
    _ pass: ConvolutionPass, _ window: ConvolutionWindow
  ) -> Kernel? {
    guard let winograd = WinogradWindow(pass, window) else { return nil }
    switch pass {
    case .forward: return convolution(winograd, images: 0, weights: 1)
    case .imageGradient: return convolution(winograd, images: 1, weights: 0)
    case .weightGradient: return weightGradient(winograd)
    }
  }

  private static func convolution(
    _ window: WinogradWindow, images: Int, weights: Int
  ) -> Kernel {
    let packing = packing(window, weights)
    let blocks = Chunks(of: window.tiles, size: tilesPerBlock)
    if blocks.number < fewestBlocks { return byStages(window, images, packing) }
    let sizes = WinogradSizes(
      rows: window.filters, depth: window.depth, columns: tilesPerBlock)
    let partLeft = sizes.left * window.points
    let scratch = window.points * (sizes.right + sizes.products) * MemoryLayout<Float>.stride
    var kernel = Kernel(
      chunks: blocks.number * window.parts.count, workerScratch: scratch
    ) { arguments, chunk in
      let number = chunk % window.parts.count
      let part = window.parts[number]
      let tiles = blocks[chunk / window.parts.count]
      let right = unsafe arguments.scratch.assumingMemoryBound(to: Float.self)
      let products = unsafe right + window.points * sizes.right
      let left = unsafe arguments.packed.assumingMemoryBound(to: Float.self) + number * partLeft
      var shape = window.shape
      for (index, source) in part.sources.enumerated() {
        unsafe vm_winograd_tiles(
          &shape, source.planes.located(at: arguments.input(images)), source.top, source.left,
          window.channels, tiles.lowerBound, tiles.count, window.depth, index * window.channels,
          right, sizes.right)
      }
      let columns = (tiles.count + 15) / 16 * 16
      for point in 0..<window.points {
        unsafe vm_panel_product(
          window.filters, columns, window.depth, left + point * sizes.left,
          right + point * sizes.right, products + point * sizes.products, sizes.columns, 0)
      }
      unsafe vm_winograd_results(
        &shape, products, sizes.products, sizes.columns, window.filters, tiles.lowerBound,
        tiles.count, nil, 0, part.results.located(at: arguments.output()))
    }
    kernel.packing = packing
    return kernel
  }

  /// All tiles through one stage after the other.
  private static func byStages(
    _ window: WinogradWindow, _ images: Int, _ packing: Packing
  ) -> Kernel {
    let sizes = WinogradSizes(rows: window.filters, depth: window.depth, columns: window.tiles)
    let partLeft = sizes.left * window.points
    let partScratch = window.points * (sizes.right + sizes.products)
    let sources = window.parts.enumerated().flatMap { number, part in
      part.sources.enumerated().map { (part: number, index: $0, source: $1) }
    }
    let channels = Chunks(of: window.channels, size: 16)
    let tiles = Phase(chunks: sources.count * channels.number) { arguments, chunk in
      let item = sources[chunk / channels.number]
      let range = channels[chunk % channels.number]
      let right =
        unsafe arguments.shared.assumingMemoryBound(to: Float.self) + item.part * partScratch
      var shape = window.shape
      unsafe vm_winograd_tiles(
        &shape, item.source.planes.dropping(range.lowerBound).located(at: arguments.input(images)),
        item.source.top, item.source.left, range.count, 0, window.tiles, window.depth,
        item.index * window.channels + range.lowerBound, right, sizes.right)
    }
    let product = Phase(chunks: window.parts.count * window.points) { arguments, chunk in
      let (part, point) = (chunk / window.points, chunk % window.points)
      let right = unsafe arguments.shared.assumingMemoryBound(to: Float.self) + part * partScratch
      let products = unsafe right + window.points * sizes.right
      let left = unsafe arguments.packed.assumingMemoryBound(to: Float.self) + part * partLeft
      unsafe vm_panel_product(
        window.filters, sizes.columns, window.depth, left + point * sizes.left,
        right + point * sizes.right, products + point * sizes.products, sizes.columns, 0)
    }
    let filters = Chunks(of: window.filters, size: 16)
    let results = Phase(chunks: window.parts.count * filters.number) { arguments, chunk in
      let (part, range) = (chunk / filters.number, filters[chunk % filters.number])
      let products =
        unsafe arguments.shared.assumingMemoryBound(to: Float.self) + part * partScratch
        + window.points * sizes.right + range.lowerBound * sizes.columns
      var shape = window.shape
      let planes = window.parts[part].results.dropping(range.lowerBound)
      unsafe vm_winograd_results(
        &shape, products, sizes.products, sizes.columns, range.count, 0, window.tiles, nil, 0,
        planes.located(at: arguments.output()))
    }
    var kernel = Kernel(
      phases: [tiles, product, results],
      sharedScratch: window.parts.count * partScratch * MemoryLayout<Float>.stride)
    kernel.packing = packing
    return kernel
  }

  /// The transformed weights of all parts, as left operands.
  private static func packing(_ window: WinogradWindow, _ weights: Int) -> Packing {
    let sizes = WinogradSizes(rows: window.filters, depth: window.depth, columns: 0)
    let partLeft = sizes.left * window.points
    let sources = window.parts.enumerated().flatMap { number, part in
      part.sources.enumerated().map { (part: number, index: $0, source: $1) }
    }
    let filters = Chunks(of: window.filters, size: 16)
    let phase = Phase(chunks: sources.count * filters.number) { arguments, chunk in
      let item = sources[chunk / filters.number]
      let range = filters[chunk % filters.number]
      let left =
        unsafe arguments.packed.assumingMemoryBound(to: Float.self) + item.part * partLeft
        + range.lowerBound * window.depth
      unsafe vm_winograd_weights(
        window.taps, range.count, window.channels,
        arguments.input(weights) + range.lowerBound * window.filterStride, window.filterStride,
        window.channelStride, item.source.offsets, window.depth, item.index * window.channels, left,
        sizes.left)
    }
    return Packing(
      operand: weights, bytes: window.parts.count * partLeft * MemoryLayout<Float>.stride,
      phases: [phase])
  }

  /// The gradient of the weights, from images (operand 0) and cotangents (operand 1): products
  /// over the tiles, block after block.
  private static func weightGradient(_ window: WinogradWindow) -> Kernel {
    let sources = window.parts[0].sources
    let channels = window.channels
    let perTile = window.points * (channels * sources.count + window.filters)
    let block = Swift.min(
      window.tiles, Swift.min(2048, Swift.max(256, gradientOperands / perTile)))
    let sizes = WinogradSizes(rows: window.filters, depth: block, columns: channels)
    let lefts = window.points * sizes.left
    let rights = window.points * sizes.right
    let products = window.points * sizes.products
    var phases: [Phase] = []
    for tiles in (0..<Chunks(of: window.tiles, size: block).number).map({
      Chunks(of: window.tiles, size: block)[$0]
    }) {
      let pieces = Chunks(of: tiles.count, size: 32)
      phases.append(
        Phase(chunks: pieces.number * (sources.count + 1)) { arguments, chunk in
          let range = pieces[chunk % pieces.number]
          let first = tiles.lowerBound + range.lowerBound
          let left = unsafe arguments.shared.assumingMemoryBound(to: Float.self)
          var shape = window.shape
          let number = chunk / pieces.number - 1
          if number < 0 {
            unsafe vm_winograd_cotangents(
              &shape, window.parts[0].results.located(at: arguments.input(1)), window.filters,
              first, range.count, tiles.count, range.lowerBound, left, sizes.left)
            return
          }
          let source = sources[number]
          unsafe vm_winograd_tiles_by_channel(
            &shape, source.planes.located(at: arguments.input(0)), source.top, source.left,
            channels, first, range.count, tiles.count, range.lowerBound,
            left + lefts + number * rights, sizes.right)
        })
      phases.append(
        Phase(chunks: window.points * sources.count) { arguments, chunk in
          let (number, point) = (chunk / window.points, chunk % window.points)
          let left = unsafe arguments.shared.assumingMemoryBound(to: Float.self)
          let right = unsafe left + lefts + number * rights
          let sums = unsafe left + lefts + sources.count * rights + number * products
          unsafe vm_panel_product(
            window.filters, sizes.columns, tiles.count, left + point * sizes.left,
            right + point * sizes.right, sums + point * sizes.products, sizes.columns,
            tiles.lowerBound > 0 ? 1 : 0)
        })
    }
    let filters = Chunks(of: window.filters, size: 16)
    phases.append(
      Phase(chunks: sources.count * filters.number) { arguments, chunk in
        let number = chunk / filters.number
        let range = filters[chunk % filters.number]
        let sums =
          unsafe arguments.shared.assumingMemoryBound(to: Float.self) + lefts
          + sources.count * rights + number * products + range.lowerBound * sizes.columns
        unsafe vm_winograd_weight_gradient(
          window.taps, range.count, channels, sums, sizes.products, sizes.columns,
          arguments.output() + range.lowerBound * window.filterStride, window.filterStride,
          window.channelStride, sources[number].offsets)
      })
    return Kernel(
      phases: phases,
      sharedScratch: (lefts + sources.count * (rights + products)) * MemoryLayout<Float>.stride)
  }
}
