/// Winograd's transforms along one axis. Each reads vectors of 16 channels that are `from` floats
/// apart and writes vectors that are `to` apart; the number in a name is that of the points.
///
/// For points a: a patch's pixels become the coefficients of the polynomials that are 0 at the other
/// points; a product's value at a counts a^i times in result i; weights become their polynomial's
/// value at a over the product of a's distances from the other points. Cotangents and gradients go
/// the transposed ways.

#define IN(i) VM_LOAD(x + (i) * from)
#define OUT(i) (*(vm_lanes *)(y + (i) * to))
#define TRANSFORM(name) \
  VM_INLINE void name(const float *x, const long from, float *y, const long to)
/// With the number of results of a tile, or of taps.
#define TRANSFORM_OF(name, count) \
  VM_INLINE void name(const long count, const float *x, const long from, float *y, const long to)

// The points 0, 1, -1, 2 and infinity, for tiles of 4 and 2 taps.

TRANSFORM(patch5) {
  const vm_lanes d0 = IN(0), d1 = IN(1), d2 = IN(2), d3 = IN(3), d4 = IN(4);
  OUT(0) = 2 * (d0 - d2) - d1 + d3;
  OUT(1) = d3 - d2 - 2 * d1;
  OUT(2) = 2 * d1 - 3 * d2 + d3;
  OUT(3) = d3 - d1;
  OUT(4) = 2 * (d1 - d3) - d2 + d4;
}

TRANSFORM_OF(product5, tile) {
  const vm_lanes m3 = IN(3), sum = IN(1) + IN(2), difference = IN(1) - IN(2);
  OUT(0) = IN(0) + sum + m3;
  OUT(1) = difference + 2 * m3;
  OUT(2) = sum + 4 * m3;
  OUT(3) = difference + 8 * m3 + IN(4);
}

TRANSFORM_OF(cotangent5, tile) {
  const vm_lanes y0 = IN(0), y1 = IN(1), y2 = IN(2), y3 = IN(3);
  const vm_lanes even = y0 + y2, odd = y1 + y3;
  OUT(0) = y0;
  OUT(1) = even + odd;
  OUT(2) = even - odd;
  OUT(3) = y0 + 2 * y1 + 4 * y2 + 8 * y3;
  OUT(4) = y3;
}

TRANSFORM_OF(weight5, taps) {
  const vm_lanes g0 = IN(0), g1 = IN(1);
  OUT(0) = g0 / 2;
  OUT(1) = -(g0 + g1) / 2;
  OUT(2) = (g1 - g0) / 6;
  OUT(3) = g0 / 6 + g1 / 3;
  OUT(4) = g1;
}

TRANSFORM_OF(gradient5, taps) {
  OUT(0) = (IN(0) - IN(1)) / 2 + (IN(3) - IN(2)) / 6;
  OUT(1) = IN(2) / 6 - IN(1) / 2 + IN(3) / 3 + IN(4);
}

// The points 0, 1, -1, 2, -2 and infinity, for tiles of 4 and 3 taps.

TRANSFORM(patch6) {
  const vm_lanes d0 = IN(0), d1 = IN(1), d2 = IN(2), d3 = IN(3), d4 = IN(4), d5 = IN(5);
  const vm_lanes even = d4 - 4 * d2, odd = d3 - 4 * d1, wide = d4 - d2, far = 2 * (d3 - d1);
  OUT(0) = 4 * d0 - 5 * d2 + d4;
  OUT(1) = even + odd;
  OUT(2) = even - odd;
  OUT(3) = wide + far;
  OUT(4) = wide - far;
  OUT(5) = 4 * d1 - 5 * d3 + d5;
}

TRANSFORM_OF(product6, tile) {
  const vm_lanes sum = IN(1) + IN(2), difference = IN(1) - IN(2);
  const vm_lanes sum2 = IN(3) + IN(4), difference2 = IN(3) - IN(4);
  OUT(0) = IN(0) + sum + sum2;
  OUT(1) = difference + 2 * difference2;
  OUT(2) = sum + 4 * sum2;
  OUT(3) = difference + 8 * difference2 + IN(5);
}

TRANSFORM_OF(cotangent6, tile) {
  const vm_lanes y0 = IN(0), y1 = IN(1), y2 = IN(2), y3 = IN(3);
  const vm_lanes even = y0 + y2, odd = y1 + y3, even2 = y0 + 4 * y2, odd2 = 2 * y1 + 8 * y3;
  OUT(0) = y0;
  OUT(1) = even + odd;
  OUT(2) = even - odd;
  OUT(3) = even2 + odd2;
  OUT(4) = even2 - odd2;
  OUT(5) = y3;
}

TRANSFORM_OF(weight6, taps) {
  const vm_lanes g0 = IN(0), g1 = IN(1), g2 = IN(2);
  const vm_lanes even = -(g0 + g2) / 6, odd = g1 / 6, even2 = g0 / 24 + g2 / 6, odd2 = g1 / 12;
  OUT(0) = g0 / 4;
  OUT(1) = even - odd;
  OUT(2) = even + odd;
  OUT(3) = even2 + odd2;
  OUT(4) = even2 - odd2;
  OUT(5) = g2;
}

TRANSFORM_OF(gradient6, taps) {
  const vm_lanes sum = (IN(1) + IN(2)) / 6, sum2 = IN(3) + IN(4);
  OUT(0) = IN(0) / 4 - sum + sum2 / 24;
  OUT(1) = (IN(2) - IN(1)) / 6 + (IN(3) - IN(4)) / 12;
  OUT(2) = sum2 / 6 - sum + IN(5);
}

