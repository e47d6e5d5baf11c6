// Real Fourier transforms, one in each lane: there, in place, and back.
//
// A transform of `size` real samples is a complex one of half the size. It is decimated in frequency forward and
// in time in the backward pass (Gentleman and Sande 1966; Cooley and Tukey 1965), so bins lie in bit-reversed order in between
// and are never sorted. Four points at a time, the parts one after another, so that what is small stays close.
//
// `twiddles` are pairs of cosine and sine: for every stage of length L >= 8 those of j, 2j and 3j L-ths of a turn, j < L / 4;
// then those of k `size`-ths, k <= size / 4. `size` is a power of two, 16 or more.

struct C { F re, im; };
INLINE C operator+(C x, C y) { return {x.re + y.re, x.im + y.im}; }
INLINE C operator-(C x, C y) { return {x.re - y.re, x.im - y.im}; }
INLINE C operator*(C x, F y) { return {x.re * y, x.im * y}; }
INLINE C mirrored(C x) { return {x.re, -x.im}; }
INLINE C times_i(C x) { return {-x.im, x.re}; }
INLINE C rotated(C x, const float* by) { return {x.re * by[0] + x.im * by[1], x.im * by[0] - x.re * by[1]}; }
INLINE C rotated_back(C x, const float* by) { return {x.re * by[0] - x.im * by[1], x.im * by[0] + x.re * by[1]}; }

INLINE void two(C* z) {
  C a = z[0], b = z[1];
  z[0] = a + b, z[1] = a - b;
}
INLINE void four(C* z) {
  C even = z[0] + z[2], odd = z[1] + z[3], c = z[0] - z[2], d = times_i(z[1] - z[3]);
  z[0] = even + odd, z[1] = even - odd, z[2] = c - d, z[3] = c + d;
}
INLINE void four_back(C* z) {
  C even = z[0] + z[1], odd = z[0] - z[1], c = z[2] + z[3], d = times_i(z[2] - z[3]);
  z[0] = even + c, z[1] = odd + d, z[2] = even - c, z[3] = odd - d;
}

static void forward(C* z, long length, const float* twiddles) {
  if (length == 2) return two(z);
  if (length == 4) return four(z);
  long q = length / 4;
  for (long j = 0; j < q; j++) {
    const float* by = twiddles + 6 * j;
    C even = z[j] + z[j + 2 * q], odd = z[j + q] + z[j + 3 * q];
    C c = z[j] - z[j + 2 * q], d = times_i(z[j + q] - z[j + 3 * q]);
    z[j] = even + odd, z[j + q] = rotated(even - odd, by + 2);
    z[j + 2 * q] = rotated(c - d, by), z[j + 3 * q] = rotated(c + d, by + 4);
  }
  for (long part = 0; part < 4; part++) forward(z + part * q, q, twiddles + 6 * q);
}

static void inverse(C* z, long length, const float* twiddles) {
  if (length == 2) return two(z);
  if (length == 4) return four_back(z);
  long q = length / 4;
  for (long part = 0; part < 4; part++) inverse(z + part * q, q, twiddles + 6 * q);
  for (long j = 0; j < q; j++) {
    const float* by = twiddles + 6 * j;
    C a = z[j], b = rotated_back(z[j + q], by + 2);
    C c = rotated_back(z[j + 2 * q], by), d = rotated_back(z[j + 3 * q], by + 4);
    C even = a + b, odd = a - b, sum = c + d, rest = times_i(c - d);
    z[j] = even + sum, z[j + q] = odd + rest, z[j + 2 * q] = even - sum, z[j + 3 * q] = odd - rest;
  }
}

// Shows `bins.at` every bin of a real transform, from the complex one of half its samples halved, and puts the gradients it
// answers with (of anything, by the real and the imaginary part) in their place: `back` then gives the gradients by the
// samples, for the same halving. Bin k and the one as far from the other end come out of the same two numbers.
template <class Bins>
INLINE void each_bin(C* z, long size, const int* order, const float* twiddles, Bins& bins) {
  long half = size / 2;
  C first = z[0], *middle = z + order[half / 2];
  F low = bins.at({2.0f * (first.re + first.im), f(0)}, 0).re;
  F high = bins.at({2.0f * (first.re - first.im), f(0)}, half).re;
  z[0] = {2.0f * (low + high), 2.0f * (low - high)};
  *middle = mirrored(bins.at(mirrored(*middle) * f(2), half / 2)) * f(2);
  for (long k = 1; k < half / 2; k++) {
    C *near = z + order[k], *far = z + order[half - k];
    C even = *near + mirrored(*far), odd = times_i(rotated(*near - mirrored(*far), twiddles + 2 * k));
    C x = bins.at(even - odd, k), y = mirrored(bins.at(mirrored(even + odd), half - k));
    C sum = x + y, rest = times_i(rotated_back(x - y, twiddles + 2 * k));
    *near = sum + rest, *far = mirrored(sum - rest);
  }
}
