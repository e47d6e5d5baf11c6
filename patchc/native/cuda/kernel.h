// What every loop of a kernel shares where an item of work is one thread: one voice, one chunk of time.
//
// Neighbouring threads are neighbouring voices, so what lies voice by voice (slots, states) is read in whole lines. Rows
// of samples go through a board that a warp shares, 32 threads by 32 samples. The last warp may have threads without an
// item: they do the last one once more and write nothing, since a warp goes through its board together.

struct Item {
  long voice, start, length, number;
  bool counted;  // whether it may write
};

static __host__ __device__ long groups(const Call& c) { return c.batch; }

// Items of work over `total` frames; `whole` where frames wait for each other.
static __host__ __device__ long items(const Call& c, long total, bool whole) {
  return whole ? c.batch : c.batch * ((total + c.chunk - 1) / c.chunk);
}

static __device__ Item place(const Call& c, long number, long total, bool whole) {
  long last = items(c, total, whole) - 1;
  Item at;
  at.counted = number <= last;
  at.number = at.counted ? number : last;
  at.length = whole ? total : c.chunk;
  at.voice = at.number % c.batch;
  at.start = at.number / c.batch * at.length;
  return at;
}

INLINE long held_frame(const Call& c, long frame) { return frame < 0 ? 0 : frame < c.frames ? frame : c.frames - 1; }

// --- numbers of a voice

INLINE D column(const Call& c, const Item& at, long number) { return c.constants[at.voice * c.constants_step + number]; }

INLINE F row_frame(const float* rows, long number, long step, const Call& c, const Item& at, long frame) {
  long row = step ? number * c.batch + at.voice : number;
  return rows[row * c.frames + held_frame(c, at.start + frame)];
}

INLINE M inside(const Call& c, const Item& at, long frame) { return at.counted && at.start + frame < c.frames; }
INLINE D first_frame(const Item& at) { return (double)at.start; }
INLINE U sample_count(const Item& at, int hop) { return (unsigned)(at.start * hop); }

// The two words a stream of noise is made from, as patchc/dsp/noise.py makes them.
struct Stream { U first, second; };
static __device__ Stream stream(const Call& c, const Item& at, unsigned long long key) {
  unsigned long long seed = (unsigned long long)c.seed[at.voice * c.seed_step];
  U low = (unsigned)seed, high = (unsigned)(seed >> 32);
  U first = hashed(hashed(low) ^ hashed(high ^ 0x9e3779b9u) ^ (unsigned)key);
  return {first, hashed(first ^ (unsigned)(key >> 32) ^ 0x85ebca6bu)};
}

// --- slots

INLINE long slot_place(const Call& c, const Item& at, long frame, int slot, int slots) {
  return (held_frame(c, at.start + frame) * slots + slot) * c.padded + at.voice;
}
template <class V, class T>
INLINE V read_slot(const T* from, const Call& c, const Item& at, long frame, int slot, int slots) {
  return from[slot_place(c, at, frame, slot, slots)];
}
INLINE F single(const Call& c, const Item& at, long frame, int slot, int slots) {
  return read_slot<F>(c.singles, c, at, frame, slot, slots);
}
INLINE D doubled(const Call& c, const Item& at, long frame, int slot, int slots) {
  return read_slot<D>(c.doubles, c, at, frame, slot, slots);
}
template <class V, class T>
INLINE void write_slot(T* to, V x, const Call& c, const Item& at, long frame, int slot, int slots) {
  if (inside(c, at, frame)) to[slot_place(c, at, frame, slot, slots)] = x;
}
INLINE void add_slot(float* to, F x, const Call& c, const Item& at, long frame, int slot, int slots) {
  if (inside(c, at, frame)) to[slot_place(c, at, frame, slot, slots)] += x;
}

// Frames of one row each: what control cells hand on, and gradients for what moves.
INLINE long row_place(const Call& c, const Item& at, long number, long frame) {
  return (number * c.batch + at.voice) * c.frames + at.start + frame;
}
INLINE void keep_frame(float* rows, long number, F x, const Call& c, const Item& at, long frame) {
  if (inside(c, at, frame)) rows[row_place(c, at, number, frame)] = x;
}
INLINE void add_frame(float* rows, long number, F x, const Call& c, const Item& at, long frame) {
  if (inside(c, at, frame)) rows[row_place(c, at, number, frame)] += x;
}

// --- rows of samples: a tile holds HOP samples of one voice

struct Board {
  float samples[WARP][WARP + 1];  // one more, so that a column lies in as many banks as a row
  long places[WARP];              // where each thread's samples lie,
  int counts[WARP];               // and how many there are
};
INLINE Board& board() {
  __shared__ Board boards[BLOCK / WARP];
  return boards[threadIdx.x / WARP];
}

INLINE int samples_left(const Call& c, const Item& at, long frame, int hop) {
  long left = c.samples - (at.start + frame) * hop;
  return left < 0 ? 0 : left < hop ? (int)left : hop;
}

// Writes down for the warp where this thread's samples lie. Between two uses of a board all threads wait.
INLINE void claim(Board& shared, int own, long row, int count, const Call& c, const Item& at, long frame, int hop) {
  shared.places[own] = row * c.samples + (at.start + frame) * hop;
  shared.counts[own] = count;
}

