/// Draws of Philox4x32-10 streams.
/// Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
#include <math.h>
#include <string.h>

#include "elementary.h"

/// Draws are made this many at a time, from aligned places of the stream.
enum { BLOCKS = 64, DRAWS = 4 * BLOCKS };

typedef struct {
  uint32_t key0, key1;
  uint64_t index;
} stream;

/// The four words of each of the blocks first_block + (0..<BLOCKS).
VM_INLINE void philox(stream s, uint64_t first_block, uint32_t words[DRAWS]) {
  for (uint32_t block = 0; block < BLOCKS; block++) {
    const uint64_t place = first_block + block;
    uint32_t c0 = (uint32_t)place, c1 = (uint32_t)(place >> 32);
    uint32_t c2 = (uint32_t)s.index, c3 = (uint32_t)(s.index >> 32);
    uint32_t k0 = s.key0, k1 = s.key1;
#pragma clang loop unroll(full)
    for (int round = 0; round < 10; round++) {
      const uint64_t product0 = (uint64_t)0xD2511F53 * c0;
      const uint64_t product1 = (uint64_t)0xCD9E8D57 * c2;
      c0 = (uint32_t)(product1 >> 32) ^ c1 ^ k0;
      c1 = (uint32_t)product1;
      c2 = (uint32_t)(product0 >> 32) ^ c3 ^ k1;
      c3 = (uint32_t)product0;
      k0 += 0x9E3779B9;
      k1 += 0xBB67AE85;
    }
    words[4 * block] = c0;
    words[4 * block + 1] = c1;
    words[4 * block + 2] = c2;
    words[4 * block + 3] = c3;
  }
}

VM_INLINE void uniform_f32(const uint32_t *restrict words, float *restrict y) {
  for (int i = 0; i < DRAWS; i++) y[i] = (float)(int32_t)(words[i] >> 8) * 0x1p-24f;
}

VM_INLINE void uniform_f64(const uint32_t *restrict words, double *restrict y) {
  for (int i = 0; i < DRAWS; i++) y[i] = (double)(int32_t)(words[i] >> 8) * 0x1p-24;
}

VM_INLINE void normal_f32(const uint32_t *restrict words, float *restrict y) {
  for (int i = 0; i < DRAWS; i += 2) {
    const float u1 = (float)(int32_t)((words[i] >> 8) + 1) * 0x1p-24f;
    const float radius = __builtin_elementwise_sqrt(-2 * log_f32(u1));
    // The turn in quarters: the nearest one, and the exact rest.
    const float turn = (float)(int32_t)(words[i + 1] >> 8) * 0x1p-22f;
    const float shifted = turn + rounding_shift;
    const float angle = (turn - (shifted - rounding_shift)) * 0x1.921fb6p0f;
    const uint32_t quarters = bits_of(shifted) - bits_of(rounding_shift);
    y[i] = radius * sin_of_quarters(quarters + 1, angle);
    y[i + 1] = radius * sin_of_quarters(quarters, angle);
  }
}

VM_INLINE void normal_f64(const uint32_t *restrict words, double *restrict y) {
  for (int i = 0; i < DRAWS; i += 2) {
    const double u1 = (double)(int32_t)((words[i] >> 8) + 1) * 0x1p-24;
    const double radius = sqrt(-2 * log(u1));
    const double angle = (double)(int32_t)(words[i + 1] >> 8) * 0x1p-24 * (2 * M_PI);
    y[i] = radius * cos(angle);
    y[i + 1] = radius * sin(angle);
  }
}

#define FILL(distribution, type, suffix)                                                  \
  VM_CLONES void vm_philox_##distribution##suffix(                                        \
    long n, uint32_t key0, uint32_t key1, uint64_t stream_index, uint64_t first_element,  \
    type *y) {                                                                            \
    const stream s = {key0, key1, stream_index};                                          \
    long skipped = (long)(first_element % 4);                                             \
    for (uint64_t block = first_element / 4; n > 0; block += BLOCKS) {                    \
      uint32_t words[DRAWS];                                                              \
      type draws[DRAWS];                                                                  \
      philox(s, block, words);                                                            \
      distribution##suffix(words, draws);                                                 \
      const long count = n < DRAWS - skipped ? n : DRAWS - skipped;                       \
      memcpy(y, draws + skipped, (size_t)count * sizeof(type));                           \
      y += count;                                                                         \
      n -= count;                                                                         \
      skipped = 0;                                                                        \
    }                                                                                     \
  }

FILL(uniform, float, _f32)
FILL(uniform, double, _f64)
FILL(normal, float, _f32)
FILL(normal, double, _f64)
