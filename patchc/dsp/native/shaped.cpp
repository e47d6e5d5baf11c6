// Noise through filters that move: a frame of windowed noise in each lane, convolved with its own response, added up.
//
// Responses are symmetric: `reach` lags to either side of lag zero, the tap at `reach` itself being zero by its window.

struct Shaped {
  long batch, time, bands, frames, hop;  // `hop` ticks from one frame of `gains` to the next
  long first, count, step, length;       // windows of noise: the number of the first, how many, ticks apart, ticks long
  long before;                           // ticks from the start of a window to its centre
  long each;                             // windows in an item of work, a multiple of LANES
  long threads, key;
  Line<const long long> seed;
  Line<const float> gains, grad;         // gains: [frames][bands] a row
  const float *window, *cosines;         // [length]; [bands - 1][bands], from gains to lags
  float* out;                            // [batch][time]
  float* tails;                          // [batch][items of a row][spill]: what an item adds to the next one's ticks
  float* by_windows;                     // [batch][count][bands]
  float* grad_gains;                       // [batch][frames][bands]
};

constexpr int ABREAST = LANES == 16 ? 16 : 8;  // vectors that are summed in registers

INLINE long items_of_row(const Shaped& c) { return (c.count + c.each - 1) / c.each; }
INLINE long reach(const Shaped& c) { return c.bands - 1; }
INLINE long taps(const Shaped& c) { return 2 * reach(c) - 1; }
INLINE long support(const Shaped& c) { return c.length + taps(c) - 1; }  // ticks that a window is heard for
INLINE long spill(const Shaped& c) { return support(c) - c.step; }
INLINE long start(const Shaped& c, long window) { return (c.first + window) * c.step - c.before; }

// What one thread works in, LANES windows at once; silence of ABREAST ticks on either side of what is read beyond.
struct Room {
  F *gains, *lags, *noise, *sound;
  float* mix;
};

static Room furnished(const Shaped& c) {
  long wide = c.bands + LANES, quiet = 2 * ABREAST;
  Room r = {room<F>(wide), room<F>(wide), room<F>(c.length + quiet), room<F>(support(c) + quiet + LANES),
            room<float>(c.each * c.step + spill(c) + LANES)};
  memset(r.noise, 0, (c.length + quiet) * sizeof(F));
  memset(r.sound, 0, (support(c) + quiet + LANES) * sizeof(F));
  r.noise += ABREAST, r.sound += ABREAST;
  return r;
}

static void leave(Room r) {
  free(r.gains), free(r.lags), free(r.noise - ABREAST), free(r.sound - ABREAST), free(r.mix);
}

// --- what lies in the lanes

// Where a window's centre lies between frames of gains.
struct Between { long frame; float share; };

INLINE Between between(const Shaped& c, long window) {
  double place = (double)(c.first + window) * c.step / c.hop;
  place = place < 0 ? 0 : place > c.frames - 1 ? c.frames - 1 : place;
  long frame = (long)place;
  frame = frame > c.frames - 2 ? c.frames - 2 : frame;
  return c.frames == 1 ? Between{0, 0} : Between{frame, (float)(place - frame)};
}

static void fetch_gains(const Shaped& c, long row, long window, F* gains) {
  for (long first = 0; first < c.bands; first += LANES) {
    F block[LANES];
    for (int lane = 0; lane < LANES; lane++) {
      Between at = between(c, window + lane);
      Line<const float> here = {c.gains.row(row) + at.frame * c.bands, 0, 1};
      Line<const float> there = {here.at + (c.frames > 1 ? c.bands : 0), 0, 1};
      F a = fetch(here, 0, first, c.bands - first), b = fetch(there, 0, first, c.bands - first);
      block[lane] = a + (b - a) * at.share;
    }
    transpose(block);
    for (int k = 0; k < LANES; k++) gains[first + k] = block[k];
  }
}

