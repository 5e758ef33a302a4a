/// Winograd's transforms of tiles and weights (Lavin and Gray, "Fast algorithms for convolutional
/// neural networks", 2016), and their transposes for the gradient of the weights.
#include "lanes.h"

/// Results of a tile along each axis.
enum { TILE = 4 };

/// Where a tile begins.
typedef struct {
  long image, y, x;
} tile_place;

VM_INLINE tile_place place_of(const vm_winograd *shape, long tile, long top, long left) {
  const long row = tile / shape->tile_columns;
  return (tile_place){
    row / shape->tile_rows, row % shape->tile_rows * TILE + top,
    tile % shape->tile_columns * TILE + left};
}

/// The places of up to 48 tiles from `first` on; those of each 16 may be beside each other.
typedef struct {
  tile_place places[VM_PANEL_COLUMNS];
  int in_line[VM_PANEL_COLUMNS / VM_PANEL_LANES];
} tile_panel;

VM_INLINE void find_places(
  const vm_winograd *shape, vm_planes planes, long first, long count, long top, long left,
  tile_panel *panel) {
  for (long t = 0; t < count; t++) panel->places[t] = place_of(shape, first + t, top, left);
  for (long t = 0; t < count; t += VM_PANEL_LANES) {
    const tile_place *group = panel->places + t;
    panel->in_line[t / VM_PANEL_LANES] = planes.step == 1 && t + VM_PANEL_LANES <= count &&
      group[0].y == group[15].y && group[0].image == group[15].image;
  }
}

VM_INLINE long panel_width(long columns, long panel) {
  const long left = columns - panel;
  return left < VM_PANEL_COLUMNS ? vm_round_up(left, VM_PANEL_LANES) : VM_PANEL_COLUMNS;
}

