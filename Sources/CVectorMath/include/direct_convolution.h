/// Convolutions as products on AMX that read the images in place: a window's pixels at one tap are
/// those of its neighbours moved on, so a block of windows is a tile of right operand for each tap.
/// Each float is split in three bfloat16 whose sum it is; results are as accurate as with products
/// of floats, but for values below 1e-33.
///
/// Windows are counted in lines of `pitch` places, of which the last ones of a line are beyond the
/// image and their results are dropped. Images lie below each other in the planes, with the lines
/// that only their windows' taps read. Planes are aligned to 64.
#pragma once

#include "products.h"

/// Whether this machine can; else the functions here do nothing.
int vm_has_direct_convolution(void);

/// Splits weights as left operand, 16 filters by `depth` at a time, 6 bytes for each: weight
/// (filter, d) is weights[filter * filter_stride + offsets[d]], or 0 where offsets[d] is negative.
/// The depth is [32 channels][tap][channel].
void vm_split_weights(
  long filters, long depth, const float *weights, long filter_stride, const long *offsets,
  void *packed);

/// Which pixels planes hold: place (a, b) of phase (y, x) is pixel
/// (a * stride_height + y - pad_top, b * stride_width + x - pad_left), 0 outside the image.
typedef struct {
  long channels, height, width;
  long stride_height, stride_width;
  long pad_top, pad_left;
  /// Pairs of y and x.
  long phase_count;
  const long *phases;
  /// Places of a line.
  long pitch;
  /// Places of a plane: at least pitch times its lines, and 32 and the largest shift within a line
  /// more.
  long plane;
} vm_split_image;

/// Bytes from one part of a float to the next, from one phase to the next, and from 32 channels to
/// the next 32 (`vm_split_pairs`) or from 16 to the next 16 (`vm_split_channels`).
static inline long vm_part_bytes(long plane, int in_pairs) { return plane * (in_pairs ? 64 : 32); }

/// The lines first..<first + lines of `images` images, `image_stride` apart:
/// [32 channels][phase][part][16 pairs][plane][2].
void vm_split_pairs(
  const vm_split_image *shape, long images, long image_stride, const float *pixels, long first,
  long lines, void *planes);

/// The same lines: [16 channels][phase][part][16 channels][plane].
void vm_split_channels(
  const vm_split_image *shape, long images, long image_stride, const float *pixels, long first,
  long lines, void *planes);

/// Windows of `planes`: the tap t of window p is place p + shifts[t] of phase phases[t].
typedef struct {
  long taps;
  const long *phases, *shifts;
  long phase_count, plane, pitch;
  /// Lines from one image to the next.
  long image_lines;
  /// Windows of a line that are inside, lines of windows of an image, and images.
  long out_width, out_lines, images;
} vm_split_windows;

/// Windows, counted from the first image's first to the last one's last line.
static inline long vm_window_count(long images, long image_lines, long out_lines, long pitch) {
  return ((images - 1) * image_lines + out_lines) * pitch;
}

/// results[the strides times image, filter, line and column] = the sum over channels and taps of
/// weights times pixels, plus the filter's bias (may be null), then max(x, 0) when `relu`.
void vm_direct_convolution(
  const vm_split_windows *shape, long filters, long channels, const void *weights,
  const void *planes, const float *bias, int relu, float *results, vm_result_strides strides);

/// Splits cotangents of results as right operand of `vm_direct_weight_gradient`, which has
/// `vm_cotangent_bytes` bytes: [16 filters][32 windows].
static inline long vm_cotangent_bytes(long filters, long windows) {
  return (filters + 15) / 16 * ((windows + 31) / 32) * 3072;
}
void vm_split_cotangents(
  const vm_split_windows *shape, long filters, const float *results, vm_result_strides strides,
  void *cotangents);

/// sums[tap][channel][filter] = (adds ? itself : 0) + the sum over windows of pixels, in planes of
/// `vm_split_channels`, times cotangents.
void vm_direct_weight_gradient(
  const vm_split_windows *shape, long filters, long channels, const void *planes,
  const void *cotangents, float *sums, int adds);

/// gradient[filter][channel][tap] = the sum of count arrays sums[tap][channel][filter], for
/// channels first..<end.
void vm_add_weight_gradients(
  long taps, long channels, long filters, long count, const float *sums, long first, long end,
  float *gradient);
