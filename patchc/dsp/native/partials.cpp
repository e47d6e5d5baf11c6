// Sums of harmonics and their gradients, LANES ticks at once and a few such vectors abreast; time is dealt out in hops.
//
// Each harmonic is the one before, rotated by the first; every AFRESH harmonics the sine is computed anew.

constexpr int AFRESH = 32;
constexpr float FADE = 0.1f;  // as in additive.py
constexpr float TAU = 6.2831853f;
constexpr int WIDE = LANES == 16 ? 4 : 2;  // vectors abreast, as many as there are registers for

struct Partials {
  long batch, time, hop, frames, width;
  long hops, each;  // chunks of `hop` ticks, and how many of them are one item of work
  long moving;      // whether there are frames between which weights are ramped
  long threads;
  float rate;       // ticks a second
  Line<const float> phase, freq, weights, grad;  // weights: [frames][width] a row
  float* out;         // [batch][time]
  float* grad_phase;     // [batch][time]
  float* grad_freq;     // [batch][time], or [batch][items of a row] where it stands constant
  float* grad_weights;  // [batch][frames][width], or [batch][items of a row][width] where they stand constant
};

INLINE long items_of_row(const Partials& c) { return (c.hops + c.each - 1) / c.each; }

// --- harmonics of V vectors of ticks, one after the other

template <int V> struct Waves {
  F phase[V], sine_once[V], cosine_once[V], now[V], ahead[V];

  WITHIN void begin(const Line<const float>& line, long row, long time, long count) {
    for (int v = 0; v < V; v++) {
      phase[v] = fetch(line, row, time + v * LANES, count - v * LANES);
      now[v] = sine_once[v] = sine(phase[v]);
      ahead[v] = cosine_once[v] = cosine(phase[v]);
    }
  }

  WITHIN void afresh(int number) {
    for (int v = 0; v < V; v++) {
      F whole = round(phase[v] * (float)number), rest = phase[v] * (float)number - whole;  // fused: not rounded between
      now[v] = sine(rest);
      ahead[v] = cosine(rest);
    }
  }

  WITHIN void go_on() {
    for (int v = 0; v < V; v++) {
      F before = now[v];
      now[v] = before * cosine_once[v] + ahead[v] * sine_once[v];
      ahead[v] = ahead[v] * cosine_once[v] - before * sine_once[v];
    }
  }
};

// Frequencies, and which harmonics are not faded yet (`full`) and which are heard at all (`last`).
template <int V> struct Pitch {
  F freq[V];
  float rate;
  int full, last;

  WITHIN void begin(const Partials& c, long row, long time, long count) {
    rate = c.rate;
    for (int v = 0; v < V; v++) freq[v] = fetch(c.freq, row, time + v * LANES, count - v * LANES);
    F low = freq[0], high = freq[0];
    for (int v = 1; v < V; v++) low = min(low, freq[v]), high = max(high, freq[v]);
    bool moves = c.freq.stride;
    full = up_to(rate * (1 - FADE) / (2 * (moves ? most(high) : high[0])), c.width);
    last = up_to(rate / (2 * (moves ? least(low) : low[0])), c.width);
  }
  static WITHIN int up_to(float number, long width) { return number >= 0 && number < width ? (int)number : (int)width; }

  WITHIN F place(int v, int number) const {
    F free = (rate - freq[v] * (2.0f * number)) * (1 / (FADE * rate));  // the difference is exact, or fused
    return clamp_min(clamp_max(free, f(1)), f(0));
  }
  WITHIN F fade(int v, int number) const {  // half of one minus a cosine, which would be nothing but rounding at zero
    F half = sine(place(v, number) * 0.25f);
    return half * half;
  }
  WITHIN F fade_gradient(int v, int number) const {
    return sine(place(v, number) * 0.5f) * (float)(-3.14159265 / FADE * number);
  }
};

template <int V, class Use> INLINE void each_partial(Waves<V>& waves, const Pitch<V>& pitch, Use use) {
  for (int number = 1; number <= pitch.last; number++) {
    if (number % AFRESH == 0) waves.afresh(number);
    int end = number / AFRESH * AFRESH + AFRESH - 1;
    for (int full = end < pitch.full ? end : pitch.full; number <= full; number++, waves.go_on()) use(number, false);
    for (int last = end < pitch.last ? end : pitch.last; number <= last; number++, waves.go_on()) use(number, true);
    number--;
  }
}