static void fetch_lags(const Shaped& c, const F* gains, F* lags) {
  for (long lag = 0; lag < reach(c); lag += 4) {
    const float* line[4];
    F sum[4];
    for (int k = 0; k < 4; k++) line[k] = c.cosines + (lag + k < reach(c) ? lag + k : lag) * c.bands, sum[k] = f(0);
    for (long band = 0; band < c.bands; band++)
      for (int k = 0; k < 4; k++) sum[k] += gains[band] * line[k][band];
    for (int k = 0; k < 4; k++) lags[lag + k] = sum[k];
  }
}

static void fetch_noise(const Shaped& c, long row, long window, F* noises) {
  Stream own = stream(c.seed.tick(row, 0), c.key);
  U first = own.lanes * (unsigned)c.step + (unsigned)start(c, window);
  for (long k = 0; k < c.length; k++) noises[k] = noise(own.first, own.second, first + (unsigned)k) * c.window[k];
}

INLINE F tap(const Shaped& c, const F* lags, long number) {
  long lag = number - (reach(c) - 1);
  return lags[lag < 0 ? -lag : lag];
}

// --- there

static void filter(const Shaped& c, Room r) {
  for (long time = 0; time < support(c); time += ABREAST) {
    F sum[ABREAST];
    for (int k = 0; k < ABREAST; k++) sum[k] = f(0);
    long from = time - (c.length - 1) > 0 ? time - (c.length - 1) : 0;
    long to = time + ABREAST < taps(c) ? time + ABREAST : taps(c);
    for (long number = from; number < to; number++) {
      F own = tap(c, r.lags, number);
      const F* noise = r.noise + time - number;
      for (int k = 0; k < ABREAST; k++) sum[k] += own * noise[k];
    }
    for (int k = 0; k < ABREAST; k++) r.sound[time + k] = sum[k];
  }
}

static void mix(const Shaped& c, Room r, float* to, long windows) {
  for (long time = 0; time < support(c); time += LANES) {
    F block[LANES];
    for (int k = 0; k < LANES; k++) block[k] = r.sound[time + k];
    transpose(block);
    for (int lane = 0; lane < windows; lane++) {
      float* place = to + lane * c.step + time;
      long count = support(c) - time;
      put(place, load(place) + block[lane], count);
    }
  }
}

static void shape_item(const Shaped& c, long item) {
  long row = item / items_of_row(c), begin = item % items_of_row(c) * c.each;
  Room r = furnished(c);
  memset(r.mix, 0, (c.each * c.step + spill(c) + LANES) * sizeof(float));
  for (long window = begin; window < begin + c.each && window < c.count; window += LANES) {
    long windows = c.count - window < LANES ? c.count - window : LANES;
    fetch_gains(c, row, window, r.gains);
    fetch_lags(c, r.gains, r.lags);
    fetch_noise(c, row, window, r.noise);
    filter(c, r);
    mix(c, r, r.mix + (window - begin) * c.step, windows);
  }
  long place = start(c, begin) - (reach(c) - 1), length = c.each * c.step;
  long from = place < 0 ? -place : 0, to = c.time - place < length ? c.time - place : length;
  if (to > from) memcpy(c.out + row * c.time + place + from, r.mix + from, (to - from) * sizeof(float));
  memcpy(c.tails + item * spill(c), r.mix + length, spill(c) * sizeof(float));
  leave(r);
}

static void join_row(const Shaped& c, long row) {
  for (long item = 1; item < items_of_row(c); item++) {
    long place = start(c, item * c.each) - (reach(c) - 1);
    const float* tail = c.tails + (row * items_of_row(c) + item - 1) * spill(c);
    for (long k = place < 0 ? -place : 0; k < spill(c) && place + k < c.time; k++)
      c.out[row * c.time + place + k] += tail[k];
  }
}

// --- and back

