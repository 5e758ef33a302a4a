/// Windows of images packed as right operands of products.
#include "lanes.h"

/// Windows beside each other in one row: places first..<end of a panel.
typedef struct {
  long first, end;
  /// The pixel at which the first of them begins.
  long y, x;
} window_run;

#define EVENS(a, b) \
  __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)

/// y[i] = source[i * stride] where 0 <= x + i * stride < width, else 0.
VM_INLINE void read_run(
  const float *source, long x, long stride, long width, long count, float *y) {
  long i = 0, end = count;
  for (; i < end && x + i * stride < 0; i++) y[i] = 0;
  while (end > i && x + (end - 1) * stride >= width) y[--end] = 0;
  if (stride == 1) {
    for (; i + VM_PANEL_LANES <= end; i += VM_PANEL_LANES) VM_STORE(y + i, VM_LOAD(source + i));
  } else if (stride == 2) {
    // The last odd pixel of the second vector must exist too.
    for (; i + VM_PANEL_LANES < end; i += VM_PANEL_LANES)
      VM_STORE(
        y + i, EVENS(VM_LOAD(source + 2 * i), VM_LOAD(source + 2 * i + VM_PANEL_LANES)));
  }
  VM_SHORT for (; i < end; i++) y[i] = source[i * stride];
}

VM_CLONES void vm_pack_windows(
  const vm_windows *shape, const float *image, long first, long count, float *packed) {
  const long depth = shape->channels * shape->kernel_height * shape->kernel_width;
  for (long start = 0; start < count; start += VM_PANEL_COLUMNS) {
    const long left = count - start;
    const long here = left < VM_PANEL_COLUMNS ? left : VM_PANEL_COLUMNS;
    const long width = vm_round_up(here, VM_PANEL_LANES);
    window_run runs[VM_PANEL_COLUMNS];
    long run_count = 0;
    for (long place = 0; place < here; run_count++) {
      const long window = first + start + place;
      const long row = window / shape->out_width, column = window % shape->out_width;
      long end = place + shape->out_width - column;
      if (end > here) end = here;
      runs[run_count] = (window_run){
        place, end, row * shape->stride_height - shape->pad_top,
        column * shape->stride_width - shape->pad_left};
      place = end;
    }
    float *target = packed + start * depth;
    for (long c = 0; c < shape->channels; c++)
      for (long i = 0; i < shape->kernel_height; i++)
        for (long j = 0; j < shape->kernel_width; j++, target += width) {
          const float *plane = image + c * shape->height * shape->width;
          for (long k = 0; k < run_count; k++) {
            const window_run run = runs[k];
            const long y = run.y + i * shape->dilation_height;
            const long x = run.x + j * shape->dilation_width;
            if (y < 0 || y >= shape->height) {
              for (long p = run.first; p < run.end; p++) target[p] = 0;
            } else {
              read_run(
                plane + y * shape->width + x, x, shape->stride_width, shape->width,
                run.end - run.first, target + run.first);
            }
          }
          for (long p = here; p < width; p++) target[p] = 0;
        }
  }
}

VM_CLONES void vm_pack_windows_by_place(
  const vm_windows *shape, const float *image, long first, long count, float *packed) {
  const long kernel_width = shape->kernel_width, step = shape->dilation_width;
  const long columns = shape->channels * shape->kernel_height * kernel_width;
  const long width_of_last = vm_round_up(columns % VM_PANEL_COLUMNS, VM_PANEL_LANES);
  for (long window = 0; window < count; window++) {
    const long row = (first + window) / shape->out_width, column = (first + window) % shape->out_width;
    const long top = row * shape->stride_height - shape->pad_top;
    const long left = column * shape->stride_width - shape->pad_left;
    const int is_inside = left >= 0 && left + (kernel_width - 1) * step < shape->width;
    // The place of the next column within its panel, and the panel's row of this window.
    long place = 0, panel = 0;
    float *target = packed +
      window * (columns < VM_PANEL_COLUMNS ? width_of_last : VM_PANEL_COLUMNS);
    for (long c = 0; c < shape->channels; c++)
      for (long i = 0; i < shape->kernel_height; i++) {
        const long y = top + i * shape->dilation_height;
        const float *source = image + (c * shape->height + y) * shape->width + left;
        const int is_row = y >= 0 && y < shape->height;
        VM_SHORT for (long j = 0; j < kernel_width; j++) {
          const long x = left + j * step;
          target[place++] =
            is_row && (is_inside || (x >= 0 && x < shape->width)) ? source[j * step] : 0;
          if (place == VM_PANEL_COLUMNS) {
            place = 0;
            panel += VM_PANEL_COLUMNS;
            const long rest = columns - panel;
            target = packed + panel * count +
              window * (rest < VM_PANEL_COLUMNS ? width_of_last : VM_PANEL_COLUMNS);
          }
        }
      }
    if (place > 0)
      for (; place < width_of_last; place++) target[place] = 0;
  }
}
