// Unsafe: hands the pointers of operands, results and scratch to C loops. Offsets come from the
// window's shapes, and the scratch sizes from the same numbers.

import CVectorMath

extension ConvolutionWindow {
  /// The windows of one group as C loops see them.
  var windows: vm_windows {
    vm_windows(
      channels: channels, height: height, width: width, image_stride: imageSize * groups,
      kernel_height: kernelHeight, kernel_width: kernelWidth, stride_height: strideHeight,
      stride_width: strideWidth, pad_top: padTop, pad_left: padLeft,
      dilation_height: dilationHeight, dilation_width: dilationWidth, out_height: outHeight,
      out_width: outWidth)
  }
}

/// Windows, the weights that they are multiplied by and the pixels that result, in one group.
struct WindowPart: Sendable {
  var windows: vm_windows
  let filters: Int
  /// The place of weight (filter, depth) is `filter * filterStride + offsets[depth]`.
  let filterStride: Int
  let offsets: [Int]
  /// The place of the first result, and distances between results of images, filters, rows and
  /// columns.
  let firstResult: Int
  let resultStrides: vm_result_strides
  /// Elements of one group of what is read and of what results.
  let groupSize: Int
  let groupResultSize: Int

  /// What a pass reads by windows, the numbers of the operands that are the images and the weights
  /// of that; nil for the gradient of the weights.
  static func parts(
    _ pass: ConvolutionPass, _ window: ConvolutionWindow
  ) -> (parts: [WindowPart], images: Int, weights: Int)? {
    switch pass {
    case .forward: ([WindowPart(window)], images: 0, weights: 1)
    case .imageGradient: (imageGradient(window), images: 1, weights: 0)
    case .weightGradient: nil
    }
  }

  /// A convolution.
  init(_ window: ConvolutionWindow) {
    windows = window.windows
    filters = window.filters
    filterStride = window.columnRows
    offsets = Array(0..<window.columnRows)
    firstResult = 0
    resultStrides = vm_result_strides(
      image: window.resultSize * window.groups, plane: window.columnCount, row: window.outWidth,
      step: 1)
    groupSize = window.imageSize
    groupResultSize = window.resultSize
  }

  /// The gradient of the image: pixels (y, x) with equal remainders by the strides meet the same
  /// taps, and are a convolution of the cotangent with those.
  private static func imageGradient(_ window: ConvolutionWindow) -> [WindowPart] {
    (0..<window.strideHeight).flatMap { y in
      (0..<window.strideWidth).compactMap { x in
        y < window.height && x < window.width ? WindowPart(imageGradient: window, y, x) : nil
      }
    }
  }

  private init(imageGradient window: ConvolutionWindow, _ y: Int, _ x: Int) {
    let rows = Taps(
      window.kernelHeight, stride: window.strideHeight, dilation: window.dilationHeight,
      place: y + window.padTop)
    let columns = Taps(
      window.kernelWidth, stride: window.strideWidth, dilation: window.dilationWidth,
      place: x + window.padLeft)
    let taps = window.kernelHeight * window.kernelWidth
    windows = vm_windows(
      channels: window.filters, height: window.outHeight, width: window.outWidth,
      image_stride: window.resultSize * window.groups, kernel_height: rows.taps.count,
      kernel_width: columns.taps.count, stride_height: 1, stride_width: 1,
      pad_top: -rows.first, pad_left: -columns.first, dilation_height: rows.distance,
      dilation_width: columns.distance,
      out_height: (window.height - y + window.strideHeight - 1) / window.strideHeight,
      out_width: (window.width - x + window.strideWidth - 1) / window.strideWidth)
    filters = window.channels
    filterStride = taps
    offsets = (0..<window.filters).flatMap { filter in
      rows.taps.flatMap { row in
        columns.taps.map {
          filter * window.columnRows + row * window.kernelWidth + $0
        }
      }
    }
    firstResult = y * window.width + x
    resultStrides = vm_result_strides(
      image: window.imageSize * window.groups, plane: window.height * window.width,
      row: window.strideHeight * window.width, step: window.strideWidth)
    groupSize = window.resultSize
    groupResultSize = window.imageSize
  }

  /// The taps of one axis that pixels of one remainder meet, in the order of the results they come
  /// from.
  private struct Taps {
    let taps: [Int]
    /// The result that the first of the taps takes to the first of the pixels.
    let first: Int
    /// Results between neighbouring taps.
    let distance: Int

    /// - Parameter place: the first of the pixels, counted from the padding's edge.
    init(_ count: Int, stride: Int, dilation: Int, place: Int) {
      taps = (0..<count).filter { (place - $0 * dilation) % stride == 0 }.reversed()
      first = taps.first.map { (place - $0 * dilation) / stride } ?? 0
      distance = taps.count > 1 ? (taps[0] - taps[1]) * dilation / stride : 1
    }
  }
}

