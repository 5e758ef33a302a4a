/// Convolutions on AMX that read split images in place.
#include "direct_convolution.h"

#include "lanes.h"
#include "split.h"

VM_CLONES void vm_add_weight_gradients(
  long taps, long channels, long filters, long count, const float *sums, long first, long end,
  float *gradient) {
  enum { FILTERS_HERE = 64 };
  const long size = taps * channels * filters;
  float line[FILTERS_HERE];
  for (long c = first; c < end; c++)
    for (long f = 0; f < filters; f += FILTERS_HERE) {
      const long here = filters - f < FILTERS_HERE ? filters - f : FILTERS_HERE;
      for (long t = 0; t < taps; t++) {
        const float *source = sums + (t * channels + c) * filters + f;
        for (long i = 0; i < here; i++) line[i] = source[i];
        for (long k = 1; k < count; k++)
          for (long i = 0; i < here; i++) line[i] += source[k * size + i];
        for (long i = 0; i < here; i++)
          gradient[((f + i) * channels + c) * taps + t] = line[i];
      }
    }
}

#if defined(__x86_64__)
#include <cpuid.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

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

int vm_has_direct_convolution(void) {
  static atomic_int answer = -1;
  int known = atomic_load_explicit(&answer, memory_order_relaxed);
  if (known < 0) {
    known = request_tiles();
    atomic_store_explicit(&answer, known, memory_order_relaxed);
  }
  return known;
}

SPLIT_TARGET void vm_split_weights(
  long filters, long depth, const float *weights, long filter_stride, const long *offsets,
  void *packed) {
  char *tiles = packed;
  _Alignas(64) float block[TILE_LINES * TILE_DEPTH];
  for (long filter = 0; filter < filters; filter += TILE_LINES)
    for (long d = 0; d < depth; d += TILE_DEPTH, tiles += SPLIT_BYTES) {
      for (long i = 0; i < TILE_LINES; i++)
        for (long j = 0; j < TILE_DEPTH; j++)
          block[i * TILE_DEPTH + j] = filter + i < filters && offsets[d + j] >= 0
            ? weights[(filter + i) * filter_stride + offsets[d + j]]
            : 0;
      split_by_lines(block, TILE_DEPTH, tiles);
    }
}

/// Line a of the planes of a channel and phase: a row of the channel in one of the images; null
/// where the row or the channel does not exist. Images have `lines` lines there, from `first` on.
VM_INLINE const float *line_of(
  const vm_split_image *shape, const float *pixels, long image_stride, long first, long lines,
  long channel, long phase, long a) {
  const long y = (first + a % lines) * shape->stride_height + shape->phases[2 * phase] - shape->pad_top;
  if (y < 0 || y >= shape->height || channel >= shape->channels) return 0;
  return pixels + a / lines * image_stride + (channel * shape->height + y) * shape->width;
}

/// 16 pixels x, x + stride, ... of a line of `width`; 0 outside and where there is no line.
SPLIT_INLINE __m512 load_pixels(const float *line, long x, long stride, long width) {
  if (!line) return _mm512_setzero_ps();
  if (stride > 2) {
    _Alignas(64) float pixels[16];
    for (long i = 0; i < 16; i++) {
      const long place = x + i * stride;
      pixels[i] = place >= 0 && place < width ? line[place] : 0;
    }
    return _mm512_load_ps(pixels);
  }
  const long before = x < 0 ? -x : 0, count = width - x;
  const unsigned from = before < 32 ? 0xffffffffu << before : 0;
  const unsigned inside = count >= 32 ? from : count > 0 ? from & ((1u << count) - 1) : 0;
  const __m512 first = _mm512_maskz_loadu_ps((__mmask16)inside, line + x);
  if (stride == 1) return first;
  const __m512 second = _mm512_maskz_loadu_ps((__mmask16)(inside >> 16), line + x + 16);
  const __m512i evens =
    _mm512_set_epi32(30, 28, 26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0);
  return _mm512_permutex2var_ps(first, evens, second);
}

/// Clears what blocks of windows read beyond the last line of a plane, in each part.
static void clear_rest(char *end, long bytes, long part_bytes) {
  for (int p = 0; p < SPLIT_PARTS; p++) memset(end + p * part_bytes, 0, (size_t)bytes);
}

