/// One instruction set's version of the panel product: `ISA` is the suffix of its names and
/// `MULTIPLY_ADD(a, b, c)` its a * b + c; its tiles have up to `MOST_ROWS` rows and `MOST_VECTORS` vectors,
/// and `LOAD_SOME` and `STORE_SOME` touch the first few places of a vector. `FORM` names the form of the
/// left operand, element (i, d) of which is a[LEFT_PLACE(i, d)]. Results are finished in the registers
/// that they were summed in.

#define KERNEL(rows, vectors) \
  VM_JOIN(VM_JOIN(VM_JOIN(VM_JOIN(kernel_, FORM), rows), VM_JOIN(_, vectors)), ISA)

/// For each row i and vector j of the results.
#define EACH(rows, vectors, action)    \
  for (int i = 0; i < rows; i++)       \
    for (int j = 0; j < vectors; j++) action

/// `rows` rows of a left panel times `vectors` vectors of a right panel of `width`, in registers.
#define DEFINE_KERNEL(rows, vectors)                                                           \
  static void KERNEL(rows, vectors)(                                                           \
    long depth, const float *restrict a, long left_stride, long left_depth_stride,             \
    const float *restrict b, long width, float *restrict c, long row_stride, long columns,     \
    int adds, const float *row_bias, const float *column_bias, int relu) {                     \
    (void)left_stride;                                                                         \
    (void)left_depth_stride;                                                                   \
    vm_lanes sum[rows][vectors];                                                               \
    EACH(rows, vectors, sum[i][j] = VM_REPEAT(0);)                                             \
    for (long d = 0; d < depth; d++) {                                                         \
      vm_lanes right[vectors];                                                                 \
      for (int j = 0; j < vectors; j++)                                                        \
        right[j] = VM_LOAD(b + d * width + j * VM_PANEL_LANES);                                  \
      for (int i = 0; i < rows; i++) {                                                         \
        const float x = a[LEFT_PLACE(i, d)];                                                   \
        const vm_lanes left = VM_REPEAT(x);                                                    \
        for (int j = 0; j < vectors; j++) sum[i][j] = MULTIPLY_ADD(left, right[j], sum[i][j]); \
      }                                                                                        \
    }                                                                                          \
    /* The last vector may reach beyond the columns. */                                        \
    const long last = columns - (vectors - 1) * VM_PANEL_LANES;                                \
    if (adds) EACH(rows, vectors, {                                                            \
      const float *place = c + i * row_stride + j * VM_PANEL_LANES;                            \
      vm_lanes before;                                                                         \
      if (j < vectors - 1) before = VM_LOAD(place);                                            \
      else LOAD_SOME(before, place, last);                                                     \
      sum[i][j] += before;                                                                     \
    })                                                                                         \
    if (row_bias) EACH(rows, vectors, sum[i][j] += VM_REPEAT(row_bias[i]);)                    \
    if (column_bias) {                                                                         \
      vm_lanes bias[vectors];                                                                  \
      for (int j = 0; j < vectors - 1; j++) bias[j] = VM_LOAD(column_bias + j * VM_PANEL_LANES);\
      LOAD_SOME(bias[vectors - 1], column_bias + (vectors - 1) * VM_PANEL_LANES, last);        \
      EACH(rows, vectors, sum[i][j] += bias[j];)                                               \
    }                                                                                          \
    if (relu) EACH(rows, vectors, sum[i][j] = VM_POSITIVE(sum[i][j]);)                         \
    EACH(rows, vectors, {                                                                      \
      float *place = c + i * row_stride + j * VM_PANEL_LANES;                                  \
      const vm_lanes value = sum[i][j];                                                        \
      if (j < vectors - 1) VM_STORE(place, value);                                             \
      else STORE_SOME(place, value, last);                                                     \
    })                                                                                         \
  }

#if MOST_VECTORS == 3
#define DEFINE_KERNELS(rows) DEFINE_KERNEL(rows, 1) DEFINE_KERNEL(rows, 2) DEFINE_KERNEL(rows, 3)
#else
#define DEFINE_KERNELS(rows) DEFINE_KERNEL(rows, 1)
#endif

DEFINE_KERNELS(1)
DEFINE_KERNELS(2)
DEFINE_KERNELS(4)
#if MOST_ROWS == 8
DEFINE_KERNELS(8)
#endif

#define RUN_KERNEL(rows, vectors)                                                                 \
  KERNEL(rows, vectors)                                                                           \
  (depth, a + LEFT_PLACE(row, 0), left_stride, left_depth_stride, b, width, c + row * row_stride, \
   row_stride, columns, adds, finish.row_bias ? finish.row_bias + row : 0, finish.column_bias,    \
   finish.relu)
#if MOST_VECTORS == 3
#define RUN_WIDTH(rows)                                     \
  do {                                                      \
    if (columns > 2 * VM_PANEL_LANES) RUN_KERNEL(rows, 3);  \
    else if (columns > VM_PANEL_LANES) RUN_KERNEL(rows, 2); \
    else RUN_KERNEL(rows, 1);                               \
  } while (0)
#else
#define RUN_WIDTH(rows) RUN_KERNEL(rows, 1)
#endif
#define RUN_KERNELS(rows) \
  do {                    \
    RUN_WIDTH(rows);      \
    row += rows;          \
  } while (0)

/// One left panel times a tile of a right panel of `width`.
static void VM_JOIN(FORM, ISA)(
  long rows, long columns, long depth, const float *a, long left_stride, long left_depth_stride,
  const float *b, long width, float *c, long row_stride, int adds, vm_finish finish) {
  long row = 0;
#if MOST_ROWS == 8
  if (rows == 8) RUN_KERNELS(8);
#endif
  while (rows - row >= 4) RUN_KERNELS(4);
  if (rows - row >= 2) RUN_KERNELS(2);
  if (rows - row == 1) RUN_KERNELS(1);
}

#undef EACH
#undef RUN_KERNELS
#undef RUN_WIDTH
#undef RUN_KERNEL
#undef DEFINE_KERNELS
#undef DEFINE_KERNEL
#undef KERNEL
