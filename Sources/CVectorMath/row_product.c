/// Products of a few rows with a matrix whose columns lie one after another.
#include "lanes.h"

/// Columns summed side by side, each in lanes of its own: enough to hide the latency of additions.
enum { COLUMNS_HERE = 4 };

VM_CLONES void vm_row_product(
  long rows, long columns, long depth, const float *left, const float *right, float *c,
  long row_stride, vm_finish finish) {
  const long whole = depth / VM_PANEL_LANES * VM_PANEL_LANES;
  for (long column = 0; column < columns; column += COLUMNS_HERE) {
    const long here = columns - column < COLUMNS_HERE ? columns - column : COLUMNS_HERE;
    const float *lines[COLUMNS_HERE];
    // The last columns stand in for those that are missing.
    for (long j = 0; j < COLUMNS_HERE; j++)
      lines[j] = right + (column + (j < here ? j : here - 1)) * depth;
    for (long row = 0; row < rows; row++) {
      const float *x = left + row * depth;
      vm_lanes sums[COLUMNS_HERE] = {VM_REPEAT(0), VM_REPEAT(0), VM_REPEAT(0), VM_REPEAT(0)};
      for (long d = 0; d < whole; d += VM_PANEL_LANES) {
        const vm_lanes values = VM_LOAD(x + d);
        sums[0] += values * VM_LOAD(lines[0] + d);
        sums[1] += values * VM_LOAD(lines[1] + d);
        sums[2] += values * VM_LOAD(lines[2] + d);
        sums[3] += values * VM_LOAD(lines[3] + d);
      }
      for (long j = 0; j < here; j++) {
        // Halves first.
        for (int half = VM_PANEL_LANES / 2; half > 0; half /= 2)
          for (int lane = 0; lane < half; lane++) sums[j][lane] += sums[j][lane + half];
        float sum = sums[j][0];
        for (long d = whole; d < depth; d++) sum += x[d] * lines[j][d];
        if (finish.column_bias) sum += finish.column_bias[column + j];
        if (finish.relu && sum < 0) sum = 0;
        c[row * row_stride + column + j] = sum;
      }
    }
  }
}
