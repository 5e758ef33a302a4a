/// The bodies of arithmetic.c for one element type. Included once per type with REAL, SUFFIX and
/// REAL_POW, REAL_ATAN2, REAL_FMOD defined; undefines them.

VM_INLINE REAL VM_JOIN(maximum, SUFFIX)(REAL a, REAL b) {
  const REAL larger = a > b ? a : b;
  return a != a ? a : larger;
}

VM_INLINE REAL VM_JOIN(minimum, SUFFIX)(REAL a, REAL b) {
  const REAL smaller = a < b ? a : b;
  return a != a ? a : smaller;
}

VM_INLINE REAL VM_JOIN(floored_remainder, SUFFIX)(REAL a, REAL b) {
  const REAL remainder = REAL_FMOD(a, b);
  return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder;
}

/// One loop per combination of steps, so that a scalar stays in a register.
#define STEPPED(loop_kind, value)                           \
  if (a_step && b_step) {                                   \
    loop_kind for (long i = 0; i < n; i++) {                \
      const REAL p = a[i], q = b[i];                        \
      y[i] = value;                                         \
    }                                                       \
  } else if (a_step) {                                      \
    const REAL q = b[0];                                    \
    loop_kind for (long i = 0; i < n; i++) {                \
      const REAL p = a[i];                                  \
      y[i] = value;                                         \
    }                                                       \
  } else if (b_step) {                                      \
    const REAL p = a[0];                                    \
    loop_kind for (long i = 0; i < n; i++) {                \
      const REAL q = b[i];                                  \
      y[i] = value;                                         \
    }                                                       \
  } else if (n > 0) {                                       \
    const REAL p = a[0], q = b[0];                          \
    const REAL constant = value;                            \
    loop_kind for (long i = 0; i < n; i++) y[i] = constant; \
  }                                                         \
  break;

VM_CLONES void VM_JOIN(vm_binary, SUFFIX)(
  int op, long n, const REAL *a, long a_step, const REAL *b, long b_step, REAL *y) {
  switch ((enum vm_binary_op)op) {
  case VM_BINARY_ADD: STEPPED(VM_PARALLEL, p + q)
  case VM_BINARY_SUB: STEPPED(VM_PARALLEL, p - q)
  case VM_BINARY_MUL: STEPPED(VM_PARALLEL, p * q)
  case VM_BINARY_DIV: STEPPED(VM_PARALLEL, p / q)
  case VM_BINARY_POW: STEPPED(, REAL_POW(p, q))
  case VM_BINARY_MAX: STEPPED(VM_PARALLEL, VM_JOIN(maximum, SUFFIX)(p, q))
  case VM_BINARY_MIN: STEPPED(VM_PARALLEL, VM_JOIN(minimum, SUFFIX)(p, q))
  case VM_BINARY_ATAN2: STEPPED(, REAL_ATAN2(p, q))
  case VM_BINARY_MOD: STEPPED(, VM_JOIN(floored_remainder, SUFFIX)(p, q))
  case VM_BINARY_EQ: STEPPED(VM_PARALLEL, p == q ? 1 : 0)
  case VM_BINARY_NE: STEPPED(VM_PARALLEL, p != q ? 1 : 0)
  case VM_BINARY_LT: STEPPED(VM_PARALLEL, p < q ? 1 : 0)
  case VM_BINARY_LE: STEPPED(VM_PARALLEL, p <= q ? 1 : 0)
  case VM_BINARY_GT: STEPPED(VM_PARALLEL, p > q ? 1 : 0)
  case VM_BINARY_GE: STEPPED(VM_PARALLEL, p >= q ? 1 : 0)
  case VM_BINARY_AND: STEPPED(VM_PARALLEL, ((p != 0) & (q != 0)) ? 1 : 0)
  case VM_BINARY_OR: STEPPED(VM_PARALLEL, ((p != 0) | (q != 0)) ? 1 : 0)
  case VM_BINARY_PRELU: STEPPED(VM_PARALLEL, p > 0 ? p : p * q)
  }
}

#define UPDATED(value) \
  VM_PARALLEL for (long i = 0; i < n; i++) y[i] = value; \
  break;

VM_CLONES void VM_JOIN(vm_update, SUFFIX)(
  int op, long n, REAL s, const REAL *x, REAL t, const REAL *z, REAL *y) {
  switch ((enum vm_update_op)op) {
  case VM_UPDATE_SUM: UPDATED(s * x[i] + t * z[i])
  case VM_UPDATE_SUM_OF_SQUARE: UPDATED(s * x[i] + t * (z[i] * z[i]))
  case VM_UPDATE_OVER_ROOT: UPDATED(s * x[i] / (__builtin_elementwise_sqrt(z[i]) + t))
  case VM_UPDATE_STEP: UPDATED(x[i] + t * z[i])
  }
}

VM_CLONES void VM_JOIN(vm_select, SUFFIX)(
  long n, const REAL *c, long c_step, const REAL *a, long a_step, const REAL *b, long b_step,
  REAL *y) {
  if (n <= 0) return;
  if (!c_step) {
    const REAL *chosen = c[0] != 0 ? a : b;
    const long step = c[0] != 0 ? a_step : b_step;
    const REAL scalar = chosen[0];
    if (step) {
      VM_PARALLEL for (long i = 0; i < n; i++) y[i] = chosen[i];
    } else {
      VM_PARALLEL for (long i = 0; i < n; i++) y[i] = scalar;
    }
  } else if (a_step && b_step) {
    VM_PARALLEL for (long i = 0; i < n; i++) {
      const REAL p = a[i], q = b[i];
      y[i] = c[i] != 0 ? p : q;
    }
  } else if (a_step) {
    const REAL q = b[0];
    VM_PARALLEL for (long i = 0; i < n; i++) {
      const REAL p = a[i];
      y[i] = c[i] != 0 ? p : q;
    }
  } else if (b_step) {
    const REAL p = a[0];
    VM_PARALLEL for (long i = 0; i < n; i++) {
      const REAL q = b[i];
      y[i] = c[i] != 0 ? p : q;
    }
  } else {
    const REAL p = a[0], q = b[0];
    VM_PARALLEL for (long i = 0; i < n; i++) y[i] = c[i] != 0 ? p : q;
  }
}

VM_CLONES void VM_JOIN(vm_fill, SUFFIX)(long n, REAL value, REAL *y) {
  VM_PARALLEL for (long i = 0; i < n; i++) y[i] = value;
}

#undef STEPPED
#undef UPDATED
#undef REAL
#undef SUFFIX
#undef REAL_POW
#undef REAL_ATAN2
#undef REAL_FMOD
