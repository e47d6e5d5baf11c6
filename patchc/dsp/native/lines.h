// Signals as they lie in memory: rows that may be shared by the whole batch, and numbers that may stand still.

#include <stdlib.h>
#include <string.h>

#define WITHIN inline __attribute__((always_inline))  // of a member

// `step` lies between two rows, `stride` between two ticks: 0 where all share one. A stride is 0 or 1.
template <class T> struct Line {
  T* at;
  long step, stride;
  WITHIN T* row(long number) const { return at + number * step; }
  WITHIN T& tick(long number, long time) const { return at[number * step + time * stride]; }
};

// LANES ticks of a row from `time` on, of which `count` are there; the last one is repeated.
INLINE F fetch(const Line<const float>& line, long row, long time, long count) {
  const float* from = &line.tick(row, time);
  if (!line.stride) return f(*from);
  if (count >= LANES) return load(from);
  float some[LANES];
  for (long lane = 0; lane < LANES; lane++) some[lane] = from[lane < count ? lane : count - 1];
  return load(some);
}

INLINE void put(float* to, F x, long count) {
  if (count >= LANES) return store(to, x);
  float some[LANES];
  store(some, x);
  for (long lane = 0; lane < count; lane++) to[lane] = some[lane];
}

INLINE F numbered() {
  F x;
  for (int lane = 0; lane < LANES; lane++) x[lane] = lane;
  return x;
}

INLINE F first_lanes(F x, long count) { return numbered() < (float)count ? x : f(0); }

INLINE float sum_of(F x) {
  float some[LANES];
  store(some, x);
  for (int half = LANES / 2; half; half /= 2)
    for (int lane = 0; lane < half; lane++) some[lane] += some[lane + half];
  return some[0];
}

INLINE float least(F x) {
  float some = x[0];
  for (int lane = 1; lane < LANES; lane++) some = x[lane] < some ? x[lane] : some;
  return some;
}
INLINE float most(F x) { return -least(-x); }

template <class T> static T* room(long count) { return (T*)aligned_alloc(64, (count * sizeof(T) + 63) / 64 * 64); }

// The lanes of two vectors in turn: those of their first halves, and of their second halves.
INLINE void weave(F a, F b, F& first, F& second) {
#if HAS(__builtin_shufflevector) && LANES == 16
  first = __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  second = __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
#elif HAS(__builtin_shufflevector) && LANES == 8
  first = __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
  second = __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
#else
  for (int lane = 0; lane < LANES / 2; lane++) {
    first[2 * lane] = a[lane], first[2 * lane + 1] = b[lane];
    second[2 * lane] = a[lane + LANES / 2], second[2 * lane + 1] = b[lane + LANES / 2];
  }
#endif
}

// LANES vectors, lanes for places: in log2(LANES) rounds, each of which weaves the first half with the second.
INLINE void transpose(F* block) {
  F other[LANES];
  for (int reach = LANES; reach > 1; reach /= 2) {
    for (int i = 0; i < LANES / 2; i++) weave(block[i], block[i + LANES / 2], other[2 * i], other[2 * i + 1]);
    for (int i = 0; i < LANES; i++) block[i] = other[i];
  }
}

// The sums over the lanes of LANES vectors, one in each lane. `block` is spoilt.
INLINE F sums_of(F* block) {
  for (int half = LANES / 2; half; half /= 2)
    for (int i = 0; i < half; i++) {
      F first, second;
      weave(block[i], block[i + half], first, second);
      block[i] = first + second;
    }
  return block[0];
}
