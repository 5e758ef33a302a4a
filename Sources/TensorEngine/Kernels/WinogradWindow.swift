/// A convolution as Winograd's algorithm sees it: correlations of stride 1 with 3x3 or 2x2 weights,
/// in tiles of results.
///
/// A 3x3 window with stride 1 is one correlation. A 4x4 window with stride 2 is a sum of four, each
/// of 2x2 weights over a view of every second pixel; its image gradient is four correlations, each
/// of which gives every second pixel of every second row.
struct WinogradWindow: Sendable {
  /// A place in an image, or a distance.
  struct Place: Sendable {
    let row: Int
    let column: Int
  }

  /// Images that are read, or results.
  struct Planes: Sendable {
    let channels: Int
    let height: Int
    let width: Int

    var planeSize: Int { height * width }
    var imageSize: Int { channels * planeSize }
    /// Groups of 16 channels.
    var groups: Int { (channels + 15) / 16 }
    /// The channels of a group, from its first on.
    func count(ofGroup group: Int) -> Int { Swift.min(16, channels - group * 16) }
  }

  /// Taps of a correlation along each axis, and results of a tile: 2 and 4 or 7, 3 and 4 or 6.
  let taps: Int
  private(set) var tile: Int
  let batch: Int
  let images: Planes
  let results: Planes
  /// 1, or 2 along each axis: views of a patch, or parts of the results.
  let phases: Int
  /// Whether all views are summed in one part of the results; otherwise a part reads one view.
  let sumsViews: Bool
  /// Pixels between neighbouring pixels of a view.
  let viewStep: Int
  /// Pixels between neighbouring results of a part.
  let resultStep: Int
  /// The first tile's patch begins at this pixel, the others' each `patchDistance` further.
  let patch: Place
  var patchDistance: Int { tile * viewStep }
  /// Distances in the weights between neighbouring filters and channels.
  let filterStride: Int
  let channelStride: Int
  /// Weights of a filter's channel.
  let windowSize: Int

  /// How much further a part's view begins when the part begins one pixel further: 0 or 1.
  private let viewShift: Place
  /// The first tap that meets a phase, and the distance to the next.
  private let firstTap: Place
  private let tapStep: Int

  /// Rows and columns of results of a part.
  private var partRows: Int { (results.height + resultStep - 1) / resultStep }
  private var partColumns: Int { (results.width + resultStep - 1) / resultStep }
  /// Tiles of an image.
  var tileRows: Int { (partRows + tile - 1) / tile }
  var tileColumns: Int { (partColumns + tile - 1) / tile }
  /// Places of a tile.
  var points: Int { (taps + tile - 1) * (taps + tile - 1) }
  var views: Int { phases * phases }
  /// Results that are computed together.
  var parts: Int { sumsViews ? 1 : views }
  /// Left operands: one, or one for each view.
  var operands: Int { sumsViews ? 1 : views }
  /// Views that follow each other in a left operand.
  var viewsPerOperand: Int { sumsViews ? views : 1 }
  /// Pixels of a patch along each axis.
  var patchExtent: Int { (taps + tile - 2) * viewStep + phases }

  /// Where in a patch a view begins, or in the results a part.
  func place(ofPhase number: Int) -> Place {
    Place(row: number / phases, column: number % phases)
  }

  /// The left operand that a part reads.
  func operand(ofPart part: Int) -> Int {
    if sumsViews { return 0 }
    let first = place(ofPhase: part)
    return first.row * viewShift.row * phases + first.column * viewShift.column
  }

  /// The places of the weights in a filter's channel, for each view that a part reads.
  func offsets(ofPart part: Int) -> [Int] {
    let kernel = taps * phases
    func offsets(_ first: Place) -> [Int] {
      (0..<taps).flatMap { a in
        (0..<taps).map { (first.row + a * tapStep) * kernel + first.column + $0 * tapStep }
      }
    }
    if sumsViews { return (0..<views).flatMap { offsets(place(ofPhase: $0)) } }
    let first = place(ofPhase: part)
    let last = (taps - 1) * phases
    return offsets(
      Place(
        row: (first.row + firstTap.row) % phases + last,
        column: (first.column + firstTap.column) % phases + last))
  }

  /// The window as seen by a pass (the weight gradient sees it as the forward pass does); nil when
  /// it is of another kind.
  init?(_ pass: ConvolutionPass, _ window: ConvolutionWindow) {
    let stride = window.strideHeight
    let kernel = window.kernelHeight
    guard window.groups == 1, window.dilationHeight == 1, window.dilationWidth == 1,
      window.strideWidth == stride, window.kernelWidth == kernel, window.batch > 0,
      window.channels > 0, (stride == 1 && kernel == 3) || (stride == 2 && kernel == 4)
    else { return nil }
    let image = Planes(channels: window.channels, height: window.height, width: window.width)
    let result = Planes(
      channels: window.filters, height: window.outHeight, width: window.outWidth)
    taps = kernel / stride
    batch = window.batch
    phases = stride
    windowSize = kernel * kernel
    firstTap = Place(row: window.padTop, column: window.padLeft)
    switch pass {
    case .forward, .weightGradient:
      (images, results) = (image, result)
      (sumsViews, viewStep, resultStep, tapStep) = (true, stride, 1, stride)
      patch = Place(row: -window.padTop, column: -window.padLeft)
      viewShift = Place(row: 0, column: 0)
      (filterStride, channelStride) = (window.channels * windowSize, windowSize)
    case .imageGradient:
      // Pixel stride * z + phase meets the taps of one parity, at results z + origin and following.
      func origin(_ phase: Int, _ padding: Int) -> Int {
        (phase + padding) / stride - kernel / stride + 1
      }
      func shift(_ padding: Int) -> Int { origin(stride - 1, padding) - origin(0, padding) }
      (images, results) = (result, image)
      (sumsViews, viewStep, resultStep, tapStep) = (false, 1, stride, -stride)
      patch = Place(row: origin(0, window.padTop), column: origin(0, window.padLeft))
      viewShift = Place(row: shift(window.padTop), column: shift(window.padLeft))
      (filterStride, channelStride) = (windowSize, window.channels * windowSize)
    }
    guard patch.column <= 0, results.imageSize > 0 else { return nil }
    tile = 4
    let large = withTiles(of: taps == 2 ? 7 : 6)
    if large.work < work { tile = large.tile }
  }

  /// The same in tiles of another size.
  func withTiles(of size: Int) -> WinogradWindow {
    var window = self
    window.tile = size
    return window
  }

  /// Multiply-adds in the time in which a weight is transformed, written and read: measured.
  private static let workPerWeight = 64

  /// What the tiles cost for each channel and filter, in multiply-adds.
  private var work: Int { points * (batch * tileRows * tileColumns + Self.workPerWeight) }
}