static void fetch_grad(const Shaped& c, long row, long window, F* grads) {
  for (long time = 0; time < support(c); time += LANES) {
    F block[LANES];
    for (int lane = 0; lane < LANES; lane++) {
      long place = start(c, window + lane) - (reach(c) - 1) + time, count = c.time - place;
      if (place >= 0 && (count >= LANES || !c.grad.stride)) {
        block[lane] = count > 0 ? first_lanes(fetch(c.grad, row, place, LANES), count) : f(0);
        continue;
      }
      float some[LANES];
      for (long k = 0; k < LANES; k++) some[k] = place + k >= 0 && k < count ? c.grad.tick(row, place + k) : 0;
      block[lane] = load(some);
    }
    transpose(block);
    for (int k = 0; k < LANES; k++) grads[time + k] = time + k < support(c) ? block[k] : f(0);
  }
}

static void gradients_by_lags(const Shaped& c, Room r) {
  for (long lag = 0; lag < reach(c); lag++) r.lags[lag] = f(0);
  for (long first = 0; first < taps(c); first += ABREAST) {
    F sum[ABREAST];
    for (int k = 0; k < ABREAST; k++) sum[k] = f(0);
    for (long time = 0; time < c.length; time++) {
      F own = r.noise[time];
      const F* grad = r.sound + time + first;
      for (int k = 0; k < ABREAST; k++) sum[k] += own * grad[k];
    }
    for (int k = 0; k < ABREAST && first + k < taps(c); k++) {
      long lag = first + k - (reach(c) - 1);
      r.lags[lag < 0 ? -lag : lag] += sum[k];
    }
  }
}

static void gradients_by_gains(const Shaped& c, Room r) {
  for (long band = 0; band < c.bands; band += 4) {
    F sum[4] = {f(0), f(0), f(0), f(0)};
    for (long lag = 0; lag < reach(c); lag++)
      for (int k = 0; k < 4; k++) sum[k] += r.lags[lag] * c.cosines[lag * c.bands + (band + k < c.bands ? band + k : band)];
    for (int k = 0; k < 4; k++) r.gains[band + k] = sum[k];
  }
}

static void back_item(const Shaped& c, long item) {
  long row = item / items_of_row(c), begin = item % items_of_row(c) * c.each;
  Room r = furnished(c);
  for (long window = begin; window < begin + c.each && window < c.count; window += LANES) {
    fetch_noise(c, row, window, r.noise);
    fetch_grad(c, row, window, r.sound);
    gradients_by_lags(c, r);
    gradients_by_gains(c, r);
    for (long first = 0; first < c.bands; first += LANES) {
      F block[LANES];
      for (int k = 0; k < LANES; k++) block[k] = r.gains[first + k];
      transpose(block);
      for (int lane = 0; lane < LANES && window + lane < c.count; lane++)
        put(c.by_windows + (row * c.count + window + lane) * c.bands + first, block[lane], c.bands - first);
    }
  }
  leave(r);
}

static void gather_row(const Shaped& c, long row) {
  float* to = c.grad_gains + row * c.frames * c.bands;
  memset(to, 0, c.frames * c.bands * sizeof(float));
  for (long window = 0; window < c.count; window++) {
    Between at = between(c, window);
    const float* from = c.by_windows + (row * c.count + window) * c.bands;
    float* here = to + at.frame * c.bands;
    for (long band = 0; band < c.bands; band++) here[band] += from[band] * (1 - at.share);
    if (c.frames == 1) continue;
    for (long band = 0; band < c.bands; band++) here[c.bands + band] += from[band] * at.share;
  }
}

extern "C" {
void shape(const Shaped& c) {
  deal_out(c, shape_item, c.batch * items_of_row(c), c.threads);
  deal_out(c, join_row, c.batch, c.threads);
}
void shape_back(const Shaped& c) {
  deal_out(c, back_item, c.batch * items_of_row(c), c.threads);
  deal_out(c, gather_row, c.batch, c.threads);
}
}