SPLIT_TARGET void vm_split_pairs(
  const vm_split_image *shape, long images, long image_stride, const float *pixels, long first,
  long lines, void *planes) {
  const long part_words = shape->plane * 16, step = shape->stride_width;
  for (long channel = 0; channel < shape->channels; channel += 32)
    for (long phase = 0; phase < shape->phase_count; phase++)
      for (long pair = 0; pair < 16; pair++) {
        int *words = (int *)planes
          + (channel / 32 * shape->phase_count + phase) * SPLIT_PARTS * part_words
          + pair * shape->plane;
        const long c = channel + 2 * pair;
        for (long a = 0; a < images * lines; a++, words += shape->pitch) {
          const float *line = line_of(shape, pixels, image_stride, first, lines, c, phase, a);
          const float *next = line_of(shape, pixels, image_stride, first, lines, c + 1, phase, a);
          for (long b = 0; b < shape->pitch; b += 16) {
            const long x = b * step + shape->phases[2 * phase + 1] - shape->pad_left;
            __m512i even[SPLIT_PARTS], odd[SPLIT_PARTS];
            split_parts(load_pixels(line, x, step, shape->width), even);
            split_parts(load_pixels(next, x, step, shape->width), odd);
            for (int p = 0; p < SPLIT_PARTS; p++)
              _mm512_storeu_si512(
                words + p * part_words + b, _mm512_or_si512(_mm512_srli_epi32(even[p], 16), odd[p]));
          }
        }
        clear_rest(
          (char *)words, (shape->plane - images * lines * shape->pitch) * 4, part_words * 4);
      }
}

SPLIT_TARGET void vm_split_channels(
  const vm_split_image *shape, long images, long image_stride, const float *pixels, long first,
  long lines, void *planes) {
  const long part_words = shape->plane * 16, step = shape->stride_width;
  for (long c = 0; c < vm_round_up(shape->channels, 16); c++)
    for (long phase = 0; phase < shape->phase_count; phase++) {
      short *words = (short *)planes
        + (c / 16 * shape->phase_count + phase) * SPLIT_PARTS * part_words + c % 16 * shape->plane;
      for (long a = 0; a < images * lines; a++, words += shape->pitch) {
        const float *line = line_of(shape, pixels, image_stride, first, lines, c, phase, a);
        for (long b = 0; b < shape->pitch; b += 32) {
          const long x = b * step + shape->phases[2 * phase + 1] - shape->pad_left;
          __m512i low[SPLIT_PARTS], high[SPLIT_PARTS];
          split_parts(load_pixels(line, x, step, shape->width), low);
          split_parts(load_pixels(line, x + 16 * step, step, shape->width), high);
          for (int p = 0; p < SPLIT_PARTS; p++)
            _mm512_storeu_si512(words + p * part_words + b, upper_halves(low[p], high[p]));
        }
      }
      clear_rest(
        (char *)words, (shape->plane - images * lines * shape->pitch) * 2, part_words * 2);
    }
}

/// Whether window p is inside its image.
static int is_window(const vm_split_windows *shape, long p) {
  return p % shape->pitch < shape->out_width
    && p / shape->pitch % shape->image_lines < shape->out_lines;
}

/// Copies up to 32 floats.
SPLIT_INLINE void copy_run(const float *x, long count, float *y) {
  const unsigned some = count >= 32 ? 0xffffffffu : (1u << count) - 1;
  const __mmask16 first = (__mmask16)some, second = (__mmask16)(some >> 16);
  _mm512_mask_storeu_ps(y, first, _mm512_maskz_loadu_ps(first, x));
  if (second) _mm512_mask_storeu_ps(y + 16, second, _mm512_maskz_loadu_ps(second, x + 16));
}

/// Moves sums[filter][0..<count], windows from `first` on, to the results that are inside.
SPLIT_TARGET static void place_windows(
  const vm_split_windows *shape, const float *sums, long filters, long first, long count,
  float *results, vm_result_strides strides) {
  long place = 0;
  while (place < count) {
    const long column = (first + place) % shape->pitch;
    const long image = (first + place) / shape->pitch / shape->image_lines;
    const long line = (first + place) / shape->pitch % shape->image_lines;
    if (column >= shape->out_width || line >= shape->out_lines) {
      place += shape->pitch - column;
      continue;
    }
    const long rest = shape->out_width - column;
    const long run = rest < count - place ? rest : count - place;
    float *target = results + image * strides.image + line * strides.row + column * strides.step;
    if (strides.step == 1) {
      for (long f = 0; f < filters; f++)
        copy_run(sums + f * 32 + place, run, target + f * strides.plane);
    } else {
      for (long f = 0; f < filters; f++)
        VM_SHORT for (long i = 0; i < run; i++)
          target[f * strides.plane + i * strides.step] = sums[f * 32 + place + i];
    }
    place += run;
  }
}

