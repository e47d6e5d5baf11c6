// The vectors a kernel is written in: one voice (or chunk of time) in each lane, and the functions on them.
//
//   F  single precision, LANES of them        M  a condition on F
//   D  double precision, LANES of them        N  a condition on D
//   U  unsigned 32 bits, LANES of them
//
// Where samples are worked out, an F fills a register and a D is a PAIR of them; where frames are, a D fills one.
// Polynomials were fitted for the least largest error; what is stated beside a function is tested (tests/native).

#ifndef INLINE
#define INLINE static inline __attribute__((always_inline))
#define NOINLINE static __attribute__((noinline, unused))  // long and rarely run: called, so that kernels compile quickly
#if defined(__has_builtin)
#define HAS(builtin) __has_builtin(builtin)
#else
#define HAS(builtin) 0
#endif
#if defined(__AVX512F__)
#define WIDEST 16  // single-precision numbers in the widest register
#elif defined(__AVX__)
#define WIDEST 8
#else
#define WIDEST 4
#endif
#endif

#ifndef LANES
#define LANES WIDEST
#define PAIR 1
#endif
#if PAIR
#define EACH (LANES / 2)
#else
#define EACH LANES
#endif

typedef float F __attribute__((vector_size(4 * LANES)));
typedef int M __attribute__((vector_size(4 * LANES)));
typedef unsigned U __attribute__((vector_size(4 * LANES)));
typedef float LooseF __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

typedef double E __attribute__((vector_size(8 * EACH)));  // as many doubles as one register holds
typedef long long W __attribute__((vector_size(8 * EACH)));
typedef float S __attribute__((vector_size(4 * EACH)));
typedef double LooseE __attribute__((vector_size(8 * EACH), aligned(8), may_alias));

INLINE F f(float x) { return F{} + x; }
INLINE E e(double x) { return E{} + x; }
// A number as it is, which the compiler cannot look behind. It fuses a product and a sum into one rounding where nobody
// else needs the product; what a function gives, and what leaves a loop, must not depend on who needs it.
#if defined(__x86_64__)
#define NO_CONTRACT(x) __asm__("" : "+v"(x))
#elif defined(__aarch64__)
#define NO_CONTRACT(x) __asm__("" : "+w"(x))
#else
#define NO_CONTRACT(x)
#endif
INLINE F no_contract(F x) { NO_CONTRACT(x); return x; }
INLINE E no_contract(E x) { NO_CONTRACT(x); return x; }

INLINE F load(const float* at) { return *(const LooseF*)at; }
INLINE void store(float* at, F x) { *(LooseF*)at = x; }

// --- conditions and choices

#define COMPARED(C, V, T)                                                                                  \
  INLINE C lt(V x, V y) { return x < y; }       INLINE C lt(V x, T y) { return x < y; }                \
  INLINE C le(V x, V y) { return x <= y; }   INLINE C le(V x, T y) { return x <= y; }            \
  INLINE C gt(V x, V y) { return x > y; }       INLINE C gt(V x, T y) { return x > y; }                \
  INLINE C ge(V x, V y) { return x >= y; }  INLINE C ge(V x, T y) { return x >= y; }           \
  INLINE C eq(V x, V y) { return x == y; }     INLINE C eq(V x, T y) { return x == y; }              \
  INLINE V select(C c, V x, V y) { return c ? x : y; }                                                       \
  INLINE V min(V x, V y) { return x < y ? x : y; }                                                     \
  INLINE V max(V x, V y) { return x > y ? x : y; }                                                      \
  /* held to an end, as torch's clamp does it: what is not a number stays so */                            \
  INLINE V clamp_max(V x, V top) { return top < x ? top : x; }                                            \
  INLINE V clamp_min(V x, V low) { return low > x ? low : x; }
COMPARED(M, F, float)
COMPARED(W, E, double)
#undef COMPARED

INLINE F abs(F x) { return (F)((M)x & 0x7fffffff); }
INLINE E abs(E x) { return (E)((W)x & 0x7fffffffffffffffLL); }
INLINE F sign(F x) { return select(x > 0.0f, f(1), select(x < 0.0f, f(-1), f(0))); }
INLINE E sign(E x) { return select(x > 0.0, e(1), select(x < 0.0, e(-1), e(0))); }

// --- from one precision to the other

