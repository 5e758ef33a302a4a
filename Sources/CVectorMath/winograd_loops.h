/// The stages of Winograd's algorithm for one number of taps, `TAPS`: 16 tiles, filters or channels
/// at a time.

#define POINTS (TAPS + 3)
#define NAME(name) VM_JOIN(VM_JOIN(name, TAPS), ISA)
#define BY_POINTS(name) VM_JOIN(name, POINTS_NAME)
/// Vectors of a row of a patch.
#define PATCH_ROW MOST_PIXELS

/// Places of an array of lanes that are a row or a column of a tile.
#define EACH_POINT(i) for (long i = 0; i < POINTS; i++)

/// One view of a patch, transformed: B-transposed applied to the columns, then to the rows.
VM_INLINE void NAME(transform_view)(
  const vm_lanes *patch, long view, long views, long step, vm_lanes *d) {
  const vm_lanes *first = views == 4 ? patch + view / 2 * PATCH_ROW + view % 2 : patch;
  EACH_POINT(j)
    BY_POINTS(patch)(
      (const float *)(first + j * step), step * PATCH_ROW * LANES, (float *)(d + j), POINTS * LANES);
  EACH_POINT(i)
    BY_POINTS(patch)((const float *)(d + i * POINTS), LANES, (float *)(d + i * POINTS), LANES);
}

VM_INLINE void NAME(tiles_of)(
  const vm_winograd *shape, vm_planes images, long channels, long first_tile, long tiles, long depth,
  long view_depth, float *right, long first_channel, long point_stride, long view_stride,
  const long views, const long step) {
  const long pixels = (POINTS - 1) * step + (views == 4 ? 2 : 1);
  for (long first = 0; first < tiles; first += LANES) {
    const long here = tiles - first < LANES ? tiles - first : LANES;
    const tile_group group = find_places(
      shape, shape->patch_distance == TILE, first_tile + first, here, shape->patch_distance,
      shape->patch_top, shape->patch_left);
    const tile_place place = group.places[0];
    patch_lanes lanes;
    find_lanes(images, group.places, here, pixels, &lanes);
    float *target = right + first * depth + first_channel * LANES;
    for (long c = 0; c < channels; c++, target += LANES) {
      const float *image =
        images.pixels + c * images.plane_stride + place.image * images.image_stride;
      vm_lanes patch[MOST_PIXELS * PATCH_ROW], d[POINTS * POINTS];
      for (long row = 0; row < pixels; row++) {
        vm_lanes *line = patch + row * PATCH_ROW;
        if (group.in_line) VM_JOIN(read_line, ISA)(images, image, place, row, line);
        else VM_JOIN(read_row, ISA)(image, &lanes, row, images.row_stride, pixels, line);
      }
      for (long view = 0; view < views; view++) {
        NAME(transform_view)(patch, view, views, step, d);
        float *points = target + view * (view_depth * LANES + view_stride);
        EACH_POINT(i) EACH_POINT(j)
          VM_STORE(points + (i * POINTS + j) * point_stride, d[i * POINTS + j]);
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

static void NAME(results)(
  const vm_winograd *shape, const float *products, long point_stride, long row_stride,
  long filters, long first_tile, long tiles, const float *bias, int relu, vm_planes results) {
  for (long first = 0; first < tiles; first += LANES) {
    const long here = tiles - first < LANES ? tiles - first : LANES;
    const tile_group group =
      find_places(shape, results.step == 1, first_tile + first, here, TILE, 0, 0);
    const tile_place *places = group.places;
    for (long o = 0; o < filters; o++) {
      float *plane = results.pixels + o * results.plane_stride;
      const float *source = products + o * row_stride + first;
      vm_lanes half[TILE * POINTS], y[TILE * TILE];
      EACH_POINT(j)
        BY_POINTS(product)(
          TILE, source + j * point_stride, POINTS * point_stride, (float *)(half + j),
          POINTS * LANES);
      for (long i = 0; i < TILE; i++)
        BY_POINTS(product)(
          TILE, (const float *)(half + i * POINTS), LANES, (float *)(y + i * TILE), LANES);
      if (bias)
        for (long i = 0; i < TILE * TILE; i++) y[i] += VM_REPEAT(bias[o]);
      if (relu)
        for (long i = 0; i < TILE * TILE; i++) y[i] = VM_POSITIVE(y[i]);
      if (group.in_line)
        VM_JOIN(write_line, ISA)(
          results, plane + places[0].image * results.image_stride, places[0], y);
      else VM_JOIN(write_results, ISA)(results, plane, places, here, y);
    }
  }
}

static void NAME(weights)(
  long filters, long channels, const float *w, long out_stride, long in_stride,
  const long *offsets, long depth, long first_channel, float *left, long point_stride) {
  for (long o = 0; o < filters; o += LANES) {
    const long count = filters - o < LANES ? filters - o : LANES;
    for (long c = 0; c < channels; c++) {
      vm_lanes g[TAPS * TAPS], half[POINTS * TAPS], v[POINTS * POINTS];
      memset(g, 0, sizeof g);
      for (long lane = 0; lane < count; lane++) {
        const float *source = w + (o + lane) * out_stride + c * in_stride;
        for (long k = 0; k < TAPS * TAPS; k++) ((float *)&g[k])[lane] = source[offsets[k]];
      }
      for (long b = 0; b < TAPS; b++)
        BY_POINTS(weight)(
          TAPS, (const float *)(g + b), TAPS * LANES, (float *)(half + b), TAPS * LANES);
      EACH_POINT(i)
        BY_POINTS(weight)(
          TAPS, (const float *)(half + i * TAPS), LANES, (float *)(v + i * POINTS), LANES);
      float *target = left + o * depth + (first_channel + c) * VM_PANEL_ROWS;
      EACH_POINT(i) EACH_POINT(j)
        VM_STORE_TWO_PANELS(
          target + (i * POINTS + j) * point_stride, VM_PANEL_ROWS * depth, v[i * POINTS + j], count);
    }
  }
}

#undef EACH_POINT
#undef PATCH_ROW
#undef BY_POINTS
#undef NAME
#undef POINTS