/// The products of a part: blocks of windows times slices of channels.
struct WindowProduct: Sendable {
  private let part: WindowPart
  let blocks: WindowBlocks
  private let slices: Int
  private let weightChunks: Chunks

  /// Channels that are packed together, so that a block's windows stay in `cachedBytes`.
  private var sliceChannels: Int { part.windows.channels / slices }
  private var taps: Int { part.windows.kernel_height * part.windows.kernel_width }
  private var depth: Int { sliceChannels * taps }
  private var sliceCount: Int { (part.filters + 7) / 8 * 8 * depth }
  /// What of the packed weights depends on more than the window.
  var form: Int { slices }
  /// Elements of the packed weights, and of a block's packed windows.
  var leftCount: Int { slices * sliceCount }
  var rightCount: Int { (blocks.size + 15) / 16 * 16 * depth }
  /// Pieces in which the weights are packed.
  var weightPieces: Int { slices * weightChunks.number }

  init(_ part: WindowPart, batch: Int, _ cachedBytes: Int, _ windowsPerBlock: Int) {
    let channels = part.windows.channels
    let taps = part.windows.kernel_height * part.windows.kernel_width
    let blocks = WindowBlocks(
      images: batch, perImage: part.windows.out_height * part.windows.out_width, windowsPerBlock)
    slices =
      (1...channels).first { number in
        channels % number == 0
          && blocks.size * channels / number * taps * MemoryLayout<Float>.stride <= cachedBytes
      } ?? channels
    weightChunks = Chunks(of: part.filters, size: 16)
    (self.part, self.blocks) = (part, blocks)
  }

  func packWeights(
    _ piece: Int, _ weights: UnsafePointer<Float>, _ packed: UnsafeMutablePointer<Float>
  ) {
    let (slice, filters) = (
      piece / weightChunks.number, weightChunks[piece % weightChunks.number]
    )
    let target =
      unsafe packed + slice * sliceCount + filters.lowerBound * depth
    unsafe part.offsets.withUnsafeBufferPointer { offsets in
      guard let first = offsets.baseAddress else { return }
      unsafe vm_pack_left_at(
        filters.count, depth, weights + filters.lowerBound * part.filterStride,
        part.filterStride, first + slice * depth, target)
    }
  }

  /// The results of a block of windows for some filters.
  func run(
    _ block: Int, _ filters: Range<Int>, images: UnsafePointer<Float>,
    weights: UnsafePointer<Float>, results: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, _ rightCount: Int, _ finish: vm_finish
  ) {
    let range = blocks[block]
    let (strides, perImage) = (part.resultStrides, blocks.perImage)
    let isInPlace =
      strides.step == 1 && strides.row == part.windows.out_width
      && range.lowerBound / perImage == (range.upperBound - 1) / perImage
    let first = unsafe results + part.firstResult + filters.lowerBound * strides.plane
    let target =
      unsafe isInPlace
      ? first + range.lowerBound / perImage * strides.image + range.lowerBound % perImage
      : scratch + rightCount
    let targetStride = isInPlace ? strides.plane : range.count
    var shape = part.windows
    shape.channels = sliceChannels
    for slice in 0..<slices {
      unsafe vm_pack_windows(
        &shape, images + slice * sliceChannels * shape.height * shape.width,
        range.lowerBound, range.count, scratch)
      unsafe vm_panel_product(
        filters.count, range.count, depth,
        weights + slice * sliceCount + filters.lowerBound * depth,
        scratch, target, targetStride, slice > 0 ? 1 : 0,
        slice == slices - 1 ? finish : vm_finish())
    }
    if isInPlace { return }
    unsafe vm_place_results(
      &shape, filters.count, range.lowerBound, range.count, target, targetStride,
      first, strides)
  }
}

/// The windows of all images cut in blocks. Small images share blocks; a block of a large image
/// holds none of the next.
struct WindowBlocks: Sendable {
  let perImage: Int
  /// Windows of a block, at most.
  let size: Int
  private let images: Int
  private let isShared: Bool

  init(images: Int, perImage: Int, _ windowsPerBlock: Int) {
    (self.images, self.perImage) = (images, perImage)
    isShared = perImage < windowsPerBlock
    size = isShared ? Swift.min(windowsPerBlock, images * perImage) : windowsPerBlock
  }

  private var perLine: Int { (perImage + size - 1) / size }
  var number: Int {
    isShared ? (images * perImage + size - 1) / size : images * perLine
  }

  subscript(block: Int) -> Range<Int> {
    if isShared { return block * size..<Swift.min(images * perImage, (block + 1) * size) }
    let first = block / perLine * perImage + block % perLine * size
    return first..<Swift.min((block / perLine + 1) * perImage, first + size)
  }
}
