/// The bodies of columns.c for one element type. Included once per type with REAL and SUFFIX
/// defined; undefines them.
///
/// Rows of an output are short, so a vector loop ends with one vector that overlaps the one
/// before it, not with single elements. Under a stride of two, neighbouring places of the kernel
/// take the even and the odd pixels of the same run, and are handled together.

typedef REAL VM_JOIN(eight, SUFFIX) __attribute__((ext_vector_type(8), aligned(sizeof(REAL))));
#define EIGHT VM_JOIN(eight, SUFFIX)
#define AT(pointer) (*(EIGHT *)(pointer))
#define CONST_AT(pointer) (*(const EIGHT *)(pointer))
#define EVENS(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
#define ODDS(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
#define LOW_PAIRS(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define HIGH_PAIRS(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)

VM_INLINE void VM_JOIN(clear, SUFFIX)(long first, long end, REAL *y) {
  VM_SHORT for (long i = first; i < end; i++) y[i] = 0;
}

/// y[i] = x[stride * i] for i in first..<end.
VM_INLINE void VM_JOIN(take, SUFFIX)(
  long first, long end, long stride, const REAL *restrict x, REAL *restrict y) {
  if (stride == 1 && end - first >= 8) {
    for (long i = first; i < end - 8; i += 8) AT(y + i) = CONST_AT(x + i);
    AT(y + end - 8) = CONST_AT(x + end - 8);
  } else {
    VM_SHORT for (long i = first; i < end; i++) y[i] = x[stride * i];
  }
}

/// even[i] = x[2 * i] and odd[i] = x[2 * i + 1] for i in first..<end, which are 8 at least.
VM_INLINE void VM_JOIN(take_pairs, SUFFIX)(
  long first, long end, const REAL *restrict x, REAL *restrict even, REAL *restrict odd) {
  for (long i = first;; i = i + 16 < end ? i + 8 : end - 8) {
    const EIGHT a = CONST_AT(x + 2 * i), b = CONST_AT(x + 2 * i + 8);
    AT(even + i) = EVENS(a, b);
    AT(odd + i) = ODDS(a, b);
    if (i == end - 8) return;
  }
}

/// y[stride * i] += x[i] for i in first..<end.
VM_INLINE void VM_JOIN(add, SUFFIX)(
  long first, long end, long stride, const REAL *restrict x, REAL *restrict y) {
  if (stride == 1 && end - first >= 8) {
    const EIGHT last = AT(y + end - 8) + CONST_AT(x + end - 8);
    for (long i = first; i < end - 8; i += 8) AT(y + i) += CONST_AT(x + i);
    AT(y + end - 8) = last;
  } else {
    VM_SHORT for (long i = first; i < end; i++) y[stride * i] += x[i];
  }
}

/// y[2 * i] += even[i] and y[2 * i + 1] += odd[i] for i in first..<end, which are 8 at least.
VM_INLINE void VM_JOIN(add_pairs, SUFFIX)(
  long first, long end, const REAL *restrict even, const REAL *restrict odd, REAL *restrict y) {
  const long last = end - 8;
  const EIGHT a = CONST_AT(even + last), b = CONST_AT(odd + last);
  const EIGHT low = AT(y + 2 * last) + LOW_PAIRS(a, b);
  const EIGHT high = AT(y + 2 * last + 8) + HIGH_PAIRS(a, b);
  for (long i = first; i < last; i += 8) {
    const EIGHT c = CONST_AT(even + i), d = CONST_AT(odd + i);
    AT(y + 2 * i) += LOW_PAIRS(c, d);
    AT(y + 2 * i + 8) += HIGH_PAIRS(c, d);
  }
  AT(y + 2 * last) = low;
  AT(y + 2 * last + 8) = high;
}

