/// The bodies of reductions.c for one element type. Included once per type with REAL and SUFFIX
/// defined; undefines them.
///
/// A row is reduced in 64 lanes, held as four vectors of 16: element i of a block goes to lane
/// i % 64, what is left of a row in vectors of 16 to the first vector, and the rest to its first
/// lanes. The lanes are then halved five times. Clang lowers a vector of 16 to whatever the
/// instruction set has, so the order of operations is the same for all.

typedef REAL VM_JOIN(lanes, SUFFIX) __attribute__((ext_vector_type(16), aligned(sizeof(REAL))));
#define LANES VM_JOIN(lanes, SUFFIX)

#define SUM(a, b) (a) + (b)
#define PROD(a, b) (a) * (b)
#define LARGER(a, b) (((b) > (a)) | ((b) != (b))) ? (b) : (a)
#define SMALLER(a, b) (((b) < (a)) | ((b) != (b))) ? (b) : (a)

/// Reduces at most one block of a row.
#define ROW_BLOCK(name, combine, identity)                                         \
  VM_INLINE REAL VM_JOIN(name, SUFFIX)(long n, const REAL *x) {                    \
    if (n < 16) {                                                                  \
      REAL value = identity;                                                       \
      for (long i = 0; i < n; i++) value = combine(value, x[i]);                   \
      return value;                                                                \
    }                                                                              \
    LANES p = identity, q = identity, r = identity, s = identity;                  \
    const LANES *vectors = (const LANES *)x;                                       \
    long i = 0;                                                                    \
    for (; i + 64 <= n; i += 64, vectors += 4) {                                   \
      p = combine(p, vectors[0]);                                                  \
      q = combine(q, vectors[1]);                                                  \
      r = combine(r, vectors[2]);                                                  \
      s = combine(s, vectors[3]);                                                  \
    }                                                                              \
    p = combine(p, q);                                                             \
    r = combine(r, s);                                                             \
    p = combine(p, r);                                                             \
    for (; i + 16 <= n; i += 16, vectors++) p = combine(p, vectors[0]);            \
    REAL lane[16];                                                                 \
    for (int k = 0; k < 16; k++) lane[k] = p[k];                                   \
    for (int k = 0; i < n; i++, k++) lane[k] = combine(lane[k], x[i]);             \
    for (int width = 8; width > 0; width /= 2) {                                   \
      for (int k = 0; k < width; k++) lane[k] = combine(lane[k], lane[k + width]); \
    }                                                                              \
    return lane[0];                                                                \
  }

/// Blocks of 4096 elements are combined in pairs, as the carries of a binary counter: a rounding
/// error grows with the logarithm of a row's length.
#define ROWS(name, combine, identity)                             \
  ROW_BLOCK(VM_JOIN(name, _block), combine, identity)             \
  VM_CLONES static void VM_JOIN(name, SUFFIX)(                    \
    long rows, long n, const REAL *x, long row_stride, REAL *y) { \
    for (long row = 0; row < rows; row++, x += row_stride) {      \
      REAL pending[52];                                           \
      int depth = 0;                                              \
      for (long block = 0; block * 4096 < n; block++) {           \
        const long left = n - block * 4096;                       \
        REAL value = VM_JOIN(VM_JOIN(name, _block), SUFFIX)(      \
          left < 4096 ? left : 4096, x + block * 4096);           \
        for (long full = block; full & 1; full >>= 1) {           \
          depth--;                                                \
          value = combine(pending[depth], value);                 \
        }                                                         \
        pending[depth++] = value;                                 \
      }                                                           \
      REAL value = identity;                                      \
      if (depth > 0) value = pending[--depth];                    \
      while (depth > 0) {                                         \
        depth--;                                                  \
        value = combine(pending[depth], value);                   \
      }                                                           \
      y[row] = value;                                             \
    }                                                             \
  }

ROWS(sum_rows, SUM, 0)
ROWS(product_rows, PROD, 1)
ROWS(largest_rows, LARGER, -INFINITY)
ROWS(smallest_rows, SMALLER, INFINITY)

