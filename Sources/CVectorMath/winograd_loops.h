/// The stages of Winograd's algorithm for one number of taps, `TAPS`: 16 tiles, filters or channels
/// at a time.

#define POINTS (TAPS + 3)
#define NAME(name) VM_JOIN(VM_JOIN(name, TAPS), ISA)
#define TRANSFORM(name) VM_JOIN(transform_##name, TAPS)
/// Vectors of a row of a patch.
#define PATCH_ROW MOST_PIXELS

/// Places of an array of lanes that are a row or a column of a tile.
#define EACH_POINT(i) for (long i = 0; i < POINTS; i++)

/// One view of a patch, transformed: B-transposed applied to the columns, then to the rows.
VM_INLINE void NAME(transform_view)(
  const vm_lanes *patch, long view, long views, long step, vm_lanes *d) {
  const vm_lanes *first = views == 4 ? patch + view / 2 * PATCH_ROW + view % 2 : patch;
  EACH_POINT(j)
    TRANSFORM(pixels)(first + j * step, step * PATCH_ROW, d + j, POINTS);
  EACH_POINT(i) TRANSFORM(pixels)(d + i * POINTS, 1, d + i * POINTS, 1);
}

VM_INLINE void NAME(tiles_of)(
  const vm_winograd *shape, vm_planes images, long channels, long first_tile, long tiles, long depth,
  long view_depth, float *right, long first_channel, long point_stride, long view_stride,
  const long views, const long step) {
  const long pixels = (POINTS - 1) * step + (views == 4 ? 2 : 1);
  for (long first = 0; first < tiles; first += VM_PANEL_COLUMNS) {
    const long width = panel_width(tiles, first);
    const long here = tiles - first < width ? tiles - first : width;
    tile_panel panel;
    find_places(
      shape, shape->patch_distance == TILE, first_tile + first, here, shape->patch_distance,
      shape->patch_top, shape->patch_left, &panel);
    patch_lanes lanes[VM_PANEL_COLUMNS / VM_PANEL_LANES];
    for (long start = 0; start < here; start += VM_PANEL_LANES)
      find_lanes(
        images, panel.places + start, here - start, 0, pixels, lanes + start / VM_PANEL_LANES);
    float *target = right + first * depth + first_channel * width;
    for (long c = 0; c < channels; c++) {
      const float *plane = images.pixels + c * images.plane_stride;
      for (long start = 0; start < here; start += VM_PANEL_LANES, target += VM_PANEL_LANES) {
        const tile_place place = panel.places[start];
        vm_lanes patch[MOST_PIXELS * PATCH_ROW], d[POINTS * POINTS];
        if (panel.in_line[start / VM_PANEL_LANES]) {
          const float *image = plane + place.image * images.image_stride;
          for (long row = 0; row < pixels; row++)
            VM_JOIN(read_line, ISA)(images, image, place, row, patch + row * PATCH_ROW);
        } else {
          for (long row = 0; row < pixels; row++)
            VM_JOIN(read_row, ISA)(
              plane + place.image * images.image_stride, lanes + start / VM_PANEL_LANES, row, images.row_stride, pixels,
              patch + row * PATCH_ROW);
        }
        for (long view = 0; view < views; view++) {
          NAME(transform_view)(patch, view, views, step, d);
          float *points = target + view * (view_depth * width + view_stride);
          EACH_POINT(i) EACH_POINT(j)
            VM_STORE(points + (i * POINTS + j) * point_stride, d[i * POINTS + j]);
        }
      }
    }
  }
}

static void NAME(tiles)(
  const vm_winograd *shape, vm_planes images, long channels, long first_tile, long tiles, long depth,
  long view_depth, float *right, long first_channel, long point_stride, long view_stride) {
#define TILES_OF(views, step)                                                                    \
  NAME(tiles_of)(                                                                                \
    shape, images, channels, first_tile, tiles, depth, view_depth, right, first_channel,         \
    point_stride, view_stride, views, step)
  if (shape->views == 1) TILES_OF(1, 1);
  else if (shape->view_step == 1) TILES_OF(4, 1);
  else TILES_OF(4, 2);
#undef TILES_OF
}

