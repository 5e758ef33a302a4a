/// Products of matrices packed in panels.
#include "lanes.h"

/// Depth summed in registers before results are stored: its right panel, 96 KiB, stays in the
/// second-level cache while the left panels pass by. Measured: 256 is 5 % slower.
enum { DEPTH_BLOCK = 512 };

typedef void tile_product(
  long rows, long columns, long depth, const float *a, long left_stride, long left_depth_stride,
  const float *b, long width, float *c, long row_stride, int adds, vm_finish finish);

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
#define MOST_ROWS 4
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

/// The finish of the results from a row and a column on.
static vm_finish finish_from(vm_finish finish, long row, long column) {
  if (finish.row_bias) finish.row_bias += row;
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

/// Columns of a tile, whose results fit in the registers: a right panel's, or, where there are fewer
/// registers and shorter ones, 16 (measured: 24 leave no register for the left operand).
VM_INLINE long tile_columns(void) {
#if defined(__x86_64__)
  if (vm_has_avx512()) return VM_PANEL_COLUMNS;
#endif
  return VM_PANEL_LANES;
}

/// Columns of a right operand that are multiplied together.
typedef struct {
  /// The first column of the panel that has them, and its width.
  long panel, width;
  /// How many there are.
  long columns;
} right_tile;

/// The tile from a column on: up to `tile` columns before `end`, of one panel of an operand of `columns`.
VM_INLINE right_tile tile_at(long column, long end, long columns, long tile) {
  const long panel = column / VM_PANEL_COLUMNS * VM_PANEL_COLUMNS;
  const long panel_end = panel + VM_PANEL_COLUMNS < end ? panel + VM_PANEL_COLUMNS : end;
  return (right_tile){
    panel, vm_panel_width(columns, panel), panel_end - column < tile ? panel_end - column : tile};
}

void vm_panel_product_part(
  long rows, long columns, long first_column, long column_count, long depth, const float *left,
  const float *right, float *c, long row_stride, int adds, vm_finish finish) {
  tile_product *const product = FASTEST(panel);
  const long tile = tile_columns(), end = first_column + column_count;
  const long blocks = (depth + DEPTH_BLOCK - 1) / DEPTH_BLOCK;
  for (long block = 0; block < (blocks > 0 ? blocks : 1); block++) {
    const long first = blocks > 0 ? depth * block / blocks : 0;
    const long count = blocks > 0 ? depth * (block + 1) / blocks - first : 0;
    const vm_finish last = block + 1 >= blocks ? finish : (vm_finish){0};
    for (long column = first_column; column < end;) {
      const right_tile x = tile_at(column, end, columns, tile);
      const float *b = right + x.panel * depth + first * x.width + (column - x.panel);
      for (long row = 0; row < rows; row += VM_PANEL_ROWS) {
        const long rows_here = rows - row < VM_PANEL_ROWS ? rows - row : VM_PANEL_ROWS;
        product(
          rows_here, x.columns, count, left + row * depth + first * VM_PANEL_ROWS, 0, 0, b,
          x.width, c + row * row_stride + column, row_stride, adds || block > 0,
          finish_from(last, row, column));
      }
      column += x.columns;
    }
  }
}

void vm_panel_product(
  long rows, long columns, long depth, const float *left, const float *right, float *c,
  long row_stride, int adds, vm_finish finish) {
  vm_panel_product_part(
    rows, columns, 0, columns, depth, left, right, c, row_stride, adds, finish);
}

void vm_rows_product(
  long rows, long columns, long depth, const float *left, long left_panel, const float *right,
  float *c, long row_stride, long c_panel, int adds) {
  tile_product *const product = FASTEST(rows);
  const long tile = tile_columns();
  for (long column = 0; column < columns; column += tile) {
    const right_tile x = tile_at(column, columns, columns, tile);
    const float *b = right + x.panel * depth + (column - x.panel);
    for (long row = 0; row < rows; row += VM_PANEL_ROWS)
      product(
        rows - row < VM_PANEL_ROWS ? rows - row : VM_PANEL_ROWS, x.columns, depth,
        left + row / VM_PANEL_ROWS * left_panel, depth, 1, b, x.width,
        c + row / VM_PANEL_ROWS * c_panel + column, row_stride, adds, (vm_finish){0});
  }
}

void vm_strided_product(
  long rows, long columns, long depth, const float *left, long row_stride, long depth_stride,
  const float *right, float *c, long c_stride, vm_finish finish) {
  tile_product *const product = FASTEST(strided);
  const long tile = tile_columns();
  for (long column = 0; column < columns; column += tile) {
    const right_tile x = tile_at(column, columns, columns, tile);
    const float *b = right + x.panel * depth + (column - x.panel);
    for (long row = 0; row < rows; row += VM_PANEL_ROWS) {
      const long rows_here = rows - row < VM_PANEL_ROWS ? rows - row : VM_PANEL_ROWS;
      product(
        rows_here, x.columns, depth, left + row * row_stride, row_stride, depth_stride, b, x.width,
        c + row * c_stride + column, c_stride, 0,
        finish_from(finish, row, column));
    }
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
    } else if (here >= VM_PANEL_ROWS && depth_stride == 1) {
      for (long d = 0; d < depth; d++)
        for (long i = 0; i < VM_PANEL_ROWS; i++)
          panel[d * VM_PANEL_ROWS + i] = source[i * row_stride + d];
    } else {
      for (long d = 0; d < depth; d++)
        for (long i = 0; i < VM_PANEL_ROWS; i++)
          panel[d * VM_PANEL_ROWS + i] =
            i < here ? source[i * row_stride + d * depth_stride] : 0;
    }
  }
}

/// Element (i, d) of rows becomes (d, i): 16 rows of a right operand whose depth is contiguous.
VM_INLINE void transpose_lanes(const float *x, long stride, float *y, long y_stride) {
  for (long d = 0; d < VM_PANEL_LANES; d++)
    for (long i = 0; i < VM_PANEL_LANES; i++) y[d * y_stride + i] = x[i * stride + d];
}

VM_CLONES void vm_pack_right(
  long depth, long columns, const float *b, long depth_stride, long column_stride,
  float *packed) {
  for (long column = 0; column < columns; column += VM_PANEL_COLUMNS) {
    float *panel = packed + column * depth;
    const float *source = b + column * column_stride;
    const long left = columns - column;
    const long here = left < VM_PANEL_COLUMNS ? left : VM_PANEL_COLUMNS;
    const long width = vm_round_up(here, VM_PANEL_LANES);
    if (here == VM_PANEL_COLUMNS && column_stride == 1) {
      for (long d = 0; d < depth; d++)
        memcpy(panel + d * width, source + d * depth_stride, VM_PANEL_COLUMNS * sizeof(float));
      continue;
    }
    long d = 0;
    if (depth_stride == 1 && here == width)
      for (; d + VM_PANEL_LANES <= depth; d += VM_PANEL_LANES)
        for (long j = 0; j < width; j += VM_PANEL_LANES)
          transpose_lanes(source + j * column_stride + d, column_stride, panel + d * width + j, width);
    for (; d < depth; d++)
      for (long j = 0; j < width; j++)
        panel[d * width + j] =
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