void VM_JOIN(vm_reduce_rows, SUFFIX)(
  int op, long rows, long n, const REAL *x, long row_stride, REAL *y) {
  switch ((enum vm_reduce_op)op) {
  case VM_REDUCE_SUM: VM_JOIN(sum_rows, SUFFIX)(rows, n, x, row_stride, y); break;
  case VM_REDUCE_PROD: VM_JOIN(product_rows, SUFFIX)(rows, n, x, row_stride, y); break;
  case VM_REDUCE_MAX: VM_JOIN(largest_rows, SUFFIX)(rows, n, x, row_stride, y); break;
  case VM_REDUCE_MIN: VM_JOIN(smallest_rows, SUFFIX)(rows, n, x, row_stride, y); break;
  }
}

/// Columns are taken 256 at a time, and 64 rows are combined among themselves before they join
/// the result: fewer passes over it, and rounding errors that grow with the square root.
#define COLUMNS(name, combine, identity)                                             \
  VM_CLONES static void VM_JOIN(name, SUFFIX)(                                       \
    long rows, long n, const REAL *x, long row_stride, REAL *y, int first) {         \
    for (long left = 0; left < n; left += 256) {                                     \
      const long width = n - left < 256 ? n - left : 256;                            \
      REAL *restrict result = y + left;                                              \
      if (first) {                                                                   \
        for (long j = 0; j < width; j++) result[j] = identity;                       \
      }                                                                              \
      for (long top = 0; top < rows; top += 64) {                                    \
        const long height = rows - top < 64 ? rows - top : 64;                       \
        const REAL *restrict row = x + top * row_stride + left;                      \
        REAL partial[256];                                                           \
        for (long j = 0; j < width; j++) partial[j] = row[j];                        \
        for (long i = 1; i < height; i++) {                                          \
          row += row_stride;                                                         \
          for (long j = 0; j < width; j++) partial[j] = combine(partial[j], row[j]); \
        }                                                                            \
        for (long j = 0; j < width; j++) result[j] = combine(result[j], partial[j]); \
      }                                                                              \
    }                                                                                \
  }

COLUMNS(sum_columns, SUM, 0)
COLUMNS(product_columns, PROD, 1)
COLUMNS(largest_columns, LARGER, -INFINITY)
COLUMNS(smallest_columns, SMALLER, INFINITY)

void VM_JOIN(vm_reduce_columns, SUFFIX)(
  int op, long rows, long n, const REAL *x, long row_stride, REAL *y, int first) {
  switch ((enum vm_reduce_op)op) {
  case VM_REDUCE_SUM: VM_JOIN(sum_columns, SUFFIX)(rows, n, x, row_stride, y, first); break;
  case VM_REDUCE_PROD: VM_JOIN(product_columns, SUFFIX)(rows, n, x, row_stride, y, first); break;
  case VM_REDUCE_MAX: VM_JOIN(largest_columns, SUFFIX)(rows, n, x, row_stride, y, first); break;
  case VM_REDUCE_MIN: VM_JOIN(smallest_columns, SUFFIX)(rows, n, x, row_stride, y, first); break;
  }
}

/// The first place of `value` in a row that holds it; of the first NaN if value is NaN.
VM_INLINE long VM_JOIN(first_place, SUFFIX)(long n, const REAL *x, REAL value) {
  long i = 0;
  for (; i + 64 <= n; i += 64) {
    int found = 0;
    for (int k = 0; k < 64; k++) found |= (x[i + k] == value) | (x[i + k] != x[i + k]);
    if (found) break;
  }
  while (i < n - 1 && x[i] == x[i] && x[i] != value) i++;
  return i;
}

VM_CLONES void VM_JOIN(vm_arg_rows, SUFFIX)(
  int maximum, long rows, long n, const REAL *x, long row_stride, int32_t *y) {
  for (long row = 0; row < rows; row++, x += row_stride) {
    REAL value;
    if (maximum) {
      VM_JOIN(largest_rows, SUFFIX)(1, n, x, row_stride, &value);
    } else {
      VM_JOIN(smallest_rows, SUFFIX)(1, n, x, row_stride, &value);
    }
    y[row] = (int32_t)VM_JOIN(first_place, SUFFIX)(n, x, value);
  }
}

#undef LANES
#undef SUM
#undef PROD
#undef LARGER
#undef SMALLER
#undef ROW_BLOCK
#undef ROWS
#undef COLUMNS
#undef REAL
#undef SUFFIX
