// What every loop of a kernel shares: which voice and which chunk of time stands in which lane, how rows of samples and
// slots of frames are read and written, and the sums over frames.

// --- lanes: voices side by side; with few voices, later chunks of the same voices in the lanes that are left

struct Item {
  long voice[LANES], start[LANES], length;
  int lanes;  // those that count
  long row;   // the first voice, where lanes are neighbours; or -1
  long number;
};

INLINE long packed(const Call& c) { return c.batch >= LANES ? 1 : LANES / c.batch; }
INLINE long groups(const Call& c) { return (c.batch + LANES - 1) / LANES; }

// Items of work over `total` frames; `whole` where frames wait for each other.
static long items(const Call& c, long total, bool whole) {
  if (whole) return groups(c);
  long each = c.chunk * packed(c);
  return groups(c) * ((total + each - 1) / each);
}

static Item place(const Call& c, long number, long total, bool whole) {
  Item at;
  at.number = number;
  at.length = whole ? total : c.chunk;
  long group = number % groups(c), block = number / groups(c);
  long beside = whole ? 1 : packed(c);
  if (c.batch >= LANES) {
    at.row = group * LANES;
    at.lanes = c.batch - at.row < LANES ? c.batch - at.row : LANES;
    for (int lane = 0; lane < LANES; lane++) {
      at.voice[lane] = at.row + (lane < at.lanes ? lane : at.lanes - 1);
      at.start[lane] = block * at.length;
    }
  } else {
    at.row = -1;
    at.lanes = beside * c.batch;
    for (int lane = 0; lane < LANES; lane++) {
      long real = lane < at.lanes ? lane : at.lanes - 1;
      at.voice[lane] = real % c.batch;
      at.start[lane] = (block * beside + real / c.batch) * at.length;
    }
  }
  return at;
}

INLINE long held_frame(const Call& c, long frame) { return frame < 0 ? 0 : frame < c.frames ? frame : c.frames - 1; }

// --- numbers of a voice

NOINLINE void fill_column(double* x, const Call& c, const Item& at, long number) {
  for (int lane = 0; lane < LANES; lane++) x[lane] = c.constants[at.voice[lane] * c.constants_step + number];
}
INLINE D column(const Call& c, const Item& at, long number) {
  double x[LANES];
  fill_column(x, c, at, number);
  return load(x);
}

NOINLINE F row_frame(const float* rows, long number, long step, const Call& c, const Item& at, long frame) {
  float x[LANES];
  long rest = step ? c.batch : 1;
  for (int lane = 0; lane < LANES; lane++)
    x[lane] = rows[(number * rest + at.voice[lane] * (step != 0)) * c.frames + held_frame(c, at.start[lane] + frame)];
  return load(x);
}

// Lanes whose frame is one of the sound's.
NOINLINE M inside(const Call& c, const Item& at, long frame) {
  int x[LANES];
  for (int lane = 0; lane < LANES; lane++) x[lane] = lane < at.lanes && at.start[lane] + frame < c.frames ? -1 : 0;
  M y;
  __builtin_memcpy(&y, x, sizeof y);
  return y;
}

// The frame each lane starts at.
NOINLINE D first_frame(const Item& at) {
  double x[LANES];
  for (int lane = 0; lane < LANES; lane++) x[lane] = (double)at.start[lane];
  return load(x);
}

NOINLINE U sample_count(const Item& at, int hop) {
  unsigned x[LANES];
  for (int lane = 0; lane < LANES; lane++) x[lane] = (unsigned)(at.start[lane] * hop);
  U y;
  __builtin_memcpy(&y, x, sizeof y);
  return y;
}

// The two words a stream of noise is made from, as patchc/dsp/noise.py makes them.
struct Stream { U first, second; };
static Stream stream(const Call& c, const Item& at, unsigned long long key) {
  unsigned low[LANES], high[LANES];
  for (int lane = 0; lane < LANES; lane++) {
    unsigned long long seed = (unsigned long long)c.seed[at.voice[lane] * c.seed_step];
    low[lane] = (unsigned)seed;
    high[lane] = (unsigned)(seed >> 32);
  }
  U a, b;
  __builtin_memcpy(&a, low, sizeof a);
  __builtin_memcpy(&b, high, sizeof b);
  U first = hashed(hashed(a) ^ hashed(b ^ 0x9e3779b9u) ^ (unsigned)key);
  return {first, hashed(first ^ (unsigned)(key >> 32) ^ 0x85ebca6bu)};
}

// --- slots

INLINE long slot_place(const Call& c, const Item& at, long frame, int slot, int slots, int lane) {
  return (held_frame(c, at.start[lane] + frame) * slots + slot) * c.padded + at.voice[lane];
}

INLINE long slot_row(const Call& c, const Item& at, long frame, int slot, int slots) {
  return (held_frame(c, at.start[0] + frame) * slots + slot) * c.padded + at.row;
}