VM_INLINE void NAME(tiles_by_channel_of)(
  const vm_winograd *shape, vm_planes images, long channels, long first_tile, long tiles, long depth,
  long first_depth, float *right, long point_stride, long view_stride, const long views,
  const long step) {
  const long pixels = (POINTS - 1) * step + (views == 4 ? 2 : 1);
  for (long t = 0; t < tiles; t++) {
    const tile_place place = place_of(
      shape, first_tile + t, shape->patch_distance, shape->patch_top, shape->patch_left);
    for (long c = 0; c < channels; c += VM_PANEL_LANES) {
      patch_lanes lanes;
      find_lanes(images, &place, channels - c, images.plane_stride, pixels, &lanes);
      const float *plane =
        images.pixels + place.image * images.image_stride + c * images.plane_stride;
      vm_lanes patch[MOST_PIXELS * PATCH_ROW], d[POINTS * POINTS];
      for (long row = 0; row < pixels; row++)
        VM_JOIN(read_row, ISA)(
          plane, &lanes, row, images.row_stride, pixels, patch + row * PATCH_ROW);
      const long panel = c / VM_PANEL_COLUMNS * VM_PANEL_COLUMNS;
      float *target =
        right + panel * depth + (first_depth + t) * panel_width(channels, panel) + (c - panel);
      for (long view = 0; view < views; view++) {
        NAME(transform_view)(patch, view, views, step, d);
        float *points = target + view * view_stride;
        EACH_POINT(i) EACH_POINT(j)
          VM_STORE(points + (i * POINTS + j) * point_stride, d[i * POINTS + j]);
      }
    }
  }
}

static void NAME(tiles_by_channel)(
  const vm_winograd *shape, vm_planes images, long channels, long first_tile, long tiles, long depth,
  long first_depth, float *right, long point_stride, long view_stride) {
  if (shape->views == 1)
    NAME(tiles_by_channel_of)(
      shape, images, channels, first_tile, tiles, depth, first_depth, right, point_stride,
      view_stride, 1, 1);
  else
    NAME(tiles_by_channel_of)(
      shape, images, channels, first_tile, tiles, depth, first_depth, right, point_stride,
      view_stride, 4, 2);
}

static void NAME(results)(
  const vm_winograd *shape, const float *products, long point_stride, long row_stride,
  long filters, long first_tile, long tiles, const float *bias, int relu, vm_planes results) {
  for (long first = 0; first < tiles; first += VM_PANEL_COLUMNS) {
    const long here = tiles - first < VM_PANEL_COLUMNS ? tiles - first : VM_PANEL_COLUMNS;
    tile_panel panel;
    find_places(shape, results.step == 1, first_tile + first, here, TILE, 0, 0, &panel);
    for (long o = 0; o < filters; o++) {
      float *plane = results.pixels + o * results.plane_stride;
      for (long start = 0; start < here; start += VM_PANEL_LANES) {
        const tile_place *places = panel.places + start;
        const float *source = products + o * row_stride + first + start;
        vm_lanes half[TILE * POINTS], y[TILE * TILE];
        EACH_POINT(j) {
          vm_lanes m[POINTS];
          EACH_POINT(i) m[i] = VM_LOAD(source + (i * POINTS + j) * point_stride);
          TRANSFORM(products)(m, half + j, POINTS);
        }
        for (long i = 0; i < TILE; i++) TRANSFORM(products)(half + i * POINTS, y + i * TILE, 1);
        if (bias)
          for (long i = 0; i < TILE * TILE; i++) y[i] += VM_REPEAT(bias[o]);
        if (relu)
          for (long i = 0; i < TILE * TILE; i++) y[i] = (vm_lanes)((vm_bits)y[i] & ~(y[i] < 0));
        if (panel.in_line[start / VM_PANEL_LANES]) {
          VM_JOIN(write_line, ISA)(
            results, plane + places[0].image * results.image_stride, places[0], y);
        } else {
          const long count = here - start < VM_PANEL_LANES ? here - start : VM_PANEL_LANES;
          VM_JOIN(write_results, ISA)(results, plane, places, count, y);
        }
      }
    }
  }
}

