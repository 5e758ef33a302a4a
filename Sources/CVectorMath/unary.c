/// Functions of one variable.
#include <math.h>

#include "elementary.h"

/// In place is allowed, so x and y may be the same but not overlap otherwise.
#define LOOP(value)                          \
  VM_PARALLEL for (long i = 0; i < n; i++) { \
    const REAL v = x[i];                     \
    y[i] = value;                            \
  }                                          \
  break;

#define LIBRARY_LOOP(function)                        \
  for (long i = 0; i < n; i++) y[i] = function(x[i]); \
  break;

/// The cases that need no elementary function.
#define ALGEBRAIC_CASES                                        \
  case VM_UNARY_NEG: LOOP(-v)                                  \
  case VM_UNARY_ABS: LOOP(__builtin_elementwise_abs(v))        \
  case VM_UNARY_SIGN: LOOP(v > 0 ? 1 : v < 0 ? -1 : v)         \
  case VM_UNARY_SQRT: LOOP(__builtin_elementwise_sqrt(v))      \
  case VM_UNARY_RSQRT: LOOP(1 / __builtin_elementwise_sqrt(v)) \
  case VM_UNARY_SQUARE: LOOP(v * v)                            \
  case VM_UNARY_RECIPROCAL: LOOP(1 / v)                        \
  case VM_UNARY_RELU: LOOP(v < 0 ? 0 : v)                      \
  case VM_UNARY_FLOOR: LOOP(__builtin_elementwise_floor(v))    \
  case VM_UNARY_CEIL: LOOP(__builtin_elementwise_ceil(v))      \
  case VM_UNARY_ROUND: LOOP(__builtin_elementwise_roundeven(v))

/// y[i] = sin(x[i] + quarters pi / 2).
VM_INLINE void sin_loop(long n, const float *x, float *y, uint32_t quarters) {
  for (long start = 0; start < n; start += 256) {
    const long end = n - start < 256 ? n : start + 256;
    int beyond = 0;
    for (long i = start; i < end; i++) beyond |= !(absolute_value(x[i]) <= largest_angle);
    if (beyond) {
      for (long i = start; i < end; i++) {
        const float v = x[i];
        y[i] = absolute_value(v) <= largest_angle ? sin_f32(v, quarters)
               : quarters                         ? cosf(v)
                                                  : sinf(v);
      }
    } else {
      VM_PARALLEL for (long i = start; i < end; i++) y[i] = sin_f32(x[i], quarters);
    }
  }
}

#define REAL float
VM_CLONES void vm_unary_f32(int op, long n, const float *x, float *y) {
  switch ((enum vm_unary_op)op) {
    ALGEBRAIC_CASES
  case VM_UNARY_EXP: LOOP(exp_f32(v))
  case VM_UNARY_EXPM1: LOOP(expm1_f32(v))
  case VM_UNARY_LOG: LOOP(log_f32(v))
  case VM_UNARY_LOG1P: LOOP(log1p_f32(v))
  case VM_UNARY_SIN: sin_loop(n, x, y, 0); break;
  case VM_UNARY_COS: sin_loop(n, x, y, 1); break;
  case VM_UNARY_TAN: LIBRARY_LOOP(tanf)
  case VM_UNARY_ASIN: LIBRARY_LOOP(asinf)
  case VM_UNARY_ACOS: LIBRARY_LOOP(acosf)
  case VM_UNARY_ATAN: LIBRARY_LOOP(atanf)
  case VM_UNARY_SINH: LIBRARY_LOOP(sinhf)
  case VM_UNARY_COSH: LIBRARY_LOOP(coshf)
  case VM_UNARY_TANH: LOOP(tanh_f32(v))
  case VM_UNARY_ASINH: LIBRARY_LOOP(asinhf)
  case VM_UNARY_ACOSH: LIBRARY_LOOP(acoshf)
  case VM_UNARY_ATANH: LIBRARY_LOOP(atanhf)
  case VM_UNARY_SIGMOID: LOOP(sigmoid_f32(v))
  case VM_UNARY_SOFTPLUS: LOOP(softplus_f32(v))
  case VM_UNARY_ERF: LOOP(erf_f32(v))
  }
}
#undef REAL

VM_INLINE double sigmoid(double x) { return 1 / (1 + exp(-x)); }

VM_INLINE double softplus(double x) { return (x < 0 ? 0 : x) + log1p(exp(-fabs(x))); }

#define REAL double
VM_CLONES void vm_unary_f64(int op, long n, const double *x, double *y) {
  switch ((enum vm_unary_op)op) {
    ALGEBRAIC_CASES
  case VM_UNARY_EXP: LIBRARY_LOOP(exp)
  case VM_UNARY_EXPM1: LIBRARY_LOOP(expm1)
  case VM_UNARY_LOG: LIBRARY_LOOP(log)
  case VM_UNARY_LOG1P: LIBRARY_LOOP(log1p)
  case VM_UNARY_SIN: LIBRARY_LOOP(sin)
  case VM_UNARY_COS: LIBRARY_LOOP(cos)
  case VM_UNARY_TAN: LIBRARY_LOOP(tan)
  case VM_UNARY_ASIN: LIBRARY_LOOP(asin)
  case VM_UNARY_ACOS: LIBRARY_LOOP(acos)
  case VM_UNARY_ATAN: LIBRARY_LOOP(atan)
  case VM_UNARY_SINH: LIBRARY_LOOP(sinh)
  case VM_UNARY_COSH: LIBRARY_LOOP(cosh)
  case VM_UNARY_TANH: LIBRARY_LOOP(tanh)
  case VM_UNARY_ASINH: LIBRARY_LOOP(asinh)
  case VM_UNARY_ACOSH: LIBRARY_LOOP(acosh)
  case VM_UNARY_ATANH: LIBRARY_LOOP(atanh)
  case VM_UNARY_SIGMOID: LIBRARY_LOOP(sigmoid)
  case VM_UNARY_SOFTPLUS: LIBRARY_LOOP(softplus)
  case VM_UNARY_ERF: LIBRARY_LOOP(erf)
  }
}