template <class V, class T>
NOINLINE V gather_slot(const T* from, const Call& c, const Item& at, long frame, int slot, int slots) {
  T x[LANES];
  for (int lane = 0; lane < LANES; lane++) x[lane] = from[slot_place(c, at, frame, slot, slots, lane)];
  return load(x);
}
template <class V, class T>
INLINE V read_slot(const T* from, const Call& c, const Item& at, long frame, int slot, int slots) {
  if (at.row >= 0) return load(from + slot_row(c, at, frame, slot, slots));
  return gather_slot<V>(from, c, at, frame, slot, slots);
}
INLINE F single(const Call& c, const Item& at, long frame, int slot, int slots) {
  return read_slot<F>(c.singles, c, at, frame, slot, slots);
}
INLINE D doubled(const Call& c, const Item& at, long frame, int slot, int slots) {
  return read_slot<D>(c.doubles, c, at, frame, slot, slots);
}

template <class V, class T>
NOINLINE void scatter_slot(T* to, V x, const Call& c, const Item& at, long frame, int slot, int slots) {
  T y[LANES];
  store(y, x);
  for (int lane = 0; lane < at.lanes; lane++)
    if (at.start[lane] + frame < c.frames) to[slot_place(c, at, frame, slot, slots, lane)] = y[lane];
}
template <class V, class T>
INLINE void write_slot(T* to, V x, const Call& c, const Item& at, long frame, int slot, int slots) {
  if (at.row < 0)
    scatter_slot(to, x, c, at, frame, slot, slots);
  else if (at.start[0] + frame < c.frames)
    store(to + slot_row(c, at, frame, slot, slots), x);
}
INLINE void add_slot(float* to, F x, const Call& c, const Item& at, long frame, int slot, int slots) {
  write_slot(to, read_slot<F>(to, c, at, frame, slot, slots) + x, c, at, frame, slot, slots);
}

// Frames of one row each: what control cells hand on, and gradients for what moves, to which several stages add.
NOINLINE void keep_frame(float* rows, long number, F x, const Call& c, const Item& at, long frame) {
  float y[LANES];
  store(y, x);
  for (int lane = 0; lane < at.lanes; lane++) {
    long place = at.start[lane] + frame;
    if (place < c.frames) rows[(number * c.batch + at.voice[lane]) * c.frames + place] = y[lane];
  }
}
NOINLINE void add_frame(float* rows, long number, F x, const Call& c, const Item& at, long frame) {
  float y[LANES];
  store(y, x);
  for (int lane = 0; lane < at.lanes; lane++) {
    long place = at.start[lane] + frame;
    if (place < c.frames) rows[(number * c.batch + at.voice[lane]) * c.frames + place] += y[lane];
  }
}

// --- rows of samples: a tile holds HOP samples of every lane

struct HeapTile {
  F* at;
  explicit HeapTile(int hop) {
    void* place = nullptr;
    if (posix_memalign(&place, 64, hop * sizeof(F))) __builtin_trap();
    at = (F*)place;
  }
  HeapTile(const HeapTile&) = delete;
  ~HeapTile() { free(at); }
};

INLINE long samples_left(const Call& c, long frame, int hop) {
  long left = c.samples - frame * hop;
  return left < 0 ? 0 : left < hop ? left : hop;
}

static void keep_tile(float* rows, long number, const F* tile, const Call& c, const Item& at, long frame, int hop) {
  float* row[LANES];
  long count[LANES];
  bool full = hop >= LANES;
  for (int lane = 0; lane < at.lanes; lane++) {
    long place = at.start[lane] + frame;
    count[lane] = samples_left(c, place, hop);
    row[lane] = rows + (number * c.batch + at.voice[lane]) * c.samples + place * hop;
    full = full && count[lane] == hop;
  }
  if (!full) {
    for (int lane = 0; lane < at.lanes; lane++)
      for (int i = 0; i < count[lane]; i++) row[lane][i] = ((const float*)(tile + i))[lane];
    return;
  }
  for (int i = 0; i < hop; i += LANES) {
    int first = i + LANES <= hop ? i : hop - LANES;  // the last block may overlap the one before
    F block[LANES];
#pragma GCC unroll 16
    for (int k = 0; k < LANES; k++) block[k] = tile[first + k];
    transpose(block);
#pragma GCC unroll 16
    for (int lane = 0; lane < LANES; lane++)
      if (lane < at.lanes) store(row[lane] + first, block[lane]);
  }
}

static void fetch_tile(const float* rows, long number, long step, F* tile, const Call& c, const Item& at, long frame, int hop) {
  const float* row[LANES];
  long count[LANES];
  bool full = hop >= LANES;
  long rest = step ? c.batch : 1;
  for (int lane = 0; lane < LANES; lane++) {
    long place = at.start[lane] + frame;
    count[lane] = lane < at.lanes ? samples_left(c, place, hop) : 0;
    row[lane] = rows + (number * rest + at.voice[lane] * (step != 0)) * c.samples + place * hop;
    full = full && (count[lane] == hop || lane >= at.lanes);
  }
  if (!full) {
    for (int i = 0; i < hop; i++) tile[i] = F{};
    for (int lane = 0; lane < at.lanes; lane++)
      for (int i = 0; i < count[lane]; i++) ((float*)(tile + i))[lane] = row[lane][i];
    return;
  }
  for (int i = 0; i < hop; i += LANES) {
    int first = i + LANES <= hop ? i : hop - LANES;
    F block[LANES];
#pragma GCC unroll 16
    for (int lane = 0; lane < LANES; lane++) block[lane] = lane < at.lanes ? load(row[lane] + first) : F{};
    transpose(block);
#pragma GCC unroll 16
    for (int k = 0; k < LANES; k++) tile[first + k] = block[k];
  }
}

