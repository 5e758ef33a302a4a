/// Winograd's transforms for one number of taps, `TAPS`, 16 tiles, filters or channels at a time.

#define POINTS (TAPS + 3)
#define NAME(name) VM_JOIN(name, TAPS)

/// Places of an array of lanes that are a row or a column of a tile.
#define EACH_POINT(i) for (long i = 0; i < POINTS; i++)

/// B-transposed applied to the columns, then to the rows.
VM_INLINE void NAME(transform_tile)(vm_lanes *d) {
  EACH_POINT(j) NAME(transform_pixels)(d + j, POINTS);
  EACH_POINT(i) NAME(transform_pixels)(d + i * POINTS, 1);
}

VM_CLONES static void NAME(tiles)(
  const vm_winograd *shape, vm_planes planes, long top, long left, long channels, long first_tile,
  long tiles, long depth, long first_channel, float *right, long point_stride) {
  for (long first = 0; first < tiles; first += VM_PANEL_COLUMNS) {
    const long width = panel_width(tiles, first);
    const long here = tiles - first < width ? tiles - first : width;
    tile_panel panel;
    find_places(shape, planes, first_tile + first, here, top, left, &panel);
    float *target = right + first * depth + first_channel * width;
    for (long c = 0; c < channels; c++) {
      const float *plane = planes.pixels + c * planes.plane_stride;
      for (long start = 0; start < here; start += VM_PANEL_LANES, target += VM_PANEL_LANES) {
        const tile_place *places = panel.places + start;
        vm_lanes d[POINTS * POINTS];
        if (panel.in_line[start / VM_PANEL_LANES]) {
          NAME(read_line)(planes, plane + places[0].image * planes.image_stride, places[0], d);
        } else {
          const long count = here - start < VM_PANEL_LANES ? here - start : VM_PANEL_LANES;
          if (count < VM_PANEL_LANES) memset(d, 0, sizeof d);
          for (long lane = 0; lane < count; lane++)
            NAME(read_tile)(
              planes, plane + places[lane].image * planes.image_stride, places[lane],
              (float *)d + lane);
        }
        NAME(transform_tile)(d);
        EACH_POINT(i) EACH_POINT(j)
          VM_STORE(target + (i * POINTS + j) * point_stride, d[i * POINTS + j]);
      }
    }
  }
}

VM_CLONES static void NAME(tiles_by_channel)(
  const vm_winograd *shape, vm_planes planes, long top, long left, long channels, long first_tile,
  long tiles, long depth, long first_depth, float *right, long point_stride) {
  for (long t = 0; t < tiles; t++) {
    const tile_place place = place_of(shape, first_tile + t, top, left);
    for (long c = 0; c < channels; c += VM_PANEL_LANES) {
      const long count = channels - c < VM_PANEL_LANES ? channels - c : VM_PANEL_LANES;
      vm_lanes d[POINTS * POINTS];
      if (count < VM_PANEL_LANES) memset(d, 0, sizeof d);
      for (long lane = 0; lane < count; lane++)
        NAME(read_tile)(
          planes,
          planes.pixels + place.image * planes.image_stride + (c + lane) * planes.plane_stride,
          place, (float *)d + lane);
      NAME(transform_tile)(d);
      const long panel = c / VM_PANEL_COLUMNS * VM_PANEL_COLUMNS;
      float *target =
        right + panel * depth + (first_depth + t) * panel_width(channels, panel) + (c - panel);
      EACH_POINT(i) EACH_POINT(j)
        VM_STORE(target + (i * POINTS + j) * point_stride, d[i * POINTS + j]);
    }
  }
}