/// 16 pixels of a line of which the places first..<end exist; the others are 0.
VM_INLINE void read_pixels(const float *source, long place, long first, long end, vm_lanes *y) {
  if (place >= first && place + VM_PANEL_LANES <= end) {
    *y = VM_LOAD(source + place);
    return;
  }
  const long from = place < first ? first : place;
  const long to = place + VM_PANEL_LANES < end ? place + VM_PANEL_LANES : end;
  *y = VM_REPEAT(0);
  if (to > from)
    memcpy((float *)y + (from - place), source + from, (size_t)(to - from) * sizeof(float));
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

/// `points` * `points` pixels of each of 16 tiles beside each other, from lines of pixels.
VM_INLINE void read_line(
  vm_planes planes, const float *plane, tile_place place, long points, vm_lanes *d) {
  const long first = place.x < 0 ? -place.x : 0;
  const long end = planes.width - place.x;
  for (long i = 0; i < points; i++) {
    const long y = place.y + i;
    vm_lanes *row = d + i * points;
    if (y < 0 || y >= planes.height) {
      memset(row, 0, (size_t)points * sizeof(vm_lanes));
      continue;
    }
    const float *source = plane + y * planes.row_stride + place.x;
    vm_lanes pixels[TILE];
    for (long k = 0; k < TILE; k++)
      read_pixels(source, k * VM_PANEL_LANES, first, end, pixels + k);
    const vm_lanes a = pixels[0], b = pixels[1], c = pixels[2], e = pixels[3];
    row[0] = EVERY_FOURTH(a, b, c, e, 0);
    row[1] = EVERY_FOURTH(a, b, c, e, 1);
    row[2] = EVERY_FOURTH(a, b, c, e, 2);
    row[3] = EVERY_FOURTH(a, b, c, e, 3);
    const float next = end > 64 ? source[64] : 0, second = end > 65 ? source[65] : 0;
    row[4] = SHIFTED(row[0], next);
    if (points == 6) row[5] = SHIFTED(row[1], second);
  }
}

/// `points` * `points` pixels of one tile, each into the same lane of its vector.
VM_INLINE void read_tile(
  vm_planes planes, const float *plane, tile_place place, long points, float *d) {
  const int is_inside = place.x >= 0 && place.x + points <= planes.width;
  for (long i = 0; i < points; i++) {
    const long y = place.y + i;
    float *row = d + i * points * VM_PANEL_LANES;
    const float *source = plane + y * planes.row_stride + place.x * planes.step;
    if (y < 0 || y >= planes.height) {
      for (long j = 0; j < points; j++) row[j * VM_PANEL_LANES] = 0;
    } else if (is_inside) {
      for (long j = 0; j < points; j++) row[j * VM_PANEL_LANES] = source[j * planes.step];
    } else {
      for (long j = 0; j < points; j++) {
        const long x = place.x + j;
        row[j * VM_PANEL_LANES] = x >= 0 && x < planes.width ? source[j * planes.step] : 0;
      }
    }
  }
}

/// The 4 * 4 results of one tile from a plane of them, 0 beyond its edge.
VM_INLINE void read_result(
  vm_planes planes, const float *plane, tile_place place, float *y) {
  for (long i = 0; i < TILE && place.y + i < planes.height; i++)
    for (long j = 0; j < TILE && place.x + j < planes.width; j++)
      y[(i * TILE + j) * VM_PANEL_LANES] =
        plane[(place.y + i) * planes.row_stride + (place.x + j) * planes.step];
}

VM_INLINE void write_tile(
  vm_planes planes, float *plane, tile_place place, const float *y) {
  for (long i = 0; i < TILE && place.y + i < planes.height; i++)
    for (long j = 0; j < TILE && place.x + j < planes.width; j++)
      plane[(place.y + i) * planes.row_stride + (place.x + j) * planes.step] =
        y[(i * TILE + j) * VM_PANEL_LANES];
}

/// The results of 16 tiles beside each other.
VM_INLINE void write_line(
  vm_planes planes, float *plane, tile_place place, const vm_lanes *y) {
  for (long i = 0; i < TILE && place.y + i < planes.height; i++) {
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
    float *target = plane + (place.y + i) * planes.row_stride + place.x;
    const long count = planes.width - place.x;
    if (count >= 4 * VM_PANEL_LANES) {
      for (long k = 0; k < 4; k++) VM_STORE(target + k * VM_PANEL_LANES, line[k]);
    } else {
      memcpy(target, line, (size_t)count * sizeof(float));
    }
  }
}

// Three taps: the points 0, 1, -1, 2, -2 and infinity.

VM_INLINE void read_line3(vm_planes planes, const float *plane, tile_place place, vm_lanes *d) {
  read_line(planes, plane, place, 6, d);
}

VM_INLINE void read_tile3(vm_planes planes, const float *plane, tile_place place, float *d) {
  read_tile(planes, plane, place, 6, d);
}

VM_INLINE void transform_pixels3(vm_lanes *d, long s) {
  const vm_lanes d0 = d[0], d1 = d[s], d2 = d[2 * s], d3 = d[3 * s], d4 = d[4 * s], d5 = d[5 * s];
  const vm_lanes even = d4 - 4 * d2, odd = d3 - 4 * d1, wide = d4 - d2, far = 2 * (d3 - d1);
  d[0] = 4 * d0 - 5 * d2 + d4;
  d[s] = even + odd;
  d[2 * s] = even - odd;
  d[3 * s] = wide + far;
  d[4 * s] = wide - far;
  d[5 * s] = 4 * d1 - 5 * d3 + d5;
}

VM_INLINE void transform_products3(const vm_lanes *m, vm_lanes *y, long s) {
  const vm_lanes sum = m[1] + m[2], difference = m[1] - m[2];
  const vm_lanes sum2 = m[3] + m[4], difference2 = m[3] - m[4];
  y[0] = m[0] + sum + sum2;
  y[s] = difference + 2 * difference2;
  y[2 * s] = sum + 4 * sum2;
  y[3 * s] = difference + 8 * difference2 + m[5];
}

VM_INLINE void transform_results3(const vm_lanes *y, long from, vm_lanes *z, long s) {
  const vm_lanes y0 = y[0], y1 = y[from], y2 = y[2 * from], y3 = y[3 * from];
  const vm_lanes even = y0 + y2, odd = y1 + y3, even2 = y0 + 4 * y2, odd2 = 2 * y1 + 8 * y3;
  z[0] = y0;
  z[s] = even + odd;
  z[2 * s] = even - odd;
  z[3 * s] = even2 + odd2;
  z[4 * s] = even2 - odd2;
  z[5 * s] = y3;
}

VM_INLINE void transform_weights3(const vm_lanes *g, long from, vm_lanes *v, long s) {
  const vm_lanes g0 = g[0], g1 = g[from], g2 = g[2 * from];
  const vm_lanes even = -(g0 + g2) / 6, odd = g1 / 6, even2 = g0 / 24 + g2 / 6, odd2 = g1 / 12;
  v[0] = g0 / 4;
  v[s] = even - odd;
  v[2 * s] = even + odd;
  v[3 * s] = even2 + odd2;
  v[4 * s] = even2 - odd2;
  v[5 * s] = g2;
}

VM_INLINE void transform_gradient3(const vm_lanes *x, vm_lanes *g, long s) {
  const vm_lanes sum = (x[1] + x[2]) / 6, sum2 = x[3] + x[4];
  g[0] = x[0] / 4 - sum + sum2 / 24;
  g[s] = (x[2] - x[1]) / 6 + (x[3] - x[4]) / 12;
  g[2 * s] = sum2 / 6 - sum + x[5];
}

// Two taps: the points 0, 1, -1, 2 and infinity.

VM_INLINE void read_line2(vm_planes planes, const float *plane, tile_place place, vm_lanes *d) {
  read_line(planes, plane, place, 5, d);
}

VM_INLINE void read_tile2(vm_planes planes, const float *plane, tile_place place, float *d) {
  read_tile(planes, plane, place, 5, d);
}

VM_INLINE void transform_pixels2(vm_lanes *d, long s) {
  const vm_lanes d0 = d[0], d1 = d[s], d2 = d[2 * s], d3 = d[3 * s], d4 = d[4 * s];
  d[0] = 2 * (d0 - d2) - d1 + d3;
  d[s] = d3 - d2 - 2 * d1;
  d[2 * s] = 2 * d1 - 3 * d2 + d3;
  d[3 * s] = d3 - d1;
  d[4 * s] = 2 * (d1 - d3) - d2 + d4;
}

VM_INLINE void transform_products2(const vm_lanes *m, vm_lanes *y, long s) {
  const vm_lanes sum = m[1] + m[2], difference = m[1] - m[2];
  y[0] = m[0] + sum + m[3];
  y[s] = difference + 2 * m[3];
  y[2 * s] = sum + 4 * m[3];
  y[3 * s] = difference + 8 * m[3] + m[4];
}

VM_INLINE void transform_results2(const vm_lanes *y, long from, vm_lanes *z, long s) {
  const vm_lanes y0 = y[0], y1 = y[from], y2 = y[2 * from], y3 = y[3 * from];
  const vm_lanes even = y0 + y2, odd = y1 + y3;
  z[0] = y0;
  z[s] = even + odd;
  z[2 * s] = even - odd;
  z[3 * s] = y0 + 4 * y2 + (2 * y1 + 8 * y3);
  z[4 * s] = y3;
}

VM_INLINE void transform_weights2(const vm_lanes *g, long from, vm_lanes *v, long s) {
  const vm_lanes g0 = g[0], g1 = g[from];
  v[0] = g0 / 2;
  v[s] = -(g0 + g1) / 2;
  v[2 * s] = (g1 - g0) / 6;
  v[3 * s] = g0 / 6 + g1 / 3;
  v[4 * s] = g1;
}

VM_INLINE void transform_gradient2(const vm_lanes *x, vm_lanes *g, long s) {
  g[0] = (x[0] - x[1]) / 2 + (x[3] - x[2]) / 6;
  g[s] = x[2] / 6 - x[1] / 2 + x[3] / 3 + x[4];
}

#define TAPS 3
#include "winograd_loops.h"
#undef TAPS
#define TAPS 2
#include "winograd_loops.h"
#undef TAPS

#define CHOOSE(name, taps, ...)                                       \
  do {                                                                \
    if ((taps) == 3) VM_JOIN(name, 3)(__VA_ARGS__);                   \
    else VM_JOIN(name, 2)(__VA_ARGS__);                               \
  } while (0)

void vm_winograd_weights(
  long taps, long filters, long channels, const float *w, long out_stride, long in_stride,
  const long *offsets, long depth, long first_channel, float *left, long point_stride) {
  CHOOSE(
    weights, taps, filters, channels, w, out_stride, in_stride, offsets, depth, first_channel, left,
    point_stride);
}

void vm_winograd_tiles(
  const vm_winograd *shape, vm_planes planes, long top, long left, long channels, long first_tile,
  long tiles_count, long depth, long first_channel, float *right, long point_stride) {
  CHOOSE(
    tiles, shape->taps, shape, planes, top, left, channels, first_tile, tiles_count, depth,
    first_channel, right, point_stride);
}

void vm_winograd_results(
  const vm_winograd *shape, const float *products, long point_stride, long row_stride,
  long filters, long first_tile, long tiles, const float *bias, int relu, vm_planes planes) {
  CHOOSE(
    results, shape->taps, shape, products, point_stride, row_stride, filters, first_tile, tiles,
    bias, relu, planes);
}

void vm_winograd_tiles_by_channel(
  const vm_winograd *shape, vm_planes planes, long top, long left, long channels, long first_tile,
  long tiles, long depth, long first_depth, float *right, long point_stride) {
  CHOOSE(
    tiles_by_channel, shape->taps, shape, planes, top, left, channels, first_tile, tiles, depth,
    first_depth, right, point_stride);
}

void vm_winograd_cotangents(
  const vm_winograd *shape, vm_planes planes, long filters, long first_tile, long tiles,
  long depth, long first_depth, float *left, long point_stride) {
  CHOOSE(
    cotangents, shape->taps, shape, planes, filters, first_tile, tiles, depth, first_depth, left,
    point_stride);
}

void vm_winograd_weight_gradient(
  long taps, long filters, long channels, const float *products, long point_stride,
  long row_stride, float *w, long out_stride, long in_stride, const long *offsets) {
  CHOOSE(
    weight_gradient, taps, filters, channels, products, point_stride, row_stride, w, out_stride,
    in_stride, offsets);
}
