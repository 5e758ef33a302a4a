// Unsafe: tells C loops where planes of pixels begin; offsets come from the window's shapes.

import CVectorMath

/// Planes that are read or written with tiles in lanes: all of an image, or every second row and
/// column of it.
struct WinogradPlanes: Sendable {
  private var offset: Int
  private let imageStride: Int
  private let planeStride: Int
  private let rowStride: Int
  private let step: Int
  private let height: Int
  private let width: Int

  fileprivate init(_ planes: WinogradWindow.Planes, from first: WinogradWindow.Place, step: Int) {
    offset = first.row * planes.width + first.column
    imageStride = planes.imageSize
    planeStride = planes.planeSize
    rowStride = step * planes.width
    self.step = step
    height = (planes.height - first.row + step - 1) / step
    width = (planes.width - first.column + step - 1) / step
  }

  func located(at pixels: UnsafePointer<Float>) -> vm_planes {
    unsafe vm_planes(
      pixels: UnsafeMutablePointer(mutating: pixels) + offset, image_stride: imageStride,
      plane_stride: planeStride, row_stride: rowStride, step: step, height: height, width: width)
  }

  /// The same planes from channel `first` on.
  func dropping(_ first: Int) -> WinogradPlanes {
    var planes = self
    planes.offset += first * planeStride
    return planes
  }
}

extension WinogradWindow {
  var imagePlanes: WinogradPlanes {
    WinogradPlanes(images, from: Place(row: 0, column: 0), step: 1)
  }

  func resultPlanes(ofPart part: Int) -> WinogradPlanes {
    WinogradPlanes(results, from: place(ofPhase: part), step: resultStep)
  }

  /// Tiles of all images.
  var tiles: Int { batch * tileRows * tileColumns }
  /// Channels that a result is summed over.
  var depth: Int { images.channels * viewsPerOperand }

  /// Tiles, patches and views as C loops see them.
  var shape: vm_winograd {
    vm_winograd(
      taps: taps, tile_rows: tileRows, tile_columns: tileColumns, patch_top: patch.row,
      patch_left: patch.column, patch_distance: patchDistance, views: views,
      view_step: viewStep)
  }
}
