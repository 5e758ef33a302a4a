// Unsafe: the C loops of CVectorMath and OpenBLAS take pointers. Each function passes on exactly
// the pointers and counts it is given.

import COpenBLAS
import CVectorMath
import RealModule

/// A number type that tensors are computed in: Float or Double. The requirements are the loops
/// that both have in C.
public protocol KernelScalar: Real, BinaryFloatingPoint, BitwiseCopyable, Sendable {
  /// y = op(x), element by element.
  static func unary(
    _ op: vm_unary_op, _ count: Int, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)
  /// y = op(a, b), element by element; a step of 0 repeats the first element.
  static func binary(
    _ op: vm_binary_op, _ count: Int, _ a: UnsafePointer<Self>, _ aStep: Int,
    _ b: UnsafePointer<Self>, _ bStep: Int, _ y: UnsafeMutablePointer<Self>)
  /// y = op(s, x, t, z), element by element.
  static func update(
    _ op: vm_update_op, _ count: Int, _ s: Self, _ x: UnsafePointer<Self>, _ t: Self,
    _ z: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)
  /// y = c != 0 ? a : b, element by element; a step of 0 repeats the first element.
  static func select(
    _ count: Int, _ c: UnsafePointer<Self>, _ cStep: Int, _ a: UnsafePointer<Self>, _ aStep: Int,
    _ b: UnsafePointer<Self>, _ bStep: Int, _ y: UnsafeMutablePointer<Self>)
  /// Each of `rows` rows of `count` elements combined to one.
  static func reduceRows(
    _ op: vm_reduce_op, _ rows: Int, _ count: Int, _ x: UnsafePointer<Self>, _ rowStride: Int,
    _ y: UnsafeMutablePointer<Self>)
  /// `rows` rows of `count` elements combined to one row; begins anew when `isFirst`.
  static func reduceColumns(
    _ op: vm_reduce_op, _ rows: Int, _ count: Int, _ x: UnsafePointer<Self>, _ rowStride: Int,
    _ y: UnsafeMutablePointer<Self>, isFirst: Bool)
  /// The place of the largest or smallest element of each of `rows` rows of `count`.
  static func argumentRows(
    maximum: Bool, _ rows: Int, _ count: Int, _ x: UnsafePointer<Self>,
    _ y: UnsafeMutablePointer<Int32>)
  /// Numbers in single precision as this type.
  static func values(_ numbers: [Float]) -> [Self]
  /// The same number everywhere.
  static func fill(_ count: Int, _ x: Self, _ y: UnsafeMutablePointer<Self>)
  /// Bytes as numbers.
  static func convert(_ count: Int, _ x: UnsafePointer<UInt8>, _ y: UnsafeMutablePointer<Self>)
  /// Positions as numbers.
  static func convert(_ count: Int, _ x: UnsafePointer<Int32>, _ y: UnsafeMutablePointer<Self>)
  /// Elements `first ..< first + count` of a random stream.
  static func philox(
    isNormal: Bool, _ count: Int, _ key: SIMD2<UInt32>, _ index: UInt64, _ first: Int,
    _ y: UnsafeMutablePointer<Self>)
  /// C = op(A) · op(B) of row-major matrices, on the calling thread.
  static func multiply(
    _ transposesA: Bool, _ transposesB: Bool, _ rows: Int, _ columns: Int, _ inner: Int,
    _ a: UnsafePointer<Self>, _ aStride: Int, _ b: UnsafePointer<Self>, _ bStride: Int,
    _ c: UnsafeMutablePointer<Self>, _ cStride: Int, adds: Bool)
  /// The columns of one image under a convolution window.
  static func imageToColumns(
    _ window: ConvolutionWindow, _ image: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)
  /// Adds columns back into one image, the transpose of `imageToColumns`.
  static func columnsToImage(
    _ window: ConvolutionWindow, _ columns: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension Float: KernelScalar {
  /// Numbers in single precision as they are.
  public static func values(_ numbers: [Float]) -> [Float] { numbers }

  /// y = op(x), element by element.
  public static func unary(
    _ op: vm_unary_op, _ count: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
  ) {
    unsafe vm_unary_f32(op.rawValue, count, x, y)
  }

  /// y = op(a, b), element by element.
  public static func binary(
    _ op: vm_binary_op, _ count: Int, _ a: UnsafePointer<Float>, _ aStep: Int,
    _ b: UnsafePointer<Float>, _ bStep: Int, _ y: UnsafeMutablePointer<Float>
  ) {
    unsafe vm_binary_f32(op.rawValue, count, a, aStep, b, bStep, y)
  }

  /// y = op(s, x, t, z), element by element.
  public static func update(
    _ op: vm_update_op, _ count: Int, _ s: Float, _ x: UnsafePointer<Float>, _ t: Float,
    _ z: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
  ) {
    unsafe vm_update_f32(op.rawValue, count, s, x, t, z, y)
  }

  /// y = c != 0 ? a : b, element by element.
  public static func select(
    _ count: Int, _ c: UnsafePointer<Float>, _ cStep: Int, _ a: UnsafePointer<Float>, _ aStep: Int,
    _ b: UnsafePointer<Float>, _ bStep: Int, _ y: UnsafeMutablePointer<Float>
  ) {
    unsafe vm_select_f32(count, c, cStep, a, aStep, b, bStep, y)
  }

  /// Each row combined to one number.
  public static func reduceRows(
    _ op: vm_reduce_op, _ rows: Int, _ count: Int, _ x: UnsafePointer<Float>, _ rowStride: Int,
    _ y: UnsafeMutablePointer<Float>
  ) {
    unsafe vm_reduce_rows_f32(op.rawValue, rows, count, x, rowStride, y)
  }

  /// Rows combined with rows.
  public static func reduceColumns(
    _ op: vm_reduce_op, _ rows: Int, _ count: Int, _ x: UnsafePointer<Float>, _ rowStride: Int,
    _ y: UnsafeMutablePointer<Float>, isFirst: Bool
  ) {
    unsafe vm_reduce_columns_f32(op.rawValue, rows, count, x, rowStride, y, isFirst ? 1 : 0)
  }

  /// The place of the largest or smallest element of each row.
  public static func argumentRows(
    maximum: Bool, _ rows: Int, _ count: Int, _ x: UnsafePointer<Float>,
    _ y: UnsafeMutablePointer<Int32>
  ) {
    unsafe vm_arg_rows_f32(maximum ? 1 : 0, rows, count, x, count, y)
  }

  /// The same number everywhere.
  public static func fill(_ count: Int, _ x: Float, _ y: UnsafeMutablePointer<Float>) {
    unsafe vm_fill_f32(count, x, y)
  }

  /// Other numbers as real ones.
  public static func convert(
    _ count: Int, _ x: UnsafePointer<UInt8>, _ y: UnsafeMutablePointer<Float>
  ) {
    unsafe vm_convert_u8_f32(count, x, y)
  }

  /// Other numbers as real ones.
  public static func convert(
    _ count: Int, _ x: UnsafePointer<Int32>, _ y: UnsafeMutablePointer<Float>
  ) {
    unsafe vm_convert_i32_f32(count, x, y)
  }

  /// Elements of a random stream.
  public static func philox(
    isNormal: Bool, _ count: Int, _ key: SIMD2<UInt32>, _ index: UInt64, _ first: Int,
    _ y: UnsafeMutablePointer<Float>
  ) {
    if isNormal {
      unsafe vm_philox_normal_f32(count, key.x, key.y, index, UInt64(first), y)
    } else {
      unsafe vm_philox_uniform_f32(count, key.x, key.y, index, UInt64(first), y)
    }
  }

  /// A matrix product on the calling thread.
  public static func multiply(
    _ transposesA: Bool, _ transposesB: Bool, _ rows: Int, _ columns: Int, _ inner: Int,
    _ a: UnsafePointer<Float>, _ aStride: Int, _ b: UnsafePointer<Float>, _ bStride: Int,
    _ c: UnsafeMutablePointer<Float>, _ cStride: Int, adds: Bool
  ) {
    unsafe cblas_sgemm(
      CblasRowMajor, transposesA ? CblasTrans : CblasNoTrans,
      transposesB ? CblasTrans : CblasNoTrans, blasint(rows), blasint(columns), blasint(inner), 1,
      a, blasint(aStride), b, blasint(bStride), adds ? 1 : 0, c, blasint(cStride))
  }

  /// The columns of one image.
  public static func imageToColumns(
    _ w: ConvolutionWindow, _ image: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
  ) {
    unsafe vm_im2col_f32(
      w.channels, w.height, w.width, w.kernelHeight, w.kernelWidth, w.strideHeight, w.strideWidth,
      w.padTop, w.padLeft, w.dilationHeight, w.dilationWidth, w.outHeight, w.outWidth, image, y)
  }

  /// Adds columns back into one image.
  public static func columnsToImage(
    _ w: ConvolutionWindow, _ columns: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
  ) {
    unsafe vm_col2im_f32(
      w.channels, w.height, w.width, w.kernelHeight, w.kernelWidth, w.strideHeight, w.strideWidth,
      w.padTop, w.padLeft, w.dilationHeight, w.dilationWidth, w.outHeight, w.outWidth, columns, y)
  }
}

// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
extension Double: KernelScalar {
  /// Numbers in single precision, exactly.
  public static func values(_ numbers: [Float]) -> [Double] { numbers.map { Double($0) } }

  /// y = op(x), element by element.
  public static func unary(
    _ op: vm_unary_op, _ count: Int, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>
  ) {
    unsafe vm_unary_f64(op.rawValue, count, x, y)
  }

  /// y = op(a, b), element by element.
  public static func binary(
    _ op: vm_binary_op, _ count: Int, _ a: UnsafePointer<Double>, _ aStep: Int,
    _ b: UnsafePointer<Double>, _ bStep: Int, _ y: UnsafeMutablePointer<Double>
  ) {
    unsafe vm_binary_f64(op.rawValue, count, a, aStep, b, bStep, y)
  }

  /// y = op(s, x, t, z), element by element.
  public static func update(
    _ op: vm_update_op, _ count: Int, _ s: Double, _ x: UnsafePointer<Double>, _ t: Double,
    _ z: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>
  ) {
    unsafe vm_update_f64(op.rawValue, count, s, x, t, z, y)
  }

  /// y = c != 0 ? a : b, element by element.
  public static func select(
    _ count: Int, _ c: UnsafePointer<Double>, _ cStep: Int, _ a: UnsafePointer<Double>,
    _ aStep: Int,
    _ b: UnsafePointer<Double>, _ bStep: Int, _ y: UnsafeMutablePointer<Double>
  ) {
    unsafe vm_select_f64(count, c, cStep, a, aStep, b, bStep, y)
  }

  /// Each row combined to one number.
  public static func reduceRows(
    _ op: vm_reduce_op, _ rows: Int, _ count: Int, _ x: UnsafePointer<Double>, _ rowStride: Int,
    _ y: UnsafeMutablePointer<Double>
  ) {
    unsafe vm_reduce_rows_f64(op.rawValue, rows, count, x, rowStride, y)
  }

  /// Rows combined with rows.
  public static func reduceColumns(
    _ op: vm_reduce_op, _ rows: Int, _ count: Int, _ x: UnsafePointer<Double>, _ rowStride: Int,
    _ y: UnsafeMutablePointer<Double>, isFirst: Bool
  ) {
    unsafe vm_reduce_columns_f64(op.rawValue, rows, count, x, rowStride, y, isFirst ? 1 : 0)
  }

  /// The place of the largest or smallest element of each row.
  public static func argumentRows(
    maximum: Bool, _ rows: Int, _ count: Int, _ x: UnsafePointer<Double>,
    _ y: UnsafeMutablePointer<Int32>
  ) {
    unsafe vm_arg_rows_f64(maximum ? 1 : 0, rows, count, x, count, y)
  }

  /// The same number everywhere.
  public static func fill(_ count: Int, _ x: Double, _ y: UnsafeMutablePointer<Double>) {
    unsafe vm_fill_f64(count, x, y)
  }

  /// Other numbers as real ones.
  public static func convert(
    _ count: Int, _ x: UnsafePointer<UInt8>, _ y: UnsafeMutablePointer<Double>
  ) {
    unsafe vm_convert_u8_f64(count, x, y)
  }

  /// Other numbers as real ones.
  public static func convert(
    _ count: Int, _ x: UnsafePointer<Int32>, _ y: UnsafeMutablePointer<Double>
  ) {
    unsafe vm_convert_i32_f64(count, x, y)
  }

  /// Elements of a random stream.
  public static func philox(
    isNormal: Bool, _ count: Int, _ key: SIMD2<UInt32>, _ index: UInt64, _ first: Int,
    _ y: UnsafeMutablePointer<Double>
  ) {
    if isNormal {
      unsafe vm_philox_normal_f64(count, key.x, key.y, index, UInt64(first), y)
    } else {
      unsafe vm_philox_uniform_f64(count, key.x, key.y, index, UInt64(first), y)
    }
  }

  /// A matrix product on the calling thread.
  public static func multiply(
    _ transposesA: Bool, _ transposesB: Bool, _ rows: Int, _ columns: Int, _ inner: Int,
    _ a: UnsafePointer<Double>, _ aStride: Int, _ b: UnsafePointer<Double>, _ bStride: Int,
    _ c: UnsafeMutablePointer<Double>, _ cStride: Int, adds: Bool
  ) {
    unsafe cblas_dgemm(
      CblasRowMajor, transposesA ? CblasTrans : CblasNoTrans,
      transposesB ? CblasTrans : CblasNoTrans, blasint(rows), blasint(columns), blasint(inner), 1,
      a, blasint(aStride), b, blasint(bStride), adds ? 1 : 0, c, blasint(cStride))
  }

  /// The columns of one image.
  public static func imageToColumns(
    _ w: ConvolutionWindow, _ image: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>
  ) {
    unsafe vm_im2col_f64(
      w.channels, w.height, w.width, w.kernelHeight, w.kernelWidth, w.strideHeight, w.strideWidth,
      w.padTop, w.padLeft, w.dilationHeight, w.dilationWidth, w.outHeight, w.outWidth, image, y)
  }

  /// Adds columns back into one image.
  public static func columnsToImage(
    _ w: ConvolutionWindow, _ columns: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>
  ) {
    unsafe vm_col2im_f64(
      w.channels, w.height, w.width, w.kernelHeight, w.kernelWidth, w.strideHeight, w.strideWidth,
      w.padTop, w.padLeft, w.dilationHeight, w.dilationWidth, w.outHeight, w.outWidth, columns, y)
  }
}
