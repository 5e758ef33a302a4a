/// Products of matrices packed in panels.
#include "lanes.h"

typedef void tile_product(
  long rows, long columns, long depth, vm_left left, const float *b, long panel,
  vm_results results, vm_finish finish);

#define MULTIPLY_ADD(a, b, c) __builtin_elementwise_fma(a, b, c)
#if defined(__x86_64__)
#define MASK(count) \
  ((unsigned short)((count) >= VM_PANEL_LANES ? 0xffff : (count) > 0 ? (1 << (count)) - 1 : 0))
#define LOAD_SOME(y, x, count) VM_LOAD_MASKED(x, MASK(count), &(y))
#define STORE_SOME(y, x, count) __builtin_ia32_storeups512_mask((void *)(y), x, MASK(count))
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,fma"))), apply_to = function)
#define ISA _avx512
#define MOST_ROWS 8
#define MOST_VECTORS 3
#include "product_forms.h"
#undef ISA
#undef MOST_ROWS
#undef MOST_VECTORS
#undef LOAD_SOME
#undef STORE_SOME
#pragma clang attribute pop

#define LOAD_SOME VM_LOAD_SOME
#define STORE_SOME VM_STORE_SOME
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define ISA _avx2
#define MOST_ROWS 6
#define MOST_VECTORS 1
#include "product_forms.h"
#undef ISA
#undef MOST_ROWS
#undef MOST_VECTORS
#pragma clang attribute pop
#undef MULTIPLY_ADD
#define MULTIPLY_ADD(a, b, c) ((a) * (b) + (c))
#else
#define LOAD_SOME VM_LOAD_SOME
#define STORE_SOME VM_STORE_SOME
#endif

#define ISA _baseline
#define MOST_ROWS 4
#define MOST_VECTORS 1
#include "product_forms.h"

/// The finish of the results from a column on.
static vm_finish finish_from(vm_finish finish, long column) {
  if (finish.column_bias) finish.column_bias += column;
  return finish;
}

#if defined(__x86_64__)
#define FASTEST(form)                      \
  (vm_has_avx512() ? VM_JOIN(form, _avx512) \
     : vm_has_avx2() ? VM_JOIN(form, _avx2) : VM_JOIN(form, _baseline))
#else
#define FASTEST(form) VM_JOIN(form, _baseline)
#endif

/// Columns of a tile, whose results fit in the registers. Where there are fewer and shorter ones, 24
/// would leave none for the left operand.
VM_INLINE long tile_columns(void) {
#if defined(__x86_64__)
  if (vm_has_avx512()) return 3 * VM_PANEL_LANES;
#endif
  return VM_PANEL_LANES;
}

void vm_product(
  long rows, long columns, long depth, vm_left left, const float *right, vm_results results,
  vm_finish finish) {
  tile_product *const product =
    left.row_stride == 1 && left.depth_stride == VM_PANEL_ROWS ? FASTEST(panel)
    : left.depth_stride == 1                                   ? FASTEST(rows)
                                                               : FASTEST(strided);
  const long tile = tile_columns();
  const long blocks = depth > 0 ? (depth + VM_DEPTH_BLOCK - 1) / VM_DEPTH_BLOCK : 1;
  for (long block = 0; block < blocks; block++) {
    const long first = depth * block / blocks, count = depth * (block + 1) / blocks - first;
    vm_left a = left;
    a.values += first * left.depth_stride;
    for (long column = 0; column < columns; column += tile) {
      vm_results c = results;
      c.values += column;
      c.adds |= block > 0;
      product(
        rows, columns - column < tile ? columns - column : tile, count, a,
        right + column * depth + first * VM_PANEL_LANES, VM_PANEL_LANES * depth, c,
        block + 1 < blocks ? (vm_finish){0} : finish_from(finish, column));
    }
  }
}

void vm_panel_product(
  long rows, long columns, long depth, const float *left, const float *right, float *c,
  long row_stride, int adds, vm_finish finish) {
  vm_product(
    rows, columns, depth, (vm_left){left, VM_PANEL_ROWS * depth, 1, VM_PANEL_ROWS},
    right, (vm_results){c, VM_PANEL_ROWS * row_stride, row_stride, adds}, finish);
}

