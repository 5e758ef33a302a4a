/// Winograd's stages for one instruction set, `ISA`: groups of channels gathered and scattered, then
/// the loops of each algorithm.

#define WITH_ISA(name) VM_JOIN(name, ISA)

#include "transpose.h"

static void WITH_ISA(gather_channels)(
  const float *planes, long plane_stride, long channels, long pixels, long width, float *target,
  long row_stride) {
  long column = 0;
  for (long p = 0; p < pixels; p += LANES) {
    const long here = pixels - p < LANES ? pixels - p : LANES;
    vm_lanes m[LANES];
    if (here == LANES && channels == LANES) {
      for (long c = 0; c < LANES; c++) m[c] = VM_LOAD(planes + c * plane_stride + p);
    } else {
      for (long c = 0; c < LANES; c++) {
        m[c] = VM_REPEAT(0);
        if (c < channels)
          LOAD_SOME(planes + c * plane_stride + p, here == LANES ? 0xffff : (1u << here) - 1, m + c);
      }
    }
    VM_JOIN(transpose, ISA)(m);
    for (long k = 0; k < here; k++, target += LANES) {
      VM_STORE(target, m[k]);
      if (++column == width) {
        column = 0;
        target += row_stride - width * LANES;
      }
    }
  }
}

static void WITH_ISA(scatter_channels)(
  const float *source, long row_stride, long channels, long pixels, long width, float *planes,
  long plane_stride) {
  long column = 0;
  for (long p = 0; p < pixels; p += LANES) {
    const long here = pixels - p < LANES ? pixels - p : LANES;
    vm_lanes m[LANES];
    for (long k = 0; k < LANES; k++) m[k] = VM_REPEAT(0);
    for (long k = 0; k < here; k++) {
      m[k] = VM_LOAD(source);
      source += LANES;
      if (++column == width) {
        column = 0;
        source += row_stride - width * LANES;
      }
    }
    VM_JOIN(transpose, ISA)(m);
    if (here == LANES && channels == LANES) {
      for (long c = 0; c < LANES; c++) VM_STORE(planes + c * plane_stride + p, m[c]);
    } else {
      for (long c = 0; c < channels; c++) VM_STORE_SOME(planes + c * plane_stride + p, m[c], here);
    }
  }
}

#define TAPS 2
#define TILE 4
#define POINTS_NAME 5
#include "channel_winograd_loops.h"
#undef TILE
#undef POINTS_NAME
#define TILE 7
#define POINTS_NAME 8
#include "channel_winograd_loops.h"
#undef TAPS
#undef TILE
#undef POINTS_NAME
#define TAPS 3
#define TILE 4
#define POINTS_NAME 6
#include "channel_winograd_loops.h"
#undef TILE
#undef POINTS_NAME
#define TILE 6
#define POINTS_NAME 8
#include "channel_winograd_loops.h"
#undef TAPS
#undef TILE
#undef POINTS_NAME
#undef WITH_ISA
