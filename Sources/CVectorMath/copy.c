/// Copies between strided layouts. Dimensions are first put in the target's order and merged
/// where both sides allow; then the innermost one or two decide the loop: runs, a broadcast, a
/// transpose, or one element at a time.
#include <string.h>

#include "loops.h"

enum { MAXIMUM_RANK = 8 };

typedef struct {
  int rank;
  long dims[MAXIMUM_RANK], source[MAXIMUM_RANK], target[MAXIMUM_RANK];
} layout;

static long magnitude(long stride) { return stride < 0 ? -stride : stride; }

/// Drops dimensions of one, orders the rest by descending target stride, and merges neighbours
/// that step through both sides as one dimension would. The rank is 1 at least.
static layout simplified(
  int rank, const long *dims, const long *source_strides, const long *target_strides) {
  layout sorted = {0};
  for (int d = 0; d < rank; d++) {
    if (dims[d] == 1) continue;
    int place = sorted.rank++;
    for (; place > 0 && magnitude(sorted.target[place - 1]) < magnitude(target_strides[d]);
         place--) {
      sorted.dims[place] = sorted.dims[place - 1];
      sorted.source[place] = sorted.source[place - 1];
      sorted.target[place] = sorted.target[place - 1];
    }
    sorted.dims[place] = dims[d];
    sorted.source[place] = source_strides[d];
    sorted.target[place] = target_strides[d];
  }
  if (sorted.rank == 0) return (layout){.rank = 1, .dims = {1}, .source = {1}, .target = {1}};

  layout merged = {0};
  for (int d = 0; d < sorted.rank; d++) {
    const int last = merged.rank - 1;
    if (last >= 0 && merged.source[last] == sorted.source[d] * sorted.dims[d]
        && merged.target[last] == sorted.target[d] * sorted.dims[d]) {
      merged.dims[last] *= sorted.dims[d];
      merged.source[last] = sorted.source[d];
      merged.target[last] = sorted.target[d];
    } else {
      merged.dims[merged.rank] = sorted.dims[d];
      merged.source[merged.rank] = sorted.source[d];
      merged.target[merged.rank] = sorted.target[d];
      merged.rank++;
    }
  }
  return merged;
}

/// Moves dimension d to the last place but one.
static void bring_next_to_last(layout *l, int d) {
  const int place = l->rank - 2;
  const long dim = l->dims[d], source = l->source[d], target = l->target[d];
  for (; d < place; d++) {
    l->dims[d] = l->dims[d + 1];
    l->source[d] = l->source[d + 1];
    l->target[d] = l->target[d + 1];
  }
  l->dims[place] = dim;
  l->source[place] = source;
  l->target[place] = target;
}

#define ELEMENT uint8_t
#define NAME(stem) stem##_1
#include "copy_loops.h"

#define ELEMENT uint32_t
#define NAME(stem) stem##_4
#include "copy_loops.h"

#define ELEMENT uint64_t
#define NAME(stem) stem##_8
#include "copy_loops.h"

void vm_copy_strided(
  int element_size, int rank, const long *dims, const long *source_strides,
  const long *target_strides, const void *source, void *target) {
  for (int d = 0; d < rank; d++) {
    if (dims[d] <= 0) return;
  }
  layout l = simplified(rank, dims, source_strides, target_strides);
  switch (element_size) {
  case 1: copy_1(&l, source, target); break;
  case 4: copy_4(&l, source, target); break;
  case 8: copy_8(&l, source, target); break;
  }
}
