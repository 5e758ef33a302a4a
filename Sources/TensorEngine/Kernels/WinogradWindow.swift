// Unsafe: tells C loops where planes of pixels begin; offsets come from the window's shapes.

import CVectorMath

/// A convolution as Winograd's algorithm sees it: correlations of stride 1 with 3x3 or 2x2 weights,
/// in tiles of 4x4 results.
///
/// A 3x3 window with stride 1 is one correlation. A 4x4 window with stride 2 is a sum of four, each
/// of 2x2 weights over a view of every second pixel; its image gradient is four correlations, each
/// of which gives every second pixel of every second row.
struct WinogradWindow: Sendable {
  /// Planes that are read or written: all of an image, or every second row and column of it.
  struct Planes: Sendable {
    var offset: Int
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
      var planes = self
      planes.offset += first * planeStride
      return planes
    }
  }

  /// Results, and the left operand that gives them.
  struct Part: Sendable {
    let results: Planes
    /// The view that is read; nil when all views are summed.
    let view: Int?
    /// The places of the weights in a filter's channel, for each view that is read.
    let offsets: [[Int]]
  }

  /// 2 or 3.
  let taps: Int
  let parts: [Part]
  /// What is read.
  let images: Planes
  /// Channels that are read, before the views are counted.
  let channels: Int
  let filters: Int
  /// Distances in the weights between neighbouring filters and channels.
  let filterStride: Int
  let channelStride: Int
  /// Tiles, patches and views.
  let shape: vm_winograd
  let tiles: Int

  /// Places of a tile.
  var points: Int { (taps + 3) * (taps + 3) }
  /// Channels that a result is summed over.
  var depth: Int { channels * parts[0].offsets.count }
  /// Right operands: one, or one for each view.
  var operands: Int { parts[0].view == nil ? 1 : shape.views }

  /// The window as seen by a pass (the weight gradient sees it as the forward pass does); nil when
  /// it is of another kind.
  init?(_ pass: ConvolutionPass, _ window: ConvolutionWindow) {
    let stride = window.strideHeight
    let kernel = window.kernelHeight
    guard window.groups == 1, window.dilationHeight == 1, window.dilationWidth == 1,
      window.strideWidth == stride, window.kernelWidth == kernel, window.batch > 0,
      window.channels > 0, (stride == 1 && kernel == 3) || (stride == 2 && kernel == 4)
    else { return nil }
    let taps = kernel / stride
    let phases = (0..<stride).flatMap { y in (0..<stride).map { (y: y, x: $0) } }

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
    /// The weights' places from tap (row, column) on, `step` taps apart.
    func offsets(_ row: Int, _ column: Int, step: Int) -> [Int] {
      (0..<taps).flatMap { a in
        (0..<taps).map { (row + a * step) * kernel + column + $0 * step }
      }
    }

    let patch: (top: Int, left: Int, distance: Int)
    let views: (count: Int, step: Int)
    switch pass {
    case .forward, .weightGradient:
      images = planes(0, 0, step: 1, isImage: true)
      patch = (-window.padTop, -window.padLeft, 4 * stride)
      views = (phases.count, stride)
      parts = [
        Part(
          results: planes(0, 0, step: 1, isImage: false), view: nil,
          offsets: phases.map { offsets($0.y, $0.x, step: stride) })
      ]
      (channels, filters) = (window.channels, window.filters)
      (filterStride, channelStride) = (window.channels * kernel * kernel, kernel * kernel)
    case .imageGradient:
      // Pixel 2z + phase meets the taps of one parity, at results z + origin and following.
      func origin(_ phase: Int, _ padding: Int) -> Int { (phase + padding) / stride - taps + 1 }
      images = planes(0, 0, step: 1, isImage: false)
      patch = (origin(0, window.padTop), origin(0, window.padLeft), 4)
      views = (stride == 1 ? 1 : 4, 1)
      parts = phases.map { y, x in
        let down = origin(y, window.padTop) - patch.top
        let right = origin(x, window.padLeft) - patch.left
        let last = (taps - 1) * stride
        return Part(
          results: planes(y, x, step: stride, isImage: true), view: 2 * down + right,
          offsets: [
            offsets(
              (y + window.padTop) % stride + last, (x + window.padLeft) % stride + last,
              step: -stride)
          ])
      }
      (channels, filters) = (window.filters, window.channels)
      (filterStride, channelStride) = (kernel * kernel, window.channels * kernel * kernel)
    }
    self.taps = taps
    let tileRows = (parts[0].results.height + 3) / 4
    let tileColumns = (parts[0].results.width + 3) / 4
    tiles = window.batch * tileRows * tileColumns
    shape = vm_winograd(
      taps: taps, tile_rows: tileRows, tile_columns: tileColumns, patch_top: patch.top,
      patch_left: patch.left, patch_distance: patch.distance, views: views.count,
      view_step: views.step)
  }
}
