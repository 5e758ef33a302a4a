#include "vector_math.h"

#if defined(__x86_64__)
#include <immintrin.h>

uint64_t vm_flush_subnormals(void) {
  unsigned control = _mm_getcsr();
  _mm_setcsr(control | _MM_FLUSH_ZERO_ON | 0x0040 /* subnormal operands are 0 (DAZ) */);
  return control;
}

void vm_restore_control(uint64_t control) { _mm_setcsr((unsigned)control); }

void vm_pause(void) { _mm_pause(); }

#elif defined(__aarch64__)

uint64_t vm_flush_subnormals(void) {
  uint64_t control;
  __asm__ volatile("mrs %0, fpcr" : "=r"(control));
  __asm__ volatile("msr fpcr, %0" : : "r"(control | UINT64_C(1) << 24 /* FZ */));
  return control;
}

void vm_restore_control(uint64_t control) {
  __asm__ volatile("msr fpcr, %0" : : "r"(control));
}

void vm_pause(void) { __asm__ volatile("isb"); }

#else

uint64_t vm_flush_subnormals(void) { return 0; }

void vm_restore_control(uint64_t control) { (void)control; }

void vm_pause(void) {}

#endif