/// Sums of `rows` tiles of filters by two of windows into sums[32][32]. Small parts come first.
#define LOAD_LEFT_1(part) _tile_loadd(4, a + (part) * TILE_BYTES, 64);
#define LOAD_LEFT_2(part) \
  LOAD_LEFT_1(part) _tile_loadd(5, a + a_next + (part) * TILE_BYTES, 64);
#define LOAD_RIGHT(part)                             \
  _tile_loadd(6, b + (part) * part_bytes, row_bytes); \
  _tile_loadd(7, b + (part) * part_bytes + 64, row_bytes);
#define MULTIPLY_1 _tile_dpbf16ps(0, 4, 6); _tile_dpbf16ps(1, 4, 7);
#define MULTIPLY_2 MULTIPLY_1 _tile_dpbf16ps(2, 5, 6); _tile_dpbf16ps(3, 5, 7);
#define DEFINE_BLOCK(rows)                                                                      \
  SPLIT_TARGET static void window_block_##rows(                                                 \
    const vm_split_windows *shape, long channel_blocks, const char *a, long a_next,              \
    const char *planes, float *sums) {                                                          \
    const long part_bytes = vm_part_bytes(shape->plane, 1), row_bytes = shape->plane * 4;        \
    (void)a_next;                                                                               \
    _tile_zero(0), _tile_zero(1), _tile_zero(2), _tile_zero(3);                                 \
    for (long block = 0; block < channel_blocks; block++) {                                     \
      for (long t = 0; t < shape->taps; t++, a += SPLIT_BYTES) {                                \
        const char *b =                                                                         \
          planes + shape->phases[t] * SPLIT_PARTS * part_bytes + shape->shifts[t] * 4;          \
        LOAD_LEFT_##rows(0) LOAD_RIGHT(2) MULTIPLY_##rows                                       \
        LOAD_RIGHT(1) MULTIPLY_##rows                                                           \
        LOAD_LEFT_##rows(1) MULTIPLY_##rows                                                     \
        LOAD_RIGHT(0) MULTIPLY_##rows                                                           \
        LOAD_LEFT_##rows(2) MULTIPLY_##rows                                                     \
        LOAD_LEFT_##rows(0) MULTIPLY_##rows                                                     \
      }                                                                                         \
      planes += shape->phase_count * SPLIT_PARTS * part_bytes;                                  \
    }                                                                                           \
    _tile_stored(0, sums, 128);                                                                 \
    _tile_stored(1, sums + 16, 128);                                                            \
    if (rows == 2) {                                                                            \
      _tile_stored(2, sums + 16 * 32, 128);                                                     \
      _tile_stored(3, sums + 16 * 32 + 16, 128);                                                \
    }                                                                                           \
  }
DEFINE_BLOCK(1)
DEFINE_BLOCK(2)
#undef LOAD_LEFT_1
#undef LOAD_LEFT_2
#undef LOAD_RIGHT
#undef MULTIPLY_1
#undef MULTIPLY_2
#undef DEFINE_BLOCK

/// The sum for one filter, whose row `a` is, and window, without parts.
static float plain_window(
  const vm_split_windows *shape, long channel_blocks, const char *a, const char *planes) {
  const long part_bytes = vm_part_bytes(shape->plane, 1);
  float sum = 0;
  for (long block = 0; block < channel_blocks; block++)
    for (long t = 0; t < shape->taps; t++, a += SPLIT_BYTES) {
      const char *b = planes
        + (block * shape->phase_count + shape->phases[t]) * SPLIT_PARTS * part_bytes
        + shape->shifts[t] * 4;
      for (long d = 0; d < TILE_DEPTH; d++)
        sum += split_join(a + d * 2, TILE_BYTES)
          * split_join(b + d / 2 * shape->plane * 4 + d % 2 * 2, part_bytes);
    }
  return sum;
}

