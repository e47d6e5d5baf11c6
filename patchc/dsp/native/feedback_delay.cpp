// A delay line that may move and feed back, and its gradients: a row at a time, LANES ticks together where all of them
// read from one place and none hears another, else one by one.

struct FeedbackDelay {
  long batch, time, threads;
  double rate, shortest, longest;  // ticks a second; ticks
  double near;                     // the share of itself by which a whole number of ticks may be missed
  Line<const float> x, seconds, feedback, line_in, grad;  // no `feedback`: there is none
  Line<const double> exact;        // seconds in double precision, instead of the others
  float *out, *grad_x;               // [batch][time]
  float *grad_seconds, *grad_feedback; // [batch][time], or [batch] where they stand constant
};

// The weights of the samples around the place that is read, the newest first: polynomials of the share, as in lagrange.py.
constexpr int POINTS = 6, NEWER = POINTS / 2 - 1;
constexpr float TAPS[POINTS][POINTS] = {
  {0, 6 / 120.0f, -5 / 120.0f, -5 / 120.0f, 5 / 120.0f, -1 / 120.0f},
  {0, -60 / 120.0f, 80 / 120.0f, -5 / 120.0f, -20 / 120.0f, 5 / 120.0f},
  {1, -40 / 120.0f, -150 / 120.0f, 50 / 120.0f, 30 / 120.0f, -10 / 120.0f},
  {0, 120 / 120.0f, 80 / 120.0f, -70 / 120.0f, -20 / 120.0f, 10 / 120.0f},
  {0, -30 / 120.0f, -5 / 120.0f, 35 / 120.0f, 5 / 120.0f, -5 / 120.0f},
  {0, 4 / 120.0f, 0, -5 / 120.0f, 0, 1 / 120.0f},
};

INLINE F tap(int number, F share) {
  const float* c = TAPS[number];
  return ((((share * c[5] + c[4]) * share + c[3]) * share + c[2]) * share + c[1]) * share + c[0];
}

INLINE F tap_gradient(int number, F share) {
  const float* c = TAPS[number];
  return (((share * (5 * c[5]) + 4 * c[4]) * share + 3 * c[3]) * share + 2 * c[2]) * share + c[1];
}

// Where LANES ticks read: around `whole` ticks ago, a `share` of a tick before that.
struct Reading {
  D ticks, whole;
  F share;
  long ago;  // for all of them; 0 if they differ or hear each other
};

INLINE D seconds_at(const FeedbackDelay& c, long row, long time, long count) {
  if (!c.exact.at) return to_f64(fetch(c.seconds, row, time, count));
  double some[LANES];
  for (long lane = 0; lane < LANES; lane++) some[lane] = c.exact.tick(row, time + (lane < count ? lane : count - 1));
  return load(some);
}

INLINE Reading reading(const FeedbackDelay& c, long row, long time, long count) {
  Reading r;
  D ticks = seconds_at(c, row, time, count) * c.rate, on = round(ticks);
  r.ticks = select(le(abs(ticks - on), on * c.near), on, ticks);
  D held = clamp_min(clamp_max(r.ticks, d(c.longest)), d(c.shortest));
  r.whole = select(eq(held, held), floor(held), d(NEWER + 1));  // what is not a number spoils the sound, not the places
  r.share = to_f32(held - r.whole);
  double first = r.whole.lo[0];
  D apart = abs(r.whole - first);
  bool together = sum_of(to_f32(apart)) == 0 && first >= LANES + NEWER && time - (long)first > NEWER && count >= LANES;
  r.ago = together ? (long)first : 0;
  return r;
}

// --- there

