/// Products of a few rows with a matrix whose columns lie one after another.
#include "lanes.h"

/// Columns summed side by side, each in lanes of its own: enough to hide the latency of additions.
enum { COLUMNS_HERE = 4 };

/// Rows that a column is multiplied with while it is near.
enum { ROWS_HERE = 8 };

typedef float half_lanes __attribute__((vector_size(32), aligned(4)));
typedef float quarter_lanes __attribute__((vector_size(16), aligned(4)));

#define LOWER_HALF(x) __builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7)
#define UPPER_HALF(x) __builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15)
#define HALVES(x) (LOWER_HALF(x) + UPPER_HALF(x))
/// Eight sums of two columns as four each.
#define QUARTERS(x, y)                                        \
  (__builtin_shufflevector(x, y, 0, 1, 2, 3, 8, 9, 10, 11) + \
   __builtin_shufflevector(x, y, 4, 5, 6, 7, 12, 13, 14, 15))
/// Four sums of four columns as two each.
#define PAIRS(x, y)                                           \
  (__builtin_shufflevector(x, y, 0, 1, 4, 5, 8, 9, 12, 13) + \
   __builtin_shufflevector(x, y, 2, 3, 6, 7, 10, 11, 14, 15))
#define SINGLES(x) \
  (__builtin_shufflevector(x, x, 0, 2, 4, 6) + __builtin_shufflevector(x, x, 1, 3, 5, 7))

/// The products of one row with four columns.
VM_INLINE void deep_products(
  long depth, const float *x, const float *const *lines, const vm_lanes *rest, float *result) {
  vm_lanes sums[COLUMNS_HERE] = {VM_REPEAT(0), VM_REPEAT(0), VM_REPEAT(0), VM_REPEAT(0)};
  const long whole = depth / VM_PANEL_LANES * VM_PANEL_LANES;
  for (long d = 0; d < whole; d += VM_PANEL_LANES) {
    const vm_lanes values = VM_LOAD(x + d);
    sums[0] += values * VM_LOAD(lines[0] + d);
    sums[1] += values * VM_LOAD(lines[1] + d);
    sums[2] += values * VM_LOAD(lines[2] + d);
    sums[3] += values * VM_LOAD(lines[3] + d);
  }
  if (whole < depth)
    for (int j = 0; j < COLUMNS_HERE; j++)
      sums[j] += *rest * VM_LOAD(lines[j] + depth - VM_PANEL_LANES);
  const half_lanes first = QUARTERS(HALVES(sums[0]), HALVES(sums[1]));
  const half_lanes second = QUARTERS(HALVES(sums[2]), HALVES(sums[3]));
  const half_lanes pairs = PAIRS(first, second);
  *(quarter_lanes *)result = SINGLES(pairs);
}

/// The products of one row with four columns, where the depth fills no vector.
VM_INLINE void shallow_products(
  long depth, const float *x, const float *const *lines, float *sums) {
  for (int j = 0; j < COLUMNS_HERE; j++) sums[j] = 0;
  for (long d = 0; d < depth; d++)
    for (int j = 0; j < COLUMNS_HERE; j++) sums[j] += x[d] * lines[j][d];
}

VM_CLONES void vm_row_product(
  long rows, long columns, long depth, const float *left, const float *right, float *c,
  long row_stride, vm_finish finish) {
  for (long first = 0; first < rows; first += ROWS_HERE) {
    const long rows_here = rows - first < ROWS_HERE ? rows - first : ROWS_HERE;
    // What is left of the depth, behind zeros in the place of what was summed before.
    vm_lanes rests[ROWS_HERE];
    for (long row = 0; row < rows_here; row++) {
      rests[row] = VM_REPEAT(0);
      for (long d = depth / VM_PANEL_LANES * VM_PANEL_LANES; d < depth; d++)
        rests[row][VM_PANEL_LANES - depth + d] = left[(first + row) * depth + d];
    }
    for (long column = 0; column < columns; column += COLUMNS_HERE) {
      const long here = columns - column < COLUMNS_HERE ? columns - column : COLUMNS_HERE;
      // The last column stands in for those that are missing.
      const float *lines[COLUMNS_HERE];
      for (long j = 0; j < COLUMNS_HERE; j++)
        lines[j] = right + (column + (j < here ? j : here - 1)) * depth;
      for (long row = 0; row < rows_here; row++) {
        const float *x = left + (first + row) * depth;
        float sums[COLUMNS_HERE];
        if (depth < VM_PANEL_LANES) shallow_products(depth, x, lines, sums);
        else deep_products(depth, x, lines, &rests[row], sums);
        float *y = c + (first + row) * row_stride + column;
        for (long j = 0; j < here; j++) {
          const float sum = sums[j] + (finish.column_bias ? finish.column_bias[column + j] : 0);
          y[j] = finish.relu && sum < 0 ? 0 : sum;
        }
      }
    }
  }
}