VM_CLONES static void NAME(results)(
  const vm_winograd *shape, const float *products, long point_stride, long row_stride,
  long filters, long first_tile, long tiles, const float *bias, int relu, vm_planes planes) {
  for (long first = 0; first < tiles; first += VM_PANEL_COLUMNS) {
    const long here = tiles - first < VM_PANEL_COLUMNS ? tiles - first : VM_PANEL_COLUMNS;
    tile_panel panel;
    find_places(shape, planes, first_tile + first, here, 0, 0, &panel);
    for (long o = 0; o < filters; o++) {
      float *plane = planes.pixels + o * planes.plane_stride;
      for (long start = 0; start < here; start += VM_PANEL_LANES) {
        const tile_place *places = panel.places + start;
        const float *source = products + o * row_stride + first + start;
        vm_lanes half[TILE * POINTS], y[TILE * TILE];
        EACH_POINT(j) {
          vm_lanes m[POINTS];
          EACH_POINT(i) m[i] = VM_LOAD(source + (i * POINTS + j) * point_stride);
          NAME(transform_products)(m, half + j, POINTS);
        }
        for (long i = 0; i < TILE; i++)
          NAME(transform_products)(half + i * POINTS, y + i * TILE, 1);
        if (bias)
          for (long i = 0; i < TILE * TILE; i++) y[i] += VM_REPEAT(bias[o]);
        if (relu)
          for (long i = 0; i < TILE * TILE; i++) y[i] = (vm_lanes)((vm_bits)y[i] & ~(y[i] < 0));
        if (panel.in_line[start / VM_PANEL_LANES]) {
          write_line(planes, plane + places[0].image * planes.image_stride, places[0], y);
          continue;
        }
        for (long lane = 0; lane < VM_PANEL_LANES && start + lane < here; lane++)
          write_tile(
            planes, plane + places[lane].image * planes.image_stride, places[lane],
            (const float *)y + lane);
      }
    }
  }
}

VM_CLONES static void NAME(cotangents)(
  const vm_winograd *shape, vm_planes planes, long filters, long first_tile, long tiles,
  long depth, long first_depth, float *left, long point_stride) {
  for (long t = 0; t < tiles; t++) {
    const tile_place place = place_of(shape, first_tile + t, 0, 0);
    for (long o = 0; o < filters; o += VM_PANEL_LANES) {
      const long count = filters - o < VM_PANEL_LANES ? filters - o : VM_PANEL_LANES;
      vm_lanes y[TILE * TILE], half[POINTS * TILE], z[POINTS * POINTS];
      memset(y, 0, sizeof y);
      for (long lane = 0; lane < count; lane++)
        read_result(
          planes,
          planes.pixels + place.image * planes.image_stride + (o + lane) * planes.plane_stride,
          place, (float *)y + lane);
      for (long j = 0; j < TILE; j++) NAME(transform_results)(y + j, TILE, half + j, TILE);
      EACH_POINT(i) NAME(transform_results)(half + i * TILE, 1, z + i * POINTS, 1);
      float *target = left + o * depth + (first_depth + t) * VM_PANEL_ROWS;
      EACH_POINT(i) EACH_POINT(j) {
        const float *lanes = (const float *)&z[i * POINTS + j];
        float *place = target + (i * POINTS + j) * point_stride;
        memcpy(place, lanes, VM_PANEL_ROWS * sizeof(float));
        if (count > VM_PANEL_ROWS)
          memcpy(
            place + VM_PANEL_ROWS * depth, lanes + VM_PANEL_ROWS, VM_PANEL_ROWS * sizeof(float));
      }
    }
  }
}

VM_CLONES static void NAME(weights)(
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
      for (long b = 0; b < TAPS; b++) NAME(transform_weights)(g + b, TAPS, half + b, TAPS);
      EACH_POINT(i) NAME(transform_weights)(half + i * TAPS, 1, v + i * POINTS, 1);
      float *target = left + o * depth + (first_channel + c) * VM_PANEL_ROWS;
      EACH_POINT(i) EACH_POINT(j) {
        const float *lanes = (const float *)&v[i * POINTS + j];
        float *place = target + (i * POINTS + j) * point_stride;
        memcpy(place, lanes, VM_PANEL_ROWS * sizeof(float));
        if (count > VM_PANEL_ROWS)
          memcpy(
            place + VM_PANEL_ROWS * depth, lanes + VM_PANEL_ROWS, VM_PANEL_ROWS * sizeof(float));
      }
    }
  }
}

VM_CLONES static void NAME(weight_gradient)(
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
        NAME(transform_gradient)(x, half + j, POINTS);
      }
      for (long a = 0; a < TAPS; a++) NAME(transform_gradient)(half + a * POINTS, g + a * TAPS, 1);
      for (long lane = 0; lane < count; lane++) {
        float *target = w + o * out_stride + (c + lane) * in_stride;
        for (long k = 0; k < TAPS * TAPS; k++) target[offsets[k]] = ((const float *)&g[k])[lane];
      }
    }
}

#undef EACH_POINT
#undef NAME
#undef POINTS
