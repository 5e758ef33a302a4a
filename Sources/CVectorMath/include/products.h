/// Products of float matrices packed in panels.
///
/// Everything here runs on the calling thread over the range it is given. An element of a product
/// is summed in an order that depends on the depth alone, with fused multiply-adds where the
/// machine has them.
#pragma once

enum {
  /// Rows of a panel of a left operand.
  VM_PANEL_ROWS = 8,
  /// Columns of a panel of a right operand. Measured: panels as wide as the widest tiles, whose lines
  /// are apart for narrower ones, are a fifth slower there.
  VM_PANEL_LANES = 16,
  /// Depth summed in registers, at most, before results are stored: a tile's right panels, up to 96 KiB, stay in
  /// the second-level cache while the left operand passes by. Measured: 256 is 5 % slower.
  VM_DEPTH_BLOCK = 512,
};

/// Packs a left operand: element (r, d) is a[r * row_stride + d * depth_stride]. Panels follow
/// each other, each [depth][8], missing rows zero: (rows rounded up to 8) * depth floats.
void vm_pack_left(
  long rows, long depth, const float *a, long row_stride, long depth_stride, float *packed);

/// As `vm_pack_left`, but element (r, d) is a[r * row_stride + offsets[d]].
void vm_pack_left_at(
  long rows, long depth, const float *a, long row_stride, const long *offsets, float *packed);

/// Packs a right operand: element (d, c) is b[d * depth_stride + c * column_stride]. Panels follow
/// each other, each [depth][16], missing columns zero: (columns rounded up to 16) * depth floats.
void vm_pack_right(
  long depth, long columns, const float *b, long depth_stride, long column_stride, float *packed);

/// The windows of a convolution over images [channels, height, width], counted row by row in one
/// image after the other. Pixels outside an image are 0.
typedef struct {
  long channels, height, width;
  /// Elements from one image to the next.
  long image_stride;
  long kernel_height, kernel_width;
  long stride_height, stride_width;
  long pad_top, pad_left;
  long dilation_height, dilation_width;
  /// Windows of one image.
  long out_height, out_width;
} vm_windows;

/// Packs the windows first..<first + count as a right operand: columns are windows, depth is
/// (channel, kernel row, kernel column).
void vm_pack_windows(
  const vm_windows *shape, const float *images, long first, long count, float *packed);

/// As `vm_pack_windows`, but windows are the depth and (channel, kernel row, kernel column) the
/// columns of the right operand.
void vm_pack_windows_by_place(
  const vm_windows *shape, const float *images, long first, long count, float *packed);

/// Packs what belongs to the windows first..<first + count as a left operand: rows are filters,
/// depth is windows. Neighbouring filters are `plane_stride` apart, images `image_stride`.
void vm_pack_left_by_window(
  const vm_windows *shape, long filters, const float *results, long image_stride,
  long plane_stride, long first, long count, float *packed);

/// Distances between results of images, filters, rows and columns.
typedef struct {
  long image, plane, row, step;
} vm_result_strides;

/// Moves x[filter * x_stride + i], the result of window first + i, to its place in the results.
void vm_place_results(
  const vm_windows *shape, long filters, long first, long count, const float *x, long x_stride,
  float *results, vm_result_strides strides);

/// What is done to results before they are stored: a bias is added, then max(x, 0) taken.
typedef struct {
  /// One number for each row, for each column, or null.
  const float *row_bias, *column_bias;
  int relu;
} vm_finish;

/// A left operand: element (r, d) is
/// values[r / 8 * panel_stride + r % 8 * row_stride + d * depth_stride].
typedef struct {
  const float *values;
  long panel_stride, row_stride, depth_stride;
} vm_left;

/// Where results are: element (r, j) is values[r / 8 * panel_stride + r % 8 * row_stride + j]. They
/// are added to what is there, or replace it.
typedef struct {
  float *values;
  long panel_stride, row_stride;
  int adds;
} vm_results;

/// The sum over depth of left (r, d) * right (d, j), then finished. Of `right`, whole panels are
/// read. The depth goes in n blocks, as few as there can be, from depth * i / n to depth * (i + 1) / n.
void vm_product(
  long rows, long columns, long depth, vm_left left, const float *right, vm_results results,
  vm_finish finish);

/// `vm_product` with a packed left operand; the rows of the results are `row_stride` apart.
void vm_panel_product(
  long rows, long columns, long depth, const float *left, const float *right, float *c,
  long row_stride, int adds, vm_finish finish);

/// c[r * row_stride + j] = sum over depth of left[r * depth + d] * right[j * depth + d], finished by
/// columns: for a few rows, where a right operand is read once and packing it would not pay.
void vm_row_product(
  long rows, long columns, long depth, const float *left, const float *right, float *c,
  long row_stride, vm_finish finish);
