import CVectorMath
import Testing

private let shapes: [ColumnShape] = [
  ColumnShape(height: 5, width: 5, kernel: (1, 1)),
  ColumnShape(height: 9, width: 11, kernel: (3, 3), padding: (1, 1, 1, 1)),
  ColumnShape(height: 12, width: 30, kernel: (3, 5), padding: (0, 2, 1, 2)),
  ColumnShape(height: 28, width: 28, kernel: (4, 4), stride: (2, 2), padding: (1, 1, 1, 1)),
  ColumnShape(height: 17, width: 40, kernel: (3, 3), stride: (2, 2), padding: (1, 1, 1, 1)),
  ColumnShape(height: 8, width: 41, kernel: (2, 5), stride: (1, 2), padding: (0, 0, 1, 3)),
  ColumnShape(height: 6, width: 6, kernel: (4, 4), stride: (2, 2), padding: (1, 1, 1, 1)),
  ColumnShape(height: 20, width: 20, kernel: (8, 8), stride: (4, 4)),
  ColumnShape(height: 13, width: 14, kernel: (3, 3), stride: (3, 1), padding: (2, 2, 2, 2)),
  ColumnShape(height: 15, width: 40, kernel: (3, 3), padding: (2, 2, 2, 2), dilation: (2, 2)),
  ColumnShape(
    height: 15, width: 40, kernel: (3, 3), stride: (2, 2), padding: (3, 3, 3, 3), dilation: (3, 3)),
  ColumnShape(height: 2, width: 2, kernel: (5, 5), padding: (4, 4, 4, 4)),
  ColumnShape(height: 1, width: 1, kernel: (3, 3), stride: (2, 2), padding: (3, 3, 3, 3)),
]

/// For every entry of the columns, in order, the pixel it is taken from, or nil outside.
private func pixels(_ s: ColumnShape) -> [Int?] {
  var result: [Int?] = []
  for c in 0..<s.channels {
    for i in 0..<s.kernel.h {
      for j in 0..<s.kernel.w {
        for oy in 0..<s.outHeight {
          for ox in 0..<s.outWidth {
            let y = oy * s.stride.h - s.padding.top + i * s.dilation.h
            let x = ox * s.stride.w - s.padding.left + j * s.dilation.w
            let isInside = (0..<s.height).contains(y) && (0..<s.width).contains(x)
            result.append(isInside ? (c * s.height + y) * s.width + x : nil)
          }
        }
      }
    }
  }
  return result
}

@Suite struct ColumnTests {
  private func checkUnfolding<T: VectorScalar>(_ shape: ColumnShape, _: T.Type) {
    let image = (0..<shape.channels * shape.height * shape.width).map { T($0 + 1) }
    #expect(T.columns(shape, of: image) == pixels(shape).map { $0.map { image[$0] } ?? 0 })
  }

  private func checkFolding<T: VectorScalar>(_ shape: ColumnShape, _: T.Type) {
    let places = pixels(shape)
    let columns = places.indices.map { 1 / T($0 % 977 + 3) }
    var image = (0..<shape.channels * shape.height * shape.width).map { T($0) }
    var expected = image
    for (entry, pixel) in zip(columns, places) {
      if let pixel { expected[pixel] += entry }
    }
    T.addColumns(shape, columns, to: &image)
    #expect(image == expected)
  }

  @Test(arguments: shapes)
  func imagesUnfold(_ shape: ColumnShape) {
    checkUnfolding(shape, Float.self)
    checkUnfolding(shape, Double.self)
  }

  /// In the order of the kernel's places, so to the last bit.
  @Test(arguments: shapes)
  func columnsAddUp(_ shape: ColumnShape) {
    checkFolding(shape, Float.self)
    checkFolding(shape, Double.self)
  }
}
