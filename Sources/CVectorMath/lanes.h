/// Vectors of 16 floats, as products and tiles use them. Macros, because a function that took a
/// vector would be called differently on each instruction set.
#pragma once

#include <string.h>

#include "loops.h"
#include "products.h"

typedef float vm_lanes __attribute__((vector_size(64), aligned(4)));
typedef int vm_bits __attribute__((vector_size(64), aligned(4)));
typedef float vm_half_lanes __attribute__((vector_size(32), aligned(4)));
typedef float vm_quarter_lanes __attribute__((vector_size(16), aligned(4)));
typedef int vm_half_bits __attribute__((vector_size(32), aligned(4)));

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

/// The first `count` of 16 places of x, then zeros.
#define VM_LOAD_SOME(y, x, count)                                    \
  do {                                                               \
    if ((count) >= VM_PANEL_LANES) {                                 \
      (y) = VM_LOAD(x);                                              \
    } else {                                                         \
      (y) = VM_REPEAT(0);                                            \
      for (long place_ = 0; place_ < (count); place_++) (y)[place_] = (x)[place_]; \
    }                                                                \
  } while (0)

/// Zeros in the place of negative numbers.
#define VM_POSITIVE(x) ((vm_lanes)((vm_bits)(x) & ~(vm_bits)((x) < 0)))

VM_INLINE long vm_round_up(long x, long unit) { return (x + unit - 1) / unit * unit; }

#if defined(__x86_64__)
VM_INLINE int vm_has_avx512(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl");
}

VM_INLINE int vm_has_avx2(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
#endif

/// 16 rows of a left operand: the first half to one panel, the second to the next if it exists.
#define VM_STORE_TWO_PANELS(place, distance, lanes, count)        \
  do {                                                            \
    memcpy(place, &(lanes), VM_PANEL_ROWS * sizeof(float));       \
    if ((count) > VM_PANEL_ROWS)                                  \
      memcpy(                                                     \
        (place) + (distance), (const float *)&(lanes) + VM_PANEL_ROWS, \
        VM_PANEL_ROWS * sizeof(float));                           \
  } while (0)

/// The places of a mask of bits; the others are 0 and not read. The first form is for AVX-512, the
/// second for AVX2.
#define VM_LOAD_MASKED(source, mask, y)                             \
  (*(y) = __builtin_ia32_loadups512_mask(                           \
     (const void *)(source), VM_REPEAT(0), (unsigned short)(mask)))
#define VM_HALF_MASK(mask, half)                                                     \
  ((vm_half_bits)(((vm_half_bits){1, 2, 4, 8, 16, 32, 64, 128} &                     \
                   (int)((mask) >> (half) * VM_PANEL_LANES / 2)) != 0))
#define VM_LOAD_HALVES(source, mask, y)                                              \
  do {                                                                               \
    for (int half = 0; half < 2; half++)                                             \
      ((vm_half_lanes *)(y))[half] = __builtin_ia32_maskloadps256(                   \
        (const void *)((source) + half * VM_PANEL_LANES / 2), VM_HALF_MASK(mask, half)); \
  } while (0)
#define VM_LOAD_PLACES(source, mask, y)                                  \
  do {                                                                   \
    const unsigned places = mask;                                        \
    for (int place = 0; place < VM_PANEL_LANES; place++)                 \
      ((float *)(y))[place] = places >> place & 1 ? (source)[place] : 0; \
  } while (0)

/// Calls the form of a function, `name` with an instruction set's suffix, for this machine.
#if defined(__x86_64__)
#define VM_CHOOSE_ISA(name, ...)                               \
  do {                                                         \
    if (vm_has_avx512()) VM_JOIN(name, _avx512)(__VA_ARGS__);  \
    else if (vm_has_avx2()) VM_JOIN(name, _avx2)(__VA_ARGS__); \
    else VM_JOIN(name, _baseline)(__VA_ARGS__);                \
  } while (0)
#else
#define VM_CHOOSE_ISA(name, ...) VM_JOIN(name, _baseline)(__VA_ARGS__)
#endif