// --- there

template <int V, bool MOVING>
static void sound(const Partials& c, long row, long time, long count, F share, const float* here, const float* there) {
  Waves<V> waves;
  Pitch<V> pitch;
  waves.begin(c.phase, row, time, count);
  pitch.begin(c, row, time, count);
  F first[V], second[V];
  for (int v = 0; v < V; v++) first[v] = second[v] = f(0);
  each_partial(waves, pitch, [&](int number, bool fading) {
    float a = here[number - 1], b = MOVING ? there[number - 1] : 0;
    for (int v = 0; v < V; v++) {
      F wave = fading ? waves.now[v] * pitch.fade(v, number) : waves.now[v];
      first[v] += wave * a;
      if (MOVING) second[v] += wave * b;
    }
  });
  float* to = c.out + row * c.time + time;
  for (int v = 0; v < V; v++) {
    F line = MOVING ? first[v] + (second[v] - first[v]) * (share + (float)(v * LANES) / c.hop) : first[v];
    put(to + v * LANES, line, count - v * LANES);
  }
}

typedef void (*Sound)(const Partials&, long, long, long, F, const float*, const float*);

static Sound sound_of(long vectors, bool moving) {
  static const Sound known[2][4] = {
      {sound<1, false>, sound<2, false>, sound<WIDE == 4 ? 3 : 2, false>, sound<WIDE, false>},
      {sound<1, true>, sound<2, true>, sound<WIDE == 4 ? 3 : 2, true>, sound<WIDE, true>}};
  return known[moving][vectors - 1];
}

// A hop in pieces of up to `widest` vectors, as equal as can be.
template <class Piece> INLINE void cut(const Partials& c, long hop, int widest, Piece piece) {
  long start = hop * c.hop, length = c.time - start < c.hop ? c.time - start : c.hop;
  long vectors = (length + LANES - 1) / LANES, pieces = (vectors + widest - 1) / widest;
  long wide = (vectors + pieces - 1) / pieces;
  for (long done = 0; done < length; done += wide * LANES) {
    long count = length - done < wide * LANES ? length - done : wide * LANES;
    piece(start + done, count, (count + LANES - 1) / LANES, (numbered() + (float)done) / (float)c.hop);
  }
}

static void sound_item(const Partials& c, long item) {
  long row = item / items_of_row(c), begin = item % items_of_row(c) * c.each;
  for (long hop = begin; hop < begin + c.each && hop < c.hops; hop++) {
    const float* here = c.weights.row(row) + (c.moving ? hop * c.width : 0);
    cut(c, hop, WIDE, [&](long time, long count, long vectors, F share) {
      sound_of(vectors, c.moving)(c, row, time, count, share, here, here + c.width);
    });
  }
}

// --- and back

// What a chunk of ticks adds to the gradients by the weights of the frames around it: [width][LANES] each.
struct Sums { F *here, *there; };

template <int V, bool MOVING>
static double gradient(const Partials& c, long row, long time, long count, F share, const float* here, const float* there,
                    Sums sums, bool own) {
  Waves<V> waves;
  Pitch<V> pitch;
  waves.begin(c.phase, row, time, count);
  pitch.begin(c, row, time, count);
  F grad[V], late[V], rotated[V], rotated_late[V], faded[V];
  for (int v = 0; v < V; v++) {
    grad[v] = first_lanes(fetch(c.grad, row, time + v * LANES, count - v * LANES), count - v * LANES);
    late[v] = grad[v] * (share + (float)(v * LANES) / c.hop);
    rotated[v] = rotated_late[v] = faded[v] = f(0);
  }
  each_partial(waves, pitch, [&](int number, bool fading) {
    float a = here[number - 1], b = MOVING ? there[number - 1] : a;
    F to_here = f(0), to_there = f(0);
    for (int v = 0; v < V; v++) {
      F wave = waves.now[v], across = waves.ahead[v] * (float)number;
      if (fading) {
        F fade = pitch.fade(v, number), weight = a + (b - a) * (share + (float)(v * LANES) / c.hop);
        faded[v] += weight * wave * pitch.fade_gradient(v, number);
        wave *= fade, across *= fade;
      }
      rotated[v] += across * a;
      if (MOVING) rotated_late[v] += across * b;
      to_here += wave * grad[v];
      if (MOVING) to_there += wave * late[v];
    }
    sums.here[number - 1] += to_here;
    if (MOVING) sums.there[number - 1] += to_there;
  });
  double total = 0;
  for (int v = 0; v < V && own; v++) {
    long place = row * c.time + time + v * LANES;
    F grad_phase = MOVING ? grad[v] * rotated[v] + late[v] * (rotated_late[v] - rotated[v]) : grad[v] * rotated[v];
    put(c.grad_phase + place, grad_phase * TAU, count - v * LANES);
    if (c.freq.stride) put(c.grad_freq + place, grad[v] * faded[v] * (1 / c.rate), count - v * LANES);
    total += sum_of(grad[v] * faded[v]);
  }
  return total;
}

