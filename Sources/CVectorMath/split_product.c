/// Products of operands whose floats are split in three bfloat16 each, on AMX.
///
/// Of the nine products of parts the six largest are summed; those left out are below 2^-22 of the
/// product. Sums are in float. A block with a NaN is computed again from the floats themselves,
/// because an infinity's other parts are NaN.
#include "lanes.h"
#include "split.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

/// Depth multiplied at a time: the tiles of 256 rows and 96 columns stay in a second-level cache.
enum { DEPTH_TILES = 16 };

/// Asks the kernel for the tiles' registers, which a process must do once.
static int request_tiles(void) {
  enum { REQUEST_PERMISSION = 0x1023, TILE_DATA = 18 };
  unsigned a, b, c, d;
  if (!vm_has_avx512() || !__builtin_cpu_supports("avx512bw")) return 0;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 0;
  const unsigned both = 1u << 22 | 1u << 24;  // amx-bf16 and amx-tile
  if ((d & both) != both) return 0;
  return syscall(SYS_arch_prctl, REQUEST_PERMISSION, TILE_DATA) == 0;
}

int vm_can_split(void) {
  static atomic_int answer = -1;
  int known = atomic_load_explicit(&answer, memory_order_relaxed);
  if (known < 0) {
    known = request_tiles();
    atomic_store_explicit(&answer, known, memory_order_relaxed);
  }
  return known;
}

/// Packs 16 lines, rows of a left or columns of a right operand: element (line, d) is
/// x[line * line_stride + d * depth_stride].
SPLIT_TARGET static void pack_lines(
  int is_left, long lines, long depth, const float *x, long line_stride, long depth_stride,
  char *packed) {
  _Alignas(64) float block[TILE_LINES * TILE_DEPTH];
  const int by_lines = depth_stride == 1 && line_stride != 1;
  for (long d = 0; d < depth; d += TILE_DEPTH, packed += SPLIT_BYTES) {
    const float *source = x + d * depth_stride;
    const int is_whole = lines >= TILE_LINES && depth - d >= TILE_DEPTH;
    long stride = by_lines ? line_stride : depth_stride;
    if (!is_whole || (!by_lines && line_stride != 1)) {
      const long line_step = by_lines ? TILE_DEPTH : 1, depth_step = by_lines ? 1 : TILE_LINES;
      const long depth_here = depth - d < TILE_DEPTH ? depth - d : TILE_DEPTH;
      memset(block, 0, sizeof block);
      for (long i = 0; i < lines && i < TILE_LINES; i++)
        for (long j = 0; j < depth_here; j++)
          block[i * line_step + j * depth_step] = source[i * line_stride + j * depth_stride];
      source = block;
      stride = by_lines ? TILE_DEPTH : TILE_LINES;
    }
    if (by_lines) split_by_lines(source, stride, packed);
    else split_by_pairs(source, stride, packed);
    if (by_lines != is_left) transpose_tiles(packed);
  }
}

void vm_split_lines(
  int is_left, long lines, long depth, const float *x, long line_stride, long depth_stride,
  void *packed) {
  const long bytes = vm_line_bytes(VM_SPLIT, depth);
  for (long line = 0; line < lines; line += TILE_LINES)
    pack_lines(
      is_left, lines - line, depth, x + line * line_stride, line_stride, depth_stride,
      (char *)packed + line * bytes);
}

SPLIT_TARGET void vm_split_columns(
  const float *block, long stride, long columns, long line_bytes, char *tiles) {
  for (long column = 0; column < columns; column += TILE_LINES)
    split_by_pairs(block + column, stride, tiles + column * line_bytes);
}

SPLIT_TARGET void vm_split_transposed(const float *block, char *tiles) {
  split_by_lines(block, TILE_DEPTH, tiles);
  transpose_tiles(tiles);
}

#define LOAD_LEFT_1(part) _tile_loadd(4, a + (part) * TILE_BYTES, 64);
#define LOAD_LEFT_2(part) \
  LOAD_LEFT_1(part) _tile_loadd(5, a + a_next + (part) * TILE_BYTES, 64);
#define LOAD_RIGHT_1(part) _tile_loadd(6, b + (part) * TILE_BYTES, 64);
#define LOAD_RIGHT_2(part) \
  LOAD_RIGHT_1(part) _tile_loadd(7, b + b_next + (part) * TILE_BYTES, 64);
#define MULTIPLY_1_1 _tile_dpbf16ps(0, 4, 6);
#define MULTIPLY_1_2 MULTIPLY_1_1 _tile_dpbf16ps(1, 4, 7);
#define MULTIPLY_2_1 MULTIPLY_1_1 _tile_dpbf16ps(2, 5, 6);
#define MULTIPLY_2_2 MULTIPLY_1_2 _tile_dpbf16ps(2, 5, 6); _tile_dpbf16ps(3, 5, 7);
#define STORE_1_1 _tile_stored(0, sums, 128);
#define STORE_1_2 STORE_1_1 _tile_stored(1, sums + 16, 128);
#define STORE_2_1 STORE_1_1 _tile_stored(2, sums + 16 * 32, 128);
#define STORE_2_2 STORE_1_2 _tile_stored(2, sums + 16 * 32, 128); \
  _tile_stored(3, sums + 16 * 32 + 16, 128);

