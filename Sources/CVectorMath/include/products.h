/// Products of float matrices packed in panels, and Winograd's convolutions made of such products.
///
/// Everything here runs on the calling thread over the range it is given. An element of a product
/// is summed in an order that depends on the depth alone, with fused multiply-adds where the
/// machine has them.
#pragma once

enum {
  /// Rows of a panel of a left operand.
  VM_PANEL_ROWS = 8,
  /// Columns of a panel of a right operand; the last panel has the next multiple of
  /// `VM_PANEL_LANES` that holds what is left.
  VM_PANEL_COLUMNS = 48,
  VM_PANEL_LANES = 16,
};

/// Packs a left operand: element (r, d) is a[r * row_stride + d * depth_stride]. Panels follow
/// each other, each [depth][8], missing rows zero: (rows rounded up to 8) * depth floats.
void vm_pack_left(
  long rows, long depth, const float *a, long row_stride, long depth_stride, float *packed);

/// As `vm_pack_left`, but element (r, d) is a[r * row_stride + offsets[d]].
void vm_pack_left_at(
  long rows, long depth, const float *a, long row_stride, const long *offsets, float *packed);

/// Packs a right operand: element (d, c) is b[d * depth_stride + c * column_stride]. Panels follow
/// each other, each [depth][width], missing columns zero: (columns rounded up to 16) * depth floats.
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

/// c[r * row_stride + j] = (adds ? itself : 0) + sum over depth of left (r, d) * right (d, j), then
/// finished. `left` begins at the panel of row 0, `right` at the panel of column 0. Reads nothing
/// but whole panels, writes nothing but rows * columns elements.
void vm_panel_product(
  long rows, long columns, long depth, const float *left, const float *right, float *c,
  long row_stride, int adds, vm_finish finish);

/// Stride-1 correlations with taps * taps weights (2 or 3), computed in tiles of 4 * 4 results
/// (Winograd 1980; Lavin and Gray 2016): F(4x4, 3x3) at the points 0, 1, -1, 2, -2, infinity and
/// F(4x4, 2x2) at 0, 1, -1, 2, infinity. A tile has (taps + 3)^2 places, here called points.
///
/// A tile reads a patch of the image; several correlations may read different views of it: every
/// second pixel, or the same pixels from different places on.
typedef struct {
  long taps;
  /// Tiles of one image.
  long tile_rows, tile_columns;
  /// Tile (ty, tx) reads the patch from pixel (ty * patch_distance + patch_top,
  /// tx * patch_distance + patch_left) on; pixels outside the image are 0.
  long patch_top, patch_left, patch_distance;
  /// 1, or 4: two along each axis.
  long views;
  /// View (vy, vx) is the patch's pixels (vy + i * view_step, vx + j * view_step).
  long view_step;
} vm_winograd;

/// Planes of pixels: channel c of image n is at pixels + n * image_stride + c * plane_stride, and
/// its pixel (y, x), 0 <= y < height and 0 <= x < width, at y * row_stride + x * step beyond.
/// Images have step 1; results may be every second pixel of every second row.
typedef struct {
  float *pixels;
  long image_stride, plane_stride, row_stride, step;
  long height, width;
} vm_planes;

/// The tiles of weights g[o][c][a][b] = w[o * out_stride + c * in_stride + offsets[a * taps + b]]
/// as a left operand of `depth` for each point: rows are filters o, depth is
/// first_channel + c. Two points' operands are `point_stride` floats apart.
void vm_winograd_weights(
  long taps, long filters, long channels, const float *w, long out_stride, long in_stride,
  const long *offsets, long depth, long first_channel, float *left, long point_stride);

/// The tiles first_tile..<first_tile + tiles of the channels as a right operand for each point and
/// view: columns are tiles, depth is view * view_depth + first_channel + c of
/// `depth`. Tiles are counted over all
/// images. The operands of two points are `point_stride` floats apart, those of two views
/// `view_stride`.
void vm_winograd_tiles(
  const vm_winograd *shape, vm_planes images, long channels, long first_tile, long tiles, long depth,
  long view_depth, float *right, long first_channel, long point_stride, long view_stride);

/// The results of tiles first_tile..<first_tile + tiles of the filters: y = tile transform of
/// products[point][filter][tile] + bias, then max(y, 0) when `relu`. Neighbouring filters are
/// `row_stride` apart. Results outside the planes are dropped.
void vm_winograd_results(
  const vm_winograd *shape, const float *products, long point_stride, long row_stride,
  long filters, long first_tile, long tiles, const float *bias, int relu, vm_planes planes);

/// As `vm_winograd_tiles`, but channels are the columns and tiles the depth of a right operand:
/// tile first_tile + t has depth first_depth + t of `depth`.
void vm_winograd_tiles_by_channel(
  const vm_winograd *shape, vm_planes images, long channels, long first_tile, long tiles, long depth,
  long first_depth, float *right, long point_stride, long view_stride);

/// The tiles of a cotangent of the results as a left operand for each point: rows are filters,
/// tile first_tile + t has depth first_depth + t of `depth`.
void vm_winograd_cotangents(
  const vm_winograd *shape, vm_planes planes, long filters, long first_tile, long tiles,
  long depth, long first_depth, float *left, long point_stride);

/// The gradient of the weights from products[point][filter][channel] = cotangents * tiles:
/// w[o * out_stride + c * in_stride + offsets[a * taps + b]] = dg[o][c][a][b].
void vm_winograd_weight_gradient(
  long taps, long filters, long channels, const float *products, long point_stride,
  long row_stride, float *w, long out_stride, long in_stride, const long *offsets);
