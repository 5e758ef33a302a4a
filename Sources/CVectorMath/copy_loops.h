/// The loops of copy.c for one element type. Included once per type with ELEMENT and NAME
/// defined; undefines them.

/// One run along the innermost dimension.
VM_INLINE void NAME(copy_run)(
  long n, long source_stride, long target_stride, const ELEMENT *restrict source,
  ELEMENT *restrict target) {
  if (target_stride == 1 && source_stride == 1) {
    // A call costs more than copying a few elements.
    if (n >= 16) {
      memcpy(target, source, (size_t)n * sizeof(ELEMENT));
    } else {
      for (long i = 0; i < n; i++) target[i] = source[i];
    }
  } else if (target_stride == 1 && source_stride == 0) {
    const ELEMENT value = *source;
    for (long i = 0; i < n; i++) target[i] = value;
  } else if (target_stride == 1 && source_stride == 2) {
    for (long i = 0; i < n; i++) target[i] = source[2 * i];
  } else {
    for (long i = 0; i < n; i++) target[i * target_stride] = source[i * source_stride];
  }
}

/// target[r * target_stride + c] = source[c * source_stride + r], in tiles that fit the first
/// cache on both sides, and in those by squares of 4 that fit the registers. Interleaving the
/// first half of a square's rows with the second, twice, transposes it.
VM_INLINE void NAME(transpose)(
  long rows, long columns, long source_stride, long target_stride, const ELEMENT *restrict source,
  ELEMENT *restrict target) {
  typedef ELEMENT quad __attribute__((ext_vector_type(4), aligned(sizeof(ELEMENT))));
  enum { TILE = 16 };
  for (long top = 0; top < rows; top += TILE) {
    const long bottom = top + TILE < rows ? top + TILE : rows;
    for (long left = 0; left < columns; left += TILE) {
      const long right = left + TILE < columns ? left + TILE : columns;
      long r = top;
      for (; r + 4 <= bottom; r += 4) {
        long c = left;
        for (; c + 4 <= right; c += 4) {
          const ELEMENT *from = source + c * source_stride + r;
          ELEMENT *to = target + r * target_stride + c;
          quad a[4], b[4];
          for (int k = 0; k < 4; k++) a[k] = *(const quad *)(from + k * source_stride);
          for (int k = 0; k < 2; k++) {
            b[2 * k] = __builtin_shufflevector(a[k], a[k + 2], 0, 4, 1, 5);
            b[2 * k + 1] = __builtin_shufflevector(a[k], a[k + 2], 2, 6, 3, 7);
          }
          for (int k = 0; k < 2; k++) {
            *(quad *)(to + 2 * k * target_stride)
              = __builtin_shufflevector(b[k], b[k + 2], 0, 4, 1, 5);
            *(quad *)(to + (2 * k + 1) * target_stride)
              = __builtin_shufflevector(b[k], b[k + 2], 2, 6, 3, 7);
          }
        }
        for (; c < right; c++) {
          for (int k = 0; k < 4; k++) {
            target[(r + k) * target_stride + c] = source[c * source_stride + r + k];
          }
        }
      }
      for (; r < bottom; r++) {
        for (long c = left; c < right; c++) {
          target[r * target_stride + c] = source[c * source_stride + r];
        }
      }
    }
  }
}

VM_CLONES static void NAME(copy)(layout *l, const ELEMENT *source, ELEMENT *target) {
  const int inner = l->rank - 1;
  int transposed = 0;
  if (l->rank > 1 && l->target[inner] == 1 && magnitude(l->source[inner]) > 1) {
    for (int d = 0; d < inner && !transposed; d++) {
      if (l->source[d] == 1) {
        bring_next_to_last(l, d);
        transposed = 1;
      }
    }
  }
  const int outer = l->rank > 1 ? l->rank - 2 : 0;
  const long rows = l->rank > 1 ? l->dims[outer] : 1;
  long index[MAXIMUM_RANK] = {0};
  for (;;) {
    if (transposed) {
      NAME(transpose)(
        rows, l->dims[inner], l->source[inner], l->target[outer], source, target);
    } else {
      for (long r = 0; r < rows; r++) {
        NAME(copy_run)(
          l->dims[inner], l->source[inner], l->target[inner], source + r * l->source[outer],
          target + r * l->target[outer]);
      }
    }
    int d = outer - 1;
    for (; d >= 0; d--) {
      source += l->source[d];
      target += l->target[d];
      if (++index[d] < l->dims[d]) break;
      source -= l->source[d] * l->dims[d];
      target -= l->target[d] * l->dims[d];
      index[d] = 0;
    }
    if (d < 0) return;
  }
}

#undef ELEMENT
#undef NAME
