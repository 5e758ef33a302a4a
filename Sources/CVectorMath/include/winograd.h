/// Winograd's convolutions, 16 tiles beside each other in lanes: for large images and few channels.
#pragma once

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
/// view: columns are tiles, depth is view * view_depth + first_channel + c of `depth`. Tiles are
/// counted over all images. The operands of two points are `point_stride` floats apart, those of two
/// views `view_stride`.
void vm_winograd_tiles(
  const vm_winograd *shape, vm_planes images, long channels, long first_tile, long tiles, long depth,
  long view_depth, float *right, long first_channel, long point_stride, long view_stride);

/// The results of tiles first_tile..<first_tile + tiles of the filters: y = tile transform of
/// products[point][filter][tile] + bias, then max(y, 0) when `relu`. Neighbouring filters are
/// `row_stride` apart. Results outside the planes are dropped.
void vm_winograd_results(
  const vm_winograd *shape, const float *products, long point_stride, long row_stride,
  long filters, long first_tile, long tiles, const float *bias, int relu, vm_planes planes);
