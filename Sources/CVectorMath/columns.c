/// Images unfolded into the columns of a matrix product, and back.
#include "loops.h"
#include "span.h"

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