/// Adds the filters' bias, which may be null, then takes max(x, 0) when `relu`.
SPLIT_TARGET static void finish_sums(float *sums, long filters, const float *bias, int relu) {
  for (long i = 0; i < filters * 32; i += 16) {
    __m512 x = _mm512_load_ps(sums + i);
    if (bias) x = _mm512_add_ps(x, _mm512_set1_ps(bias[i / 32]));
    if (relu) {
      const __m512 zero = _mm512_setzero_ps();
      x = _mm512_mask_mov_ps(x, _mm512_cmp_ps_mask(x, zero, _CMP_LT_OQ), zero);
    }
    _mm512_store_ps(sums + i, x);
  }
}

SPLIT_TARGET void vm_direct_convolution(
  const vm_split_windows *shape, long filters, long channels, const void *weights,
  const void *planes, const float *bias, int relu, float *results, vm_result_strides strides) {
  const long blocks = (channels + 31) / 32;
  const long windows =
    vm_window_count(shape->images, shape->image_lines, shape->out_lines, shape->pitch);
  const long next = blocks * shape->taps * SPLIT_BYTES;
  _Alignas(64) float sums[32 * 32];
  split_configure();
  for (long filter = 0; filter < filters; filter += 32) {
    const long here = filters - filter < 32 ? filters - filter : 32;
    const char *a = (const char *)weights + filter / TILE_LINES * next;
    for (long window = 0; window < windows; window += 32) {
      const char *b = (const char *)planes + window * 4;
      if (here > 16) window_block_2(shape, blocks, a, next, b, sums);
      else window_block_1(shape, blocks, a, next, b, sums);
      if (split_has_nan(sums, here))
        for (long i = 0; i < here; i++)
          for (long j = 0; j < 32; j++)
            sums[i * 32 + j] =
              plain_window(shape, blocks, a + i / 16 * next + i % 16 * 64, b + j * 4);
      if (bias || relu) finish_sums(sums, here, bias ? bias + filter : 0, relu);
      place_windows(
        shape, sums, here, window, windows - window < 32 ? windows - window : 32,
        results + filter * strides.plane, strides);
    }
  }
  _tile_release();
}

SPLIT_TARGET void vm_split_cotangents(
  const vm_split_windows *shape, long filters, const float *results, vm_result_strides strides,
  void *cotangents) {
  const long windows =
    vm_window_count(shape->images, shape->image_lines, shape->out_lines, shape->pitch);
  char *tiles = cotangents;
  _Alignas(64) float block[TILE_LINES * TILE_DEPTH];
  for (long filter = 0; filter < filters; filter += TILE_LINES)
    for (long window = 0; window < windows; window += TILE_DEPTH, tiles += SPLIT_BYTES) {
      memset(block, 0, sizeof block);
      for (long place = 0; place < TILE_DEPTH;) {
        const long image = (window + place) / shape->pitch / shape->image_lines;
        const long line = (window + place) / shape->pitch % shape->image_lines;
        const long column = (window + place) % shape->pitch;
        if (image >= shape->images) break;
        const long inside = line < shape->out_lines ? shape->out_width - column : 0;
        const long rest = TILE_DEPTH - place;
        const long run = inside < rest ? inside : rest;
        if (run > 0) {
          const float *source =
            results + image * strides.image + line * strides.row + column * strides.step;
          for (long i = 0; i < TILE_LINES && filter + i < filters; i++)
            copy_run(
              source + (filter + i) * strides.plane, run, block + i * TILE_DEPTH + place);
        }
        place += shape->pitch - column;
      }
      split_transposed(block, tiles);
    }
}

