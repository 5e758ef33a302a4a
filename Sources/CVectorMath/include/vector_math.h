/// Loops over contiguous arrays of float and double: element-wise arithmetic, reductions, copies,
/// random numbers and the column layout of convolutions.
///
/// Every function exists for float (`_f32`) and double (`_f64`). On x86-64 the loops are compiled
/// for AVX-512, AVX2 and the baseline, and the machine's best is chosen when the program starts.
/// No multiplication is fused with an addition and sums have one fixed order, so an element's
/// bits depend neither on its position nor on the array's length. Nor do they depend on the
/// choice of instruction set, except where a C library function is called that makes its own
/// choice: the functions marked "C library" below.
///
/// Counts and strides are in elements. A count may be 0. Pointers need only the alignment of
/// their element. Unless said otherwise, outputs must not overlap inputs.
#pragma once

#include <stdint.h>

#include "channel_winograd.h"
#include "direct_convolution.h"
#include "products.h"
#include "vector_windows.h"
#include "winograd.h"

/// Functions of one variable. In float the maximum error is 3 units in the last place (ulp);
/// in double every transcendental function is the C library's.
enum vm_unary_op : int {
  VM_UNARY_NEG,
  VM_UNARY_ABS,
  /// -1, 0 or 1; NaN for NaN.
  VM_UNARY_SIGN,
  VM_UNARY_EXP,
  VM_UNARY_EXPM1,
  VM_UNARY_LOG,
  VM_UNARY_LOG1P,
  VM_UNARY_SQRT,
  /// 1 / sqrt(x).
  VM_UNARY_RSQRT,
  VM_UNARY_SQUARE,
  VM_UNARY_RECIPROCAL,
  /// Radians. C library beyond 10000.
  VM_UNARY_SIN,
  /// Radians. C library beyond 10000.
  VM_UNARY_COS,
  /// C library, as are the inverse and hyperbolic functions up to `ATANH`, except `TANH`.
  VM_UNARY_TAN,
  VM_UNARY_ASIN,
  VM_UNARY_ACOS,
  VM_UNARY_ATAN,
  VM_UNARY_SINH,
  VM_UNARY_COSH,
  VM_UNARY_TANH,
  VM_UNARY_ASINH,
  VM_UNARY_ACOSH,
  VM_UNARY_ATANH,
  /// 1 / (1 + exp(-x)).
  VM_UNARY_SIGMOID,
  /// log(1 + exp(x)), without overflow.
  VM_UNARY_SOFTPLUS,
  VM_UNARY_ERF,
  /// max(x, 0); NaN for NaN.
  VM_UNARY_RELU,
  VM_UNARY_FLOOR,
  VM_UNARY_CEIL,
  /// To the nearest integer, halves to even.
  VM_UNARY_ROUND,
};

/// y[i] = op(x[i]) for i in 0..<n. In place (x == y) is allowed.
void vm_unary_f32(int op, long n, const float *x, float *y);
void vm_unary_f64(int op, long n, const double *x, double *y);

/// Functions of two variables. Comparisons and logic give 1 or 0, and any value but 0 is true.
enum vm_binary_op : int {
  VM_BINARY_ADD,
  VM_BINARY_SUB,
  VM_BINARY_MUL,
  VM_BINARY_DIV,
  /// C library.
  VM_BINARY_POW,
  /// NaN when either is NaN.
  VM_BINARY_MAX,
  /// NaN when either is NaN.
  VM_BINARY_MIN,
  /// C library.
  VM_BINARY_ATAN2,
  /// The remainder of floored division: the result has the divisor's sign. C library.
  VM_BINARY_MOD,
  VM_BINARY_EQ,
  VM_BINARY_NE,
  VM_BINARY_LT,
  VM_BINARY_LE,
  VM_BINARY_GT,
  VM_BINARY_GE,
  VM_BINARY_AND,
  VM_BINARY_OR,
  /// a where a > 0, else a b.
  VM_BINARY_PRELU,
};

