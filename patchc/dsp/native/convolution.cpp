// Long convolutions, block by block in a fft of polynomials, and their gradients. An item of work is a block or a row.

struct Convolution {
  long batch, time, taps, threads;
  long blocks;                      // of 2 n - taps + 1 ticks each
  Line<const float> x, h, grad;
  NegacyclicFft fft;
  Complex* spectra;                 // of `h`: [batch or 1][n / LANES]
  float *out, *grad_x, *by_h;         // [batch][time], [batch][time], [batch][taps]
};

INLINE long block_of(const Convolution& c) { return 2 * c.fft.points - c.taps + 1; }
INLINE Complex* fresh(const Convolution& c) { return room<Complex>(c.fft.length()); }
INLINE Complex* spectrum(const Convolution& c, long row) { return c.spectra + (c.h.step ? row * c.fft.length() : 0); }

// LANES ticks from `place` on, silence outside `from` .. `to`.
INLINE F some(const Line<const float>& line, long row, long place, long from, long to) {
  if (place >= from && place + LANES <= to) return fetch(line, row, place, LANES);
  if (place + LANES <= from || place >= to) return f(0);
  float ticks[LANES];
  for (long k = 0; k < LANES; k++) ticks[k] = place + k >= from && place + k < to ? line.tick(row, place + k) : 0;
  return load(ticks);
}

INLINE void put_some(float* row, F x, long place, long from, long to) {
  if (place >= from && place + LANES <= to) return store(row + place, x);
  float ticks[LANES];
  store(ticks, x);
  for (long k = 0; k < LANES; k++)
    if (place + k >= from && place + k < to) row[place + k] = ticks[k];
}

static void spectrum_row(const Convolution& c, long row) {
  into_ring(c.fft, spectrum(c, row), [&](long k) { return some(c.h, row, k, 0, c.taps); });
}

// The first `taps - 1` ticks of a window come out wrong, as what lies after its end comes round to them.
static void convolve_item(const Convolution& c, long item) {
  long row = item / c.blocks, begin = item % c.blocks * block_of(c), start = begin - (c.taps - 1);
  long end = begin + block_of(c) < c.time ? begin + block_of(c) : c.time;
  Complex *z = fresh(c), *h = spectrum(c, row);
  into_ring(c.fft, z, [&](long k) { return some(c.x, row, start + k, 0, c.time); });
  for (long k = 0; k < c.fft.length(); k++) z[k] = z[k] * h[k];
  float* out = c.out + row * c.time;
  out_of_ring(c.fft, z, [&](long k, F x) { put_some(out, x, start + k, begin, end); });
  free(z);
}

// A mirrored spectrum runs backwards in time: products with it are correlations.
static void back_row(const Convolution& c, long row) {
  Complex *grad = fresh(c), *x = fresh(c), *sum = fresh(c), *h = spectrum(c, row);
  memset(sum, 0, c.fft.length() * sizeof(Complex));
  for (long begin = 0; begin < c.time; begin += block_of(c)) {
    long end = begin + block_of(c) < c.time ? begin + block_of(c) : c.time;
    into_ring(c.fft, grad, [&](long k) { return some(c.grad, row, begin + k, 0, c.time); });
    into_ring(c.fft, x, [&](long k) { return some(c.x, row, begin + k, begin, end); });
    for (long k = 0; k < c.fft.length(); k++) {
      sum[k] = sum[k] + grad[k] * mirrored(x[k]);
      grad[k] = grad[k] * mirrored(h[k]);
    }
    float* grad_x = c.grad_x + row * c.time;
    out_of_ring(c.fft, grad, [&](long k, F y) { put_some(grad_x, y, begin + k, begin, end); });
  }
  float* by_h = c.by_h + row * c.taps;
  out_of_ring(c.fft, sum, [&](long k, F y) { put_some(by_h, y, k, 0, c.taps); });
  free(grad), free(x), free(sum);
}

extern "C" {
long lanes() { return LANES; }
void convolve(const Convolution& c) {
  deal_out(c, spectrum_row, c.h.step ? c.batch : 1, c.threads);
  deal_out(c, convolve_item, c.batch * c.blocks, c.threads);
}
void convolve_back(const Convolution& c) {
  deal_out(c, spectrum_row, c.h.step ? c.batch : 1, c.threads);
  deal_out(c, back_row, c.batch, c.threads);
}
}
