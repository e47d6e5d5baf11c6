// Short-time spectra of many signals: magnitudes, how far they are from those of a target, powers, and the gradients of both.
//
// Bins are seen one after another, LANES frames at once. `first` is the number of the frame in the first lane; the next
// lane is `steps` frames on, and some may be past the last frame. simd.h, transform.h and frames.h stand before this text.

INLINE bool is_frame(const Place& s, long first, long lane) { return first + lane * s.steps < s.frames; }

struct Keep {
  F floor;
  float* kept;
  WITHIN C at(C x, long k) {
    store(kept + k * LANES, sqrt(x.re * x.re + x.im * x.im + floor));
    return x;
  }
  WITHIN void begin(const Place&, long) {}
  WITHIN void end(const Place& s, long) { kept += bins_of(s) * LANES; }
};

// The product of many positive numbers, exponent apart: one logarithm serves them all.
struct Product {
  F fraction;
  M exponent;
  WITHIN void times(F x) {
    M bits = (M)(fraction * x);
    exponent += bits >> 23;
    fraction = (F)((bits & 0x7fffff) | 0x3f800000);
  }
};

INLINE F log2_ratio(Product upper, Product lower) {
  return __builtin_convertvector(upper.exponent - lower.exponent, F) + (log2(upper.fraction) - log2(lower.fraction));
}

// Absolute differences of magnitudes m from a target's, and of their logarithms, whose signs are the same.
struct Compare {
  const float* kept;
  F floor, alive, linear, log, far;
  Product upper, lower;
  D differences, ratios;
  WITHIN C at(C x, long k) {
    F m = sqrt(x.re * x.re + x.im * x.im + floor), inverse = 1.0f / m, target = load(kept + k * LANES);
    far += abs(m - target);
    upper.times(max(m, target)), lower.times(min(m, target));
    return x * (sign(m - target) * inverse * (linear + log * inverse));
  }
  WITHIN void begin(const Place& s, long first) {
    for (long lane = 0; lane < LANES; lane++) alive[lane] = is_frame(s, first, lane);
    linear = alive * s.linear, log = alive * s.log, far = f(0);
    upper = lower = {f(1), M{}};
  }
  WITHIN void end(const Place& s, long) {
    differences += to_f64(far * alive), ratios += to_f64(log2_ratio(upper, lower) * alive);
    kept += bins_of(s) * LANES;
  }
};

struct Power {
  float* powers;
  F* line;
  WITHIN C at(C x, long k) {
    line[k] = x.re * x.re + x.im * x.im;
    return x;
  }
  WITHIN void begin(const Place&, long) {}
  WITHIN void end(const Place& s, long first) {
    for (long lane = 0; lane < LANES && is_frame(s, first, lane); lane++) {
      float* to = powers + (first + lane * s.steps) * bins_of(s);
      for (long k = 0; k < bins_of(s); k++) to[k] = ((const float*)(line + k))[lane];
    }
  }
};

struct PowerGradients {
  const float* gradients;
  F* line;
  WITHIN C at(C x, long k) { return x * (line[k] * 2.0f); }
  WITHIN void begin(const Place& s, long first) {
    for (long lane = 0; lane < LANES; lane++) {
      const float* from = gradients + (first + lane * s.steps) * bins_of(s);
      bool there_is = is_frame(s, first, lane);
      for (long k = 0; k < bins_of(s); k++) ((float*)(line + k))[lane] = there_is ? from[k] : 0.0f;
    }
  }
  WITHIN void end(const Place&, long) {}
};

// --- items of work

static void keep_one(const Call& c, long item, Room& room) {
  const Place& s = c.places[item % c.count];
  long row = item / c.count;
  Keep bins = {f(s.floor), s.bins + row * magnitudes_of(s)};
  each_frame(s, c.signal + row * c.samples, c.samples, nullptr, room, bins);
}

static void compare_one(const Call& c, long item, Room& room, float* gradients) {
  const Place& s = c.places[item % c.count];
  long row = item / c.count;
  Compare bins = {s.bins + row % c.targets * magnitudes_of(s), f(s.floor)};
  bins.differences = bins.ratios = d(0);
  if (gradients) memset(gradients, 0, c.samples * sizeof(float));
  each_frame(s, c.signal + row * c.samples, c.samples, gradients, room, bins);
  D sum = bins.differences * double(s.linear) + bins.ratios * (double(s.log) * 0.69314718055994531);
  double all[LANES], total = 0;
  store(all, sum);
  for (long lane = 0; lane < LANES; lane++) total += all[lane];
  c.values[item] = total;
}

static void add(float* sum, const float* more, long count) {
  long n = 0;
  for (; n + LANES <= count; n += LANES) store(sum + n, load(sum + n) + load(more + n));
  for (; n < count; n++) sum[n] += more[n];
}

static void value_of_one(const Call& c, long item, Room& room) { compare_one(c, item, room, nullptr); }
static void part_of_one(const Call& c, long item, Room& room) { compare_one(c, item, room, c.parts + item * c.samples); }

static void sum_of_parts(const Call& c, long row, Room&) {
  float* sum = c.gradients + row * c.samples;
  memset(sum, 0, c.samples * sizeof(float));
  for (long i = 0; i < c.count; i++) add(sum, c.parts + (row * c.count + i) * c.samples, c.samples);
}

static void whole_row(const Call& c, long row, Room& room) {
  float* sum = c.gradients + row * c.samples;
  memset(sum, 0, c.samples * sizeof(float));
  for (long i = 0; i < c.count; i++) {
    compare_one(c, row * c.count + i, room, room.part);
    add(sum, room.part, c.samples);
  }
}

static void power_of_row(const Call& c, long row, Room& room) {
  const Place& s = *c.places;
  Power bins = {s.bins + row * s.frames * bins_of(s), room.line};
  each_frame(s, c.signal + row * c.samples, c.samples, nullptr, room, bins);
}

static void power_gradients_of_row(const Call& c, long row, Room& room) {
  const Place& s = *c.places;
  PowerGradients bins = {s.bins + row * s.frames * bins_of(s), room.line};
  float* gradients = c.gradients + row * c.samples;
  memset(gradients, 0, c.samples * sizeof(float));
  each_frame(s, c.signal + row * c.samples, c.samples, gradients, room, bins);
}

extern "C" {
int lanes() { return LANES; }
void keep(const Call& c) { deal_out(c, keep_one, c.rows * c.count, c.threads); }
void power(const Call& c) { deal_out(c, power_of_row, c.rows, c.threads); }
void power_gradients(const Call& c) { deal_out(c, power_gradients_of_row, c.rows, c.threads); }
void compare(const Call& c) {
  if (!c.gradients) return deal_out(c, value_of_one, c.rows * c.count, c.threads);
  if (!c.parts) return deal_out(c, whole_row, c.rows, c.threads);
  deal_out(c, part_of_one, c.rows * c.count, c.threads);
  deal_out(c, sum_of_parts, c.rows, c.threads);
}
}