INLINE E widened(S x) {
#if EACH == 8 && HAS(__builtin_ia32_cvtps2pd512_mask)
  return (E)__builtin_ia32_cvtps2pd512_mask(x, E{}, (char)-1, 4);
#elif EACH == 4 && HAS(__builtin_ia32_cvtps2pd256)
  return (E)__builtin_ia32_cvtps2pd256(x);
#else
  return __builtin_convertvector(x, E);
#endif
}
INLINE S narrowed(E x) { return __builtin_convertvector(x, S); }

// --- to whole numbers. The sums below round because they leave no bits below one; so no fast-math here.

#if LANES == 16 && HAS(__builtin_ia32_rndscaleps_mask)
INLINE F round(F x) { return (F)__builtin_ia32_rndscaleps_mask(x, 0, x, (short)-1, 4); }
INLINE F floor(F x) { return (F)__builtin_ia32_rndscaleps_mask(x, 1, x, (short)-1, 4); }
#elif LANES == 8 && HAS(__builtin_ia32_roundps256)
INLINE F round(F x) { return (F)__builtin_ia32_roundps256(x, 0); }
INLINE F floor(F x) { return (F)__builtin_ia32_roundps256(x, 1); }
#else
INLINE F round(F x) {
  F far = (x + 12582912.0f) - 12582912.0f;  // up to 2 ** 22
  return abs(x) < 4194304.0f ? far : x;
}
INLINE F floor(F x) {
  F near = round(x);
  return near > x ? near - 1.0f : near;
}
#endif
#if EACH == 8 && HAS(__builtin_ia32_rndscalepd_mask)
INLINE E round(E x) { return (E)__builtin_ia32_rndscalepd_mask(x, 0, x, (char)-1, 4); }
INLINE E floor(E x) { return (E)__builtin_ia32_rndscalepd_mask(x, 1, x, (char)-1, 4); }
#elif EACH == 4 && HAS(__builtin_ia32_roundpd256)
INLINE E round(E x) { return (E)__builtin_ia32_roundpd256(x, 0); }
INLINE E floor(E x) { return (E)__builtin_ia32_roundpd256(x, 1); }
#else
INLINE E round(E x) {
  E far = (x + 6755399441055744.0) - 6755399441055744.0;  // up to 2 ** 51
  return abs(x) < 2251799813685248.0 ? far : x;
}
INLINE E floor(E x) {
  E near = round(x);
  return near > x ? near - 1.0 : near;
}
#endif
INLINE F fract(F x) { return x - floor(x); }
INLINE E fract(E x) { return x - floor(x); }

// Cycles in steps of 2 ** -44, -0.5 .. 0.5: sums of a few thousand are exact, so their order cannot be heard.
INLINE E wrapped_phase(E x) { return ((x - round(x)) + 384.0) - 384.0; }

// Whole numbers where single precision cannot tell them apart from one, as patchc/dsp/moments.py has it.
INLINE F snapped(F x) {
  F whole = round(x);
  return abs(x - whole) <= abs(whole) * 1.1920928955078125e-07f ? whole : x;
}
INLINE E snapped(E x) {
  E whole = round(x);
  return abs(x - whole) <= abs(whole) * 1.1920928955078125e-07 ? whole : x;
}

