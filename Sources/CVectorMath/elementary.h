/// Elementary functions in float, without branches, tables or fused operations, so that loops
/// over them are vectorised and give the same bits on every instruction set.
///
/// The polynomials are minimax fits (Remez exchange, weighted for relative error) of the
/// functions named, over the reduced range named; the long ones are evaluated in Estrin's order,
/// whose dependent chains are short. Splits of constants into a short leading and a small
/// trailing part follow Cody and Waite, "Software Manual for the Elementary Functions" (1980).
/// Errors are at most 3 ulp; results below the smallest normal number may be flushed.
#pragma once

#include <math.h>

#include "loops.h"

VM_INLINE uint32_t bits_of(float x) {
  uint32_t bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  return bits;
}

VM_INLINE float float_of(uint32_t bits) {
  float x;
  __builtin_memcpy(&x, &bits, sizeof x);
  return x;
}

VM_INLINE float absolute_value(float x) { return float_of(bits_of(x) & 0x7fffffff); }

VM_INLINE float with_sign(float magnitude, float sign) {
  return float_of(bits_of(magnitude) | (bits_of(sign) & 0x80000000));
}

/// 2^n for n in -126...127.
VM_INLINE float power_of_two(int32_t n) { return float_of((uint32_t)(n + 127) << 23); }

/// x + this has no fraction bits: the sum's low bits are x rounded to an integer, halves to even.
static const float rounding_shift = 0x1.8p23f;

static const float ln2_high = 0x1.63p-1f;  // 9 bits: exact times |n| < 2^15
static const float ln2_low = -0x1.bd0106p-13f;

/// x = n ln 2 + remainder with |remainder| <= 0.35. |x| at most 110.
typedef struct {
  int32_t n;
  float remainder;
} binary_reduction;

VM_INLINE binary_reduction reduced_by_ln2(float x) {
  const float shifted = x * 0x1.715476p0f + rounding_shift;
  const float n = shifted - rounding_shift;
  return (binary_reduction){
    .n = (int32_t)(bits_of(shifted) - bits_of(rounding_shift)),
    .remainder = (x - n * ln2_high) - n * ln2_low};
}

VM_INLINE float exp_f32(float x) {
  x = x > 89 ? 89 : x;      // above: infinity
  x = x < -104 ? -104 : x;  // below: zero
  const binary_reduction reduced = reduced_by_ln2(x);
  const float r = reduced.remainder;
  float p = 0x1.6dbc4cp-10f;
  p = p * r + 0x1.124146p-7f;
  p = p * r + 0x1.555454p-5f;
  p = p * r + 0x1.555486p-3f;
  p = p * r + 0.5f;
  p = (p * (r * r) + r) + 1;
  // In two steps: n goes from -150 to 128.
  const int32_t half = reduced.n >> 1;
  return p * power_of_two(half) * power_of_two(reduced.n - half);
}

VM_INLINE float expm1_f32(float x) {
  float limited = x > 89 ? 89 : x;
  limited = limited < -18 ? -18 : limited;  // below: -1
  const binary_reduction reduced = reduced_by_ln2(limited);
  const float r = reduced.remainder;
  float p = 0x1.a1a90ep-13f;
  p = p * r + 0x1.6d7b7cp-10f;
  p = p * r + 0x1.11108ap-7f;
  p = p * r + 0x1.5554a8p-5f;
  p = p * r + 0x1.555556p-3f;
  p = p * r + 0.5f;
  p = p * (r * r) + r;
  // 2^n p + (2^n - 1), halved until the end: n reaches 128.
  const float scale = power_of_two(reduced.n - 1);
  const float y = (p * scale + (scale - 0.5f)) * 2;
  return x == 0 ? x : y;
}

/// log(1 + f) - f for f in sqrt(1/2) - 1 ... sqrt(2) - 1.
VM_INLINE float log1p_tail(float f) {
  const float square = f * f;
  const float p0 = -0x1.000222p-2f * f + 0x1.55554ap-2f;
  const float p2 = -0x1.547890p-3f * f + 0x1.99a596p-3f;
  const float p4 = -0x1.0ce040p-3f * f + 0x1.226e3ap-3f;
  const float p6 = -0x1.41f06cp-4f * f + 0x1.07d158p-3f;
  const float p = (p6 * square + p4) * (square * square) + (p2 * square + p0);
  return p * f * square - 0.5f * square;
}

/// x = 2^exponent (1 + f) with 1 + f in sqrt(1/2) ... sqrt(2), for normal x.
typedef struct {
  float exponent, f;
  /// 2^(1 - exponent).
  float scale;
} power_reduction;

VM_INLINE power_reduction reduced_by_power(float x) {
  const uint32_t sqrt_half = 0x3f3504f3, two = 0x40000000;
  const uint32_t offset = bits_of(x) - sqrt_half;
  return (power_reduction){
    .exponent = (float)((int32_t)offset >> 23),
    .f = float_of((offset & 0x7fffff) + sqrt_half) - 1,
    .scale = float_of(two - (offset & 0xff800000))};
}

