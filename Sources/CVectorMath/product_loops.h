/// One instruction set's version of the panel product: `ISA` is the suffix of its names and
/// `MULTIPLY_ADD(a, b, c)` its a * b + c. `FORM` names the form of the left operand, element (i, d) of
/// which is a[LEFT_PLACE(i, d)].

#define KERNEL(rows, vectors) \
  VM_JOIN(VM_JOIN(VM_JOIN(VM_JOIN(kernel_, FORM), rows), VM_JOIN(_, vectors)), ISA)

/// `rows` rows of a left panel times a right panel of `vectors` vectors, in registers.
#define DEFINE_KERNEL(rows, vectors)                                                           \
  static void KERNEL(rows, vectors)(                                                           \
    long depth, const float *restrict a, long left_stride, long left_depth_stride,             \
    const float *restrict b, float *restrict c, long row_stride, long columns, int adds) {     \
    (void)left_stride;                                                                         \
    (void)left_depth_stride;                                                                   \
    vm_lanes sum[rows][vectors];                                                               \
    for (int i = 0; i < rows; i++)                                                             \
      for (int j = 0; j < vectors; j++) sum[i][j] = VM_REPEAT(0);                              \
    for (long d = 0; d < depth; d++) {                                                         \
      vm_lanes right[vectors];                                                                 \
      for (int j = 0; j < vectors; j++)                                                        \
        right[j] = VM_LOAD(b + (d * vectors + j) * VM_PANEL_LANES);                            \
      for (int i = 0; i < rows; i++) {                                                         \
        const float x = a[LEFT_PLACE(i, d)];                                                   \
        const vm_lanes left = VM_REPEAT(x);                                                    \
        for (int j = 0; j < vectors; j++) sum[i][j] = MULTIPLY_ADD(left, right[j], sum[i][j]); \
      }                                                                                        \
    }                                                                                          \
    for (int i = 0; i < rows; i++)                                                             \
      for (int j = 0; j < vectors; j++) {                                                      \
        float *place = c + i * row_stride + j * VM_PANEL_LANES;                                \
        const long count = columns - j * VM_PANEL_LANES;                                       \
        if (adds) {                                                                            \
          vm_lanes before = VM_REPEAT(0);                                                      \
          if (count >= VM_PANEL_LANES) {                                                       \
            before = VM_LOAD(place);                                                           \
          } else if (count > 0) {                                                              \
            memcpy(&before, place, (size_t)count * sizeof(float));                             \
          }                                                                                    \
          sum[i][j] += before;                                                                 \
        }                                                                                      \
        VM_STORE_SOME(place, sum[i][j], count);                                                \
      }                                                                                        \
  }

#define DEFINE_KERNELS(rows) DEFINE_KERNEL(rows, 1) DEFINE_KERNEL(rows, 2) DEFINE_KERNEL(rows, 3)

DEFINE_KERNELS(1)
DEFINE_KERNELS(2)
#if MOST_ROWS == 8
DEFINE_KERNELS(4)
DEFINE_KERNELS(8)
#endif

#define RUN_KERNEL(rows, vectors)                        \
  KERNEL(rows, vectors)                                  \
  (depth, a + LEFT_PLACE(row, 0), left_stride, left_depth_stride, b, c + row * row_stride, \
   row_stride, columns, adds)
#define RUN_KERNELS(rows)                                \
  do {                                                   \
    if (vectors == 3) RUN_KERNEL(rows, 3);               \
    else if (vectors == 2) RUN_KERNEL(rows, 2);          \
    else RUN_KERNEL(rows, 1);                            \
    row += rows;                                         \
  } while (0)

/// One left panel times one right panel.
static void VM_JOIN(FORM, ISA)(
  long rows, long columns, long depth, const float *a, long left_stride, long left_depth_stride,
  const float *b, float *c, long row_stride, int adds) {
  const long vectors = (columns + VM_PANEL_LANES - 1) / VM_PANEL_LANES;
  long row = 0;
#if MOST_ROWS == 8
  if (rows == 8) RUN_KERNELS(8);
  if (rows - row >= 4) RUN_KERNELS(4);
#endif
  while (rows - row >= 2) RUN_KERNELS(2);
  if (rows - row == 1) RUN_KERNELS(1);
}

#undef RUN_KERNELS
#undef RUN_KERNEL
#undef DEFINE_KERNELS
#undef DEFINE_KERNEL
#undef KERNEL
