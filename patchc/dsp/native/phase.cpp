// The running sum of a frequency in cycles, double until it is wrapped; and its gradients, the sum the other way round.

struct Phase {
  long batch, time, threads;
  double per_tick;  // cycles, for one of frequency
  Line<const float> freq, grad;
  float *out, *grad_freq;  // [batch][time]; [batch][time], or [batch] where it stands constant
};

static void phase_row(const Phase& c, long row) {
  float* out = c.out + row * c.time;
  const float* freq = c.freq.row(row);
  double turned = 0, step = freq[0] * c.per_tick;
  for (long time = 0; time < c.time; time++) {
    double cycles = c.freq.stride ? turned : step * time;
    out[time] = cycles - __builtin_floor(cycles);
    turned += freq[time * c.freq.stride] * c.per_tick;
  }
}

static void back_row(const Phase& c, long row) {
  double later = 0, all = 0;
  for (long time = c.time - 1; time >= 0; time--) {
    double grad = c.grad.tick(row, time) * c.per_tick;
    if (c.freq.stride) c.grad_freq[row * c.time + time] = later;
    later += grad;
    all += grad * time;
  }
  if (!c.freq.stride) c.grad_freq[row] = all;
}

extern "C" {
void phase(const Phase& c) { deal_out(c, phase_row, c.batch, c.threads); }
void phase_back(const Phase& c) { deal_out(c, back_row, c.batch, c.threads); }
}
