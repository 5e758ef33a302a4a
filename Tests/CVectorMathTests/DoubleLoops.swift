// The C functions as functions of arrays of double. Each `unsafe` passes an array's storage for the
// duration of one call, with the array's own count.
import CVectorMath
import Testing

extension Double: VectorScalar {
  static func unary(_ op: vm_unary_op, _ x: ArraySlice<Double>) -> [Double] {
    var y = [Double](repeating: .nan, count: x.count)
    unsafe x.withUnsafeBufferPointer {
      unsafe vm_unary_f64(op.rawValue, x.count, $0.baseAddress, &y)
    }
    return y
  }

  static func unary(_ op: vm_unary_op, inPlace x: inout [Double]) {
    let count = x.count
    unsafe x.withUnsafeMutableBufferPointer {
      unsafe vm_unary_f64(op.rawValue, count, $0.baseAddress, $0.baseAddress)
    }
  }

  static func binary(
    _ op: vm_binary_op, _ a: ArraySlice<Double>, step aStep: Int, _ b: ArraySlice<Double>,
    step bStep: Int, count: Int
  ) -> [Double] {
    var y = [Double](repeating: .nan, count: count)
    unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        unsafe vm_binary_f64(
          op.rawValue, count, a.baseAddress, aStep, b.baseAddress, bStep, &y)
      }
    }
    return y
  }

  static func binary(_ op: vm_binary_op, inPlace a: inout [Double], _ b: [Double]) {
    let count = a.count
    unsafe a.withUnsafeMutableBufferPointer {
      unsafe vm_binary_f64(op.rawValue, count, $0.baseAddress, 1, b, 1, $0.baseAddress)
    }
  }

  static func select(
    _ c: [Double], step cStep: Int, _ a: [Double], step aStep: Int, _ b: [Double], step bStep: Int,
    count: Int
  ) -> [Double] {
    var y = [Double](repeating: .nan, count: count)
    unsafe vm_select_f64(count, c, cStep, a, aStep, b, bStep, &y)
    return y
  }

  static func fill(_ value: Double, count: Int) -> [Double] {
    var y = [Double](repeating: .nan, count: count)
    unsafe vm_fill_f64(count, value, &y)
    return y
  }

  static func convert(_ x: [UInt8]) -> [Double] {
    var y = [Double](repeating: .nan, count: x.count)
    unsafe vm_convert_u8_f64(x.count, x, &y)
    return y
  }

  static func convert(_ x: [Int32]) -> [Double] {
    var y = [Double](repeating: .nan, count: x.count)
    unsafe vm_convert_i32_f64(x.count, x, &y)
    return y
  }

  static func bytes(_ x: [Double]) -> [UInt8] {
    var y = [UInt8](repeating: 77, count: x.count)
    unsafe vm_convert_f64_u8(x.count, x, &y)
    return y
  }

  static func integers(_ x: [Double]) -> [Int32] {
    var y = [Int32](repeating: 77, count: x.count)
    unsafe vm_convert_f64_i32(x.count, x, &y)
    return y
  }

  static func reduceRows(
    _ op: vm_reduce_op, _ x: ArraySlice<Double>, rows: Int, count: Int, stride: Int
  ) -> [Double] {
    var y = [Double](repeating: .nan, count: rows)
    unsafe x.withUnsafeBufferPointer {
      unsafe vm_reduce_rows_f64(op.rawValue, rows, count, $0.baseAddress, stride, &y)
    }
    return y
  }

  static func reduceColumns(
    _ op: vm_reduce_op, _ x: [Double], rows: Int, count: Int, stride: Int, into y: inout [Double],
    first: Bool
  ) {
    unsafe vm_reduce_columns_f64(op.rawValue, rows, count, x, stride, &y, first ? 1 : 0)
  }

  static func argument(
    maximum: Bool, _ x: [Double], rows: Int, count: Int, stride: Int
  ) -> [Int32] {
    var y = [Int32](repeating: -1, count: rows)
    unsafe vm_arg_rows_f64(maximum ? 1 : 0, rows, count, x, stride, &y)
    return y
  }

  static func uniform(_ stream: Stream, from first: UInt64, count: Int) -> [Double] {
    var y = [Double](repeating: .nan, count: count)
    unsafe vm_philox_uniform_f64(count, stream.key.x, stream.key.y, stream.index, first, &y)
    return y
  }

  static func normal(_ stream: Stream, from first: UInt64, count: Int) -> [Double] {
    var y = [Double](repeating: .nan, count: count)
    unsafe vm_philox_normal_f64(count, stream.key.x, stream.key.y, stream.index, first, &y)
    return y
  }

  static func columns(_ shape: ColumnShape, of image: [Double]) -> [Double] {
    var y = [Double](repeating: .nan, count: shape.rows * shape.outHeight * shape.outWidth)
    unsafe vm_im2col_f64(
      shape.channels, shape.height, shape.width, shape.kernel.h, shape.kernel.w, shape.stride.h,
      shape.stride.w, shape.padding.top, shape.padding.left, shape.dilation.h, shape.dilation.w,
      shape.outHeight, shape.outWidth, image, &y)
    return y
  }

  static func addColumns(_ shape: ColumnShape, _ columns: [Double], to image: inout [Double]) {
    unsafe vm_col2im_f64(
      shape.channels, shape.height, shape.width, shape.kernel.h, shape.kernel.w, shape.stride.h,
      shape.stride.w, shape.padding.top, shape.padding.left, shape.dilation.h, shape.dilation.w,
      shape.outHeight, shape.outWidth, columns, &image)
  }
}