VM_CLONES void VM_JOIN(vm_im2col, SUFFIX)(
  long channels, long height, long width, long kernel_h, long kernel_w, long stride_h,
  long stride_w, long pad_top, long pad_left, long dilation_h, long dilation_w, long out_h,
  long out_w, const REAL *image, REAL *columns) {
  const int paired = stride_w == 2 && dilation_w == 1;
  for (long c = 0; c < channels; c++, image += height * width) {
    for (long i = 0; i < kernel_h; i++) {
      const long top = i * dilation_h - pad_top;
      const span rows = span_inside(out_h, stride_h, top, height);
      for (long j = 0, places = 1; j < kernel_w; j += places, columns += places * out_h * out_w) {
        const long left = j * dilation_w - pad_left;
        const span a = span_inside(out_w, stride_w, left, width);
        const span b = span_inside(out_w, stride_w, left + 1, width);
        const span both = overlap(a, b);
        places = paired && j + 1 < kernel_w && both.end - both.first >= 8 ? 2 : 1;
        VM_JOIN(clear, SUFFIX)(0, rows.first * out_w, columns);
        VM_JOIN(clear, SUFFIX)(rows.end * out_w, out_h * out_w, columns);
        for (long oy = rows.first; oy < rows.end; oy++) {
          const REAL *x = image + (oy * stride_h + top) * width + left;
          REAL *y = columns + oy * out_w;
          VM_JOIN(clear, SUFFIX)(0, a.first, y);
          VM_JOIN(clear, SUFFIX)(a.end, out_w, y);
          if (places == 1) {
            VM_JOIN(take, SUFFIX)(a.first, a.end, stride_w, x, y);
            continue;
          }
          REAL *next = y + out_h * out_w;
          VM_JOIN(clear, SUFFIX)(0, b.first, next);
          VM_JOIN(clear, SUFFIX)(b.end, out_w, next);
          VM_JOIN(take, SUFFIX)(a.first, both.first, 2, x, y);
          VM_JOIN(take, SUFFIX)(b.first, both.first, 2, x + 1, next);
          VM_JOIN(take_pairs, SUFFIX)(both.first, both.end, x, y, next);
          VM_JOIN(take, SUFFIX)(both.end, a.end, 2, x, y);
          VM_JOIN(take, SUFFIX)(both.end, b.end, 2, x + 1, next);
        }
        if (places == 2) {
          VM_JOIN(clear, SUFFIX)(out_h * out_w, (out_h + rows.first) * out_w, columns);
          VM_JOIN(clear, SUFFIX)((out_h + rows.end) * out_w, 2 * out_h * out_w, columns);
        }
      }
    }
  }
}

VM_CLONES void VM_JOIN(vm_col2im, SUFFIX)(
  long channels, long height, long width, long kernel_h, long kernel_w, long stride_h,
  long stride_w, long pad_top, long pad_left, long dilation_h, long dilation_w, long out_h,
  long out_w, const REAL *columns, REAL *image) {
  const int paired = stride_w == 2 && dilation_w == 1;
  for (long c = 0; c < channels; c++, image += height * width) {
    for (long i = 0; i < kernel_h; i++) {
      const long top = i * dilation_h - pad_top;
      const span rows = span_inside(out_h, stride_h, top, height);
      for (long j = 0, places = 1; j < kernel_w; j += places, columns += places * out_h * out_w) {
        const long left = j * dilation_w - pad_left;
        const span a = span_inside(out_w, stride_w, left, width);
        const span b = span_inside(out_w, stride_w, left + 1, width);
        const span both = overlap(a, b);
        places = paired && j + 1 < kernel_w && both.end - both.first >= 8 ? 2 : 1;
        for (long oy = rows.first; oy < rows.end; oy++) {
          const REAL *x = columns + oy * out_w;
          REAL *y = image + (oy * stride_h + top) * width + left;
          if (places == 1) {
            VM_JOIN(add, SUFFIX)(a.first, a.end, stride_w, x, y);
            continue;
          }
          const REAL *next = x + out_h * out_w;
          VM_JOIN(add, SUFFIX)(a.first, both.first, 2, x, y);
          VM_JOIN(add, SUFFIX)(b.first, both.first, 2, next, y + 1);
          VM_JOIN(add_pairs, SUFFIX)(both.first, both.end, x, next, y);
          VM_JOIN(add, SUFFIX)(both.end, a.end, 2, x, y);
          VM_JOIN(add, SUFFIX)(both.end, b.end, 2, next, y + 1);
        }
      }
    }
  }
}

#undef EIGHT
#undef AT
#undef CONST_AT
#undef EVENS
#undef ODDS
#undef LOW_PAIRS
#undef HIGH_PAIRS
#undef REAL
#undef SUFFIX
