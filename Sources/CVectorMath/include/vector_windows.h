/// Loops over windows that move across a volume, and over lines that are stretched: pooling and
/// resampling. The rules of `vector_math.h` hold here too.
#pragma once

#include <stdint.h>

/// A window that moves over a volume; each array has a number for depth, height and width.
///
/// Window o of an axis covers the places o * stride - padding + (0..<kernel) of it, as far as they
/// are inside 0..<extent, which at least one is.
typedef struct {
  long extent[3], kernel[3], stride[3], padding[3], out[3];
  /// An average divides by the number of covered places from..<to of each axis.
  long counted_from[3], counted_to[3];
} vm_window;

/// y[o] = the largest element of window o; NaN if there is one in it.
void vm_max_pool_f32(vm_window window, const float *x, float *y);
void vm_max_pool_f64(vm_window window, const double *x, double *y);

/// y[o] = the place in the volume, counted in row-major order, of the largest element of window o:
/// the first of equals; the first NaN if there is one. `row` has room for out[2] elements.
void vm_max_pool_places_f32(vm_window window, const float *x, float *row, int32_t *y);
void vm_max_pool_places_f64(vm_window window, const double *x, double *row, int32_t *y);

/// y[o] = the sum of the elements of window o, divided by the number of counted places.
void vm_average_pool_f32(vm_window window, const float *x, float *y);
void vm_average_pool_f64(vm_window window, const double *x, double *y);

/// The transpose of `vm_average_pool`: y, of the volume's extent, from x, one number per window.
/// `row` has room for out[2] elements.
void vm_average_pool_transpose_f32(vm_window window, const float *x, float *row, float *y);
void vm_average_pool_transpose_f64(vm_window window, const double *x, double *row, double *y);

/// A plane of height by width pixels drawn anew as one of out_height by out_width.
typedef struct {
  long height, width, out_height, out_width;
  /// Whether corner pixels fall on each other's centres, and not the corners of the planes. Only
  /// for bilinear resampling.
  int aligns_corners;
} vm_resampling;

/// y[i][j] = x[i * height / out_height][j * width / out_width], rounded down. `scratch` has room
/// for out_width elements.
void vm_resample_nearest_f32(vm_resampling planes, const float *x, float *scratch, float *y);
void vm_resample_nearest_f64(vm_resampling planes, const double *x, double *scratch, double *y);

/// y[i][j] = the mean of the four pixels of x around the place of y's pixel, weighted by how near
/// they are. `scratch` has room for width + 3 * out_width elements.
void vm_resample_bilinear_f32(vm_resampling planes, const float *x, float *scratch, float *y);
void vm_resample_bilinear_f64(vm_resampling planes, const double *x, double *scratch, double *y);

/// The transposes: y of height by width from x of out_height by out_width; each pixel of x is
/// added, with the same weights, to those it would be made of.
void vm_resample_nearest_transpose_f32(
  vm_resampling planes, const float *x, float *scratch, float *y);
void vm_resample_nearest_transpose_f64(
  vm_resampling planes, const double *x, double *scratch, double *y);
void vm_resample_bilinear_transpose_f32(
  vm_resampling planes, const float *x, float *scratch, float *y);
void vm_resample_bilinear_transpose_f64(
  vm_resampling planes, const double *x, double *scratch, double *y);