static void row_of(const FeedbackDelay& c, long row) {
  float* line = room<float>(c.time + 1) + 1;
  float* out = c.out + row * c.time;
  line[-1] = 0;
  for (long time = 0; time < c.time; time += LANES) {
    long count = c.time - time;
    Reading r = reading(c, row, time, count);
    F x = fetch(c.x, row, time, count), fed = c.feedback.at ? fetch(c.feedback, row, time, count) : f(0);
    if (r.ago) {
      const float* from = line + time - r.ago + NEWER;
      F y = load(from) * tap(0, r.share);
      for (int n = 1; n < POINTS; n++) y += load(from - n) * tap(n, r.share);
      store(out + time, y);
      store(line + time, x + fed * y);
      continue;
    }
    double whole[LANES];
    float taps[POINTS][LANES], into[LANES], back[LANES];
    for (int n = 0; n < POINTS; n++) store(taps[n], tap(n, r.share));
    store(whole, r.whole), store(into, x), store(back, fed);
    for (long lane = 0; lane < LANES && lane < count; lane++) {
      long newest = time + lane - (long)whole[lane] + NEWER;
      float y = 0;
      for (int n = 0; n < POINTS; n++) y += line[newest - n < 0 ? -1 : newest - n] * taps[n][lane];
      out[time + lane] = y;
      line[time + lane] = into[lane] + back[lane] * y;
    }
  }
  free(line - 1);
}

// --- and back: what a tick line_in goes back to where it was read

INLINE void keep(float* to, const Line<const float>& like, long row, long all, long time, F x, long count, double& total) {
  if (like.stride) return put(to + row * all + time, x, count);
  total += sum_of(first_lanes(x, count));
}

static float* line_of(const FeedbackDelay& c, long row) {
  float* line = room<float>(c.time + LANES) + 1;
  line[-1] = 0;
  for (long time = 0; time < c.time; time += LANES) {
    long count = c.time - time;
    F x = fetch(c.x, row, time, count);
    if (c.feedback.at) x += fetch(c.feedback, row, time, count) * fetch(c.line_in, row, time, count);
    put(line + time, x, count);
  }
  return line;
}

static void back_row(const FeedbackDelay& c, long row) {
  float* line = line_of(c, row);
  float* back = c.grad_x + row * c.time;
  memset(back, 0, c.time * sizeof(float));
  double all_seconds = 0, all_feedback = 0;
  for (long time = (c.time - 1) / LANES * LANES; time >= 0; time -= LANES) {
    long count = c.time - time;
    Reading r = reading(c, row, time, count);
    F grad = fetch(c.grad, row, time, count), fed = c.feedback.at ? fetch(c.feedback, row, time, count) : f(0);
    F out, gradient;
    if (r.ago) {
      float* to = back + time - r.ago + NEWER;
      const float* from = line + time - r.ago + NEWER;
      out = grad + fed * load(back + time), gradient = f(0);
      for (int n = 0; n < POINTS; n++) {
        store(to - n, load(to - n) + out * tap(n, r.share));
        gradient += load(from - n) * tap_gradient(n, r.share);
      }
    } else {
      double whole[LANES];
      float taps[POINTS][LANES], rises[POINTS][LANES], into[LANES], gain[LANES], gradients[LANES] = {};
      for (int n = 0; n < POINTS; n++) store(taps[n], tap(n, r.share)), store(rises[n], tap_gradient(n, r.share));
      store(whole, r.whole), store(into, grad), store(gain, fed);
      for (long lane = (count < LANES ? count : LANES) - 1; lane >= 0; lane--) {
        long newest = time + lane - (long)whole[lane] + NEWER;
        into[lane] += gain[lane] * back[time + lane];
        for (int n = 0; n < POINTS && n <= newest; n++) {
          back[newest - n] += into[lane] * taps[n][lane];
          gradients[lane] += line[newest - n] * rises[n][lane];
        }
      }
      out = load(into), gradient = load(gradients);
    }
    F free = select(ge(r.ticks, d(c.shortest)), select(le(r.ticks, d(c.longest)), f(c.rate), f(0)), f(0));
    keep(c.grad_seconds, c.seconds, row, c.time, time, out * gradient * free, count, all_seconds);
    if (!c.feedback.at) continue;
    F grad_feedback = fetch(c.line_in, row, time, count) * fetch({back, 0, 1}, 0, time, count);
    keep(c.grad_feedback, c.feedback, row, c.time, time, grad_feedback, count, all_feedback);
  }
  if (!c.seconds.stride) c.grad_seconds[row] = all_seconds;
  if (c.feedback.at && !c.feedback.stride) c.grad_feedback[row] = all_feedback;
  free(line - 1);
}

extern "C" {
void feedback_delay(const FeedbackDelay& c) { deal_out(c, row_of, c.batch, c.threads); }
void feedback_delay_backward(const FeedbackDelay& c) { deal_out(c, back_row, c.batch, c.threads); }
}
