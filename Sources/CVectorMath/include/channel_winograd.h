/// Winograd's convolutions (Winograd 1980; Lavin and Gray 2016): stride-1 correlations with
/// taps * taps weights, computed in tiles of tile * tile results as products over
/// (taps + tile - 1)^2 points. The pairs there are:
///
///     taps 2, tile 4: the points 0, 1, -1, 2 and infinity
///     taps 3, tile 4: the points 0, 1, -1, 2, -2 and infinity
///     taps 2, tile 7 and taps 3, tile 6: 0, 1, -1, 2, -2, 1/2, -1/2 and infinity
///
/// Everything works on groups of 16 channels, which lie beside each other: a pixel is 16 floats. A
/// group is gathered from its planes first and scattered to them in the end.
#pragma once

/// Gathers `channels` (up to 16) planes of height * width pixels, `plane_stride` apart:
/// patch[(r * columns + c) * 16 + lane] is pixel (top + r, left + c) of plane `lane`, 0 outside and
/// in missing channels. The patch reaches beyond the planes: left <= 0, left + columns >= width.
void vm_gather_channels(
  const float *planes, long plane_stride, long channels, long height, long width, long top,
  long left, long rows, long columns, float *patch);

/// Scatters rows * width pixels of 16 channels, whose rows are `row_stride` floats apart, to the
/// rows of `channels` planes that are `plane_stride` apart.
void vm_scatter_channels(
  const float *pixels, long row_stride, long channels, long rows, long width, float *planes,
  long plane_stride);

/// Tiles beside and below each other.
typedef struct {
  long taps, tile;
  long tile_rows, tile_columns;
  /// Floats from the pixel of a tile to the next below and beside it.
  long row_stride, step;
  /// Floats from a tile's first pixel to that of the next below and beside it.
  long down, across;
} vm_channel_tiles;

/// Where the 16 floats of a tile and a point are: tile t of 8 * p + t at
/// p * panel_stride + point * point_stride + t * tile_stride.
typedef struct {
  long panel_stride, point_stride, tile_stride;
} vm_channel_places;

/// The transformed patches of the tiles, which are counted from `first` on.
void vm_channel_patches(
  const vm_channel_tiles *tiles, const float *pixels, long first, vm_channel_places places, float *target);

/// The transformed cotangents of the tiles' results as a left operand of `depth` for each point:
/// the rows are the 16 channels, of which `channels` count, tile t has depth t.
void vm_channel_cotangents(
  const vm_channel_tiles *tiles, const float *pixels, long channels, long depth, float *left,
  long point_stride);

/// The results of the tiles, which are counted from `first` on: the transform of their products +
/// bias (of `channels`, or null), then max(x, 0) when `relu`.
void vm_channel_results(
  const vm_channel_tiles *tiles, const float *products, long first, vm_channel_places places,
  const float *bias, long channels, int relu, float *pixels);

/// Where the weights of correlations are: g[o][c][a][b] of view v is
/// w[o * out_stride + c * in_stride + offsets[(v * taps + a) * taps + b]]; offsets are below
/// `window`, at most 16.
typedef struct {
  long taps, tile;
  long views, window;
  const long *offsets;
  long out_stride, in_stride;
} vm_channel_window;

/// The transformed weights of up to 16 channels as a right operand of `depth` for each point: the
/// columns are the filters, channel c of view v has depth first_depth + v * 16 + c. Missing channels
/// are 0.
void vm_channel_weights(
  const vm_channel_window *shape, const float *w, long filters, long channels, long depth,
  long first_depth, float *right, long point_stride);

/// The gradient of the weights of `filters` and `channels` from products[view][point][filter][channel]:
/// rows are `row_stride` apart, points `point_stride`, views `view_stride`.
void vm_channel_weight_gradient(
  const vm_channel_window *shape, const float *products, long row_stride, long point_stride,
  long view_stride, long filters, long channels, float *w);
