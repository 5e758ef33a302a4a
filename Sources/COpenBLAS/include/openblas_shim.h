/// OpenBLAS's C interface, and the one thing to do before using it.
#pragma once

#include <cblas.h>

/// Makes OpenBLAS compute on the calling thread alone, and with the widest vectors that the
/// machine has. To be called before the first product, by one thread; again is harmless.
void openblas_prepare(void);
