/// Functions of two and three variables, fills and conversions.
#include <math.h>

#include "loops.h"

#define REAL float
#define SUFFIX _f32
#define REAL_POW powf
#define REAL_ATAN2 atan2f
#define REAL_FMOD fmodf
#include "arithmetic_loops.h"

#define REAL double
#define SUFFIX _f64
#define REAL_POW pow
#define REAL_ATAN2 atan2
#define REAL_FMOD fmod
#include "arithmetic_loops.h"

#define CONVERT(from, to, name)                                    \
  VM_CLONES void vm_convert_##name(long n, const from *x, to *y) { \
    VM_PARALLEL for (long i = 0; i < n; i++) y[i] = (to)x[i];      \
  }

CONVERT(uint8_t, float, u8_f32)
CONVERT(uint8_t, double, u8_f64)
CONVERT(int32_t, float, i32_f32)
CONVERT(int32_t, double, i32_f64)
CONVERT(float, double, f32_f64)
CONVERT(double, float, f64_f32)

/// `least` is the smallest and `beyond` the first too large value; both are exact in float.
#define CONVERT_TO_INTEGER(from, to, name, least, greatest, beyond)                        \
  VM_CLONES void vm_convert_##name(long n, const from *x, to *y) {                         \
    VM_PARALLEL for (long i = 0; i < n; i++) {                                             \
      const from value = x[i];                                                             \
      const int inside = value > least && value < beyond;                                  \
      const to truncated = (to)(inside ? value : 0);                                       \
      y[i] = inside ? truncated : value >= beyond ? greatest : value <= least ? least : 0; \
    }                                                                                      \
  }

CONVERT_TO_INTEGER(float, uint8_t, f32_u8, 0, 255, 256)
CONVERT_TO_INTEGER(double, uint8_t, f64_u8, 0, 255, 256)
CONVERT_TO_INTEGER(float, int32_t, f32_i32, INT32_MIN, INT32_MAX, 2147483648.0f)
CONVERT_TO_INTEGER(double, int32_t, f64_i32, INT32_MIN, INT32_MAX, 2147483648.0)
