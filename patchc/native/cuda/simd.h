// What a kernel is written in where every thread has one voice: F, D, U, M and N of patchc/native/simd.h with one lane.
//
// The functions are those of CUDA's mathematical library: two units in the last place at most in either precision.

#ifndef INLINE
#define INLINE static __device__ __forceinline__
#define NOINLINE static __device__ __noinline__  // long and run once a frame: called, so that kernels compile quickly
#endif

typedef float F;
typedef double D;
typedef unsigned U;
typedef bool M;
typedef bool N;

INLINE F f(float x) { return x; }
INLINE D d(double x) { return x; }
INLINE F to_f32(F x) { return x; }
INLINE F to_f32(D x) { return (float)x; }
INLINE D to_f64(F x) { return (double)x; }
INLINE D to_f64(D x) { return x; }

#define BOTH(V)                                                                     \
  INLINE bool lt(V x, V y) { return x < y; }                                      \
  INLINE bool le(V x, V y) { return x <= y; }                                  \
  INLINE bool gt(V x, V y) { return x > y; }                                      \
  INLINE bool ge(V x, V y) { return x >= y; }                                 \
  INLINE bool eq(V x, V y) { return x == y; }                                    \
  INLINE V select(bool c, V x, V y) { return c ? x : y; }                             \
  INLINE V min(V x, V y) { return x < y ? x : y; }                              \
  INLINE V max(V x, V y) { return x > y ? x : y; }                               \
  INLINE V clamp_max(V x, V top) { return top < x ? top : x; }                     \
  INLINE V clamp_min(V x, V low) { return low > x ? low : x; }                     \
  INLINE V sign(V x) { return x > (V)0 ? (V)1 : x < (V)0 ? (V)-1 : (V)0; }
BOTH(F)
BOTH(D)
#undef BOTH

INLINE F abs(F x) { return ::fabsf(x); }
INLINE D abs(D x) { return ::fabs(x); }
INLINE F round(F x) { return ::rintf(x); }
INLINE D round(D x) { return ::rint(x); }
INLINE F floor(F x) { return ::floorf(x); }
INLINE D floor(D x) { return ::floor(x); }
INLINE F fract(F x) { return x - floor(x); }
INLINE D fract(D x) { return x - floor(x); }
// Whole numbers where single precision cannot tell them apart from one, as patchc/dsp/moments.py has it.
INLINE F snapped(F x) { F whole = round(x); return abs(x - whole) <= abs(whole) * 1.1920928955078125e-07f ? whole : x; }
INLINE D snapped(D x) { D whole = round(x); return abs(x - whole) <= abs(whole) * 1.1920928955078125e-07 ? whole : x; }
INLINE F sqrt(F x) { return ::sqrtf(x); }
INLINE D sqrt(D x) { return ::sqrt(x); }
INLINE F reciprocal(F x) { return 1.0f / x; }
INLINE D reciprocal(D x) { return 1.0 / x; }

// Cycles in steps of 2 ** -44, -0.5 .. 0.5: sums of a few thousand are exact, so their order cannot be heard.
INLINE D wrapped_phase(D x) { return ((x - round(x)) + 384.0) - 384.0; }

INLINE F exp2(F x) { return ::exp2f(x); }
INLINE D exp2(D x) { return ::exp2(x); }
INLINE F log2(F x) { return ::log2f(x); }
INLINE D log2(D x) { return ::log2(x); }
INLINE F sine(F cycles) { return ::sinpif(2.0f * cycles); }
INLINE D sine(D cycles) { return ::sinpi(2.0 * cycles); }
INLINE F cosine(F cycles) { return ::cospif(2.0f * cycles); }
INLINE D cosine(D cycles) { return ::cospi(2.0 * cycles); }
INLINE F tanpi(F x) {  // tan(pi x)
  F up, along;
  ::sincospif(x, &up, &along);
  return up / along;
}
INLINE D tanpi(D x) {
  D up, along;
  ::sincospi(x, &up, &along);
  return up / along;
}
INLINE bool any(F x) { return x != 0.0f; }
INLINE F no_contract(F x) { return x; }
INLINE D no_contract(D x) { return x; }
INLINE F product(F x, F y) { return __fmul_rn(x, y); }
INLINE D product(D x, D y) { return __dmul_rn(x, y); }
INLINE F tanh(F x) { return ::tanhf(x); }
INLINE D tanh(D x) { return ::tanh(x); }

// Turns of a wave within a frame, in steps of 2 ** -32 cycles.
INLINE U to_phase32(D steps) { return (U)::llrint(steps); }
INLINE F cycles(U phase) { return (F)phase * 2.3283064365386963e-10f; }

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
