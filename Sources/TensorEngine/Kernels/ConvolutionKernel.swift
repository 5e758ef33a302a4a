// Unsafe: products and copies over raw memory; offsets come from the window's shapes.

import CVectorMath

/// The shapes of one convolution, channels counted per group.
public struct ConvolutionWindow: Hashable, Sendable {
  let batch: Int
  let groups: Int
  /// Input channels of one group.
  var channels: Int
  var height: Int
  var width: Int
  /// Output channels of one group.
  var filters: Int
  var outHeight: Int
  var outWidth: Int
  let kernelHeight: Int
  let kernelWidth: Int
  let strideHeight: Int
  let strideWidth: Int
  var padTop: Int
  var padLeft: Int
  let padBottom: Int
  let padRight: Int
  let dilationHeight: Int
  let dilationWidth: Int

  init(_ geometry: ConvolutionGeometry, image: Shape, weight: Shape, result: Shape) {
    batch = image[0]
    groups = geometry.groups
    channels = weight[1]
    height = image[2]
    width = image[3]
    filters = weight[0] / geometry.groups
    outHeight = result[2]
    outWidth = result[3]
    kernelHeight = weight[2]
    kernelWidth = weight[3]
    strideHeight = geometry.stride[0]
    strideWidth = geometry.stride[1]
    padTop = geometry.padding[0]
    padLeft = geometry.padding[1]
    padBottom = geometry.padding[2]
    padRight = geometry.padding[3]
    dilationHeight = geometry.dilation[0]
    dilationWidth = geometry.dilation[1]
  }

  /// Elements of one group of one image, of its columns' rows and columns, of its result, of the
  /// group's weights.
  var imageSize: Int { channels * height * width }
  var columnRows: Int { channels * kernelHeight * kernelWidth }
  var columnCount: Int { outHeight * outWidth }
  var resultSize: Int { filters * outHeight * outWidth }
  var weightSize: Int { filters * columnRows }
  /// What decides how weights are arranged for this window: of an image smaller than the stride,
  /// not every remainder by it has pixels.
  var weightForm: [Int] {
    [
      groups, channels, filters, kernelHeight, kernelWidth, strideHeight, strideWidth, padTop,
      padLeft, dilationHeight, dilationWidth, min(height, strideHeight), min(width, strideWidth),
    ]
  }
  /// Multiply-adds for one image.
  var workPerImage: Int { groups * filters * columnRows * columnCount }
}

extension Kernel {
  /// Multiply-adds worth a chunk of their own: about 30 microseconds on one core.
  private static var convolutionGrain: Int { 1 << 21 }
  /// Partial weight gradients at most: each needs memory of the weights' size.
  static var maximumPartials: Int { 8 }

  /// A convolution through columns and matrix products (Chellapilla, Puri and Simard 2006), image
  /// by image.
  static func columnConvolution(_ pass: ConvolutionPass, _ window: ConvolutionWindow) -> Kernel {
    let images = Chunks(
      of: window.batch, work: convolutionGrain, workPerElement: window.workPerImage)
    let columnBytes = window.columnRows * window.columnCount * MemoryLayout<Scalar>.stride
    switch pass {
    case .forward:
      return Kernel(chunks: images.number, workerScratch: columnBytes) { arguments, chunk in
        for image in images[chunk] {
          for group in 0..<window.groups {
            let part = image * window.groups + group
            let columns = unsafe arguments.scratch.assumingMemoryBound(to: Scalar.self)
            unsafe Scalar.imageToColumns(
              window, arguments.input(0) + part * window.imageSize, columns)
            unsafe Scalar.multiply(
              false, false, window.filters, window.columnCount, window.columnRows,
              arguments.input(1) + group * window.weightSize, window.columnRows, columns,
              window.columnCount, arguments.output() + part * window.resultSize,
              window.columnCount, adds: false)
          }
        }
      }
    case .imageGradient:
      return Kernel(chunks: images.number, workerScratch: columnBytes) { arguments, chunk in
        for image in images[chunk] {
          for group in 0..<window.groups {
            let part = image * window.groups + group
            let columns = unsafe arguments.scratch.assumingMemoryBound(to: Scalar.self)
            let target = unsafe arguments.output() + part * window.imageSize
            unsafe Scalar.multiply(
              true, false, window.columnRows, window.columnCount, window.filters,
              arguments.input(0) + group * window.weightSize, window.columnRows,
              arguments.input(1) + part * window.resultSize, window.columnCount, columns,
              window.columnCount, adds: false)
            unsafe target.update(repeating: 0, count: window.imageSize)
            unsafe Scalar.columnsToImage(window, columns, target)
          }
        }
      }
    case .weightGradient:
      return weightGradient(window, columnBytes)
    }
  }

  /// Each fixed piece of the batch sums its own partial gradient; the pieces are added in order.
  private static func weightGradient(_ window: ConvolutionWindow, _ columnBytes: Int) -> Kernel {
    let size = window.weightSize * window.groups
    let pieces = partialChunks(window)
    let first = Phase(chunks: pieces.number) { arguments, chunk in
      let partial = unsafe arguments.shared.assumingMemoryBound(to: Scalar.self) + chunk * size
      let columns = unsafe arguments.scratch.assumingMemoryBound(to: Scalar.self)
      for image in pieces[chunk] {
        for group in 0..<window.groups {
          let part = image * window.groups + group
          unsafe Scalar.imageToColumns(
            window, arguments.input(0) + part * window.imageSize, columns)
          unsafe Scalar.multiply(
            false, true, window.filters, window.columnRows, window.columnCount,
            arguments.input(1) + part * window.resultSize, window.columnCount, columns,
            window.columnCount, partial + group * window.weightSize, window.columnRows,
            adds: image > pieces[chunk].lowerBound)
        }
      }
    }
    return Kernel(
      phases: [first, addingPartials(pieces.number, size)], workerScratch: columnBytes,
      sharedScratch: pieces.number * size * MemoryLayout<Scalar>.stride)
  }

  /// The fixed pieces of the batch that have a partial weight gradient each.
  static func partialChunks(_ window: ConvolutionWindow) -> Chunks {
    let perPiece = (window.batch + maximumPartials - 1) / maximumPartials
    let grain = convolutionGrain / Swift.max(1, window.workPerImage)
    return Chunks(of: window.batch, size: Swift.max(perPiece, grain))
  }

  /// Adds `count` partial results of `size` elements in order.
  static func addingPartials(_ count: Int, _ size: Int) -> Phase {
    let ranges = Chunks(of: size, size: 16_384)
    return Phase(chunks: ranges.number) { arguments, chunk in
      let range = ranges[chunk]
      let partial = unsafe arguments.shared.assumingMemoryBound(to: Scalar.self)
      unsafe Scalar.reduceColumns(
        VM_REDUCE_SUM, count, range.count, partial + range.lowerBound, size,
        arguments.output() + range.lowerBound, isFirst: true)
    }
  }
}
