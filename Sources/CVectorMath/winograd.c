/// Winograd's transforms of tiles and weights (Lavin and Gray, "Fast algorithms for convolutional
/// neural networks", 2016), tiles beside each other in lanes.
#include "lanes.h"
#include "winograd.h"

/// Results of a tile along each axis.
enum { TILE = 4, LANES = VM_PANEL_LANES };

/// Where a tile's patch or its results begin.
typedef struct {
  long image, y, x;
} tile_place;

VM_INLINE tile_place place_of(
  const vm_winograd *shape, long tile, long distance, long top, long left) {
  const long row = tile / shape->tile_columns;
  return (tile_place){
    row / shape->tile_rows, row % shape->tile_rows * distance + top,
    tile % shape->tile_columns * distance + left};
}

/// The places of up to 16 tiles, and whether they are 16 beside each other.
typedef struct {
  tile_place places[LANES];
  int in_line;
} tile_group;

VM_INLINE tile_group find_places(
  const vm_winograd *shape, int may_be_in_line, long first, long count, long distance, long top,
  long left) {
  tile_group group;
  for (long t = 0; t < count; t++)
    group.places[t] = place_of(shape, first + t, distance, top, left);
  group.in_line = may_be_in_line && count == LANES && group.places[0].y == group.places[15].y &&
    group.places[0].image == group.places[15].image;
  return group;
}

/// The bits first..<end of 16.
VM_INLINE unsigned places_from(long first, long end) {
  const unsigned below_end = end >= 16 ? 0xffff : end <= 0 ? 0 : (1u << end) - 1;
  const unsigned below_first = first >= 16 ? 0xffff : first <= 0 ? 0 : (1u << first) - 1;
  return below_end & ~below_first;
}

/// Pixels of a patch along each axis, at most.
enum { MOST_PIXELS = 10 };

typedef int vm_places __attribute__((vector_size(64), aligned(4)));

/// Where 16 patches begin, and for each row and column of the patches the lanes, as bits, in which
/// it is inside the image.
typedef struct {
  vm_places offsets;
  unsigned rows[MOST_PIXELS], columns[MOST_PIXELS];
} patch_lanes;

/// The first `count` lanes. Lanes beyond have no pixels.
VM_INLINE void find_lanes(
  vm_planes images, const tile_place *places, long count, long pixels, patch_lanes *lanes) {
  const tile_place first = places[0];
  for (long k = 0; k < pixels; k++) lanes->rows[k] = lanes->columns[k] = 0;
  for (long lane = 0; lane < VM_PANEL_LANES; lane++) {
    const tile_place place = places[lane < count ? lane : 0];
    lanes->offsets[lane] = (int)((place.image - first.image) * images.image_stride +
      place.y * images.row_stride + place.x);
    if (lane >= count) continue;
    for (long k = 0; k < pixels; k++) {
      const long y = place.y + k, x = place.x + k;
      lanes->rows[k] |= (unsigned)(y >= 0 && y < images.height) << lane;
      lanes->columns[k] |= (unsigned)(x >= 0 && x < images.width) << lane;
    }
  }
}

#include "winograd_transforms.h"

#if defined(__x86_64__)
#define LOAD_SOME VM_LOAD_MASKED
#define GATHER(source, offsets, mask, y)                                           \
  (*(y) = __builtin_ia32_gathersiv16sf(                                            \
     VM_REPEAT(0), (source), (offsets), (unsigned short)(mask), sizeof(float)))
/// The first `count` of 4 results to every place, or every second one.
#define STORE_RESULTS(target, tile, count, step)                                               \
  do {                                                                                         \
    const vm_quarter_lanes x = *(const vm_quarter_lanes *)(tile);                                          \
    if ((step) == 1) {                                                                         \
      __builtin_ia32_storeups128_mask((void *)(target), x, (unsigned char)((1 << (count)) - 1)); \
    } else {                                                                                   \
      const vm_half_lanes wide = __builtin_shufflevector(x, x, 0, -1, 1, -1, 2, -1, 3, -1);          \
      __builtin_ia32_storeups256_mask(                                                         \
        (void *)(target), wide, (unsigned char)(0x55 & ((1 << 2 * (count)) - 1)));             \
    }                                                                                          \
  } while (0)
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,fma"))), apply_to = function)
#define ISA _avx512
#include "winograd_isa.h"
#undef ISA
#pragma clang attribute pop
#undef LOAD_SOME
#undef GATHER
#undef STORE_RESULTS
#endif

#define STORE_RESULTS(target, tile, count, step)                                            \
  do {                                                                                      \
    if ((step) == 1 && (count) == TILE)                                                     \
      *(vm_quarter_lanes *)(target) = *(const vm_quarter_lanes *)(tile);                                \
    else                                                                                    \
      for (long place = 0; place < (count); place++) (target)[place * (step)] = (tile)[place]; \
  } while (0)
#if defined(__x86_64__)
#define LOAD_SOME VM_LOAD_HALVES
#define GATHER(source, offsets, mask, y)                                                       \
  do {                                                                                         \
    const vm_half_bits *const halves = (const vm_half_bits *)&(offsets);                       \
    for (int half = 0; half < 2; half++)                                                       \
      ((vm_half_lanes *)(y))[half] = __builtin_ia32_gatherd_ps256(                             \
        (vm_half_lanes){0}, (source), halves[half], (vm_half_lanes)VM_HALF_MASK(mask, half),   \
        sizeof(float));                                                                        \
  } while (0)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define ISA _avx2
#include "winograd_isa.h"
#undef ISA
#pragma clang attribute pop
#undef LOAD_SOME
#undef GATHER
#endif
#define LOAD_SOME VM_LOAD_PLACES
#define GATHER(source, offsets, mask, y)                                               \
  do {                                                                                 \
    const unsigned places = mask;                                                      \
    for (int place = 0; place < VM_PANEL_LANES; place++)                               \
      ((float *)(y))[place] = places >> place & 1 ? (source)[(offsets)[place]] : 0;    \
  } while (0)
#define ISA _baseline
#include "winograd_isa.h"
#undef ISA

#define CHOOSE(name, taps, ...)                                       \
  do {                                                                \
    if ((taps) == 3) VM_CHOOSE_ISA(name##3, __VA_ARGS__);                \
    else VM_CHOOSE_ISA(name##2, __VA_ARGS__);                            \
  } while (0)

void vm_winograd_weights(
  long taps, long filters, long channels, const float *w, long out_stride, long in_stride,
  const long *offsets, long depth, long first_channel, float *left, long point_stride) {
  CHOOSE(
    weights, taps, filters, channels, w, out_stride, in_stride, offsets, depth, first_channel, left,
    point_stride);
}

void vm_winograd_tiles(
  const vm_winograd *shape, vm_planes images, long channels, long first_tile, long count,
  long depth, long view_depth, float *right, long first_channel, long point_stride,
  long view_stride) {
  CHOOSE(
    tiles, shape->taps, shape, images, channels, first_tile, count, depth, view_depth, right,
    first_channel, point_stride, view_stride);
}

void vm_winograd_results(
  const vm_winograd *shape, const float *products, long point_stride, long row_stride,
  long filters, long first_tile, long tiles, const float *bias, int relu, vm_planes planes) {
  CHOOSE(
    results, shape->taps, shape, products, point_stride, row_stride, filters, first_tile, tiles,
    bias, relu, planes);
}