typedef double (*Gradient)(const Partials&, long, long, long, F, const float*, const float*, Sums, bool);

static Gradient gradient_of(long vectors, bool moving) {
  static const Gradient known[2][4] = {
      {gradient<1, false>, gradient<2, false>, gradient<WIDE == 4 ? 3 : 2, false>, gradient<WIDE, false>},
      {gradient<1, true>, gradient<2, true>, gradient<WIDE == 4 ? 3 : 2, true>, gradient<WIDE, true>}};
  return known[moving][vectors - 1];
}

// Lanes of `from` added up, a number for each of `width` partials.
static void add_up(const F* from, long width, float* to) {
  for (long first = 0; first < width; first += LANES) {
    F block[LANES];
    for (int k = 0; k < LANES; k++) block[k] = from[first + k];
    store(to + first, sums_of(block));
  }
}

static long padded(const Partials& c) { return (c.width + LANES - 1) / LANES * LANES; }

// The frame at the beginning of a hop has gradients from this hop and from the one before; `carried` are the latter.
static void keep_frame(const Partials& c, float* frame, Sums sums, float* carried, float* line) {
  add_up(sums.here, c.width, line);
  for (long k = 0; k < c.width && frame; k++) frame[k] = line[k] + carried[k];
  add_up(sums.there, c.width, carried);
  for (long k = 0; k < c.width && frame; k++) frame[k] -= carried[k];
}

static void gradient_item(const Partials& c, long item) {
  long row = item / items_of_row(c), begin = item % items_of_row(c) * c.each, wide = padded(c);
  long end = begin + c.each < c.hops ? begin + c.each : c.hops;
  F* memory = room<F>(2 * wide);
  float* lines = room<float>(2 * wide);
  memset(memory, 0, 2 * wide * sizeof(F));
  memset(lines, 0, 2 * wide * sizeof(float));
  Sums sums = {memory, memory + wide};
  float* frames = c.grad_weights + row * c.frames * c.width;
  double grad_step = 0;
  for (long hop = c.moving && begin ? begin - 1 : begin; hop < end; hop++) {
    const float* here = c.weights.row(row) + (c.moving ? hop * c.width : 0);
    cut(c, hop, WIDE, [&](long time, long count, long vectors, F share) {
      grad_step += gradient_of(vectors, c.moving)(c, row, time, count, share, here, here + c.width, sums, hop >= begin);
    });
    if (!c.moving) continue;
    keep_frame(c, hop >= begin ? frames + hop * c.width : 0, sums, lines, lines + wide);
    memset(memory, 0, 2 * wide * sizeof(F));
  }
  if (!c.moving) {
    add_up(sums.here, c.width, lines);
    memcpy(c.grad_weights + item * c.width, lines, c.width * sizeof(float));
  } else if (end == c.hops) {
    memcpy(frames + end * c.width, lines, c.width * sizeof(float));
    memset(frames + (end + 1) * c.width, 0, (c.frames - end - 1) * c.width * sizeof(float));
  }
  if (!c.freq.stride) c.grad_freq[item] = grad_step / c.rate;
  free(memory);
  free(lines);
}

extern "C" {
void sound_all(const Partials& c) { deal_out(c, sound_item, c.batch * items_of_row(c), c.threads); }
void gradient_all(const Partials& c) { deal_out(c, gradient_item, c.batch * items_of_row(c), c.threads); }
}
