/// One instruction set's version of the product: `ISA` is the suffix of its names and
/// `MULTIPLY_ADD(a, b, c)` its a * b + c; its tiles have up to `MOST_ROWS` rows and `MOST_VECTORS` vectors,
/// and `LOAD_SOME` and `STORE_SOME` touch the first few places of a vector. `FORM` names the form of the
/// left operand, and LEFT_PLACE(i, d) is the place of element (i, d) in a panel. Results are finished in
/// the registers that they were summed in.

/// Where a pair of rows begins: a tile of 6 rows may reach from one panel of 8 into the next.
#if MOST_ROWS == 6
#define PAIR(x, i, row_stride) (x)[(i) / 2]
#else
#define PAIR(x, i, row_stride) ((x)[0] + (i) / 2 * 2 * (row_stride))
#endif

#define KERNEL(rows, vectors)                                                                    \
  VM_JOIN(VM_JOIN(VM_JOIN(VM_JOIN(kernel_, FORM), rows), VM_JOIN(_, vectors)), ISA)

/// For each row i and vector j of the results.
#define EACH(rows, vectors, action)                                                              \
  for (int i = 0; i < rows; i++)                                                                 \
    for (int j = 0; j < vectors; j++) action

#define RESULT(i, j) (PAIR(c, i, row_stride) + (i) % 2 * row_stride + (j) * VM_PANEL_LANES)

/// `rows` rows of a left operand times `vectors` right panels, `panel` floats apart, in registers; `a`
/// and `c` are where pairs of rows and of their results begin.
#define DEFINE_KERNEL(rows, vectors)                                                             \
  static void KERNEL(rows, vectors)(                                                             \
    long depth, const float *const *a, long left_stride, long left_depth_stride,                 \
    const float *restrict b, long panel, float *const *c, long row_stride, long columns, int adds, \
    const float *row_bias, const float *column_bias, int relu) {                                 \
    (void)left_stride;                                                                           \
    (void)left_depth_stride;                                                                     \
    const float *restrict pair[(rows + 1) / 2];                                                  \
    for (int i = 0; i < rows; i += 2) pair[i / 2] = PAIR(a, i, LEFT_PLACE(1, 0));                \
    vm_lanes sum[rows][vectors];                                                                 \
    EACH(rows, vectors, sum[i][j] = VM_REPEAT(0);)                                               \
    for (long d = 0; d < depth; d++) {                                                           \
      vm_lanes right[vectors];                                                                   \
      for (int j = 0; j < vectors; j++)                                                          \
        right[j] = VM_LOAD(b + d * VM_PANEL_LANES + j * panel);                                  \
      for (int i = 0; i < rows; i++) {                                                           \
        const float x = pair[i / 2][LEFT_PLACE(i % 2, d)];                                       \
        const vm_lanes left = VM_REPEAT(x);                                                      \
        for (int j = 0; j < vectors; j++) sum[i][j] = MULTIPLY_ADD(left, right[j], sum[i][j]);   \
      }                                                                                          \
    }                                                                                            \
    /* The last vector may reach beyond the columns. */                                          \
    const long last = columns - (vectors - 1) * VM_PANEL_LANES;                                  \
    if (adds) EACH(rows, vectors, {                                                              \
      const float *place = RESULT(i, j);                                                         \
      vm_lanes before;                                                                           \
      if (j < vectors - 1) before = VM_LOAD(place);                                              \
      else LOAD_SOME(before, place, last);                                                       \
      sum[i][j] += before;                                                                       \
    })                                                                                           \
    if (row_bias) EACH(rows, vectors, sum[i][j] += VM_REPEAT(row_bias[i]);)                      \
    if (column_bias) {                                                                           \
      vm_lanes bias[vectors];                                                                    \
      for (int j = 0; j < vectors - 1; j++) bias[j] = VM_LOAD(column_bias + j * VM_PANEL_LANES); \
      LOAD_SOME(bias[vectors - 1], column_bias + (vectors - 1) * VM_PANEL_LANES, last);          \
      EACH(rows, vectors, sum[i][j] += bias[j];)                                                 \
    }                                                                                            \
    if (relu) EACH(rows, vectors, sum[i][j] = VM_POSITIVE(sum[i][j]);)                           \
    EACH(rows, vectors, {                                                                        \
      float *place = RESULT(i, j);                                                               \
      const vm_lanes value = sum[i][j];                                                          \
      if (j < vectors - 1) VM_STORE(place, value);                                               \
      else STORE_SOME(place, value, last);                                                       \
    })                                                                                           \
  }

#if MOST_VECTORS == 3
#define DEFINE_KERNELS(rows) DEFINE_KERNEL(rows, 1) DEFINE_KERNEL(rows, 2) DEFINE_KERNEL(rows, 3)
#else
#define DEFINE_KERNELS(rows) DEFINE_KERNEL(rows, 1)
#endif

DEFINE_KERNELS(1)
DEFINE_KERNELS(2)
DEFINE_KERNELS(4)
#if MOST_ROWS > 4
DEFINE_KERNELS(MOST_ROWS)
#endif

#define RUN_KERNEL(rows, vectors)                                                                \
  KERNEL(rows, vectors)                                                                          \
  (depth, a, left.row_stride, left.depth_stride, b, panel, c, results.row_stride, columns,       \
   results.adds, finish.row_bias ? finish.row_bias + row : 0, finish.column_bias, finish.relu)
#if MOST_VECTORS == 3
#define RUN_WIDTH(rows)                                                                          \
  do {                                                                                           \
    if (columns > 2 * VM_PANEL_LANES) RUN_KERNEL(rows, 3);                                       \
    else if (columns > VM_PANEL_LANES) RUN_KERNEL(rows, 2);                                      \
    else RUN_KERNEL(rows, 1);                                                                    \
  } while (0)
#else
#define RUN_WIDTH(rows) RUN_KERNEL(rows, 1)
#endif
#define RUN_KERNELS(rows)                                                                        \
  do {                                                                                           \
    const float *a[(rows + 1) / 2];                                                              \
    float *c[(rows + 1) / 2];                                                                    \
    for (int i = 0; i < rows; i += 2) {                                                          \
      const long eight = (row + i) / VM_PANEL_ROWS, place = (row + i) % VM_PANEL_ROWS;           \
      a[i / 2] = left.values + eight * left.panel_stride + place * left.row_stride;              \
      c[i / 2] = results.values + eight * results.panel_stride + place * results.row_stride;     \
    }                                                                                            \
    RUN_WIDTH(rows);                                                                             \
    row += rows;                                                                                 \
  } while (0)

/// A left operand times right panels that are `panel` floats apart. Eight rows are left to two tiles of four,
/// because tiles of two are slow.
static void VM_JOIN(FORM, ISA)(
  long rows, long columns, long depth, vm_left left, const float *b, long panel,
  vm_results results, vm_finish finish) {
  long row = 0;
#if MOST_ROWS > 4
  while (rows - row >= MOST_ROWS && (MOST_ROWS == 8 || rows - row != 8)) RUN_KERNELS(MOST_ROWS);
#endif
  while (rows - row >= 4) RUN_KERNELS(4);
  if (rows - row >= 2) RUN_KERNELS(2);
  if (rows - row == 1) RUN_KERNELS(1);
}

#undef EACH
#undef PAIR
#undef RESULT
#undef RUN_KERNELS
#undef RUN_WIDTH
#undef RUN_KERNEL
#undef DEFINE_KERNELS
#undef DEFINE_KERNEL
#undef KERNEL
