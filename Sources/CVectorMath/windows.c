/// Pooling over windows of a volume. A row of results is made place by place of the window, so that
/// the innermost loop runs along the row.
#include <math.h>

#include "loops.h"
#include "span.h"

/// The places first..<end of window o along an axis that are inside the volume.
static span inside(const vm_window *w, int axis, long o) {
  const long start = o * w->stride[axis] - w->padding[axis];
  const long first = start < 0 ? -start : 0;
  const long end = w->extent[axis] - start;
  return (span){first, end < w->kernel[axis] ? end : w->kernel[axis]};
}

/// The row of the volume that place (i, j) of window row (d, h) is on.
static long row_at(const vm_window *w, long d, long h, long i, long j) {
  return (d * w->stride[0] - w->padding[0] + i) * w->extent[1] + h * w->stride[1] - w->padding[1]
    + j;
}

/// How many places of window o along an axis count.
static inline long counted(const vm_window *w, int axis, long o) {
  const long start = o * w->stride[axis] - w->padding[axis];
  const long end = start + w->kernel[axis];
  return (end < w->counted_to[axis] ? end : w->counted_to[axis])
    - (start > w->counted_from[axis] ? start : w->counted_from[axis]);
}

/// Whether windows are squares of 2 by 2 that neither overlap nor leave the image.
static int is_halving(const vm_window *w) {
  return w->kernel[0] == 1 && w->stride[0] == 1 && w->kernel[1] == 2 && w->kernel[2] == 2
    && w->stride[1] == 2 && w->stride[2] == 2 && w->padding[0] == 0 && w->padding[1] == 0
    && w->padding[2] == 0 && 2 * w->out[1] <= w->extent[1] && 2 * w->out[2] <= w->extent[2];
}

/// Loops over the rows of windows: d and h are window numbers.
#define FOR_EACH_ROW(w)                    \
  for (long d = 0; d < (w)->out[0]; d++)   \
    for (long h = 0; h < (w)->out[1]; h++)

/// Runs a statement for each place of the windows of row (d, h): `at` is the volume's row that the
/// place is on, `left` the pixel of it that window 0 has there, `run` the windows for which the
/// place is inside.
#define FOR_EACH_PLACE(w, d, h, statement)                                                    \
  {                                                                                           \
    const span deep = inside(w, 0, d), high = inside(w, 1, h);                                \
    for (long i = deep.first; i < deep.end; i++) {                                            \
      for (long j = high.first; j < high.end; j++) {                                          \
        const long at = row_at(w, d, h, i, j);                                                \
        for (long k = 0; k < (w)->kernel[2]; k++) {                                           \
          const long left = k - (w)->padding[2];                                              \
          const span run = span_inside((w)->out[2], (w)->stride[2], left, (w)->extent[2]);    \
          statement                                                                           \
        }                                                                                     \
      }                                                                                       \
    }                                                                                         \
  }

#define REAL float
#define SUFFIX _f32
#include "window_loops.h"

#define REAL double
#define SUFFIX _f64
#include "window_loops.h"