// --- one voice, of which the lanes hold samples that follow each other: printing/placed.py

INLINE bool sounds(F marked, const Call& c, const Item& at, long frame, int lane) {
  float x[LANES];
  store(x, marked);
  return lane < at.lanes && x[lane] != 0 && at.start[lane] + frame < c.frames - 1;
}
INLINE void keep_constant(double* constants, int number, D x) { store(constants + number * LANES, x); }
INLINE D constant_of(const double* constants, int number, int lane) { return d(constants[number * LANES + lane]); }
INLINE D of_lanes(const double* sums, int number) { return load(sums + number * LANES); }
INLINE F from_frame(int first) {
  float x[LANES];
  for (int k = 0; k < LANES; k++) x[k] = (float)(first + k);
  return load(x);
}
INLINE D ticks(const Item& at, long frame, int hop, int lane, int first) {
  return to_f64(from_frame(first)) + (double)((at.start[lane] + frame) * hop);
}
template <class T>
INLINE T lone_slot(const T* from, const Call& c, const Item& at, long frame, int slot, int slots, int lane) {
  return from[slot_place(c, at, frame, slot, slots, lane)];
}
INLINE void add_lone(float* to, double x, const Call& c, const Item& at, long frame, int slot, int slots, int lane) {
  if (at.start[lane] + frame < c.frames) to[slot_place(c, at, frame, slot, slots, lane)] += (float)x;
}
INLINE void keep_column(F* tile, F x, int first, int lane, int hop) {
  float y[LANES];
  store(y, x);
  for (int k = 0; k < LANES && first + k < hop; k++) ((float*)(tile + first + k))[lane] = y[k];
}
INLINE F column_of(const F* tile, int first, int lane, int hop) {
  float x[LANES] = {};
  for (int k = 0; k < LANES && first + k < hop; k++) x[k] = ((const float*)(tile + first + k))[lane];
  return load(x);
}
INLINE double added(F x) {
  float y[LANES];
  store(y, x);
  double sum = 0;
  for (int k = 0; k < LANES; k++) sum += y[k];
  return sum;
}

// --- sums over frames, exact and so the same in any order: steps become the phases before them, 0 to 1

static void sum_slot(const Call& c, long group, int slot, int slots) {
  Item at = place(c, group, c.frames, true);
  D turned = d(0);
  for (long frame = 0; frame < c.frames; frame++) {
    const D step = doubled(c, at, frame, slot, slots);
    write_slot(c.doubles, fract(turned), c, at, frame, slot, slots);
    turned = wrapped_phase(turned + wrapped_phase(step));
  }
}

// The other way for gradients: a step moves all phases after it.
static void sum_slot_back(const Call& c, long group, int slot, int slots) {
  Item at = place(c, group, c.frames, true);
  D later = d(0);
  for (long frame = c.frames - 1; frame >= 0; frame--) {
    F own = read_slot<F>(c.here, c, at, frame, slot, slots) + read_slot<F>(c.there, c, at, frame, slot, slots);
    write_slot(c.here, to_f32(later), c, at, frame, slot, slots);
    later += to_f64(own);
  }
}

NOINLINE void keep_partial(const Call& c, const Item& at, int number, int columns, D x) {
  double y[LANES];
  store(y, x);
  for (int lane = 0; lane < LANES; lane++) c.partial[(at.number * LANES + lane) * columns + number] = lane < at.lanes ? y[lane] : 0;
}

// Adds up what items of work found for the columns, always in the same order.
static void gather_partial(const Call& c, long count, long total, bool whole, int columns) {
  for (long number = 0; number < count; number++) {
    Item at = place(c, number, total, whole);
    for (int lane = 0; lane < at.lanes; lane++)
      for (int k = 0; k < columns; k++)
        c.grad_constants[at.voice[lane] * columns + k] += c.partial[(number * LANES + lane) * columns + k];
  }
}

// --- lanes that begin in the middle of a sound: what a lasting state is there, zero where time is not split

NOINLINE D begun(const Call& c, const Item& at, int state, int states) {
  double x[LANES];
  for (int lane = 0; lane < LANES; lane++)
    x[lane] = c.split ? c.starts[(at.start[lane] / c.chunk * c.batch + at.voice[lane]) * states + state] : 0;
  return load(x);
}

// What a chunk of time did to states, kept for the lanes after it.
NOINLINE void keep_end(const Call& c, const Item& at, int number, int width, D x) {
  double y[LANES];
  store(y, x);
  for (int lane = 0; lane < at.lanes; lane++)
    if (at.start[lane] < c.frames - 1)
      c.ends[(at.start[lane] / c.chunk * c.batch + at.voice[lane]) * width + number] = y[lane];
}
