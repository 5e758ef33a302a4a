/// Windows of images packed as right operands of products.
#include "lanes.h"

/// Windows beside each other in one row: places first..<end of a block.
typedef struct {
  long first, end;
  /// The image, and its pixel at which the first of them begins.
  long image, y, x;
} window_run;

/// Every second element of two vectors of which the second begins with the last of the first: nothing
/// is read beyond the last one.
#define EVENS_16(a, b) \
  __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 17, 19, 21, 23, 25, 27, 29, 31)
#define EVENS_8(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 9, 11, 13, 15)
#define EVENS_4(a, b) __builtin_shufflevector(a, b, 0, 2, 5, 7)

/// y[i] = source[i * stride] for i from `place` on, as many as a vector has.
#define MOVE(vector, lanes, place)                                                     \
  do {                                                                                 \
    const float *from = source + (place) * stride;                                     \
    const vector a = *(const vector *)from;                                            \
    if (stride == 1) *(vector *)(y + (place)) = a;                                     \
    else *(vector *)(y + (place)) = EVENS_##lanes(a, *(const vector *)(from + lanes - 1)); \
  } while (0)

/// y[i] = source[i * stride] for `count` elements. Vectors at the end overlap, where there are enough
/// elements for one.
VM_INLINE void read_inside(const float *source, long stride, long count, float *y) {
  long i = 0;
  if (stride <= 2) {
    for (; i + 16 <= count; i += 16) MOVE(vm_lanes, 16, i);
    const long left = count - i;
    if (left == 0) return;
    if (left >= 8) {
      MOVE(vm_half_lanes, 8, i);
      MOVE(vm_half_lanes, 8, count - 8);
      return;
    }
    if (left >= 4) {
      MOVE(vm_quarter_lanes, 4, i);
      MOVE(vm_quarter_lanes, 4, count - 4);
      return;
    }
  }
  VM_SHORT for (; i < count; i++) y[i] = source[i * stride];
}

/// y[i] = source[i * stride] where 0 <= x + i * stride < width, else 0.
VM_INLINE void read_run(
  const float *source, long x, long stride, long width, long count, float *y) {
  long i = 0, end = count;
  for (; i < end && x + i * stride < 0; i++) y[i] = 0;
  while (end > i && x + (end - 1) * stride >= width) y[--end] = 0;
  read_inside(source + i * stride, stride, end - i, y + i);
}

/// The runs of `count` windows from `first` on; returns how many.
VM_INLINE long find_runs(const vm_windows *shape, long first, long count, window_run *runs) {
  long run_count = 0;
  for (long place = 0; place < count; run_count++) {
    const long window = first + place;
    const long row = window / shape->out_width, column = window % shape->out_width;
    long end = place + shape->out_width - column;
    if (end > count) end = count;
    runs[run_count] = (window_run){
      place, end, row / shape->out_height,
      row % shape->out_height * shape->stride_height - shape->pad_top,
      column * shape->stride_width - shape->pad_left};
    place = end;
  }
  return run_count;
}

/// The pixels at (channel c, kernel row i, kernel column j) of all windows of the runs.
VM_INLINE void read_runs(
  const vm_windows *shape, const float *images, long c, long i, long j, const window_run *runs,
  long run_count, float *target) {
  for (long k = 0; k < run_count; k++) {
    const window_run run = runs[k];
    const float *plane =
      images + run.image * shape->image_stride + c * shape->height * shape->width;
    const long y = run.y + i * shape->dilation_height;
    const long x = run.x + j * shape->dilation_width;
    if (y < 0 || y >= shape->height) {
      for (long p = run.first; p < run.end; p++) target[p] = 0;
    } else {
      read_run(
        plane + y * shape->width + x, x, shape->stride_width, shape->width, run.end - run.first,
        target + run.first);
    }
  }
}

VM_CLONES void vm_pack_windows(
  const vm_windows *shape, const float *images, long first, long count, float *packed) {
  const long depth = shape->channels * shape->kernel_height * shape->kernel_width;
  for (long start = 0; start < count; start += VM_PANEL_LANES) {
    const long left = count - start, here = left < VM_PANEL_LANES ? left : VM_PANEL_LANES;
    window_run runs[VM_PANEL_LANES];
    const long run_count = find_runs(shape, first + start, here, runs);
    float *target = packed + start * depth;
    for (long c = 0; c < shape->channels; c++)
      for (long i = 0; i < shape->kernel_height; i++)
        for (long j = 0; j < shape->kernel_width; j++, target += VM_PANEL_LANES) {
          read_runs(shape, images, c, i, j, runs, run_count, target);
          for (long p = here; p < VM_PANEL_LANES; p++) target[p] = 0;
        }
  }
}

