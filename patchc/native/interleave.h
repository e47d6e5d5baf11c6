// Lanes for places: what turns vectors of one sample each into vectors of one voice each, and back.

// The lanes of two vectors in turn: those of their first halves, and of their second halves.
INLINE void interleave(F a, F b, F& first, F& second) {
#if HAS(__builtin_shufflevector) && LANES == 16
  first = __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  second = __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
#elif HAS(__builtin_shufflevector) && LANES == 8
  first = __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
  second = __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
#elif HAS(__builtin_shufflevector) && LANES == 4
  first = __builtin_shufflevector(a, b, 0, 4, 1, 5);
  second = __builtin_shufflevector(a, b, 2, 6, 3, 7);
#else
  F lo, hi;
  for (int lane = 0; lane < LANES / 2; lane++) {
    lo[2 * lane] = a[lane], lo[2 * lane + 1] = b[lane];
    hi[2 * lane] = a[lane + LANES / 2], hi[2 * lane + 1] = b[lane + LANES / 2];
  }
  first = lo, second = hi;
#endif
}

// LANES vectors, in log2(LANES) rounds, each of which interleaves the first half with the second. Written out by the
// compiler, so that the vectors stay in registers.
INLINE void transpose(F* block) {
  F other[LANES];
#pragma GCC unroll 4
  for (int reach = LANES; reach > 1; reach /= 2) {
#pragma GCC unroll 8
    for (int i = 0; i < LANES / 2; i++) interleave(block[i], block[i + LANES / 2], other[2 * i], other[2 * i + 1]);
#pragma GCC unroll 16
    for (int i = 0; i < LANES; i++) block[i] = other[i];
  }
}
