/// Vectors of 16 floats, as products and tiles use them. Macros, because a function that took a
/// vector would be called differently on each instruction set.
#pragma once

#include <string.h>

#include "loops.h"
#include "products.h"

typedef float vm_lanes __attribute__((vector_size(64), aligned(4)));
typedef int vm_bits __attribute__((vector_size(64), aligned(4)));

#define VM_REPEAT(x) ((vm_lanes){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x})
#define VM_LOAD(x) (*(const vm_lanes *)(x))
#define VM_STORE(y, x) (*(vm_lanes *)(y) = (x))

/// The first `count` of 16 places of y.
#define VM_STORE_SOME(y, x, count)                   \
  do {                                               \
    if ((count) >= VM_PANEL_LANES) {                 \
      VM_STORE(y, x);                                \
    } else if ((count) > 0) {                        \
      memcpy(y, &(x), (size_t)(count) * sizeof(float)); \
    }                                                \
  } while (0)

VM_INLINE long vm_round_up(long x, long unit) { return (x + unit - 1) / unit * unit; }

#if defined(__x86_64__)
VM_INLINE int vm_has_avx512(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl");
}

VM_INLINE int vm_has_avx2(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
#endif
