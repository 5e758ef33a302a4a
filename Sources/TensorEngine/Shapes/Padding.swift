/// What surrounds the elements of each axis before a window moves over them.
public enum Padding: Hashable, Sendable {
  /// Nothing: windows stay inside.
  case valid
  /// As much as gives ⌈extent / stride⌉ windows; where it is odd, the end gets one more
  /// (TensorFlow's rule).
  case same
  /// Places before and after each axis: one number for all, one per axis, or one per axis before
  /// followed by one per axis after.
  case explicit([Int])

  /// What sizes, strides and dilations of windows may be, so that shape rules can reckon with them.
  static let steps = 1...Int(Int32.max)
  /// What may surround an axis on one side.
  static let places = 0...Int(Int32.max)

  /// The places before and after each axis; nil when their number does not suit the axes.
  ///
  /// - Parameters:
  ///   - extents: of the axes that the window moves along.
  ///   - reach: from a window's first to beyond its last place, along each axis.
  func sides(_ extents: [Int], reach: [Int], stride: [Int]) -> (before: [Int], after: [Int])? {
    let axes = extents.indices
    switch self {
    case .valid: return (axes.map { _ in 0 }, axes.map { _ in 0 })
    case .same:
      let total = axes.map { axis in
        let windows = (extents[axis] + stride[axis] - 1) / stride[axis]
        return max(0, (windows - 1) * stride[axis] + reach[axis] - extents[axis])
      }
      return (total.map { $0 / 2 }, total.map { $0 - $0 / 2 })
    case .explicit(let places):
      if places.count == 2 * axes.count {
        return (Array(places[..<axes.count]), Array(places[axes.count...]))
      }
      return places.perAxis(axes.count).map { ($0, $0) }
    }
  }
}

extension [Int] {
  /// One number per axis: these, or the only one for all; nil when their number suits neither.
  func perAxis(_ axes: Int) -> [Int]? {
    count == axes ? self : count == 1 ? [Int](repeating: self[0], count: axes) : nil
  }
}