VM_INLINE float log_f32(float x) {
  const int subnormal = x < 0x1p-126f;
  const power_reduction reduced = reduced_by_power(subnormal ? x * 0x1p23f : x);
  const float e = reduced.exponent - (subnormal ? 23 : 0), f = reduced.f;
  const float y = ((log1p_tail(f) + e * ln2_low) + f) + e * ln2_high;
  const float edge = x == 0 ? -INFINITY : x < 0 ? NAN : x;
  return ((x > 0) & (x < INFINITY)) ? y : edge;
}

/// log(u + lost) for normal u and a `lost` of at most half its last place. The correction is
/// lost / u, for which a quadratic will do: the smaller the result, the closer u is to 1.
VM_INLINE float log_of_sum(float u, float lost) {
  const power_reduction reduced = reduced_by_power(u);
  const float e = reduced.exponent, f = reduced.f;
  const float correction = lost * reduced.scale * (0.5f * ((1 - f) + f * f));
  return ((log1p_tail(f) + (e * ln2_low + correction)) + f) + e * ln2_high;
}

VM_INLINE float log1p_f32(float x) {
  const float u = 1 + x;
  const float y = log_of_sum(u, x < 1 ? x - (u - 1) : 1 - (u - x));
  const float edge = x == -1 ? -INFINITY : x < -1 ? NAN : x;
  return ((x > -1) & (x < INFINITY) & (x != 0)) ? y : edge;
}

VM_INLINE float sigmoid_f32(float x) { return 1 / (1 + exp_f32(-x)); }

VM_INLINE float softplus_f32(float x) {
  const float t = exp_f32(-absolute_value(x));
  const float u = 1 + t;
  const float y = (x > 0 ? x : 0) + log_of_sum(u, t - (u - 1));
  return x != x ? x : y;
}

VM_INLINE float tanh_f32(float x) {
  const float magnitude = absolute_value(x);
  const float t = expm1_f32(2 * (magnitude > 10 ? 10 : magnitude));
  return with_sign(t / (t + 2), x);
}

VM_INLINE float erf_f32(float x) {
  const float magnitude = absolute_value(x);
  // x + x P(x^2) up to 1.
  const float z = x * x, z2 = z * z;
  const float p0 = -0x1.81273ep-2f * z + 0x1.06eba8p-3f;
  const float p2 = -0x1.b7f90cp-6f * z + 0x1.ce2cf8p-4f;
  const float p4 = -0x1.a3f6e8p-11f * z + 0x1.5405aep-8f;
  const float p = (0x1.4969f6p-14f * z2 + p4) * (z2 * z2) + (p2 * z2 + p0);
  const float small = x + x * p;
  // 1 - exp(Q(|x|)) from 1 to 4, where it has become 1.
  const float t = magnitude > 4 ? 4 : magnitude, t2 = t * t;
  const float q0 = -0x1.208e4cp0f * t + -0x1.503bdap-12f;
  const float q2 = -0x1.a6c7a0p-4f * t + -0x1.46a99cp-1f;
  const float q4 = -0x1.83fb0ep-9f * t + 0x1.66a2dcp-6f;
  const float q = (0x1.896c84p-13f * t2 + q4) * (t2 * t2) + (q2 * t2 + q0);
  const float large = with_sign(1 - exp_f32(q), x);
  return magnitude < 1 ? small : large;
}

/// sin(r) and cos(r) for |r| <= pi / 4.
VM_INLINE float sin_polynomial(float r) {
  const float z = r * r;
  float p = -0x1.994b3ep-13f;
  p = p * z + 0x1.110756p-7f;
  p = p * z + -0x1.555546p-3f;
  return p * z * r + r;
}

VM_INLINE float cos_polynomial(float r) {
  const float z = r * r;
  float p = 0x1.99ff40p-16f;
  p = p * z + -0x1.6c0c82p-10f;
  p = p * z + 0x1.55554ap-5f;
  return p * (z * z) + (1 - 0.5f * z);
}

/// sin(quarters pi / 2 + r).
VM_INLINE float sin_of_quarters(uint32_t quarters, float r) {
  const float sine = sin_polynomial(r), cosine = cos_polynomial(r);
  return float_of(bits_of(quarters & 1 ? cosine : sine) ^ (quarters & 2) << 30);
}

/// Angles beyond this are left to the C library.
static const float largest_angle = 10000;

/// sin(x + quarters pi / 2) for |x| up to `largest_angle`. The range is reduced in double, so
/// that the result has full relative precision next to its zeros.
VM_INLINE float sin_f32(float x, uint32_t quarters) {
  const float shifted = x * 0x1.45f306p-1f + rounding_shift;
  const double n = (double)(shifted - rounding_shift);
  // pi / 2 in two parts; the first has 33 bits.
  const double r = ((double)x - n * 0x1.921fb544p0) - n * 0x1.0b4611a626331p-34;
  return sin_of_quarters(bits_of(shifted) - bits_of(rounding_shift) + quarters, (float)r);
}
