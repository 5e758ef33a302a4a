/// Images unfolded into the columns of a matrix product, and back.
#include "loops.h"

/// The part first..<end of 0..<out whose pixel out_index * stride + offset is within 0..<size.
typedef struct {
  long first, end;
} span;

static span span_inside(long out, long stride, long offset, long size) {
  long first = offset < 0 ? (stride - 1 - offset) / stride : 0;
  long end = size > offset ? (size - offset + stride - 1) / stride : 0;
  if (end > out) end = out;
  if (first > end) first = end;
  return (span){first, end};
}

/// The part of both, perhaps empty.
static span overlap(span a, span b) {
  const long first = a.first > b.first ? a.first : b.first;
  const long end = a.end < b.end ? a.end : b.end;
  return (span){first, first > end ? first : end};
}

#define REAL float
#define SUFFIX _f32
#include "column_loops.h"

#define REAL double
#define SUFFIX _f64
#include "column_loops.h"
