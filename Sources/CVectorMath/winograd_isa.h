/// Winograd's transforms for one instruction set, `ISA`: reading and writing of tiles, then the
/// stages for three and for two taps.

#define WITH_ISA(name) VM_JOIN(name, ISA)

#include "transpose.h"

/// Row `row` of the patches of 16 lanes: d[j] has pixel j of every patch.
VM_INLINE void WITH_ISA(read_row)(
  const float *pixels, const patch_lanes *lanes, long row, long row_stride, long columns,
  vm_lanes *d) {
  const float *source = pixels + row * row_stride;
  for (long j = 0; j < columns; j++)
    GATHER(source + j, lanes->offsets, lanes->rows[row] & lanes->columns[j], d + j);
}

/// 16 pixels of a line of which the places first..<end exist; the others are 0.
VM_INLINE void WITH_ISA(read_pixels)(const float *source, long first, long end, vm_lanes *y) {
  if (first <= 0 && end >= VM_PANEL_LANES) {
    *y = VM_LOAD(source);
  } else {
    const unsigned mask = places_from(first, end);
    LOAD_SOME(source, mask, y);
  }
}

/// Every fourth of 64 floats, from place k on.
#define EVERY_FOURTH(a, b, c, d, k)                                                            \
  __builtin_shufflevector(                                                                     \
    __builtin_shufflevector(a, b, k, k + 4, k + 8, k + 12, k + 16, k + 20, k + 24, k + 28),    \
    __builtin_shufflevector(c, d, k, k + 4, k + 8, k + 12, k + 16, k + 20, k + 24, k + 28), 0, \
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)

/// One place on, `last` coming in.
#define SHIFTED(a, last) \
  __builtin_shufflevector(a, VM_REPEAT(last), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)

/// Row `row` of the patches, of 6 pixels, of 16 tiles beside each other.
VM_INLINE void WITH_ISA(read_line)(
  vm_planes images, const float *plane, tile_place place, long row, vm_lanes *d) {
  const long y = place.y + row, end = images.width - place.x;
  if (y < 0 || y >= images.height) {
    memset(d, 0, 6 * sizeof(vm_lanes));
    return;
  }
  const float *source = plane + y * images.row_stride + place.x;
  vm_lanes a, b, c, e;
  WITH_ISA(read_pixels)(source, -place.x, end, &a);
  WITH_ISA(read_pixels)(source + 16, 0, end - 16, &b);
  WITH_ISA(read_pixels)(source + 32, 0, end - 32, &c);
  WITH_ISA(read_pixels)(source + 48, 0, end - 48, &e);
  d[0] = EVERY_FOURTH(a, b, c, e, 0);
  d[1] = EVERY_FOURTH(a, b, c, e, 1);
  d[2] = EVERY_FOURTH(a, b, c, e, 2);
  d[3] = EVERY_FOURTH(a, b, c, e, 3);
  const float next = end > 64 ? source[64] : 0, second = end > 65 ? source[65] : 0;
  d[4] = SHIFTED(d[0], next);
  d[5] = SHIFTED(d[1], second);
}

/// The results of up to 16 tiles, each to its place.
VM_INLINE void WITH_ISA(write_results)(
  vm_planes results, float *plane, const tile_place *places, long count, vm_lanes *y) {
  VM_JOIN(transpose, ISA)(y);
  for (long lane = 0; lane < count; lane++) {
    const tile_place place = places[lane];
    const float *tile = (const float *)(y + lane);
    float *target = plane + place.image * results.image_stride + place.y * results.row_stride +
      place.x * results.step;
    long rows = results.height - place.y, columns = results.width - place.x;
    if (rows > TILE) rows = TILE;
    if (columns > TILE) columns = TILE;
    if (results.step == 1)
      for (long i = 0; i < rows; i++)
        STORE_RESULTS(target + i * results.row_stride, tile + i * TILE, columns, 1);
    else
      for (long i = 0; i < rows; i++)
        STORE_RESULTS(target + i * results.row_stride, tile + i * TILE, columns, 2);
  }
}

/// The results of 16 tiles beside each other.
VM_INLINE void WITH_ISA(write_line)(
  vm_planes results, float *plane, tile_place place, const vm_lanes *y) {
  for (long i = 0; i < TILE && place.y + i < results.height; i++) {
    const vm_lanes *row = y + i * TILE;
    const vm_lanes a = __builtin_shufflevector(
      row[0], row[1], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const vm_lanes b = __builtin_shufflevector(
      row[0], row[1], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const vm_lanes c = __builtin_shufflevector(
      row[2], row[3], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const vm_lanes d = __builtin_shufflevector(
      row[2], row[3], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    vm_lanes line[4];
    line[0] = __builtin_shufflevector(a, c, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23);
    line[1] =
      __builtin_shufflevector(a, c, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31);
    line[2] = __builtin_shufflevector(b, d, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23);
    line[3] =
      __builtin_shufflevector(b, d, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31);
    float *target = plane + (place.y + i) * results.row_stride + place.x;
    const long count = results.width - place.x;
    if (count >= 4 * VM_PANEL_LANES) {
      for (long k = 0; k < 4; k++) VM_STORE(target + k * VM_PANEL_LANES, line[k]);
    } else {
      memcpy(target, line, (size_t)count * sizeof(float));
    }
  }
}

#define TAPS 3
#define POINTS_NAME 6
#include "winograd_loops.h"
#undef TAPS
#undef POINTS_NAME
#define TAPS 2
#define POINTS_NAME 5
#include "winograd_loops.h"
#undef TAPS
#undef POINTS_NAME
#undef SHIFTED
#undef EVERY_FOURTH
#undef WITH_ISA