// The points 0, 1, -1, 2, -2, 1/2, -1/2 and infinity, for tiles of 7 and 2 taps or of 6 and 3.

TRANSFORM(patch8) {
  const vm_lanes d0 = IN(0), d1 = IN(1), d2 = IN(2), d3 = IN(3);
  const vm_lanes d4 = IN(4), d5 = IN(5), d6 = IN(6), d7 = IN(7);
  const vm_lanes even = d2 + d6 - 4.25f * d4, odd = d1 + d5 - 4.25f * d3;
  const vm_lanes even2 = d6 + 0.25f * d2 - 1.25f * d4, odd2 = 0.5f * d1 - 2.5f * d3 + 2 * d5;
  const vm_lanes even3 = d6 + 4 * d2 - 5 * d4, odd3 = 2 * d1 - 2.5f * d3 + 0.5f * d5;
  OUT(0) = d0 - d6 + 5.25f * (d4 - d2);
  OUT(1) = even + odd;
  OUT(2) = even - odd;
  OUT(3) = even2 + odd2;
  OUT(4) = even2 - odd2;
  OUT(5) = even3 + odd3;
  OUT(6) = even3 - odd3;
  OUT(7) = d7 - d1 + 5.25f * (d3 - d5);
}

TRANSFORM_OF(product8, tile) {
  const vm_lanes sum = IN(1) + IN(2), difference = IN(1) - IN(2);
  const vm_lanes sum2 = IN(3) + IN(4), difference2 = IN(3) - IN(4);
  const vm_lanes sum3 = IN(5) + IN(6), difference3 = IN(5) - IN(6);
  OUT(0) = IN(0) + sum + sum2 + sum3;
  OUT(1) = difference + 2 * difference2 + 0.5f * difference3;
  OUT(2) = sum + 4 * sum2 + 0.25f * sum3;
  OUT(3) = difference + 8 * difference2 + 0.125f * difference3;
  OUT(4) = sum + 16 * sum2 + 0.0625f * sum3;
  const vm_lanes last = difference + 32 * difference2 + 0.03125f * difference3;
  if (tile == 6) {
    OUT(5) = last + IN(7);
  } else {
    OUT(5) = last;
    OUT(6) = sum + 64 * sum2 + 0.015625f * sum3 + IN(7);
  }
}

TRANSFORM_OF(cotangent8, tile) {
  const vm_lanes y0 = IN(0), y1 = IN(1), y2 = IN(2), y3 = IN(3), y4 = IN(4), y5 = IN(5);
  const vm_lanes y6 = tile == 7 ? IN(6) : VM_REPEAT(0);
  const vm_lanes even = y0 + y2 + y4 + y6, odd = y1 + y3 + y5;
  const vm_lanes even2 = y0 + 4 * y2 + 16 * y4 + 64 * y6, odd2 = 2 * y1 + 8 * y3 + 32 * y5;
  const vm_lanes even3 = y0 + 0.25f * y2 + 0.0625f * y4 + 0.015625f * y6;
  const vm_lanes odd3 = 0.5f * y1 + 0.125f * y3 + 0.03125f * y5;
  OUT(0) = y0;
  OUT(1) = even + odd;
  OUT(2) = even - odd;
  OUT(3) = even2 + odd2;
  OUT(4) = even2 - odd2;
  OUT(5) = even3 + odd3;
  OUT(6) = even3 - odd3;
  OUT(7) = tile == 7 ? y6 : y5;
}

TRANSFORM_OF(weight8, taps) {
  const vm_lanes g0 = IN(0), g1 = IN(1), g2 = taps == 3 ? IN(2) : VM_REPEAT(0);
  const vm_lanes even = (g0 + g2) * (-2 / 9.0f), odd = g1 * (-2 / 9.0f);
  const vm_lanes even2 = (g0 + 4 * g2) / 90, odd2 = g1 / 45;
  const vm_lanes even3 = (4 * g0 + g2) * (8 / 45.0f), odd3 = g1 * (16 / 45.0f);
  OUT(0) = g0;
  OUT(1) = even + odd;
  OUT(2) = even - odd;
  OUT(3) = even2 + odd2;
  OUT(4) = even2 - odd2;
  OUT(5) = even3 + odd3;
  OUT(6) = even3 - odd3;
  OUT(7) = taps == 3 ? g2 : g1;
}

TRANSFORM_OF(gradient8, taps) {
  const vm_lanes sum = (IN(1) + IN(2)) * (-2 / 9.0f), sum2 = (IN(3) + IN(4)) / 90;
  const vm_lanes sum3 = (IN(5) + IN(6)) * (8 / 45.0f);
  const vm_lanes odd = (IN(1) - IN(2)) * (-2 / 9.0f) + (IN(3) - IN(4)) / 45 +
    (IN(5) - IN(6)) * (16 / 45.0f);
  OUT(0) = IN(0) + sum + sum2 + 4 * sum3;
  if (taps == 2) {
    OUT(1) = odd + IN(7);
  } else {
    OUT(1) = odd;
    OUT(2) = sum + 4 * sum2 + sum3 + IN(7);
  }
}

#undef TRANSFORM_OF
#undef TRANSFORM
#undef OUT
#undef IN
