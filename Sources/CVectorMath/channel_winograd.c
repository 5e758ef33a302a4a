/// Winograd's convolutions: each stage in the form for the machine's instruction set.
#include "lanes.h"
#include "channel_winograd.h"

/// Channels of a group.
enum { LANES = VM_PANEL_LANES };

/// Where a tile's floats begin.
VM_INLINE long tile_place(vm_channel_places places, long tile) {
  return tile / VM_PANEL_ROWS * places.panel_stride + tile % VM_PANEL_ROWS * places.tile_stride;
}

#include "winograd_transforms.h"

#if defined(__x86_64__)
#define LOAD_SOME VM_LOAD_MASKED
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,fma"))), apply_to = function)
#define ISA _avx512
#include "channel_winograd_isa.h"
#undef ISA
#pragma clang attribute pop
#undef LOAD_SOME
#endif

#if defined(__x86_64__)
#define LOAD_SOME VM_LOAD_HALVES
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define ISA _avx2
#include "channel_winograd_isa.h"
#undef ISA
#pragma clang attribute pop
#undef LOAD_SOME
#endif
#define LOAD_SOME VM_LOAD_PLACES
#define ISA _baseline
#include "channel_winograd_isa.h"
#undef ISA

#define CHOOSE(name, shape, ...)                                            \
  do {                                                                      \
    if ((shape)->taps == 2 && (shape)->tile == 4)                           \
      VM_CHOOSE_ISA(name##2_4, __VA_ARGS__);                                   \
    else if ((shape)->taps == 2) VM_CHOOSE_ISA(name##2_7, __VA_ARGS__);        \
    else if ((shape)->tile == 4) VM_CHOOSE_ISA(name##3_4, __VA_ARGS__);        \
    else VM_CHOOSE_ISA(name##3_6, __VA_ARGS__);                                \
  } while (0)

void vm_gather_channels(
  const float *planes, long plane_stride, long channels, long height, long width, long top,
  long left, long rows, long columns, float *patch) {
  const long row_stride = columns * LANES;
  const size_t right = (size_t)(columns + left - width) * LANES * sizeof(float);
  const size_t before = (size_t)-left * LANES * sizeof(float);
  const long first = top < 0 ? (-top < rows ? -top : rows) : 0;
  const long inside = height - top < rows ? height - top : rows;
  const long end = inside > first ? inside : first;
  memset(patch, 0, (size_t)(first * row_stride) * sizeof(float));
  for (long row = first; row < end; row++) {
    float *line = patch + row * row_stride;
    memset(line, 0, before);
    memset(line + (width - left) * LANES, 0, right);
  }
  memset(patch + end * row_stride, 0, (size_t)((rows - end) * row_stride) * sizeof(float));
  if (end > first)
    VM_CHOOSE_ISA(
      gather_channels, planes + (top + first) * width, plane_stride, channels,
      (end - first) * width, width, patch + first * row_stride - left * LANES, row_stride);
}

void vm_scatter_channels(
  const float *pixels, long row_stride, long channels, long rows, long width, float *planes,
  long plane_stride) {
  VM_CHOOSE_ISA(
    scatter_channels, pixels, row_stride, channels, rows * width, width, planes, plane_stride);
}

void vm_channel_patches(
  const vm_channel_tiles *tiles, const float *pixels, long first, vm_channel_places places,
  float *target) {
  CHOOSE(patches, tiles, tiles, pixels, first, places, target);
}

void vm_channel_cotangents(
  const vm_channel_tiles *tiles, const float *pixels, long channels, long depth, float *left,
  long point_stride) {
  CHOOSE(cotangents, tiles, tiles, pixels, channels, depth, left, point_stride);
}

void vm_channel_results(
  const vm_channel_tiles *tiles, const float *products, long first, vm_channel_places places,
  const float *bias, long channels, int relu, float *pixels) {
  CHOOSE(results, tiles, tiles, products, first, places, bias, channels, relu, pixels);
}

void vm_channel_weights(
  const vm_channel_window *shape, const float *w, long filters, long channels, long depth,
  long first_depth, float *right, long point_stride) {
  CHOOSE(weights, shape, shape, w, filters, channels, depth, first_depth, right, point_stride);
}

void vm_channel_weight_gradient(
  const vm_channel_window *shape, const float *products, long row_stride, long point_stride,
  long view_stride, long filters, long channels, float *w) {
  CHOOSE(
    weight_gradient, shape, shape, products, row_stride, point_stride, view_stride, filters,
    channels, w);
}
