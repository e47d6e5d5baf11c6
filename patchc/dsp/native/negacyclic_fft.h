// Real polynomials modulo X^(2n) + 1 as n complex numbers in which products are products of numbers.
//
// Modulo X^n - i (half of the factors; the others are their mirror images) a real polynomial has the n coefficients
// x[k] + i x[k + n]. X^(2m) - c^2 splits into X^m - c and X^m + c: lo + c hi and lo - c hi, with one number c for all of
// them. The first log2(LANES) splits leave a polynomial for each lane; there X is turned by a weight so that all lanes
// have X^m - 1, and go on splitting alike. Nothing is brought back into order, for products do not need it.

struct Complex { F re, im; };
struct Number { float re, im; };

INLINE Complex operator+(Complex a, Complex b) { return {a.re + b.re, a.im + b.im}; }
INLINE Complex operator-(Complex a, Complex b) { return {a.re - b.re, a.im - b.im}; }
INLINE Complex operator*(Complex a, Complex b) { return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re}; }
INLINE Complex operator*(Complex a, Number b) { return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re}; }
INLINE Complex mirrored(Complex a) { return {a.re, -a.im}; }
INLINE Number mirrored(Number a) { return {a.re, -a.im}; }
INLINE Complex quarter(Complex a) { return {-a.im, a.re}; }

struct NegacyclicFft {
  long points;            // n, at least LANES * LANES
  const Number* splits;   // [LANES - 1] the numbers c of the first splits, level by level
  const float* weights;   // [points / LANES][2][LANES]
  const Number* twiddles;    // [points / LANES / 2] the numbers c of all later ones
  WITHIN long length() const { return points / LANES; }
  WITHIN Complex weight(long k) const { return {load(weights + 2 * k * LANES), load(weights + (2 * k + 1) * LANES)}; }
};

// --- within the lanes: `node` counts polynomials of this length from the left

static void split_four(const NegacyclicFft& fft, Complex* z, long length, long node) {
  long m = length / 4;
  Number twice = fft.twiddles[node], once = fft.twiddles[2 * node];
  for (long k = 0; k < m; k++) {
    Complex c = z[k + 2 * m] * twice, d = z[k + 3 * m] * twice;
    Complex a = z[k] + c, b = (z[k + m] + d) * once, e = z[k] - c, g = quarter((z[k + m] - d) * once);
    z[k] = a + b, z[k + m] = a - b, z[k + 2 * m] = e + g, z[k + 3 * m] = e - g;
  }
}

static void join_four(const NegacyclicFft& fft, Complex* z, long length, long node) {
  long m = length / 4;
  Number twice = mirrored(fft.twiddles[node]), once = mirrored(fft.twiddles[2 * node]);
  for (long k = 0; k < m; k++) {
    Complex a = z[k] + z[k + m], b = (z[k] - z[k + m]) * once;
    Complex e = z[k + 2 * m] + z[k + 3 * m], g = quarter((z[k + 3 * m] - z[k + 2 * m]) * once);
    z[k] = a + e, z[k + 2 * m] = (a - e) * twice, z[k + m] = b + g, z[k + 3 * m] = (b - g) * twice;
  }
}

static void split_all(const NegacyclicFft& fft, Complex* z, long length, long node) {
  if (length == 1) return;
  if (length == 2) {
    Complex a = z[0], b = z[1] * fft.twiddles[node];
    z[0] = a + b, z[1] = a - b;
    return;
  }
  split_four(fft, z, length, node);
  for (long k = 0; k < 4; k++) split_all(fft, z + k * length / 4, length / 4, 4 * node + k);
}

static void join_all(const NegacyclicFft& fft, Complex* z, long length, long node) {
  if (length == 1) return;
  if (length == 2) {
    Complex a = z[0], b = z[1];
    z[0] = a + b, z[1] = (a - b) * mirrored(fft.twiddles[node]);
    return;
  }
  for (long k = 0; k < 4; k++) join_all(fft, z + k * length / 4, length / 4, 4 * node + k);
  join_four(fft, z, length, node);
}

// --- to the lanes and back: LANES vectors from all over the polynomial

INLINE void split_first(const NegacyclicFft& fft, Complex* z) {
  const Number* c = fft.splits;
  for (int half = LANES / 2; half; half /= 2)
    for (int start = 0; start < LANES; start += 2 * half, c++)
      for (int k = start; k < start + half; k++) {
        Complex a = z[k], b = z[k + half] * *c;
        z[k] = a + b, z[k + half] = a - b;
      }
}

INLINE void join_last(const NegacyclicFft& fft, Complex* z) {
  const Number* end = fft.splits + LANES - 1;
  for (int half = 1, count = LANES / 2; half < LANES; half *= 2, count /= 2) {
    const Number* c = end -= count;
    for (int start = 0; start < LANES; start += 2 * half, c++)
      for (int k = start; k < start + half; k++) {
        Complex a = z[k], b = z[k + half];
        z[k] = a + b, z[k + half] = (a - b) * mirrored(*c);
      }
  }
}

INLINE void transpose(Complex* z) {
  F part[LANES];
  for (int k = 0; k < LANES; k++) part[k] = z[k].re;
  transpose(part);
  for (int k = 0; k < LANES; k++) z[k].re = part[k], part[k] = z[k].im;
  transpose(part);
  for (int k = 0; k < LANES; k++) z[k].im = part[k];
}

// What `read(k)` gives are LANES coefficients from `k` on, of 2 n.
template <class Read> INLINE void into_ring(const NegacyclicFft& fft, Complex* z, Read read) {
  for (long first = 0; first < fft.length(); first += LANES) {
    Complex block[LANES];
    for (int k = 0; k < LANES; k++) {
      long place = first + k * fft.length();
      block[k] = {read(place), read(place + fft.points)};
    }
    split_first(fft, block);
    transpose(block);
    for (int k = 0; k < LANES; k++) z[first + k] = block[k] * fft.weight(first + k);
  }
  split_all(fft, z, fft.length(), 0);
}

// And `write(k, x)` takes them. `z` is spoilt.
template <class Write> INLINE void out_of_ring(const NegacyclicFft& fft, Complex* z, Write write) {
  join_all(fft, z, fft.length(), 0);
  for (long first = 0; first < fft.length(); first += LANES) {
    Complex block[LANES];
    for (int k = 0; k < LANES; k++) block[k] = z[first + k] * mirrored(fft.weight(first + k));
    transpose(block);
    join_last(fft, block);
    for (int k = 0; k < LANES; k++) {
      long place = first + k * fft.length();
      write(place, block[k].re * (1.0f / fft.points)), write(place + fft.points, block[k].im * (1.0f / fft.points));
    }
  }
}