/// y[i] = op(a[i * a_step], b[i * b_step]) for i in 0..<n, with steps of 1, or 0 for a scalar.
/// y may be a or b.
void vm_binary_f32(
  int op, long n, const float *a, long a_step, const float *b, long b_step, float *y);
void vm_binary_f64(
  int op, long n, const double *a, long a_step, const double *b, long b_step, double *y);

/// What optimizers' rules and running means are made of, each operation rounded on its own.
enum vm_update_op : int {
  /// s x + t z.
  VM_UPDATE_SUM,
  /// s x + t z².
  VM_UPDATE_SUM_OF_SQUARE,
  /// s x / (√z + t).
  VM_UPDATE_OVER_ROOT,
  /// x + t z; without s.
  VM_UPDATE_STEP,
};

/// y[i] = op(s, x[i], t, z[i]) for i in 0..<n. y may be x or z.
void vm_update_f32(
  int op, long n, float s, const float *x, float t, const float *z, float *y);
void vm_update_f64(
  int op, long n, double s, const double *x, double t, const double *z, double *y);

/// y[i] = c[i * c_step] != 0 ? a[i * a_step] : b[i * b_step] for i in 0..<n, with steps of 1, or
/// 0 for a scalar. y may be a, b or c.
void vm_select_f32(
  long n, const float *c, long c_step, const float *a, long a_step, const float *b, long b_step,
  float *y);
void vm_select_f64(
  long n, const double *c, long c_step, const double *a, long a_step, const double *b, long b_step,
  double *y);

/// y[i] = value for i in 0..<n.
void vm_fill_f32(long n, float value, float *y);
void vm_fill_f64(long n, double value, double *y);

/// y[i] = x[i] for i in 0..<n, in another type. To an integer: towards zero, the nearest
/// representable value beyond the range, 0 for NaN.
void vm_convert_u8_f32(long n, const uint8_t *x, float *y);
void vm_convert_u8_f64(long n, const uint8_t *x, double *y);
void vm_convert_i32_f32(long n, const int32_t *x, float *y);
void vm_convert_i32_f64(long n, const int32_t *x, double *y);
void vm_convert_f32_u8(long n, const float *x, uint8_t *y);
void vm_convert_f64_u8(long n, const double *x, uint8_t *y);
void vm_convert_f32_i32(long n, const float *x, int32_t *y);
void vm_convert_f64_i32(long n, const double *x, int32_t *y);
void vm_convert_f32_f64(long n, const float *x, double *y);
void vm_convert_f64_f32(long n, const double *x, float *y);

/// Copies an array of `rank` (0...8) dimensions between two layouts: for every index,
/// target[sum of index * target_strides] = source[sum of index * source_strides].
/// Elements have 1, 4 or 8 bytes. Strides are in elements; they may be negative, and a source
/// stride may be 0 (broadcasting). No two indices may share a place in the target.
void vm_copy_strided(
  int element_size, int rank, const long *dims, const long *source_strides,
  const long *target_strides, const void *source, void *target);

/// Reductions. Of nothing they are 0, 1, -infinity and +infinity.
enum vm_reduce_op : int {
  VM_REDUCE_SUM,
  VM_REDUCE_PROD,
  /// NaN when any is NaN.
  VM_REDUCE_MAX,
  /// NaN when any is NaN.
  VM_REDUCE_MIN,
};

/// y[r] = op over x[r * row_stride + (0..<n)] for r in 0..<rows. The order depends on n alone:
/// interleaved lanes within blocks, and blocks in pairs.
void vm_reduce_rows_f32(int op, long rows, long n, const float *x, long row_stride, float *y);
void vm_reduce_rows_f64(int op, long rows, long n, const double *x, long row_stride, double *y);

/// y[j] = op over x[(0..<rows) * row_stride + j] for j in 0..<n. y starts from the operation's
/// identity when `first` is not 0, and else from its content. The order depends on `rows` alone.
void vm_reduce_columns_f32(
  int op, long rows, long n, const float *x, long row_stride, float *y, int first);
