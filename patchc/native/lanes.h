// The vectors a kernel is written in: one voice (or stretch of time) in each lane, and the functions on them.
//
//   F  single precision, LANES of them        M  a condition on F
//   D  double precision, LANES of them        N  a condition on D
//   U  unsigned 32 bits, LANES of them
//
// LANES is what the machine's widest registers hold. Polynomials were fitted for the least largest error; the error of
// each function is stated beside it and tested (tests/native).

#if defined(__AVX512F__)
#define LANES 16
#elif defined(__AVX__)
#define LANES 8
#else
#define LANES 4
#endif

#define INLINE static inline __attribute__((always_inline))
#if defined(__has_builtin)
#define HAS(builtin) __has_builtin(builtin)
#else
#define HAS(builtin) 0
#endif

typedef float F __attribute__((vector_size(4 * LANES)));
typedef int M __attribute__((vector_size(4 * LANES)));
typedef unsigned U __attribute__((vector_size(4 * LANES)));
typedef float HalfF __attribute__((vector_size(2 * LANES)));
typedef int HalfM __attribute__((vector_size(2 * LANES)));
typedef double HalfD __attribute__((vector_size(4 * LANES)));
typedef long long HalfN __attribute__((vector_size(4 * LANES)));
typedef float LooseF __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef double LooseD __attribute__((vector_size(4 * LANES), aligned(8), may_alias));

struct D { HalfD lo, hi; };
struct N { HalfN lo, hi; };

// --- made, read, converted

INLINE F f(float x) { return F{} + x; }
INLINE D d(double x) { return {HalfD{} + x, HalfD{} + x}; }
INLINE F load(const float* at) { return *(const LooseF*)at; }
INLINE void store(float* at, F x) { *(LooseF*)at = x; }
INLINE D load(const double* at) { return {*(const LooseD*)at, *(const LooseD*)(at + LANES / 2)}; }
INLINE void store(double* at, D x) { *(LooseD*)at = x.lo; *(LooseD*)(at + LANES / 2) = x.hi; }

