// The impulse_response of a room: noise that falls by 60 dB in `decay`, brought to unit energy; and their gradients by `decay`.

struct ImpulseResponse {
  long batch, taps, threads, key;
  double rate;
  Line<const float> decay, grad;  // decay: [batch][1]
  float *out, *grad_decay;          // [batch][taps]; [batch]
};

INLINE double sum_of(D x) {
  double some[LANES], sum = 0;
  store(some, x);
  for (int lane = 0; lane < LANES; lane++) sum += some[lane];
  return sum;
}

constexpr float FADE = 0.1f;  // as in room.py

// What falls to half its height every `half` ticks, LANES ticks from `time` on, faded towards the end; then silence.
INLINE D falling(const ImpulseResponse& c, double speed, Stream noises, long time) {
  F ticks = numbered() + (float)time;
  F x = noise(noises.first, noises.second, noises.lanes + (unsigned)time);
  F fade = clamp_max(((float)c.taps - ticks) * (1 / (FADE * c.taps)), f(1));
  return to_f64(first_lanes(x * fade, c.taps - time)) * exp2(to_f64(ticks) * speed);
}

INLINE double speed_of(const ImpulseResponse& c, long row) { return -9.965784284662087 / (c.decay.tick(row, 0) * c.rate); }

INLINE double energy_of(const ImpulseResponse& c, double speed, Stream noises) {
  D energy = d(0);
  for (long time = 0; time < c.taps; time += LANES) {
    D x = falling(c, speed, noises, time);
    energy += x * x;
  }
  return sum_of(energy);
}

static void row_of(const ImpulseResponse& c, long row) {
  Stream noises = stream(0, c.key);
  double speed = speed_of(c, row), gain = 1 / __builtin_sqrt(energy_of(c, speed, noises));
  float* out = c.out + row * c.taps;
  for (long time = 0; time < c.taps; time += LANES)
    put(out + time, to_f32(falling(c, speed, noises, time) * gain), c.taps - time);
}

// A tick moves by its height and its time; all of them together keep their energy.
static void back_row(const ImpulseResponse& c, long row) {
  Stream noises = stream(0, c.key);
  double speed = speed_of(c, row), gain = 1 / __builtin_sqrt(energy_of(c, speed, noises));
  D late = d(0), late_energy = d(0), sum = d(0);
  for (long time = 0; time < c.taps; time += LANES) {
    D x = falling(c, speed, noises, time) * gain, ticks = to_f64(numbered() + (float)time);
    D by = x * to_f64(fetch(c.grad, row, time, c.taps - time));
    sum += by;
    late += by * ticks;
    late_energy += x * x * ticks;
  }
  double turned = -speed * 0.6931471805599453 / c.decay.tick(row, 0);
  c.grad_decay[row] = turned * (sum_of(late) - sum_of(late_energy) * sum_of(sum));
}

extern "C" {
void impulse_response(const ImpulseResponse& c) { deal_out(c, row_of, c.batch, c.threads); }
void impulse_response_backward(const ImpulseResponse& c) { deal_out(c, back_row, c.batch, c.threads); }
}