void vm_reduce_columns_f64(
  int op, long rows, long n, const double *x, long row_stride, double *y, int first);

/// y[r] = the index in 0..<n of the largest (`maximum` != 0) or smallest element of
/// x[r * row_stride + (0..<n)], for r in 0..<rows; n in 1...2^31 - 1. The first of equals; the
/// first NaN if there is one.
void vm_arg_rows_f32(int maximum, long rows, long n, const float *x, long row_stride, int32_t *y);
void vm_arg_rows_f64(int maximum, long rows, long n, const double *x, long row_stride, int32_t *y);

/// y[i] = draw number first_element + i of a random stream, for i in 0..<n.
///
/// Draw e comes from word e % 4 of the Philox4x32-10 block with key (key0, key1) and counter
/// (low half of e / 4, high half of e / 4, low half of stream_index, high half of stream_index).
/// Uniform: (word >> 8) * 2^-24, in 0..<1.
/// Normal (mean 0, variance 1; Box and Muller, 1958): draws 2k and 2k + 1 come from their two
/// words with u1 = ((word[2k] >> 8) + 1) * 2^-24, u2 = (word[2k + 1] >> 8) * 2^-24 and
/// r = sqrt(-2 log u1), as r cos 2 pi u2 and r sin 2 pi u2. In double they call the C library.
/// Float and double draws agree to float's precision.
void vm_philox_uniform_f32(
  long n, uint32_t key0, uint32_t key1, uint64_t stream_index, uint64_t first_element, float *y);
void vm_philox_uniform_f64(
  long n, uint32_t key0, uint32_t key1, uint64_t stream_index, uint64_t first_element, double *y);
void vm_philox_normal_f32(
  long n, uint32_t key0, uint32_t key1, uint64_t stream_index, uint64_t first_element, float *y);
void vm_philox_normal_f64(
  long n, uint32_t key0, uint32_t key1, uint64_t stream_index, uint64_t first_element, double *y);

/// Unfolds one image [channels, height, width] into columns
/// [channels * kernel_h * kernel_w, out_h * out_w]: column (oy, ox) of row (c, i, j) is pixel
/// (oy * stride_h - pad_top + i * dilation_h, ox * stride_w - pad_left + j * dilation_w) of
/// channel c, or 0 outside the image. Strides and dilations are at least 1, paddings at least 0.
void vm_im2col_f32(
  long channels, long height, long width, long kernel_h, long kernel_w, long stride_h,
  long stride_w, long pad_top, long pad_left, long dilation_h, long dilation_w, long out_h,
  long out_w, const float *image, float *columns);
void vm_im2col_f64(
  long channels, long height, long width, long kernel_h, long kernel_w, long stride_h,
  long stride_w, long pad_top, long pad_left, long dilation_h, long dilation_w, long out_h,
  long out_w, const double *image, double *columns);

/// The transpose of `vm_im2col`: adds each column entry to the pixel it was taken from. The
/// caller zeroes the image. Each pixel receives its entries in the order of the kernel's places.
void vm_col2im_f32(
  long channels, long height, long width, long kernel_h, long kernel_w, long stride_h,
  long stride_w, long pad_top, long pad_left, long dilation_h, long dilation_w, long out_h,
  long out_w, const float *columns, float *image);
void vm_col2im_f64(
  long channels, long height, long width, long kernel_h, long kernel_w, long stride_h,
  long stride_w, long pad_top, long pad_left, long dilation_h, long dilation_w, long out_h,
  long out_w, const double *columns, double *image);

/// Lets this thread take numbers too small for full precision for 0, as operands and as results. A
/// moment that decays comes to them and stays there, and each costs a hundred times another number.
/// Gives what `vm_restore_control` takes to undo it.
uint64_t vm_flush_subnormals(void);
void vm_restore_control(uint64_t control);

/// Some tens of cycles of doing nothing, which leave a core's other thread alone.
void vm_pause(void);