static void NAME(cotangents)(
  const vm_winograd *shape, vm_planes results, long filters, long first_tile, long tiles,
  long depth, long first_depth, float *left, long point_stride) {
  for (long t = 0; t < tiles; t++) {
    tile_place places[VM_PANEL_LANES];
    for (long lane = 0; lane < VM_PANEL_LANES; lane++)
      places[lane] = place_of(shape, first_tile + t, TILE, 0, 0);
    for (long o = 0; o < filters; o += VM_PANEL_LANES) {
      const long count = filters - o < VM_PANEL_LANES ? filters - o : VM_PANEL_LANES;
      const float *planes[VM_PANEL_LANES];
      for (long lane = 0; lane < count; lane++)
        planes[lane] = results.pixels + places[0].image * results.image_stride +
          (o + lane) * results.plane_stride;
      vm_lanes y[TILE * TILE], half[POINTS * TILE], z[POINTS * POINTS];
      VM_JOIN(read_results, ISA)(results, planes, places, count, y);
      for (long j = 0; j < TILE; j++) TRANSFORM(results)(y + j, TILE, half + j, TILE);
      EACH_POINT(i) TRANSFORM(results)(half + i * TILE, 1, z + i * POINTS, 1);
      float *target = left + o * depth + (first_depth + t) * VM_PANEL_ROWS;
      EACH_POINT(i) EACH_POINT(j)
        STORE_TWO_PANELS(
          target + (i * POINTS + j) * point_stride, VM_PANEL_ROWS * depth, z[i * POINTS + j], count);
    }
  }
}

static void NAME(weights)(
  long filters, long channels, const float *w, long out_stride, long in_stride,
  const long *offsets, long depth, long first_channel, float *left, long point_stride) {
  for (long o = 0; o < filters; o += VM_PANEL_LANES) {
    const long count = filters - o < VM_PANEL_LANES ? filters - o : VM_PANEL_LANES;
    for (long c = 0; c < channels; c++) {
      vm_lanes g[TAPS * TAPS], half[POINTS * TAPS], v[POINTS * POINTS];
      memset(g, 0, sizeof g);
      for (long lane = 0; lane < count; lane++) {
        const float *source = w + (o + lane) * out_stride + c * in_stride;
        for (long k = 0; k < TAPS * TAPS; k++) ((float *)&g[k])[lane] = source[offsets[k]];
      }
      for (long b = 0; b < TAPS; b++) TRANSFORM(weights)(g + b, TAPS, half + b, TAPS);
      EACH_POINT(i) TRANSFORM(weights)(half + i * TAPS, 1, v + i * POINTS, 1);
      float *target = left + o * depth + (first_channel + c) * VM_PANEL_ROWS;
      EACH_POINT(i) EACH_POINT(j)
        STORE_TWO_PANELS(
          target + (i * POINTS + j) * point_stride, VM_PANEL_ROWS * depth, v[i * POINTS + j], count);
    }
  }
}

static void NAME(weight_gradient)(
  long filters, long channels, const float *products, long point_stride, long row_stride, float *w,
  long out_stride, long in_stride, const long *offsets) {
  for (long o = 0; o < filters; o++)
    for (long c = 0; c < channels; c += VM_PANEL_LANES) {
      const long count = channels - c < VM_PANEL_LANES ? channels - c : VM_PANEL_LANES;
      const float *source = products + o * row_stride + c;
      vm_lanes half[TAPS * POINTS], g[TAPS * TAPS];
      EACH_POINT(j) {
        vm_lanes x[POINTS];
        EACH_POINT(i) x[i] = VM_LOAD(source + (i * POINTS + j) * point_stride);
        TRANSFORM(gradient)(x, half + j, POINTS);
      }
      for (long a = 0; a < TAPS; a++) TRANSFORM(gradient)(half + a * POINTS, g + a * TAPS, 1);
      for (long lane = 0; lane < count; lane++) {
        float *target = w + o * out_stride + (c + lane) * in_stride;
        for (long k = 0; k < TAPS * TAPS; k++) target[offsets[k]] = ((const float *)&g[k])[lane];
      }
    }
}

#undef EACH_POINT
#undef PATCH_ROW
#undef TRANSFORM
#undef NAME
#undef POINTS