/// Sums of two tiles of channels by two of filters into sums[32][32].
SPLIT_TARGET static void gradient_block(
  long depth_tiles, const char *a, long a_part, long a_row, long a_next, const char *b, long b_next,
  float *sums) {
  _tile_zero(0), _tile_zero(1), _tile_zero(2), _tile_zero(3);
#define LOAD_LEFT(part) \
  _tile_loadd(4, a + (part) * a_part, a_row); _tile_loadd(5, a + a_next + (part) * a_part, a_row);
#define LOAD_RIGHT(part)                     \
  _tile_loadd(6, b + (part) * TILE_BYTES, 64); \
  _tile_loadd(7, b + b_next + (part) * TILE_BYTES, 64);
#define MULTIPLY                                   \
  _tile_dpbf16ps(0, 4, 6); _tile_dpbf16ps(1, 4, 7); \
  _tile_dpbf16ps(2, 5, 6); _tile_dpbf16ps(3, 5, 7);
  for (long t = 0; t < depth_tiles; t++, a += 64, b += SPLIT_BYTES) {
    LOAD_LEFT(0) LOAD_RIGHT(2) MULTIPLY
    LOAD_RIGHT(1) MULTIPLY
    LOAD_LEFT(1) MULTIPLY
    LOAD_RIGHT(0) MULTIPLY
    LOAD_LEFT(2) MULTIPLY
    LOAD_LEFT(0) MULTIPLY
  }
#undef LOAD_LEFT
#undef LOAD_RIGHT
#undef MULTIPLY
  _tile_stored(0, sums, 128);
  _tile_stored(1, sums + 16, 128);
  _tile_stored(2, sums + 16 * 32, 128);
  _tile_stored(3, sums + 16 * 32 + 16, 128);
}

SPLIT_TARGET void vm_direct_weight_gradient(
  const vm_split_windows *shape, long filters, long channels, const void *planes,
  const void *cotangents, float *sums, int adds) {
  const long windows =
    vm_window_count(shape->images, shape->image_lines, shape->out_lines, shape->pitch);
  const long tiles = (windows + 31) / 32;
  const long part = vm_part_bytes(shape->plane, 0), row = shape->plane * 2;
  const long channel_bytes = shape->phase_count * SPLIT_PARTS * part;
  const long filter_bytes = tiles * SPLIT_BYTES;
  _Alignas(64) float block[32 * 32];
  split_configure();
  for (long t = 0; t < shape->taps; t++)
    for (long channel = 0; channel < channels; channel += 32)
      for (long filter = 0; filter < filters; filter += 32) {
        const long rows = channels - channel < 32 ? channels - channel : 32;
        const long columns = filters - filter < 32 ? filters - filter : 32;
        // A second tile that does not exist is the first again.
        const long a_next = rows > 16 ? channel_bytes : 0;
        const long b_next = columns > 16 ? filter_bytes : 0;
        const char *a = (const char *)planes + channel / 16 * channel_bytes
          + shape->phases[t] * SPLIT_PARTS * part + shape->shifts[t] * 2;
        const char *b = (const char *)cotangents + filter / 16 * filter_bytes;
        gradient_block(tiles, a, part, row, a_next, b, b_next, block);
        if (split_has_nan(block, rows))
          for (long i = 0; i < rows; i++)
            for (long j = 0; j < columns; j++) {
              float sum = 0;
              for (long p = 0; p < windows; p++)
                if (is_window(shape, p))
                  sum += split_join(a + i / 16 * a_next + i % 16 * row + p * 2, part)
                    * split_join(
                         b + j / 16 * b_next + j % 16 * 4 + p / 32 * SPLIT_BYTES
                           + p % 32 / 2 * 64 + p % 2 * 2,
                         TILE_BYTES);
              block[i * 32 + j] = sum;
            }
        split_move(
          block, rows, columns, sums + (t * channels + channel) * filters + filter, filters, adds);
      }
  _tile_release();
}
#else
int vm_has_direct_convolution(void) { return 0; }
void vm_split_weights(
  long filters, long depth, const float *weights, long filter_stride, const long *offsets,
  void *packed) {}
void vm_split_pairs(
  const vm_split_image *shape, long images, long image_stride, const float *pixels, long first,
  long lines, void *planes) {}
void vm_split_channels(
  const vm_split_image *shape, long images, long image_stride, const float *pixels, long first,
  long lines, void *planes) {}
void vm_direct_convolution(
  const vm_split_windows *shape, long filters, long channels, const void *weights,
  const void *planes, const float *bias, int relu, float *results, vm_result_strides strides) {}
void vm_split_cotangents(
  const vm_split_windows *shape, long filters, const float *results, vm_result_strides strides,
  void *cotangents) {}
void vm_direct_weight_gradient(
  const vm_split_windows *shape, long filters, long channels, const void *planes,
  const void *cotangents, float *sums, int adds) {}
#endif
