/// The bodies of columns.c for one element type. Included once per type with REAL and SUFFIX
/// defined; undefines them.

VM_CLONES void VM_JOIN(vm_im2col, SUFFIX)(
  long channels, long height, long width, long kernel_h, long kernel_w, long stride_h,
  long stride_w, long pad_top, long pad_left, long dilation_h, long dilation_w, long out_h,
  long out_w, const REAL *image, REAL *columns) {
  for (long c = 0; c < channels; c++, image += height * width) {
    for (long i = 0; i < kernel_h; i++) {
      const long top = i * dilation_h - pad_top;
      const span rows = span_inside(out_h, stride_h, top, height);
      for (long j = 0; j < kernel_w; j++) {
        const long left = j * dilation_w - pad_left;
        const span inside = span_inside(out_w, stride_w, left, width);
        for (long oy = 0; oy < out_h; oy++, columns += out_w) {
          REAL *restrict y = columns;
          if (oy < rows.first || oy >= rows.end) {
            for (long ox = 0; ox < out_w; ox++) y[ox] = 0;
            continue;
          }
          const REAL *restrict x = image + (oy * stride_h + top) * width + left;
          for (long ox = 0; ox < inside.first; ox++) y[ox] = 0;
          if (stride_w == 1) {
            for (long ox = inside.first; ox < inside.end; ox++) y[ox] = x[ox];
          } else if (stride_w == 2) {
            for (long ox = inside.first; ox < inside.end; ox++) y[ox] = x[2 * ox];
          } else {
            for (long ox = inside.first; ox < inside.end; ox++) y[ox] = x[stride_w * ox];
          }
          for (long ox = inside.end; ox < out_w; ox++) y[ox] = 0;
        }
      }
    }
  }
}

VM_CLONES void VM_JOIN(vm_col2im, SUFFIX)(
  long channels, long height, long width, long kernel_h, long kernel_w, long stride_h,
  long stride_w, long pad_top, long pad_left, long dilation_h, long dilation_w, long out_h,
  long out_w, const REAL *columns, REAL *image) {
  for (long c = 0; c < channels; c++, image += height * width) {
    for (long i = 0; i < kernel_h; i++) {
      const long top = i * dilation_h - pad_top;
      const span rows = span_inside(out_h, stride_h, top, height);
      for (long j = 0; j < kernel_w; j++, columns += out_h * out_w) {
        const long left = j * dilation_w - pad_left;
        const span inside = span_inside(out_w, stride_w, left, width);
        for (long oy = rows.first; oy < rows.end; oy++) {
          const REAL *restrict x = columns + oy * out_w;
          REAL *restrict y = image + (oy * stride_h + top) * width + left;
          if (stride_w == 1) {
            for (long ox = inside.first; ox < inside.end; ox++) y[ox] += x[ox];
          } else if (stride_w == 2) {
            for (long ox = inside.first; ox < inside.end; ox++) y[2 * ox] += x[ox];
          } else {
            for (long ox = inside.first; ox < inside.end; ox++) y[stride_w * ox] += x[ox];
          }
        }
      }
    }
  }
}

#undef REAL
#undef SUFFIX
