// The C functions as functions of arrays, so that the tests themselves touch no pointers.
import CVectorMath
import Testing

/// Float or double: the element types of the vector loops.
protocol VectorScalar: BinaryFloatingPoint, Sendable, CustomStringConvertible
where RawSignificand: FixedWidthInteger {
  static func unary(_ op: vm_unary_op, _ x: ArraySlice<Self>) -> [Self]
  static func unary(_ op: vm_unary_op, inPlace x: inout [Self])
  static func binary(
    _ op: vm_binary_op, _ a: ArraySlice<Self>, step aStep: Int, _ b: ArraySlice<Self>,
    step bStep: Int, count: Int
  ) -> [Self]
  static func binary(_ op: vm_binary_op, inPlace a: inout [Self], _ b: [Self])
  static func select(
    _ c: [Self], step cStep: Int, _ a: [Self], step aStep: Int, _ b: [Self], step bStep: Int,
    count: Int
  ) -> [Self]
  static func fill(_ value: Self, count: Int) -> [Self]
  static func convert(_ x: [UInt8]) -> [Self]
  static func convert(_ x: [Int32]) -> [Self]
  static func bytes(_ x: [Self]) -> [UInt8]
  static func integers(_ x: [Self]) -> [Int32]
  static func reduceRows(
    _ op: vm_reduce_op, _ x: ArraySlice<Self>, rows: Int, count: Int, stride: Int
  ) -> [Self]
  static func reduceColumns(
    _ op: vm_reduce_op, _ x: [Self], rows: Int, count: Int, stride: Int, into y: inout [Self],
    first: Bool)
  static func argument(maximum: Bool, _ x: [Self], rows: Int, count: Int, stride: Int) -> [Int32]
  static func uniform(_ stream: Stream, from first: UInt64, count: Int) -> [Self]
  static func normal(_ stream: Stream, from first: UInt64, count: Int) -> [Self]
  static func columns(_ shape: ColumnShape, of image: [Self]) -> [Self]
  static func addColumns(_ shape: ColumnShape, _ columns: [Self], to image: inout [Self])
}

/// The name of a random stream.
struct Stream {
  var key = SIMD2<UInt32>(0x1234_5678, 0x9ABC_DEF0)
  var index: UInt64 = 0x0123_4567_89AB_CDEF
}

/// The shape of an unfolding.
struct ColumnShape: CustomTestStringConvertible {
  var channels = 2
  var height: Int
  var width: Int
  var kernel: (h: Int, w: Int)
  var stride = (h: 1, w: 1)
  var padding = (top: 0, left: 0, bottom: 0, right: 0)
  var dilation = (h: 1, w: 1)

  var outHeight: Int {
    (height + padding.top + padding.bottom - (kernel.h - 1) * dilation.h - 1) / stride.h + 1
  }
  var outWidth: Int {
    (width + padding.left + padding.right - (kernel.w - 1) * dilation.w - 1) / stride.w + 1
  }
  var rows: Int { channels * kernel.h * kernel.w }
  var testDescription: String {
    "\(height)x\(width) k\(kernel) s\(stride) p\(padding) d\(dilation)"
  }
}
