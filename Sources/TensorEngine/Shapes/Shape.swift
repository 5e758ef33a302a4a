/// The extent of a tensor along each axis, outermost first; values lie in row-major order.
/// Images are [N, C, H, W]: batch, channels, height, width.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral {
  /// The extents, each at least 0. Empty for a scalar.
  public let dimensions: [Int]
  /// Whether an earlier error left this shape undetermined. Such a shape has 1 along every axis
  /// that is asked for, so that tracing can go on to the point where the error is thrown.
  let isUnknown: Bool

  /// The shape of a tensor that an error left undetermined.
  static let unknown = Shape(dimensions: [], isUnknown: true)

  /// A shape of the given extents.
  public init(_ dimensions: [Int]) {
    self.init(dimensions: dimensions, isUnknown: false)
  }

  /// A shape of the given extents.
  public init(arrayLiteral elements: Int...) {
    self.init(elements)
  }

  private init(dimensions: [Int], isUnknown: Bool) {
    precondition(dimensions.allSatisfy { $0 >= 0 }, "negative extent in \(dimensions)")
    self.dimensions = dimensions
    self.isUnknown = isUnknown
  }

  /// The number of axes that copies between layouts are made for.
  static let maximumRank = 8

  /// The number of axes.
  public var rank: Int { dimensions.count }

  /// The number of elements; 1 for a scalar. The largest number there is when there are more.
  public var count: Int {
    dimensions.reduce(1) { product, extent in
      let (count, isTooLarge) = product.multipliedReportingOverflow(by: extent)
      return isTooLarge ? .max : count
    }
  }

  /// Whether elements and distances between them can be counted: at most 2^40, axes without
  /// elements counting as one.
  var isCountable: Bool { Shape(dimensions.map { max($0, 1) }).count <= 1 << 40 }

  /// The extent along an axis; negative axes count from the end.
  public subscript(axis: Int) -> Int {
    isUnknown ? 1 : dimensions[axis < 0 ? axis + rank : axis]
  }

  /// The distance between neighbours along each axis, in elements, of a row-major layout.
  var strides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * dimensions[axis + 1]
    }
    return strides
  }

  /// This shape with another extent along one axis.
  func replacing(axis: Int, with extent: Int) -> Shape {
    var dimensions = dimensions
    dimensions[axis] = extent
    return Shape(dimensions)
  }
}

extension Shape {
  /// The shape of extents that were reckoned from what a caller asked for.
  ///
  /// - Throws: `ShapeError` in the name of `operation` when an extent is negative or the elements
  ///   cannot be counted.
  init(checking extents: [Int], for operation: String) throws(ShapeError) {
    guard extents.allSatisfy({ $0 >= 0 }), Shape(extents).isCountable else {
      throw ShapeError(operation, "a result of extents \(extents) is impossible or too large")
    }
    self.init(extents)
  }
}

extension Shape: CustomStringConvertible {
  /// The extents in brackets, as in `[128, 784]`.
  public var description: String {
    isUnknown ? "[?]" : "[" + dimensions.map(String.init).joined(separator: ", ") + "]"
  }
}
