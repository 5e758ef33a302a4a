/// The stages of one of Winograd's algorithms, given by `TAPS` and `TILE`, for one instruction set.

#define POINTS (TAPS + TILE - 1)
#define NAME(name) VM_JOIN(VM_JOIN(VM_JOIN(name, TAPS), VM_JOIN(_, TILE)), ISA)
#define BY_POINTS(name) VM_JOIN(name, POINTS_NAME)
#define EACH_POINT(i) for (long i = 0; i < POINTS; i++)

static void NAME(patches)(
  const vm_channel_tiles *tiles, const float *pixels, long first, vm_channel_places places, float *targets) {
  for (long ty = 0; ty < tiles->tile_rows; ty++)
    for (long tx = 0; tx < tiles->tile_columns; tx++, first++) {
      float *target = targets + tile_place(places, first);
      const float *source = pixels + ty * tiles->down + tx * tiles->across;
      vm_lanes half[POINTS * POINTS];
      EACH_POINT(j)
        BY_POINTS(patch)(
          source + j * tiles->step, tiles->row_stride, (float *)(half + j), POINTS * LANES);
      EACH_POINT(i)
        BY_POINTS(patch)(
          (const float *)(half + i * POINTS), LANES, target + i * POINTS * places.point_stride,
          places.point_stride);
    }
}

static void NAME(cotangents)(
  const vm_channel_tiles *tiles, const float *pixels, long channels, long depth, float *left,
  long point_stride) {
  for (long ty = 0; ty < tiles->tile_rows; ty++)
    for (long tx = 0; tx < tiles->tile_columns; tx++, left += VM_PANEL_ROWS) {
      const float *source = pixels + ty * tiles->down + tx * tiles->across;
      vm_lanes half[POINTS * TILE], z[POINTS];
      for (long j = 0; j < TILE; j++)
        BY_POINTS(cotangent)(
          TILE, source + j * tiles->step, tiles->row_stride, (float *)(half + j), TILE * LANES);
      EACH_POINT(i) {
        BY_POINTS(cotangent)(TILE, (const float *)(half + i * TILE), LANES, (float *)z, LANES);
        EACH_POINT(j) {
          float *place = left + (i * POINTS + j) * point_stride;
          VM_STORE_TWO_PANELS(place, VM_PANEL_ROWS * depth, z[j], channels);
        }
      }
    }
}

static void NAME(results)(
  const vm_channel_tiles *tiles, const float *products, long first, vm_channel_places places,
  const float *bias, long channels, int relu, float *pixels) {
  vm_lanes shift = VM_REPEAT(0);
  if (bias) memcpy(&shift, bias, (size_t)channels * sizeof(float));
  for (long ty = 0; ty < tiles->tile_rows; ty++)
    for (long tx = 0; tx < tiles->tile_columns; tx++, first++) {
      const float *source = products + tile_place(places, first);
      float *target = pixels + ty * tiles->down + tx * tiles->across;
      vm_lanes half[TILE * POINTS], y[TILE];
      EACH_POINT(j)
        BY_POINTS(product)(
          TILE, source + j * places.point_stride, POINTS * places.point_stride,
          (float *)(half + j), POINTS * LANES);
      for (long i = 0; i < TILE; i++) {
        BY_POINTS(product)(TILE, (const float *)(half + i * POINTS), LANES, (float *)y, LANES);
        for (long j = 0; j < TILE; j++) {
          vm_lanes x = y[j] + shift;
          if (relu) x = (vm_lanes)((vm_bits)x & ~(x < 0));
          VM_STORE(target + i * tiles->row_stride + j * tiles->step, x);
        }
      }
    }
}

static void NAME(weights)(
  const vm_channel_window *shape, const float *w, long filters, long channels, long depth,
  long first_depth, float *right, long point_stride) {
  for (long o = 0; o < filters; o += LANES) {
    for (long c = 0; c < LANES; c++) {
      vm_lanes window[LANES];
      for (long lane = 0; lane < LANES; lane++) {
        window[lane] = VM_REPEAT(0);
        if (c < channels && o + lane < filters)
          LOAD_SOME(
            w + (o + lane) * shape->out_stride + c * shape->in_stride, (1u << shape->window) - 1,
            window + lane);
      }
      VM_JOIN(transpose, ISA)(window);
      for (long view = 0; view < shape->views; view++) {
        const long *offsets = shape->offsets + view * TAPS * TAPS;
        float *target = right + o * depth + (first_depth + view * LANES + c) * VM_PANEL_LANES;
        vm_lanes g[TAPS * TAPS], half[POINTS * TAPS];
        for (long k = 0; k < TAPS * TAPS; k++) g[k] = window[offsets[k]];
        for (long b = 0; b < TAPS; b++)
          BY_POINTS(weight)(
            TAPS, (const float *)(g + b), TAPS * LANES, (float *)(half + b), TAPS * LANES);
        EACH_POINT(i)
          BY_POINTS(weight)(
            TAPS, (const float *)(half + i * TAPS), LANES, target + i * POINTS * point_stride,
            point_stride);
      }
    }
  }
}

static void NAME(weight_gradient)(
  const vm_channel_window *shape, const float *products, long row_stride, long point_stride,
  long view_stride, long filters, long channels, float *w) {
  for (long o = 0; o < filters; o++)
    for (long c = 0; c < channels; c += LANES) {
      vm_lanes window[LANES], half[TAPS * POINTS], g[TAPS];
      for (long k = 0; k < LANES; k++) window[k] = VM_REPEAT(0);
      for (long view = 0; view < shape->views; view++) {
        const long *offsets = shape->offsets + view * TAPS * TAPS;
        const float *source = products + view * view_stride + o * row_stride + c;
        EACH_POINT(j)
          BY_POINTS(gradient)(
            TAPS, source + j * point_stride, POINTS * point_stride, (float *)(half + j),
            POINTS * LANES);
        for (long a = 0; a < TAPS; a++) {
          BY_POINTS(gradient)(TAPS, (const float *)(half + a * POINTS), LANES, (float *)g, LANES);
          for (long b = 0; b < TAPS; b++) window[offsets[a * TAPS + b]] = g[b];
        }
      }
      VM_JOIN(transpose, ISA)(window);
      for (long lane = 0; lane < LANES && c + lane < channels; lane++)
        memcpy(
          w + o * shape->out_stride + (c + lane) * shape->in_stride, window + lane,
          (size_t)shape->window * sizeof(float));
    }
}

#undef EACH_POINT
#undef BY_POINTS
#undef NAME
#undef POINTS
