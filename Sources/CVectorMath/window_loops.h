/// The bodies of windows.c for one element type. Included once per type with REAL and SUFFIX
/// defined; undefines them.

#define NAME(stem) VM_JOIN(stem, SUFFIX)

/// The larger of both; NaN when either is.
VM_INLINE REAL NAME(larger)(REAL best, REAL x) { return x > best || x != x ? x : best; }

/// Whether x takes the place of the best so far: it is larger, or the first NaN.
VM_INLINE int NAME(wins)(REAL best, REAL x) { return (x > best) | ((x != x) & (best == best)); }

VM_INLINE void NAME(max_row)(span run, long stride, const REAL *x, REAL *y) {
  VM_PARALLEL for (long o = run.first; o < run.end; o++) {
    y[o] = NAME(larger)(y[o], x[o * stride]);
  }
}

VM_INLINE void NAME(max_row_places)(
  span run, long stride, long left, long at, const REAL *x, REAL *best, int32_t *y) {
  VM_PARALLEL for (long o = run.first; o < run.end; o++) {
    const REAL value = x[left + o * stride];
    const int taken = (y[o] < 0) | NAME(wins)(best[o], value);
    y[o] = taken ? (int32_t)(at + left + o * stride) : y[o];
    best[o] = taken ? value : best[o];
  }
}

VM_INLINE void NAME(add_row)(span run, long stride, const REAL *x, REAL *y) {
  VM_PARALLEL for (long o = run.first; o < run.end; o++) y[o] += x[o * stride];
}

/// Makes a stride that is common known to the compiler.
#define WITH_KNOWN_STRIDE(stride, call)            \
  switch (stride) {                                \
  case 1: { enum { STRIDE = 1 }; call; break; }    \
  case 2: { enum { STRIDE = 2 }; call; break; }    \
  default: { const long STRIDE = stride; call; }   \
  }

VM_CLONES void NAME(vm_max_pool)(vm_window w, const REAL *x, REAL *y) {
  if (is_halving(&w)) {
    FOR_EACH_ROW(&w) {
      const REAL *top = x + (d * w.extent[1] + 2 * h) * w.extent[2], *low = top + w.extent[2];
      VM_PARALLEL for (long o = 0; o < w.out[2]; o++) {
        const REAL a = NAME(larger)(top[2 * o], top[2 * o + 1]);
        const REAL b = NAME(larger)(low[2 * o], low[2 * o + 1]);
        y[o] = NAME(larger)(a, b);
      }
      y += w.out[2];
    }
    return;
  }
  FOR_EACH_ROW(&w) {
    for (long o = 0; o < w.out[2]; o++) y[o] = -INFINITY;
    FOR_EACH_PLACE(&w, d, h, WITH_KNOWN_STRIDE(
      w.stride[2], NAME(max_row)(run, STRIDE, x + at * w.extent[2] + left, y)))
    y += w.out[2];
  }
}

VM_CLONES void NAME(vm_max_pool_places)(vm_window w, const REAL *x, REAL *row, int32_t *y) {
  if (is_halving(&w)) {
    FOR_EACH_ROW(&w) {
      const long at = (d * w.extent[1] + 2 * h) * w.extent[2];
      const REAL *top = x + at, *low = top + w.extent[2];
      const int32_t first = (int32_t)at, next = (int32_t)w.extent[2];
      VM_PARALLEL for (int32_t o = 0; o < (int32_t)w.out[2]; o++) {
        const REAL b = top[2 * o + 1], c = low[2 * o], e = low[2 * o + 1];
        REAL best = top[2 * o];
        int32_t place = first + 2 * o;
        const int32_t corner = place;
        const int second = NAME(wins)(best, b);
        place = second ? corner + 1 : place;
        best = second ? b : best;
        const int third = NAME(wins)(best, c);
        place = third ? corner + next : place;
        best = third ? c : best;
        y[o] = NAME(wins)(best, e) ? corner + next + 1 : place;
      }
      y += w.out[2];
    }
    return;
  }
  FOR_EACH_ROW(&w) {
    for (long o = 0; o < w.out[2]; o++) y[o] = -1;
    FOR_EACH_PLACE(&w, d, h, {
      const long first = at * w.extent[2];
      WITH_KNOWN_STRIDE(
        w.stride[2], NAME(max_row_places)(run, STRIDE, left, first, x + first, row, y))
    })
    y += w.out[2];
  }
}

VM_CLONES void NAME(vm_average_pool)(vm_window w, const REAL *x, REAL *y) {
  FOR_EACH_ROW(&w) {
    for (long o = 0; o < w.out[2]; o++) y[o] = 0;
    FOR_EACH_PLACE(&w, d, h, WITH_KNOWN_STRIDE(
      w.stride[2], NAME(add_row)(run, STRIDE, x + at * w.extent[2] + left, y)))
    const long rows = counted(&w, 0, d) * counted(&w, 1, h);
    for (long o = 0; o < w.out[2]; o++) y[o] /= (REAL)(rows * counted(&w, 2, o));
    y += w.out[2];
  }
}

VM_CLONES void NAME(vm_average_pool_transpose)(vm_window w, const REAL *x, REAL *row, REAL *y) {
  const long volume = w.extent[0] * w.extent[1] * w.extent[2];
  for (long i = 0; i < volume; i++) y[i] = 0;
  FOR_EACH_ROW(&w) {
    const long rows = counted(&w, 0, d) * counted(&w, 1, h);
    for (long o = 0; o < w.out[2]; o++) row[o] = x[o] / (REAL)(rows * counted(&w, 2, o));
    FOR_EACH_PLACE(&w, d, h, {
      REAL *target = y + at * w.extent[2] + left;
      for (long o = run.first; o < run.end; o++) target[o * w.stride[2]] += row[o];
    })
    x += w.out[2];
  }
}

#undef WITH_KNOWN_STRIDE
#undef NAME
#undef REAL
#undef SUFFIX
