/// Planes drawn anew with more or fewer pixels.
#include <string.h>

#include "loops.h"

/// The pixel that pixel `out` of a line of `out_extent` is a copy of.
static inline long nearest(long out, long extent, long out_extent) {
  return out * extent / out_extent;
}

/// Where on a line of `extent` pixels the centre of pixel `out` of `out_extent` falls: the two
/// pixels around it, and the share of the second.
typedef struct {
  long low, high;
  double share;
} place;

static inline place around(long out, long extent, long out_extent, int aligns_corners) {
  double at;
  if (aligns_corners) {
    at = out_extent > 1 ? (double)out * (double)(extent - 1) / (double)(out_extent - 1) : 0;
  } else {
    at = ((double)out + 0.5) * (double)extent / (double)out_extent - 0.5;
  }
  if (at < 0) at = 0;
  long low = (long)at;
  if (low > extent - 1) low = extent - 1;
  const long high = low + 1 < extent ? low + 1 : low;
  return (place){low, high, at - (double)low};
}

#define REAL float
#define SUFFIX _f32
#include "resampling_loops.h"

#define REAL double
#define SUFFIX _f64
#include "resampling_loops.h"