INLINE D wide(F x) {
  union { F whole; HalfF half[2]; } parts = {x};
  return {__builtin_convertvector(parts.half[0], HalfD), __builtin_convertvector(parts.half[1], HalfD)};
}
INLINE D wide(D x) { return x; }
INLINE F narrow(F x) { return x; }
INLINE F narrow(D x) {
  HalfF lo = __builtin_convertvector(x.lo, HalfF), hi = __builtin_convertvector(x.hi, HalfF);
#if HAS(__builtin_shufflevector) && LANES == 16
  return __builtin_shufflevector(lo, hi, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
#elif HAS(__builtin_shufflevector) && LANES == 8
  return __builtin_shufflevector(lo, hi, 0, 1, 2, 3, 4, 5, 6, 7);
#else
  union { HalfF half[2]; F whole; } parts = {{lo, hi}};
  return parts.whole;
#endif
}

// --- arithmetic on D; on F the compiler knows it

#define BINARY(op)                                                                    \
  INLINE D operator op(D x, D y) { return {x.lo op y.lo, x.hi op y.hi}; }             \
  INLINE D operator op(D x, double y) { return {x.lo op y, x.hi op y}; }              \
  INLINE D operator op(double x, D y) { return {x op y.lo, x op y.hi}; }
BINARY(+) BINARY(-) BINARY(*) BINARY(/)
#undef BINARY
INLINE D operator-(D x) { return {-x.lo, -x.hi}; }
INLINE D& operator+=(D& x, D y) { return x = x + y; }

#define COMPARED(name, op)                                                            \
  INLINE M name(F x, F y) { return x op y; }                                          \
  INLINE M name(F x, float y) { return x op y; }                                      \
  INLINE N name(D x, D y) { return {x.lo op y.lo, x.hi op y.hi}; }                    \
  INLINE N name(D x, double y) { return {x.lo op y, x.hi op y}; }
COMPARED(less, <) COMPARED(at_most, <=) COMPARED(more, >) COMPARED(at_least, >=) COMPARED(equal, ==)
#undef COMPARED

INLINE F pick(M c, F x, F y) { return c ? x : y; }
INLINE D pick(N c, D x, D y) { return {c.lo ? x.lo : y.lo, c.hi ? x.hi : y.hi}; }
INLINE F pick(N c, F x, F y) { return pick(narrow(pick(c, d(1), d(0))) != 0.0f, x, y); }
INLINE D pick(M c, D x, D y) { return pick(equal(wide(pick(c, f(1), f(0))), 1.0), x, y); }
INLINE F smaller(F x, F y) { return x < y ? x : y; }
INLINE F larger(F x, F y) { return x > y ? x : y; }
INLINE D smaller(D x, D y) { return {x.lo < y.lo ? x.lo : y.lo, x.hi < y.hi ? x.hi : y.hi}; }
INLINE D larger(D x, D y) { return {x.lo > y.lo ? x.lo : y.lo, x.hi > y.hi ? x.hi : y.hi}; }

// `x` held to an end, as torch's clamp does it: what is not a number stays so.
INLINE F hold_below(F x, F top) { return x > top ? top : x; }
INLINE F hold_above(F x, F low) { return x < low ? low : x; }
INLINE D hold_below(D x, D top) { return pick(more(x, top), top, x); }
INLINE D hold_above(D x, D low) { return pick(less(x, low), low, x); }

INLINE F magnitude(F x) { return (F)((M)x & 0x7fffffff); }
INLINE D magnitude(D x) { return {(HalfD)((HalfN)x.lo & 0x7fffffffffffffffLL), (HalfD)((HalfN)x.hi & 0x7fffffffffffffffLL)}; }
INLINE F sign(F x) { return pick(x > 0.0f, f(1), pick(x < 0.0f, f(-1), f(0))); }
INLINE D sign(D x) { return pick(more(x, 0.0), d(1), pick(less(x, 0.0), d(-1), d(0))); }

// --- to whole numbers. The sums below round because they leave no bits below one; so no fast-math here.

INLINE F nearest(F x) {
#if LANES == 16 && HAS(__builtin_ia32_rndscaleps_mask)
  return (F)__builtin_ia32_rndscaleps_mask(x, 0, x, (short)-1, 4);
#elif LANES == 8 && HAS(__builtin_ia32_roundps256)
  return (F)__builtin_ia32_roundps256(x, 0);
#else
  F far = (x + 12582912.0f) - 12582912.0f;  // up to 2 ** 22
  return magnitude(x) < 4194304.0f ? far : x;
#endif
}
INLINE F lower(F x) {
#if LANES == 16 && HAS(__builtin_ia32_rndscaleps_mask)
  return (F)__builtin_ia32_rndscaleps_mask(x, 1, x, (short)-1, 4);
#elif LANES == 8 && HAS(__builtin_ia32_roundps256)
  return (F)__builtin_ia32_roundps256(x, 1);
#else
  F near = nearest(x);
  return near > x ? near - 1.0f : near;
#endif
}
INLINE HalfD half_nearest(HalfD x) {
#if LANES == 16 && HAS(__builtin_ia32_rndscalepd_mask)
  return (HalfD)__builtin_ia32_rndscalepd_mask(x, 0, x, (char)-1, 4);
#elif LANES == 8 && HAS(__builtin_ia32_roundpd256)
  return (HalfD)__builtin_ia32_roundpd256(x, 0);
#else
  HalfD far = (x + 6755399441055744.0) - 6755399441055744.0;  // up to 2 ** 51
  return (HalfD)((HalfN)x & 0x7fffffffffffffffLL) < 2251799813685248.0 ? far : x;
#endif
}
INLINE HalfD half_lower(HalfD x) {
  HalfD near = half_nearest(x);
  return near > x ? near - 1.0 : near;
}
INLINE D nearest(D x) { return {half_nearest(x.lo), half_nearest(x.hi)}; }
INLINE D lower(D x) { return {half_lower(x.lo), half_lower(x.hi)}; }
INLINE F wrapped(F x) { return x - lower(x); }
INLINE D wrapped(D x) { return x - lower(x); }
INLINE D near_zero(D x) { return x - nearest(x); }

// Cycles in steps of 2 ** -44, -0.5 .. 0.5: sums of a few thousand are exact, so their order cannot be heard.
INLINE D stepped(D x) { return (near_zero(x) + 384.0) - 384.0; }

INLINE F root(F x) {
#if LANES == 16 && HAS(__builtin_ia32_sqrtps512_mask)
  return (F)__builtin_ia32_sqrtps512_mask(x, x, (short)-1, 4);
#elif LANES == 8 && HAS(__builtin_ia32_sqrtps256)
  return (F)__builtin_ia32_sqrtps256(x);
#else
  F y;
  for (int lane = 0; lane < LANES; lane++) y[lane] = __builtin_sqrtf(x[lane]);
  return y;
#endif
}
INLINE HalfD half_root(HalfD x) {
  HalfD y;
  for (int lane = 0; lane < LANES / 2; lane++) y[lane] = __builtin_sqrt(x[lane]);
  return y;
}
INLINE D root(D x) { return {half_root(x.lo), half_root(x.hi)}; }

// --- functions. Horner's scheme from the highest power; the compiler fuses multiplication and addition.

// 2 ** x, relative error below 1e-7; infinite from 128 on, zero below -126.
INLINE F exp2(F x) {
  F whole = nearest(hold_above(hold_below(x, f(129.0f)), f(-127.0f))), r = x - whole;
  F p = 1.5345807e-4f + f(0);
  p = p * r + 1.3399931e-3f; p = p * r + 9.6184890e-3f; p = p * r + 5.5503288e-2f;
  p = p * r + 2.4022647e-1f; p = p * r + 6.9314721e-1f; p = p * r + 1.0f;
  M exponent = __builtin_convertvector(smaller(whole, f(128.0f)), M) + 127;
  F scaled = p * (F)(exponent << 23);
  return x >= 128.0f ? f(__builtin_inff()) : x < -126.0f ? f(0) : scaled;
}
INLINE HalfD half_exp2(HalfD x) {
  HalfD held = x > 1024.0 ? HalfD{} + 1024.0 : x;
  held = held < -1023.0 ? HalfD{} - 1023.0 : held;
  HalfD whole = half_nearest(held), r = x - whole;
  HalfD p = HalfD{} + 1.0149427144637836e-07;
  p = p * r + 1.3259375095846004e-06; p = p * r + 1.5252988972879954e-05; p = p * r + 0.00015403435085117331;
  p = p * r + 0.0013333557611908539; p = p * r + 0.0096181291918759002; p = p * r + 0.055504108668708863;
  p = p * r + 0.24022650695650571; p = p * r + 0.69314718055987079; p = p * r + 1.0;
  HalfN exponent = (HalfN)(whole + 6755399441055744.0 + 1023.0);  // the whole number stands in the lowest bits
  HalfD scaled = p * (HalfD)(exponent << 52);
  return x >= 1024.0 ? HalfD{} + __builtin_inf() : x < -1022.0 ? HalfD{} : scaled;
}
INLINE D exp2(D x) { return {half_exp2(x.lo), half_exp2(x.hi)}; }  // relative error below 1e-13

// Logarithm to base 2, absolute error below 1e-8 near one, else of the last bit; minus infinity at zero.
INLINE F log2(F x) {
  M bits = (M)x, exponent = ((bits - 0x3f3504f3) >> 23);  // so that the mantissa lies between the roots of 1/2 and 2
  F t = (F)(bits - (exponent << 23)) - 1.0f;
  F p = -1.1297335e-1f + f(0);
  p = p * t + 1.8782590e-1f; p = p * t - 1.9061289e-1f; p = p * t + 2.0429616e-1f; p = p * t - 2.3963657e-1f;
  p = p * t + 2.8858526e-1f; p = p * t - 3.6069642e-1f; p = p * t + 4.8089790e-1f; p = p * t - 7.2134735e-1f;
  p = p * t + 1.4426950f;
  F y = p * t + __builtin_convertvector(exponent, F);
  y = x == __builtin_inff() ? x : y;
  return x > 0.0f ? y : x == 0.0f ? f(-__builtin_inff()) : f(__builtin_nanf(""));
}
INLINE HalfD half_log2(HalfD x) {
  HalfN bits = (HalfN)x, exponent = (bits - 0x3fe6a09e667f3bcdLL) >> 52;
  HalfD number = (HalfD)(exponent + 0x4338000000000000LL) - 6755399441055744.0;
  HalfD m = (HalfD)(bits - (exponent << 52));
  HalfD s = (m - 1.0) / (m + 1.0), z = s * s;
  HalfD p = HalfD{} + 0.098047249508657272;
  p = p * z + 0.11087074350166951; p = p * z + 0.14286084393957865; p = p * z + 0.19999997431894467;
  p = p * z + 0.3333333333984127; p = p * z + 1.0;
  HalfD y = p * s * 2.8853900817779268 + number;
  y = x == __builtin_inf() ? x : y;
  return x > 0.0 ? y : x == 0.0 ? HalfD{} - __builtin_inf() : HalfD{} + __builtin_nan("");
}
INLINE D log2(D x) { return {half_log2(x.lo), half_log2(x.hi)}; }  // absolute error below 1e-13

// The sine of a number of cycles, absolute error below 1e-7.
INLINE F sine(F cycles) {
  F r = cycles - nearest(cycles), z = r * r;
  F p = -3.1612870f + f(0);
  p = p * z + 14.049509f; p = p * z - 38.495854f; p = p * z + 67.076626f; p = p * z - 64.835823f;
  p = p * z + 25.132741f;
  return p * (r * (0.25f - z));
}
INLINE HalfD half_sine(HalfD cycles) {
  HalfD r = cycles - half_nearest(cycles);
  HalfD far = r > 0.25 ? 0.5 - r : r < -0.25 ? -0.5 - r : r, z = far * far;
  HalfD p = HalfD{} + 3.6552160158967992;
  p = p * z - 15.079322785877791; p = p * z + 42.057966167666493; p = p * z - 76.705841222166555;
  p = p * z + 81.605249033928573; p = p * z - 41.341702239006814; p = p * z + 6.2831853071772796;
  return p * far;
}
INLINE D sine(D cycles) { return {half_sine(cycles.lo), half_sine(cycles.hi)}; }  // absolute error below 1e-12
INLINE F cosine(F cycles) { return sine(cycles - nearest(cycles) + 0.25f); }
INLINE D cosine(D cycles) { return sine(cycles - nearest(cycles) + 0.25); }

// tan(pi x), relative error below 1e-6 up to 0.49, by the tangent of half the angle.
INLINE F tangent(F x) {
  F r = x - nearest(x), z = r * r;
  F p = 3.3960346f + f(0);
  p = p * z + 0.39403699f; p = p * z + 1.4384403f; p = p * z + 1.2580332f; p = p * z + 1.2757555f;
  p = p * z + 1.2919172f; p = p * z + 1.5707964f;
  F t = p * r;
  return (t + t) / (1.0f - t * t);
}
INLINE D tangent(D x) { return sine(x * 0.5) / cosine(x * 0.5); }

// Hyperbolic tangent, relative error below 5e-7.
INLINE F hyperbolic(F x) {
  F z = x * x, near = 2.1869488e-2f * z - 5.3968254e-2f;
  near = near * z + 1.3333333e-1f; near = near * z - 3.3333333e-1f; near = (near * z) * x + x;
  F e = exp2(magnitude(x) * -2.8853901f), far = (1.0f - e) / (1.0f + e);
  far = x < 0.0f ? -far : far;
  return z < 0.04f ? near : far;
}
INLINE D hyperbolic(D x) {
  D e = exp2(magnitude(x) * -2.8853900817779268), y = (1.0 - e) / (1.0 + e);
  return pick(less(x, 0.0), -y, y);
}

// --- noise: a hash of 32 bits, `lowbias32` (Wellons 2018, public domain), as patchc/dsp/noise.py has it

INLINE U hashed(U x) {
  x = (x ^ (x >> 16)) * 0x7feb352du;
  x = (x ^ (x >> 15)) * 0x846ca68bu;
  return x ^ (x >> 16);
}
INLINE F noise(U first, U second, U sample) {
  U word = hashed(hashed(sample + first) ^ second);
  return (__builtin_convertvector((M)(word >> 8), F) - 8388608.0f) * (1.0f / 8388608.0f);
}
