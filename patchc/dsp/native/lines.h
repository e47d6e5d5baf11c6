// Signals as they lie in memory: rows that may be shared by the whole batch, and numbers that may stand constant.

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

// The sums over the lanes of LANES vectors, one in each lane. `block` is spoilt.
INLINE F sums_of(F* block) {
  for (int half = LANES / 2; half; half /= 2)
    for (int i = 0; i < half; i++) {
      F first, second;
      interleave(block[i], block[i + half], first, second);
      block[i] = first + second;
    }
  return block[0];
}
