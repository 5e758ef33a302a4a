/// What every file of loops shares: the instruction sets to compile for and how to loop.
#pragma once

#include "vector_math.h"

/// A product and a sum stay two roundings, on every instruction set.
#pragma STDC FP_CONTRACT OFF

/// Compiles a function once per instruction set; the dynamic linker picks the best one.
#if defined(__x86_64__) && defined(__ELF__)
#define VM_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define VM_CLONES
#endif

/// An element's value is computed before it is stored, so a loop may run in place. Two vectors at
/// a time hide the latency of long formulas.
#define VM_PARALLEL _Pragma("clang loop vectorize(assume_safety) interleave_count(2)")

/// For loops of a few elements, where a vector loop costs more than it saves.
#define VM_SHORT _Pragma("clang loop vectorize(disable) unroll(disable)")

#define VM_INLINE static inline __attribute__((always_inline))

#define VM_JOIN_(a, b) a##b
#define VM_JOIN(a, b) VM_JOIN_(a, b)
