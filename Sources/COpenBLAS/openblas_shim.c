#include "openblas_shim.h"

#include <stdlib.h>
#include <string.h>

/// OpenBLAS's own choice of kernels, when it is built for several machines.
extern void gotoblas_dynamic_init(void) __attribute__((weak));
extern void gotoblas_dynamic_quit(void) __attribute__((weak));

/// OpenBLAS 0.3.21 does not know processors younger than itself (Sapphire Rapids) and takes the
/// AVX2 kernels on them, which are a third slower than the AVX-512 ones. A choice in the
/// environment is respected.
static void choose_widest_kernels(void) {
#if defined(__x86_64__)
  if (getenv("OPENBLAS_CORETYPE") || strcmp(openblas_get_corename(), "Haswell") != 0) return;
  if (!gotoblas_dynamic_init || !gotoblas_dynamic_quit) return;
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")) {
    setenv("OPENBLAS_CORETYPE", "SkylakeX", 1);
    gotoblas_dynamic_quit();
    gotoblas_dynamic_init();
  }
#endif
}

void openblas_prepare(void) {
  choose_widest_kernels();
  openblas_set_num_threads(1);
}