VM_CLONES void vm_pack_windows_by_place(
  const vm_windows *shape, const float *images, long first, long count, float *packed) {
  enum { OFFSETS_HERE = 1024 };
  const long kernel_width = shape->kernel_width, step = shape->dilation_width;
  const long reach = (shape->kernel_height - 1) * shape->dilation_height;
  const long columns = shape->channels * shape->kernel_height * kernel_width;
  // Where each column of a window that lies within its image is, from the window's corner.
  int offsets[OFFSETS_HERE];
  const int has_offsets = columns <= OFFSETS_HERE;
  if (has_offsets)
    for (long c = 0, column = 0; c < shape->channels; c++)
      for (long i = 0; i < shape->kernel_height; i++)
        for (long j = 0; j < kernel_width; j++)
          offsets[column++] = (int)(
            (c * shape->height + i * shape->dilation_height) * shape->width + j * step);
  for (long window = 0; window < count; window++) {
    const long row = (first + window) / shape->out_width, column = (first + window) % shape->out_width;
    const float *image = images + row / shape->out_height * shape->image_stride;
    const long top = row % shape->out_height * shape->stride_height - shape->pad_top;
    const long left = column * shape->stride_width - shape->pad_left;
    const int is_inside = left >= 0 && left + (kernel_width - 1) * step < shape->width;
    if (has_offsets && is_inside && top >= 0 && top + reach < shape->height) {
      const float *corner = image + top * shape->width + left;
      for (long panel = 0; panel < columns; panel += VM_PANEL_LANES) {
        const long rest = columns - panel, here = rest < VM_PANEL_LANES ? rest : VM_PANEL_LANES;
        float *target = packed + panel * count + window * VM_PANEL_LANES;
        for (long place = 0; place < here; place++)
          target[place] = corner[offsets[panel + place]];
        for (long place = here; place < VM_PANEL_LANES; place++) target[place] = 0;
      }
      continue;
    }
    // The place of the next column within its panel, and the panel's row of this window.
    long place = 0;
    float *target = packed + window * VM_PANEL_LANES;
    for (long c = 0; c < shape->channels; c++)
      for (long i = 0; i < shape->kernel_height; i++) {
        const long y = top + i * shape->dilation_height;
        const float *source = image + (c * shape->height + y) * shape->width + left;
        const int is_row = y >= 0 && y < shape->height;
        VM_SHORT for (long j = 0; j < kernel_width; j++) {
          const long x = left + j * step;
          target[place++] =
            is_row && (is_inside || (x >= 0 && x < shape->width)) ? source[j * step] : 0;
          if (place == VM_PANEL_LANES) {
            place = 0;
            target += VM_PANEL_LANES * count;
          }
        }
      }
    if (place > 0)
      for (; place < VM_PANEL_LANES; place++) target[place] = 0;
  }
}

void vm_pack_left_by_window(
  const vm_windows *shape, long filters, const float *results, long image_stride,
  long plane_stride, long first, long count, float *packed) {
  enum { DEPTH_HERE = 256 };
  const long per_image = shape->out_height * shape->out_width;
  float lines[VM_PANEL_ROWS * DEPTH_HERE];
  for (long row = 0; row < filters; row += VM_PANEL_ROWS) {
    const long rows = filters - row < VM_PANEL_ROWS ? filters - row : VM_PANEL_ROWS;
    for (long start = 0; start < count; start += DEPTH_HERE) {
      const long here = count - start < DEPTH_HERE ? count - start : DEPTH_HERE;
      for (long done = 0; done < here;) {
        const long image = (first + start + done) / per_image;
        const long window = (first + start + done) % per_image;
        const long run = per_image - window < here - done ? per_image - window : here - done;
        const float *source = results + image * image_stride + row * plane_stride + window;
        for (long i = 0; i < rows; i++)
          memcpy(
            lines + i * here + done, source + i * plane_stride, (size_t)run * sizeof(float));
        done += run;
      }
      vm_pack_left(
        rows, here, lines, here, 1, packed + row * count + start * VM_PANEL_ROWS);
    }
  }
}

VM_CLONES void vm_place_results(
  const vm_windows *shape, long filters, long first, long count, const float *x, long x_stride,
  float *results, vm_result_strides strides) {
  for (long filter = 0; filter < filters; filter++)
    for (long place = 0; place < count;) {
      const long window = first + place;
      const long row = window / shape->out_width, column = window % shape->out_width;
      long run = shape->out_width - column;
      if (run > count - place) run = count - place;
      float *target = results + row / shape->out_height * strides.image + filter * strides.plane
        + row % shape->out_height * strides.row + column * strides.step;
      const float *source = x + filter * x_stride + place;
      if (strides.step == 1) {
        memcpy(target, source, (size_t)run * sizeof(float));
      } else {
        for (long i = 0; i < run; i++) target[i * strides.step] = source[i];
      }
      place += run;
    }
}
