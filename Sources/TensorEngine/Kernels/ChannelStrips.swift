// Unsafe: hands pointers of images, results and scratch to C loops. Every offset comes from the
// window's shapes, and the scratch sizes from the same numbers.

import CVectorMath

/// A Winograd window cut in strips: whole images, or some rows of tiles of one. A strip's channels
/// are gathered in groups of 16 and its results scattered, group by group.
struct ChannelStrips: Sendable {
  let window: WinogradWindow
  /// Rows of tiles in a strip; a divisor of those of an image.
  let rows: Int
  private let patchRows: Int
  private let patchColumns: Int

  /// Strips of at most `tiles` tiles, or of one row.
  init(_ window: WinogradWindow, tiles: Int) {
    let most = Swift.max(1, tiles / window.tileColumns)
    let rows = (1...window.tileRows).last { window.tileRows % $0 == 0 && $0 <= most } ?? 1
    self.window = window
    self.rows = rows
    patchRows = (rows - 1) * window.patchDistance + window.patchExtent
    patchColumns = Swift.max(
      (window.tileColumns - 1) * window.patchDistance + window.patchExtent,
      window.images.width - window.patch.column)
  }

  /// Strips of an image.
  private var perImage: Int { window.tileRows / rows }
  var number: Int { window.batch * perImage }
  /// Tiles of a strip.
  var tiles: Int { rows * window.tileColumns }

  /// Floats of a strip's gathered pixels.
  var patchFloats: Int { patchRows * patchColumns * 16 }
  private var resultColumns: Int { window.tileColumns * window.tile * window.resultStep }
  private var resultRows: Int { rows * window.tile * window.resultStep }
  /// Floats of a strip's results before they are scattered.
  var resultFloats: Int { resultRows * resultColumns * 16 }
  private var cotangentColumns: Int {
    Swift.max(window.tileColumns * window.tile, window.results.width)
  }
  /// Floats of a strip's gathered cotangents.
  var cotangentFloats: Int { rows * window.tile * cotangentColumns * 16 }

  private func image(of strip: Int) -> Int { strip / perImage }
  private func firstRow(of strip: Int) -> Int { strip % perImage * rows }

  /// The strip's tiles as C loops see them: pixels are `step` apart, patches a tile of them.
  private func tiles(rowStride: Int, step: Int) -> vm_channel_tiles {
    vm_channel_tiles(
      taps: window.taps, tile: window.tile, tile_rows: rows, tile_columns: window.tileColumns,
      row_stride: step * rowStride, step: step * 16, down: step * window.tile * rowStride,
      across: step * window.tile * 16)
  }

  /// Gathers a group of channels of a strip.
  func gather(
    _ strip: Int, group: Int, from images: UnsafePointer<Float>,
    to patch: UnsafeMutablePointer<Float>
  ) {
    let planes = window.images
    unsafe vm_gather_channels(
      images + image(of: strip) * planes.imageSize + group * 16 * planes.planeSize,
      planes.planeSize, planes.count(ofGroup: group), planes.height, planes.width,
      window.patch.row + firstRow(of: strip) * window.patchDistance, window.patch.column,
      patchRows, patchColumns, patch)
  }

  /// Transforms the tiles of a view of what was gathered.
  func transform(
    view: Int, of patch: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>,
    from first: Int, _ places: vm_channel_places
  ) {
    let place = window.place(ofPhase: view)
    let rowStride = patchColumns * 16
    var tiles = tiles(rowStride: rowStride, step: window.viewStep)
    unsafe vm_channel_patches(
      &tiles, patch + place.row * rowStride + place.column * 16, first, places, target)
  }

  /// Gathers a group of filters of a strip of cotangents and transforms its tiles to a left operand.
  func transformCotangents(
    _ strip: Int, group: Int, from cotangents: UnsafePointer<Float>,
    through pixels: UnsafeMutablePointer<Float>, to left: UnsafeMutablePointer<Float>, depth: Int,
    pointStride: Int
  ) {
    let planes = window.results
    let rowStride = cotangentColumns * 16
    unsafe vm_gather_channels(
      cotangents + image(of: strip) * planes.imageSize + group * 16 * planes.planeSize,
      planes.planeSize, planes.count(ofGroup: group), planes.height, planes.width,
      firstRow(of: strip) * window.tile, 0, rows * window.tile, cotangentColumns, pixels)
    var tiles = tiles(rowStride: rowStride, step: 1)
    unsafe vm_channel_cotangents(
      &tiles, pixels, planes.count(ofGroup: group), depth, left, pointStride)
  }

  /// Transforms the products of a part's tiles to results of a group of filters.
  func transformProducts(
    _ products: UnsafePointer<Float>, from tile: Int, _ places: vm_channel_places, part: Int,
    group: Int, bias: UnsafePointer<Float>?, relu: Int32, to results: UnsafeMutablePointer<Float>
  ) {
    let first = window.place(ofPhase: part)
    let rowStride = resultColumns * 16
    var tiles = tiles(rowStride: rowStride, step: window.resultStep)
    unsafe vm_channel_results(
      &tiles, products, tile, places, bias, window.results.count(ofGroup: group), relu,
      results + first.row * rowStride + first.column * 16)
  }

  /// Scatters the results of a group of filters of a strip.
  func scatter(
    _ strip: Int, group: Int, from results: UnsafePointer<Float>,
    to images: UnsafeMutablePointer<Float>
  ) {
    let planes = window.results
    let row = firstRow(of: strip) * window.tile * window.resultStep
    unsafe vm_scatter_channels(
      results, resultColumns * 16, planes.count(ofGroup: group),
      Swift.min(resultRows, planes.height - row), planes.width,
      images + image(of: strip) * planes.imageSize + group * 16 * planes.planeSize
        + row * planes.width, planes.planeSize)
  }
}
