extension Shape {
  /// The elements of a tensor at most: more than any machine holds, and few enough that sizes in
  /// bytes are reckoned without overflow.
  static let maximumCount = 1 << 40

  /// The shape of extents that come from outside.
  ///
  /// - Throws: `ShapeError` in the name of `operation` when an extent is negative or the elements
  ///   are too many.
  init(checking dimensions: [Int], for operation: String) throws(ShapeError) {
    var count = 1
    for extent in dimensions {
      let (product, overflows) = count.multipliedReportingOverflow(by: Swift.max(1, extent))
      guard extent >= 0, !overflows, product <= Self.maximumCount else {
        throw ShapeError(operation, "a result of extents \(dimensions) is impossible or too large")
      }
      count = product
    }
    self.init(dimensions)
  }
}
