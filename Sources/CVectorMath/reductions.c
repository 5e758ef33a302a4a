/// Reductions along rows and columns.
#include <math.h>

#include "loops.h"

#define REAL float
#define SUFFIX _f32
#include "reduction_loops.h"

#define REAL double
#define SUFFIX _f64
#include "reduction_loops.h"