INLINE F sqrt(F x) {
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
INLINE E sqrt(E x) {
#if EACH == 8 && HAS(__builtin_ia32_sqrtpd512_mask)
  return (E)__builtin_ia32_sqrtpd512_mask(x, x, (char)-1, 4);
#elif EACH == 4 && HAS(__builtin_ia32_sqrtpd256)
  return (E)__builtin_ia32_sqrtpd256(x);
#else
  E y;
  for (int lane = 0; lane < EACH; lane++) y[lane] = __builtin_sqrt(x[lane]);
  return y;
#endif
}

// One over a number that is neither zero nor infinite, nor far from one.
INLINE F over(F x) {
#if LANES == 16 && HAS(__builtin_ia32_rcp14ps512_mask)
  F y = (F)__builtin_ia32_rcp14ps512_mask(x, x, (short)-1);
  return y * (1.0f - x * y) + y;
#else
  return 1.0f / x;
#endif
}
INLINE E over(E x) {
#if EACH == 8 && HAS(__builtin_ia32_rcp14pd512_mask)
  E y = (E)__builtin_ia32_rcp14pd512_mask(x, x, (char)-1), better = y * (1.0 - x * y) + y;
  return better * (1.0 - x * better) + better;
#else
  return 1.0 / x;
#endif
}

// One over a number: from the machine's estimate, sharpened until it is as good as a division, in a third of the time.
INLINE F reciprocal(F x) {
#if LANES == 16 && HAS(__builtin_ia32_rcp14ps512_mask)
  F y = (F)__builtin_ia32_rcp14ps512_mask(x, x, (short)-1);
  F better = y * (1.0f - x * y) + y;
  return better == better ? better : y;  // of zero and of infinity the estimate is all there is
#else
  return 1.0f / x;
#endif
}
INLINE E reciprocal(E x) {
#if EACH == 8 && HAS(__builtin_ia32_rcp14pd512_mask)
  E y = (E)__builtin_ia32_rcp14pd512_mask(x, x, (char)-1), better = y * (1.0 - x * y) + y;
  better = better * (1.0 - x * better) + better;
  return better == better ? better : y;
#else
  return 1.0 / x;
#endif
}

// --- functions. Horner's scheme from the highest power; the compiler fuses multiplication and addition.

// 2 ** x, relative error below 1.1e-7; infinite from 127.5 on, zero below -126.5.
INLINE F exp2(F x) {
  F held = clamp_min(clamp_max(x, f(128.0f)), f(-127.0f)), whole = round(held), r = held - whole;
  F p = 1.5345807e-4f + f(0);
  p = p * r + 1.3399931e-3f; p = p * r + 9.6184890e-3f; p = p * r + 5.5503288e-2f;
  p = p * r + 2.4022647e-1f; p = p * r + 6.9314721e-1f; p = p * r + 1.0f;
  M exponent = __builtin_convertvector(whole, M) + 127;
  return no_contract(p * (F)(exponent << 23));
}
// Relative error below 1e-13; infinite from 1023.5 on, zero below -1022.5.
INLINE E exp2(E x) {
  E held = clamp_min(clamp_max(x, e(1024.0)), e(-1023.0)), whole = round(held), r = held - whole;
  E p = e(1.0149427144637836e-07);
  p = p * r + 1.3259375095846004e-06; p = p * r + 1.5252988972879954e-05; p = p * r + 0.00015403435085117331;
  p = p * r + 0.0013333557611908539; p = p * r + 0.0096181291918759002; p = p * r + 0.055504108668708863;
  p = p * r + 0.24022650695650571; p = p * r + 0.69314718055987079; p = p * r + 1.0;
  W exponent = (W)(whole + (6755399441055744.0 + 1023.0));  // the whole number stands in the lowest bits
  return no_contract(p * (E)(exponent << 52));
}

// Logarithm to base 2, absolute error below 1e-7 from 0.7 to 1.4, else of the last bit; minus infinity at zero, 128 at
// infinity, about -127 for what is smaller than the usual numbers.
INLINE F log2(F x) {
  M bits = (M)x, exponent = (bits - 0x3f3504f3) >> 23;  // so that the mantissa lies between the roots of 1/2 and 2
  F t = (F)(bits - (exponent << 23)) - 1.0f;
  F p = -1.1297335e-1f + f(0);
  p = p * t + 1.8782590e-1f; p = p * t - 1.9061289e-1f; p = p * t + 2.0429616e-1f; p = p * t - 2.3963657e-1f;
  p = p * t + 2.8858526e-1f; p = p * t - 3.6069642e-1f; p = p * t + 4.8089790e-1f; p = p * t - 7.2134735e-1f;
  p = p * t + 1.4426950f;
  F y = p * t + __builtin_convertvector(exponent, F);
  y = x == __builtin_inff() ? x : y;
  return x > 0.0f ? y : x == 0.0f ? f(-__builtin_inff()) : f(__builtin_nanf(""));
}
// Absolute error below 1e-13, or of the last bit.
INLINE E log2(E x) {
  W bits = (W)x, exponent = (bits - 0x3fe6a09e667f3bcdLL) >> 52;
  E number = (E)(exponent + 0x4338000000000000LL) - 6755399441055744.0;
  E m = (E)(bits - (exponent << 52)), s = (m - 1.0) * over(m + 1.0), z = s * s;
  E p = e(0.098047249508657272);
  p = p * z + 0.11087074350166951; p = p * z + 0.14286084393957865; p = p * z + 0.19999997431894467;
  p = p * z + 0.3333333333984127; p = p * z + 1.0;
  E y = p * s * 2.8853900817779268 + number;
  y = x == __builtin_inf() ? x : y;
  return x > 0.0 ? y : x == 0.0 ? e(-__builtin_inf()) : e(__builtin_nan(""));
}

// The sine of a number of cycles, absolute error below 3e-7.
INLINE F sine(F cycles) {
  F r = cycles - round(cycles), z = r * r;
  F p = -3.1612870f + f(0);
  p = p * z + 14.049509f; p = p * z - 38.495854f; p = p * z + 67.076626f; p = p * z - 64.835823f;
  p = p * z + 25.132741f;
  return no_contract(p * (r * (0.25f - z)));
}
// Absolute error below 1e-12.
INLINE E sine(E cycles) {
  E r = cycles - round(cycles);
  E near = r > 0.25 ? 0.5 - r : r < -0.25 ? -0.5 - r : r, z = near * near;
  E p = e(3.6552160158967992);
  p = p * z - 15.079322785877791; p = p * z + 42.057966167666493; p = p * z - 76.705841222166555;
  p = p * z + 81.605249033928573; p = p * z - 41.341702239006814; p = p * z + 6.2831853071772796;
  return no_contract(p * near);
}
// The cosine, absolute error below 4e-7 and 1e-12.
INLINE F cosine(F cycles) { return sine(cycles - round(cycles) + 0.25f); }
INLINE E cosine(E cycles) { return sine(cycles - round(cycles) + 0.25); }

// tan(pi x), relative error below 4e-6 up to 0.49 and below 5e-7 up to 0.25, by the tangent of half the angle.
INLINE F tanpi(F x) {
  F r = x - round(x), z = r * r;
  F p = 3.3960346f + f(0);
  p = p * z + 0.39403699f; p = p * z + 1.4384403f; p = p * z + 1.2580332f; p = p * z + 1.2757555f;
  p = p * z + 1.2919172f; p = p * z + 1.5707964f;
  F t = p * r;
  return no_contract((t + t) * reciprocal(1.0f - t * t));
}
INLINE E tanpi(E x) { return no_contract(sine(x * 0.5) * reciprocal(cosine(x * 0.5))); }

// Hyperbolic tangent, relative error below 5e-7: a quotient of polynomials up to 8.2, where it is one.
INLINE F tanh(F x) {
  F held = clamp_min(clamp_max(x, f(8.2f)), f(-8.2f)), z = held * held;
  F p = 1.484080200e-8f * z + 2.163744970e-5f, q = 8.370703536e-7f * z + 3.386458437e-4f;
  p = p * z + 3.556696900e-3f; p = p * z + 1.343213184e-1f; p = p * z + 1.0f;
  q = q * z + 2.610833874e-2f; q = q * z + 4.676545758e-1f; q = q * z + 1.0f;
  F y = held * p * over(q);
  return x >= 8.2f ? f(1) : x <= -8.2f ? f(-1) : y;  // one itself, so that there is no gradient
}
INLINE E tanh(E x) {
  E fallen = exp2(abs(x) * -2.8853900817779268), y = (1.0 - fallen) * over(1.0 + fallen);
  return x < 0.0 ? -y : y;
}

// --- D: one register of doubles, or a pair

#if !PAIR
typedef E D;
typedef W N;
INLINE D d(double x) { return e(x); }
INLINE D load(const double* at) { return *(const LooseE*)at; }
INLINE void store(double* at, D x) { *(LooseE*)at = x; }
INLINE D to_f64(F x) { return widened(x); }
INLINE F to_f32(D x) { return narrowed(x); }
INLINE F select(N c, F x, F y) { return to_f32(select(c, d(1), d(0))) != 0.0f ? x : y; }
INLINE D select(M c, D x, D y) { return select(to_f64(select(c, f(1), f(0))) == 1.0, x, y); }
#else
struct D { E lo, hi; };
struct N { W lo, hi; };
INLINE D d(double x) { return {e(x), e(x)}; }
INLINE D load(const double* at) { return {*(const LooseE*)at, *(const LooseE*)(at + EACH)}; }
INLINE void store(double* at, D x) { *(LooseE*)at = x.lo; *(LooseE*)(at + EACH) = x.hi; }
INLINE D to_f64(F x) {
  union { F whole; S half[2]; } parts = {x};
  return {widened(parts.half[0]), widened(parts.half[1])};
}
INLINE F to_f32(D x) {
  S lo = narrowed(x.lo), hi = narrowed(x.hi);
#if HAS(__builtin_shufflevector) && LANES == 16
  return __builtin_shufflevector(lo, hi, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
#elif HAS(__builtin_shufflevector) && LANES == 8
  return __builtin_shufflevector(lo, hi, 0, 1, 2, 3, 4, 5, 6, 7);
#else
  union { S half[2]; F whole; } parts = {{lo, hi}};
  return parts.whole;
#endif
}
#define TWO(op)                                                                       \
  INLINE D operator op(D x, D y) { return {x.lo op y.lo, x.hi op y.hi}; }             \
  INLINE D operator op(D x, double y) { return {x.lo op y, x.hi op y}; }              \
  INLINE D operator op(double x, D y) { return {x op y.lo, x op y.hi}; }
TWO(+) TWO(-) TWO(*) TWO(/)
#undef TWO
INLINE D operator-(D x) { return {-x.lo, -x.hi}; }
INLINE D& operator+=(D& x, D y) { return x = x + y; }
#define EVEN(name) INLINE D name(D x) { return {name(x.lo), name(x.hi)}; }
EVEN(abs) EVEN(sign) EVEN(round) EVEN(floor) EVEN(fract) EVEN(snapped) EVEN(wrapped_phase) EVEN(sqrt) EVEN(exp2) EVEN(log2)
EVEN(sine) EVEN(cosine) EVEN(tanpi) EVEN(tanh) EVEN(reciprocal)
#undef EVEN
#define EVEN(R, name) INLINE R name(D x, D y) { return {name(x.lo, y.lo), name(x.hi, y.hi)}; }
EVEN(N, lt) EVEN(N, le) EVEN(N, gt) EVEN(N, ge) EVEN(N, eq)
EVEN(D, min) EVEN(D, max) EVEN(D, clamp_max) EVEN(D, clamp_min)
#undef EVEN
INLINE D select(N c, D x, D y) { return {select(c.lo, x.lo, y.lo), select(c.hi, x.hi, y.hi)}; }
INLINE F select(N c, F x, F y) { return to_f32(select(c, d(1), d(0))) != 0.0f ? x : y; }
INLINE D select(M c, D x, D y) { return select(eq(to_f64(select(c, f(1), f(0))), d(1)), x, y); }
#endif
INLINE F to_f32(F x) { return x; }
INLINE bool any(F x) {
  M set = x != 0.0f;
  int found = 0;
  for (int lane = 0; lane < LANES; lane++) found |= set[lane];
  return found != 0;
}
#if PAIR
INLINE D no_contract(D x) { return {no_contract(x.lo), no_contract(x.hi)}; }
#endif
INLINE D to_f64(D x) { return x; }

// A product that is handed on: worked out by itself, so that handing it on changes no sum that uses it too.
INLINE F product(F x, F y) { return no_contract(x) * y; }
INLINE E product(E x, E y) { return no_contract(x) * y; }
#if PAIR
INLINE D product(D x, D y) { return {product(x.lo, y.lo), product(x.hi, y.hi)}; }
#endif

// --- phases of a wave within a frame: 32 bits of a cycle, which wrap by themselves, in half the work of doubles

#if PAIR
// Cycles given in steps of 2 ** -32, up to 2 ** 51 of them: a sum that large has whole steps for its lowest bits.
INLINE U to_phase32(D steps) {
  union { E half; U bits; } lo = {steps.lo + 6755399441055744.0}, hi = {steps.hi + 6755399441055744.0};
#if HAS(__builtin_shufflevector) && LANES == 16
  return __builtin_shufflevector(lo.bits, hi.bits, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
#elif HAS(__builtin_shufflevector) && LANES == 8
  return __builtin_shufflevector(lo.bits, hi.bits, 0, 2, 4, 6, 8, 10, 12, 14);
#else
  U phase;
  for (int k = 0; k < LANES / 2; k++) phase[k] = lo.bits[2 * k], phase[k + LANES / 2] = hi.bits[2 * k];
  return phase;
#endif
}
INLINE F cycles(U phase) { return __builtin_convertvector(phase, F) * 2.3283064365386963e-10f; }
#endif

// --- noise: a hash of 32 bits, `lowbias32` (Wellons 2018, public domain), as patchc/dsp/noise.py has it

INLINE U hashed(U x) {
  x = (x ^ (x >> 16)) * 0x7feb352du;
  x = (x ^ (x >> 15)) * 0x846ca68bu;
  return x ^ (x >> 16);
}
INLINE F noise(U first, U second, U sample) {
  U word = hashed(hashed(sample + first) ^ second);
  return no_contract((__builtin_convertvector((M)(word >> 8), F) - 8388608.0f) * (1.0f / 8388608.0f));
}
#undef EACH
