/// Draws of Philox4x32-10 streams.
/// Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
#include <math.h>
#include <string.h>

#include "elementary.h"

/// Draws are made this many at a time, from aligned places of the stream.
enum { BLOCKS = 64, PAIRS = 2 * BLOCKS, DRAWS = 4 * BLOCKS };

typedef struct {
  uint32_t key0, key1;
  uint64_t index;
} stream;

/// The upper 24 bits of words, those of even and of odd place.
typedef struct {
  int32_t even[PAIRS], odd[PAIRS];
} bits;

/// The words of the blocks first_block + (0..<BLOCKS), computed in lanes of 64 bits, as wide as
/// their products.
VM_INLINE void philox(stream s, uint64_t first_block, bits *result) {
  const uint64_t low = 0xFFFFFFFF;
  uint64_t pairs[PAIRS];
  for (uint64_t block = 0; block < BLOCKS; block++) {
    const uint64_t place = first_block + block;
    uint64_t c0 = place & low, c1 = place >> 32, c2 = s.index & low, c3 = s.index >> 32;
    uint32_t k0 = s.key0, k1 = s.key1;
#pragma clang loop unroll(full)
    for (int round = 0; round < 10; round++) {
      const uint64_t product0 = 0xD2511F53 * c0, product1 = 0xCD9E8D57 * c2;
      c0 = (product1 >> 32) ^ c1 ^ k0;
      c1 = product1 & low;
      c2 = (product0 >> 32) ^ c3 ^ k1;
      c3 = product0 & low;
      k0 += 0x9E3779B9;
      k1 += 0xBB67AE85;
    }
    pairs[2 * block] = c0 | c1 << 32;
    pairs[2 * block + 1] = c2 | c3 << 32;
  }
  for (int i = 0; i < PAIRS; i++) {
    result->even[i] = (int32_t)((uint32_t)pairs[i] >> 8);
    result->odd[i] = (int32_t)(pairs[i] >> 40);
  }
}

VM_INLINE void uniform_f32(const bits *b, float *restrict y) {
  for (int i = 0; i < PAIRS; i++) {
    y[2 * i] = (float)b->even[i] * 0x1p-24f;
    y[2 * i + 1] = (float)b->odd[i] * 0x1p-24f;
  }
}

VM_INLINE void uniform_f64(const bits *b, double *restrict y) {
  for (int i = 0; i < PAIRS; i++) {
    y[2 * i] = b->even[i] * 0x1p-24;
    y[2 * i + 1] = b->odd[i] * 0x1p-24;
  }
}

VM_INLINE void normal_f32(const bits *b, float *restrict y) {
  for (int i = 0; i < PAIRS; i++) {
    const float u1 = (float)(b->even[i] + 1) * 0x1p-24f;
    const float radius = __builtin_elementwise_sqrt(-2 * log_f32(u1));
    // The turn in quarters: the nearest one, and the exact rest.
    const float turn = (float)b->odd[i] * 0x1p-22f;
    const float shifted = turn + rounding_shift;
    const float angle = (turn - (shifted - rounding_shift)) * 0x1.921fb6p0f;
    const uint32_t quarters = bits_of(shifted) - bits_of(rounding_shift);
    y[2 * i] = radius * sin_of_quarters(quarters + 1, angle);
    y[2 * i + 1] = radius * sin_of_quarters(quarters, angle);
  }
}

VM_INLINE void normal_f64(const bits *b, double *restrict y) {
  for (int i = 0; i < PAIRS; i++) {
    const double radius = sqrt(-2 * log((b->even[i] + 1) * 0x1p-24));
    const double angle = b->odd[i] * 0x1p-24 * (2 * M_PI);
    y[2 * i] = radius * cos(angle);
    y[2 * i + 1] = radius * sin(angle);
  }
}

#define FILL(distribution, type, suffix)                                                 \
  VM_CLONES void vm_philox_##distribution##suffix(                                       \
    long n, uint32_t key0, uint32_t key1, uint64_t stream_index, uint64_t first_element, \
    type *y) {                                                                           \
    const stream s = {key0, key1, stream_index};                                         \
    long skipped = (long)(first_element % 4);                                            \
    for (uint64_t block = first_element / 4; n > 0; block += BLOCKS) {                   \
      bits upper;                                                                        \
      type draws[DRAWS];                                                                 \
      philox(s, block, &upper);                                                          \
      distribution##suffix(&upper, draws);                                               \
      const long count = n < DRAWS - skipped ? n : DRAWS - skipped;                      \
      memcpy(y, draws + skipped, (size_t)count * sizeof(type));                          \
      y += count;                                                                        \
      n -= count;                                                                        \
      skipped = 0;                                                                       \
    }                                                                                    \
  }

FILL(uniform, float, _f32)
FILL(uniform, double, _f64)
FILL(normal, float, _f32)
FILL(normal, double, _f64)