/// Sums of `rows` by `columns` tiles into sums[32][32]; neighbouring tiles of an operand are
/// `a_next` or `b_next` bytes apart. Small parts come first.
#define DEFINE_BLOCK(rows, columns)                                                      \
  SPLIT_TARGET static void block_##rows##_##columns(                                     \
    long depth_tiles, const char *a, long a_next, const char *b, long b_next, float *sums) { \
    (void)a_next, (void)b_next;                                                          \
    _tile_zero(0), _tile_zero(1), _tile_zero(2), _tile_zero(3);                          \
    for (long t = 0; t < depth_tiles; t++, a += SPLIT_BYTES, b += SPLIT_BYTES) {         \
      LOAD_LEFT_##rows(0) LOAD_RIGHT_##columns(2) MULTIPLY_##rows##_##columns            \
      LOAD_RIGHT_##columns(1) MULTIPLY_##rows##_##columns                                \
      LOAD_LEFT_##rows(1) MULTIPLY_##rows##_##columns                                    \
      LOAD_RIGHT_##columns(0) MULTIPLY_##rows##_##columns                                \
      LOAD_LEFT_##rows(2) MULTIPLY_##rows##_##columns                                    \
      LOAD_LEFT_##rows(0) MULTIPLY_##rows##_##columns                                    \
    }                                                                                    \
    STORE_##rows##_##columns                                                             \
  }
DEFINE_BLOCK(1, 1)
DEFINE_BLOCK(1, 2)
DEFINE_BLOCK(2, 1)
DEFINE_BLOCK(2, 2)

/// The sum that `sums` was to hold at (row, column), without parts.
static float plain_sum(
  long depth_tiles, const char *a, long a_next, const char *b, long b_next, long row,
  long column) {
  a += row / TILE_LINES * a_next + row % TILE_LINES * 64;
  b += column / TILE_LINES * b_next + column % TILE_LINES * 4;
  float sum = 0;
  for (long t = 0; t < depth_tiles; t++)
    for (long d = 0; d < TILE_DEPTH; d++)
      sum += split_join(a + t * SPLIT_BYTES + d * 2, TILE_BYTES)
        * split_join(b + t * SPLIT_BYTES + d / 2 * 64 + d % 2 * 2, TILE_BYTES);
  return sum;
}

SPLIT_TARGET void vm_split_product(
  long rows, long columns, long depth, const void *left, const void *right, float *c,
  long row_stride, int adds) {
  const long tiles = (depth + TILE_DEPTH - 1) / TILE_DEPTH;
  const long next = tiles * SPLIT_BYTES;
  _Alignas(64) float sums[32 * 32] = {0};
  split_configure();
  for (long first = 0; first < tiles || first == 0; first += DEPTH_TILES) {
    const long count = tiles - first < DEPTH_TILES ? tiles - first : DEPTH_TILES;
    const int adds_here = adds || first > 0;
    for (long column = 0; column < columns; column += 32) {
      const long columns_here = columns - column < 32 ? columns - column : 32;
      const char *b = (const char *)right + column / TILE_LINES * next + first * SPLIT_BYTES;
      for (long row = 0; row < rows; row += 32) {
        const long rows_here = rows - row < 32 ? rows - row : 32;
        const char *a = (const char *)left + row / TILE_LINES * next + first * SPLIT_BYTES;
        if (rows_here > TILE_LINES) {
          if (columns_here > TILE_LINES) block_2_2(count, a, next, b, next, sums);
          else block_2_1(count, a, next, b, next, sums);
        } else {
          if (columns_here > TILE_LINES) block_1_2(count, a, next, b, next, sums);
          else block_1_1(count, a, next, b, next, sums);
        }
        if (split_has_nan(sums, rows_here))
          for (long i = 0; i < rows_here; i++)
            for (long j = 0; j < columns_here; j++)
              sums[i * 32 + j] = plain_sum(count, a, next, b, next, i, j);
        split_move(
          sums, rows_here, columns_here, c + row * row_stride + column, row_stride, adds_here);
      }
    }
  }
  _tile_release();
}
#else
int vm_can_split(void) { return 0; }

void vm_split_lines(
  int is_left, long lines, long depth, const float *x, long line_stride, long depth_stride,
  void *packed) {
}

void vm_split_product(
  long rows, long columns, long depth, const void *left, const void *right, float *c,
  long row_stride, int adds) {
}

void vm_split_columns(const float *block, long stride, long columns, long line_bytes, char *tiles) {
}

void vm_split_transposed(const float *block, char *tiles) {}
#endif