/// Element (i, d) of eight rows and four columns becomes (d, i). The lower half of a vector is from the first four
/// rows, the upper from the others; interleaving both pairs of vectors, twice, transposes either.
VM_INLINE void transpose_eight(const float *x, long stride, float *y, long width) {
  vm_half_lanes a[4], b[4];
  for (int k = 0; k < 4; k++)
    a[k] = __builtin_shufflevector(
      *(const vm_quarter_lanes *)(x + k * stride), *(const vm_quarter_lanes *)(x + (k + 4) * stride),
      0, 1, 2, 3, 4, 5, 6, 7);
  for (int k = 0; k < 2; k++) {
    b[2 * k] = __builtin_shufflevector(a[k], a[k + 2], 0, 8, 1, 9, 4, 12, 5, 13);
    b[2 * k + 1] = __builtin_shufflevector(a[k], a[k + 2], 2, 10, 3, 11, 6, 14, 7, 15);
  }
  for (int k = 0; k < 2; k++) {
    *(vm_half_lanes *)(y + 2 * k * width) =
      __builtin_shufflevector(b[k], b[k + 2], 0, 8, 1, 9, 4, 12, 5, 13);
    *(vm_half_lanes *)(y + (2 * k + 1) * width) =
      __builtin_shufflevector(b[k], b[k + 2], 2, 10, 3, 11, 6, 14, 7, 15);
  }
}

VM_CLONES void vm_pack_left(
  long rows, long depth, const float *a, long row_stride, long depth_stride, float *packed) {
  for (long row = 0; row < rows; row += VM_PANEL_ROWS) {
    float *panel = packed + row * depth;
    const float *source = a + row * row_stride;
    const long here = rows - row;
    if (here >= VM_PANEL_ROWS && row_stride == 1) {
      for (long d = 0; d < depth; d++)
        for (long i = 0; i < VM_PANEL_ROWS; i++)
          panel[d * VM_PANEL_ROWS + i] = source[d * depth_stride + i];
    } else {
      long d = 0;
      if (here >= VM_PANEL_ROWS && depth_stride == 1)
        for (; d + 4 <= depth; d += 4)
          transpose_eight(source + d, row_stride, panel + d * VM_PANEL_ROWS, VM_PANEL_ROWS);
      for (; d < depth; d++)
        for (long i = 0; i < VM_PANEL_ROWS; i++)
          panel[d * VM_PANEL_ROWS + i] =
            i < here ? source[i * row_stride + d * depth_stride] : 0;
    }
  }
}

VM_CLONES void vm_pack_right(
  long depth, long columns, const float *b, long depth_stride, long column_stride,
  float *packed) {
  for (long column = 0; column < columns; column += VM_PANEL_LANES) {
    float *panel = packed + column * depth;
    const float *source = b + column * column_stride;
    const long left = columns - column, here = left < VM_PANEL_LANES ? left : VM_PANEL_LANES;
    long d = 0;
    if (here == VM_PANEL_LANES) {
      if (column_stride == 1)
        for (; d < depth; d++)
          VM_STORE(panel + d * VM_PANEL_LANES, VM_LOAD(source + d * depth_stride));
      else if (depth_stride == 1)
        for (; d + 4 <= depth; d += 4)
          for (long j = 0; j < VM_PANEL_LANES; j += 8)
            transpose_eight(
              source + d + j * column_stride, column_stride, panel + d * VM_PANEL_LANES + j,
              VM_PANEL_LANES);
    }
    for (; d < depth; d++)
      for (long j = 0; j < VM_PANEL_LANES; j++)
        panel[d * VM_PANEL_LANES + j] =
          j < here ? source[d * depth_stride + j * column_stride] : 0;
  }
}

VM_CLONES void vm_pack_left_at(
  long rows, long depth, const float *a, long row_stride, const long *offsets, float *packed) {
  for (long row = 0; row < rows; row += VM_PANEL_ROWS) {
    float *panel = packed + row * depth;
    for (long d = 0; d < depth; d++)
      for (long i = 0; i < VM_PANEL_ROWS; i++)
        panel[d * VM_PANEL_ROWS + i] = row + i < rows ? a[(row + i) * row_stride + offsets[d]] : 0;
  }
}
