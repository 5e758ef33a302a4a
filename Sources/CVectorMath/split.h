/// Floats as sums of three bfloat16, in the tiles that AMX multiplies.
///
/// The first part is the float's upper half, the second the rounded rest, the third what then
/// remains: 24 bits in all, so the sum is the float itself. Where a float is infinite the other
/// two parts are NaN.
///
/// Of the nine products of parts the six largest are summed, in float; those left out are below
/// 2^-22 of the product. A block with a NaN is to be computed again from the floats themselves.
///
/// A tile of a left operand is [16 rows][32 depths], one of a right operand
/// [16 pairs of depths][16 columns][2]: as 32-bit words each is the other's transpose.
#pragma once

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

enum { SPLIT_PARTS = 3, TILE_LINES = 16, TILE_DEPTH = 32, TILE_BYTES = 1024 };
/// Bytes of the tiles of 16 rows or columns by 32 depths.
enum { SPLIT_BYTES = SPLIT_PARTS * TILE_BYTES };

#define SPLIT_TARGET __attribute__((target("avx512f,avx512bw,avx512vl,amx-tile,amx-bf16")))
#define SPLIT_INLINE SPLIT_TARGET static inline __attribute__((always_inline))

/// The parts of 16 floats, each in the upper half of its lane; the lower half is zero.
SPLIT_INLINE void split_parts(__m512 x, __m512i part[SPLIT_PARTS]) {
  const __m512i upper = _mm512_set1_epi32((int)0xffff0000);
  part[0] = _mm512_and_si512(_mm512_castps_si512(x), upper);
  x = _mm512_sub_ps(x, _mm512_castsi512_ps(part[0]));
  part[1] = _mm512_and_si512(
    _mm512_add_epi32(_mm512_castps_si512(x), _mm512_set1_epi32(0x8000)), upper);
  part[2] = _mm512_castps_si512(_mm512_sub_ps(x, _mm512_castsi512_ps(part[1])));
}

/// The upper halves of the lanes of both, in order.
SPLIT_INLINE __m512i upper_halves(__m512i first, __m512i second) {
  const __m512i odd = _mm512_set_epi16(
    63, 61, 59, 57, 55, 53, 51, 49, 47, 45, 43, 41, 39, 37, 35, 33, 31, 29, 27, 25, 23, 21, 19, 17,
    15, 13, 11, 9, 7, 5, 3, 1);
  return _mm512_permutex2var_epi16(first, odd, second);
}

/// The tiles of x[16 lines][32 depths], lines `stride` apart, as [lines][depths].
SPLIT_INLINE void split_by_lines(const float *x, long stride, char *tiles) {
  for (long line = 0; line < TILE_LINES; line++) {
    __m512i first[SPLIT_PARTS], second[SPLIT_PARTS];
    split_parts(_mm512_loadu_ps(x + line * stride), first);
    split_parts(_mm512_loadu_ps(x + line * stride + 16), second);
    for (int p = 0; p < SPLIT_PARTS; p++)
      _mm512_store_si512(
        tiles + p * TILE_BYTES + line * 64, upper_halves(first[p], second[p]));
  }
}

/// Exchanges lines and pairs of depths in each of the tiles.
SPLIT_INLINE void transpose_tiles(char *tiles) {
  for (int p = 0; p < SPLIT_PARTS; p++) {
    __m512i *const rows = (__m512i *)(tiles + p * TILE_BYTES);
    __m512i a[16], b[16];
    for (int i = 0; i < 16; i += 2) {
      a[i] = _mm512_unpacklo_epi32(rows[i], rows[i + 1]);
      a[i + 1] = _mm512_unpackhi_epi32(rows[i], rows[i + 1]);
    }
    for (int i = 0; i < 16; i += 4) {
      b[i] = _mm512_unpacklo_epi64(a[i], a[i + 2]);
      b[i + 1] = _mm512_unpackhi_epi64(a[i], a[i + 2]);
      b[i + 2] = _mm512_unpacklo_epi64(a[i + 1], a[i + 3]);
      b[i + 3] = _mm512_unpackhi_epi64(a[i + 1], a[i + 3]);
    }
    for (int i = 0; i < 4; i++)
      for (int half = 0; half < 16; half += 8) {
        a[half + i] = _mm512_shuffle_i32x4(b[half + i], b[half + i + 4], 0x88);
        a[half + i + 4] = _mm512_shuffle_i32x4(b[half + i], b[half + i + 4], 0xdd);
      }
    for (int i = 0; i < 8; i++) {
      rows[i] = _mm512_shuffle_i32x4(a[i], a[i + 8], 0x88);
      rows[i + 8] = _mm512_shuffle_i32x4(a[i], a[i + 8], 0xdd);
    }
  }
}

/// The tiles of block[16 columns][32 depths] of a right operand.
SPLIT_INLINE void split_transposed(const float *block, char *tiles) {
  split_by_lines(block, TILE_DEPTH, tiles);
  transpose_tiles(tiles);
}

/// All eight tiles have 16 rows of 64 bytes.
SPLIT_INLINE void split_configure(void) {
  struct {
    unsigned char palette, start, reserved[14];
    unsigned short row_bytes[16];
    unsigned char rows[16];
  } configuration = {.palette = 1};
  for (int i = 0; i < 8; i++) {
    configuration.row_bytes[i] = 64;
    configuration.rows[i] = TILE_LINES;
  }
  _tile_loadconfig(&configuration);
}

/// The float that was split in the parts at `place`, `part_bytes` apart.
static inline float split_join(const char *place, long part_bytes) {
  float sum = 0;
  for (int p = 0; p < SPLIT_PARTS; p++) {
    unsigned short upper;
    memcpy(&upper, place + p * part_bytes, sizeof upper);
    const unsigned bits = (unsigned)upper << 16;
    float part;
    memcpy(&part, &bits, sizeof part);
    if (p == 0 && !__builtin_isfinite(part)) return part;
    sum += part;
  }
  return sum;
}

/// Whether one of the sums is NaN.
SPLIT_INLINE int split_has_nan(const float *sums, long rows) {
  __mmask16 unordered = 0;
  for (const float *x = sums; x < sums + rows * 32; x += 16) {
    const __m512 sum = _mm512_load_ps(x);
    unordered |= _mm512_cmp_ps_mask(sum, sum, _CMP_UNORD_Q);
  }
  return unordered != 0;
}

/// c[row][column] = (adds ? itself : 0) + sums[row][column].
SPLIT_INLINE void split_move(
  const float *sums, long rows, long columns, float *c, long row_stride, int adds) {
  for (long row = 0; row < rows; row++)
    for (long column = 0; column < columns; column += 16) {
      const long count = columns - column;
      const __mmask16 some = count >= 16 ? 0xffff : (__mmask16)((1 << count) - 1);
      __m512 sum = _mm512_maskz_loadu_ps(some, sums + row * 32 + column);
      float *place = c + row * row_stride + column;
      if (adds) sum = _mm512_add_ps(sum, _mm512_maskz_loadu_ps(some, place));
      _mm512_mask_storeu_ps(place, some, sum);
    }
}
#endif
