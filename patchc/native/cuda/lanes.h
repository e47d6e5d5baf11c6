// What a kernel is written in where every thread has one voice: F, D, U, M and N of patchc/native/lanes.h with one lane.
//
// The functions are those of CUDA's mathematical library: two units in the last place at most in either precision.

#ifndef INLINE
#define INLINE static __device__ __forceinline__
#define APART static __device__ __noinline__  // long and run once a frame: called, so that kernels compile quickly
#endif

typedef float F;
typedef double D;
typedef unsigned U;
typedef bool M;
typedef bool N;

INLINE F f(float x) { return x; }
INLINE D d(double x) { return x; }
INLINE F narrow(F x) { return x; }
INLINE F narrow(D x) { return (float)x; }
INLINE D wide(F x) { return (double)x; }
INLINE D wide(D x) { return x; }

#define BOTH(V)                                                                     \
  INLINE bool less(V x, V y) { return x < y; }                                      \
  INLINE bool at_most(V x, V y) { return x <= y; }                                  \
  INLINE bool more(V x, V y) { return x > y; }                                      \
  INLINE bool at_least(V x, V y) { return x >= y; }                                 \
  INLINE bool equal(V x, V y) { return x == y; }                                    \
  INLINE V pick(bool c, V x, V y) { return c ? x : y; }                             \
  INLINE V smaller(V x, V y) { return x < y ? x : y; }                              \
  INLINE V larger(V x, V y) { return x > y ? x : y; }                               \
  INLINE V hold_below(V x, V top) { return top < x ? top : x; }                     \
  INLINE V hold_above(V x, V low) { return low > x ? low : x; }                     \
  INLINE V sign(V x) { return x > (V)0 ? (V)1 : x < (V)0 ? (V)-1 : (V)0; }
BOTH(F)
BOTH(D)
#undef BOTH

INLINE F magnitude(F x) { return ::fabsf(x); }
INLINE D magnitude(D x) { return ::fabs(x); }
INLINE F nearest(F x) { return ::rintf(x); }
INLINE D nearest(D x) { return ::rint(x); }
INLINE F lower(F x) { return ::floorf(x); }
INLINE D lower(D x) { return ::floor(x); }
INLINE F wrapped(F x) { return x - lower(x); }
INLINE D wrapped(D x) { return x - lower(x); }
// Whole numbers where single precision cannot tell them apart from one, as patchc/dsp/moments.py has it.
INLINE F snapped(F x) { F whole = nearest(x); return magnitude(x - whole) <= magnitude(whole) * 1.1920928955078125e-07f ? whole : x; }
INLINE D snapped(D x) { D whole = nearest(x); return magnitude(x - whole) <= magnitude(whole) * 1.1920928955078125e-07 ? whole : x; }
INLINE F root(F x) { return ::sqrtf(x); }
INLINE D root(D x) { return ::sqrt(x); }
INLINE F reciprocal(F x) { return 1.0f / x; }
INLINE D reciprocal(D x) { return 1.0 / x; }

// Cycles in steps of 2 ** -44, -0.5 .. 0.5: sums of a few thousand are exact, so their order cannot be heard.
INLINE D stepped(D x) { return ((x - nearest(x)) + 384.0) - 384.0; }

INLINE F exp2(F x) { return ::exp2f(x); }
INLINE D exp2(D x) { return ::exp2(x); }
INLINE F log2(F x) { return ::log2f(x); }
INLINE D log2(D x) { return ::log2(x); }
INLINE F sine(F cycles) { return ::sinpif(2.0f * cycles); }
INLINE D sine(D cycles) { return ::sinpi(2.0 * cycles); }
INLINE F cosine(F cycles) { return ::cospif(2.0f * cycles); }
INLINE D cosine(D cycles) { return ::cospi(2.0 * cycles); }
INLINE F tangent(F x) {  // tan(pi x)
  F up, along;
  ::sincospif(x, &up, &along);
  return up / along;
}
INLINE D tangent(D x) {
  D up, along;
  ::sincospi(x, &up, &along);
  return up / along;
}
INLINE bool any(F x) { return x != 0.0f; }
INLINE F sealed(F x) { return x; }
INLINE D sealed(D x) { return x; }
INLINE F product(F x, F y) { return __fmul_rn(x, y); }
INLINE D product(D x, D y) { return __dmul_rn(x, y); }
INLINE F hyperbolic(F x) { return ::tanhf(x); }
INLINE D hyperbolic(D x) { return ::tanh(x); }

// Turns of a wave within a frame, in steps of 2 ** -32 cycles.
INLINE U turned(D steps) { return (U)::llrint(steps); }
INLINE F cycles(U turn) { return (F)turn * 2.3283064365386963e-10f; }

// --- noise: a hash of 32 bits, `lowbias32` (Wellons 2018, public domain), as patchc/dsp/noise.py has it

INLINE U hashed(U x) {
  x = (x ^ (x >> 16)) * 0x7feb352du;
  x = (x ^ (x >> 15)) * 0x846ca68bu;
  return x ^ (x >> 16);
}
INLINE F noise(U first, U second, U sample) {
  U word = hashed(hashed(sample + first) ^ second);
  return ((float)(word >> 8) - 8388608.0f) * (1.0f / 8388608.0f);
}