NOINLINE void keep_tile(float* rows, long number, const F* tile, const Call& c, const Item& at, long frame, int hop) {
  Board& shared = board();
  int own = threadIdx.x % WARP, count = at.counted ? samples_left(c, at, frame, hop) : 0;
  claim(shared, own, number * c.batch + at.voice, count, c, at, frame, hop);
  for (int first = 0; first < hop; first += WARP) {
    for (int i = 0; i < WARP && first + i < hop; i++) shared.samples[own][i] = tile[first + i];
    __syncwarp();
    for (int row = 0; row < WARP; row++)
      if (first + own < shared.counts[row]) rows[shared.places[row] + first + own] = shared.samples[row][own];
    __syncwarp();
  }
}

NOINLINE void fetch_tile(const float* rows, long number, long step, F* tile, const Call& c, const Item& at, long frame, int hop) {
  Board& shared = board();
  int own = threadIdx.x % WARP;
  claim(shared, own, step ? number * c.batch + at.voice : number, samples_left(c, at, frame, hop), c, at, frame, hop);
  __syncwarp();
  for (int first = 0; first < hop; first += WARP) {
    for (int row = 0; row < WARP; row++)
      shared.samples[row][own] = first + own < shared.counts[row] ? rows[shared.places[row] + first + own] : 0.0f;
    __syncwarp();
    for (int i = 0; i < WARP && first + i < hop; i++) tile[first + i] = shared.samples[own][i];
    __syncwarp();
  }
}

// --- frames that are marked: printing/placed.py

INLINE bool sounds(F marked, const Call& c, const Item& at, long frame, int) { return marked != 0 && inside(c, at, frame + 1); }
INLINE void keep_constant(double* constants, int number, D x) { constants[number] = x; }
INLINE D constant_of(const double* constants, int number, int) { return constants[number]; }
INLINE D of_lanes(const double* sums, int number) { return sums[number]; }
INLINE F from_frame(int first) { return (float)first; }
INLINE D ticks(const Item& at, long frame, int hop, int, int first) { return (double)((at.start + frame) * hop + first); }
template <class T>
INLINE T lone_slot(const T* from, const Call& c, const Item& at, long frame, int slot, int slots, int) {
  return from[slot_place(c, at, frame, slot, slots)];
}
INLINE void add_lone(float* to, double x, const Call& c, const Item& at, long frame, int slot, int slots, int) {
  if (inside(c, at, frame)) to[slot_place(c, at, frame, slot, slots)] += (float)x;
}
INLINE void keep_column(F* tile, F x, int first, int, int) { tile[first] = x; }
INLINE F column_of(const F* tile, int first, int, int) { return tile[first]; }
INLINE double added(F x) { return (double)x; }

// --- sums over frames, exact and so the same in any order: steps become the phases before them, 0 to 1

static const int AHEAD = 16;  // frames that are read before the first of them is needed

static __device__ void sum_slot(const Call& c, long group, int slot, int slots) {
  if (group >= c.batch) return;
  const Item at = place(c, group, c.frames, true);
  D turned = 0, steps[AHEAD];
  for (long first = 0; first < c.frames; first += AHEAD) {
    for (int k = 0; k < AHEAD; k++) steps[k] = doubled(c, at, first + k, slot, slots);
    for (int k = 0; k < AHEAD; k++) {
      write_slot(c.doubles, fract(turned), c, at, first + k, slot, slots);
      turned = wrapped_phase(turned + wrapped_phase(steps[k]));
    }
  }
}

// The other way for gradients: a step moves all phases after it.
static __device__ void sum_slot_back(const Call& c, long group, int slot, int slots) {
  if (group >= c.batch) return;
  const Item at = place(c, group, c.frames, true);
  D later = 0;
  for (long last = c.frames - 1; last >= 0; last -= AHEAD) {
    F own[AHEAD];
    for (int k = 0; k < AHEAD; k++) {
      long frame = last - k < 0 ? 0 : last - k;
      own[k] = read_slot<F>(c.here, c, at, frame, slot, slots) + read_slot<F>(c.there, c, at, frame, slot, slots);
    }
    for (int k = 0; k < AHEAD && last - k >= 0; k++) {
      write_slot(c.here, to_f32(later), c, at, last - k, slot, slots);
      later += to_f64(own[k]);
    }
  }
}

INLINE void keep_partial(const Call& c, const Item& at, int number, int columns, D x) {
  if (at.counted) c.partial[at.number * columns + number] = (float)x;
}

// --- threads that begin in the middle of a sound: what a lasting state is there, zero where time is not split

INLINE long stretch_place(const Call& c, const Item& at) { return at.start / c.chunk * c.batch + at.voice; }
INLINE D begun(const Call& c, const Item& at, int state, int states) {
  return c.split ? c.starts[stretch_place(c, at) * states + state] : 0.0;
}

// What a chunk of time did to states, kept for the threads after it.
INLINE void keep_end(const Call& c, const Item& at, int number, int width, D x) {
  if (inside(c, at, 1)) c.ends[stretch_place(c, at) * width + number] = x;
}
