/// The bodies of resampling.c for one element type. Included once per type with REAL and SUFFIX
/// defined; undefines them.

#define NAME(stem) VM_JOIN(stem, SUFFIX)

VM_CLONES void NAME(vm_resample_nearest)(
  vm_resampling p, const REAL *x, REAL *scratch, REAL *y) {
  int32_t *columns = (int32_t *)scratch;
  for (long j = 0; j < p.out_width; j++) {
    columns[j] = (int32_t)nearest(j, p.width, p.out_width);
  }
  long drawn = -1;
  for (long i = 0; i < p.out_height; i++, y += p.out_width) {
    const long row = nearest(i, p.height, p.out_height);
    const REAL *from = x + row * p.width;
    if (row == drawn) {
      memcpy(y, y - p.out_width, (size_t)p.out_width * sizeof(REAL));
    } else if (p.out_width == 2 * p.width) {
      VM_PARALLEL for (long j = 0; j < p.width; j++) {
        y[2 * j] = from[j];
        y[2 * j + 1] = from[j];
      }
    } else {
      for (long j = 0; j < p.out_width; j++) y[j] = from[columns[j]];
    }
    drawn = row;
  }
}

VM_CLONES void NAME(vm_resample_nearest_transpose)(
  vm_resampling p, const REAL *x, REAL *scratch, REAL *y) {
  int32_t *columns = (int32_t *)scratch;
  for (long j = 0; j < p.out_width; j++) {
    columns[j] = (int32_t)nearest(j, p.width, p.out_width);
  }
  for (long i = 0; i < p.height * p.width; i++) y[i] = 0;
  for (long i = 0; i < p.out_height; i++, x += p.out_width) {
    REAL *to = y + nearest(i, p.height, p.out_height) * p.width;
    if (p.out_width == 2 * p.width) {
      VM_PARALLEL for (long j = 0; j < p.width; j++) to[j] += x[2 * j] + x[2 * j + 1];
    } else {
      for (long j = 0; j < p.out_width; j++) to[columns[j]] += x[j];
    }
  }
}

/// The places of all columns, in memory that a caller gave: shares, then pixels.
typedef struct {
  REAL *share;
  int32_t *low, *high;
} NAME(columns);

VM_INLINE NAME(columns) NAME(columns_of)(const vm_resampling *p, REAL *scratch) {
  NAME(columns) all = {scratch, (int32_t *)(scratch + p->out_width),
                       (int32_t *)(scratch + 2 * p->out_width)};
  for (long j = 0; j < p->out_width; j++) {
    const place at = around(j, p->width, p->out_width, p->aligns_corners);
    all.share[j] = (REAL)at.share;
    all.low[j] = (int32_t)at.low;
    all.high[j] = (int32_t)at.high;
  }
  return all;
}

VM_CLONES void NAME(vm_resample_bilinear)(
  vm_resampling p, const REAL *x, REAL *scratch, REAL *y) {
  const NAME(columns) columns = NAME(columns_of)(&p, scratch);
  REAL *restrict row = scratch + 3 * p.out_width;
  for (long i = 0; i < p.out_height; i++, y += p.out_width) {
    const place at = around(i, p.height, p.out_height, p.aligns_corners);
    const REAL share = (REAL)at.share, rest = 1 - share;
    const REAL *low = x + at.low * p.width, *high = x + at.high * p.width;
    VM_PARALLEL for (long j = 0; j < p.width; j++) row[j] = low[j] * rest + high[j] * share;
    VM_PARALLEL for (long j = 0; j < p.out_width; j++) {
      y[j] = row[columns.low[j]] * (1 - columns.share[j]) + row[columns.high[j]] * columns.share[j];
    }
  }
}

VM_CLONES void NAME(vm_resample_bilinear_transpose)(
  vm_resampling p, const REAL *x, REAL *scratch, REAL *y) {
  const NAME(columns) columns = NAME(columns_of)(&p, scratch);
  REAL *restrict row = scratch + 3 * p.out_width;
  for (long i = 0; i < p.height * p.width; i++) y[i] = 0;
  for (long i = 0; i < p.out_height; i++, x += p.out_width) {
    const place at = around(i, p.height, p.out_height, p.aligns_corners);
    const REAL share = (REAL)at.share, rest = 1 - share;
    for (long j = 0; j < p.width; j++) row[j] = 0;
    for (long j = 0; j < p.out_width; j++) {
      row[columns.low[j]] += x[j] * (1 - columns.share[j]);
      row[columns.high[j]] += x[j] * columns.share[j];
    }
    // Both rows may be the same one: one after the other.
    REAL *low = y + at.low * p.width, *high = y + at.high * p.width;
    VM_PARALLEL for (long j = 0; j < p.width; j++) low[j] += row[j] * rest;
    VM_PARALLEL for (long j = 0; j < p.width; j++) high[j] += row[j] * share;
  }
}

#undef NAME
#undef REAL
#undef SUFFIX
