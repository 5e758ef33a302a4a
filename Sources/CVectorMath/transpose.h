/// One instruction set's exchange of rows and columns, `ISA` being the suffix of its name.

/// Rows of 16 lanes and columns exchanged.
VM_INLINE void VM_JOIN(transpose, ISA)(vm_lanes *m) {
  vm_lanes t[16];
  for (int i = 0; i < 16; i += 2) {
    t[i] = __builtin_shufflevector(
      m[i], m[i + 1], 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30);
    t[i + 1] = __builtin_shufflevector(
      m[i], m[i + 1], 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31);
  }
  for (int i = 0; i < 16; i += 4)
    for (int k = 0; k < 2; k++) {
      m[i + k] = __builtin_shufflevector(
        t[i + k], t[i + k + 2], 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29);
      m[i + k + 2] = __builtin_shufflevector(
        t[i + k], t[i + k + 2], 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
    }
  for (int i = 0; i < 16; i += 8)
    for (int k = 0; k < 4; k++) {
      t[i + k] = __builtin_shufflevector(
        m[i + k], m[i + k + 4], 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27);
      t[i + k + 4] = __builtin_shufflevector(
        m[i + k], m[i + k + 4], 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31);
    }
  for (int k = 0; k < 8; k++) {
    m[k] = __builtin_shufflevector(
      t[k], t[k + 8], 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
    m[k + 8] = __builtin_shufflevector(
      t[k], t[k + 8], 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  }
}
