// How signals are cut into frames, transformed and put together again.
//
// A signal is cut into LANES chunks that lie side by side, one in each lane, so that every step works on LANES frames
// and nothing is shuffled. Every signal is worked on by itself, every window length by itself and in order: values and
// gradients are the same bits for any batch and any number of threads.

#include <stdlib.h>
#include <string.h>

#define WITHIN inline __attribute__((always_inline))  // of a member

struct Place {
  long size, hop, frames;  // samples, samples, how many
  long steps, tiles;       // frames in a chunk; a tile is LANES chunks
  float floor;             // power added to every bin
  float linear, log;       // what one unit of difference weighs: of magnitudes, of their logarithms
  const float* window;     // [size], halved
  const float* twiddles;      // as transform.h wants them: of the stages,
  const float* last_twiddles; // and of the real transform
  const int* order;        // [size / 2] where a bin is found
  float* bins;             // [rows][tiles][steps][bins][LANES] magnitudes, or [rows][frames][bins] powers or their gradients
};

struct Call {
  const float* signal;  // [rows][samples]
  long rows, samples;
  const Place* places;
  long count;
  long targets;    // rows of the target, which serve in turn
  double* values;  // [rows][count]
  float* gradients;   // [rows][samples], or null
  float* parts;    // [rows][count][samples] if window lengths of a row are worked on at once, or null
  long threads;
};

INLINE long chunk(const Place& s) { return (s.steps - 1) * s.hop + s.size; }
INLINE long bins_of(const Place& s) { return s.size / 2 + 1; }
INLINE long magnitudes_of(const Place& s) { return s.tiles * s.steps * bins_of(s) * LANES; }

static void* aligned(long bytes) { return aligned_alloc(64, (bytes + 63) / 64 * 64); }

// What one thread works in.
struct Room {
  float *beside, *gradients;  // [chunk][LANES]
  C* z;                    // [size / 2]
  F* line;                 // [bins]
  float* part;             // [samples]

  explicit Room(const Call& c) {
    long length = 0, size = 0;
    for (long i = 0; i < c.count; i++) {
      length = chunk(c.places[i]) > length ? chunk(c.places[i]) : length;
      size = c.places[i].size > size ? c.places[i].size : size;
    }
    beside = (float*)aligned(length * sizeof(F));
    gradients = (float*)aligned(length * sizeof(F));
    z = (C*)aligned(size / 2 * sizeof(C));
    line = (F*)aligned((size / 2 + 1) * sizeof(F));
    part = (float*)aligned(c.samples * sizeof(float));
  }
  ~Room() { free(beside), free(gradients), free(z), free(line), free(part); }
};

// --- frames

const long BLOCK = 32;  // samples, of which those of all lanes fit the nearest cache

// Calls `visit(lane, n, t)` for every sample n of the chunk of every lane that is sample t of the signal.
template <class Visit>
INLINE void each_sample(long samples, long first, long apart, long length, Visit visit) {
  for (long block = 0; block < length; block += BLOCK)
    for (long lane = 0; lane < LANES; lane++) {
      long start = first + lane * apart, stop = block + BLOCK < length ? block + BLOCK : length;
      long n = start + block < 0 ? -start : block, end = start + stop > samples ? samples - start : stop;
      for (; n < end; n++) visit(lane, n, start + n);
    }
}

// Stretches side by side, with silence outside the signal; and back, added up where they overlap.
static void spread(const float* signal, long samples, long first, long apart, long length, float* beside) {
  bool inside = first >= 0 && first + (LANES - 1) * apart + length <= samples;
  if (!inside) memset(beside, 0, length * sizeof(F));
  each_sample(samples, first, apart, length, [=](long lane, long n, long t) { beside[n * LANES + lane] = signal[t]; });
}
static void gather(const float* beside, long samples, long first, long apart, long length, float* signal) {
  each_sample(samples, first, apart, length, [=](long lane, long n, long t) { signal[t] += beside[n * LANES + lane]; });
}

INLINE void transformed(const Place& s, const float* from, C* z) {
  for (long n = 0; n < s.size; n += 2)
    z[n / 2] = {load(from + n * LANES) * s.window[n], load(from + (n + 1) * LANES) * s.window[n + 1]};
  forward(z, s.size / 2, s.twiddles);
}

INLINE void overlapped(const Place& s, C* z, float* to) {
  inverse(z, s.size / 2, s.twiddles);
  for (long n = 0; n < s.size; n += 2) {
    float *even = to + n * LANES, *odd = even + LANES;
    store(even, load(even) + z[n / 2].re * s.window[n]);
    store(odd, load(odd) + z[n / 2].im * s.window[n + 1]);
  }
}

// Shows `bins` every frame, and adds to `gradients` [samples], if there are any, what it answers.
template <class Bins>
INLINE void each_frame(const Place& s, const float* signal, long samples, float* gradients, Room& room, Bins& bins) {
  long apart = s.steps * s.hop, length = chunk(s);
  for (long tile = 0; tile < s.tiles; tile++) {
    long first = tile * LANES * apart - s.size / 2;
    spread(signal, samples, first, apart, length, room.beside);
    if (gradients) memset(room.gradients, 0, length * sizeof(F));
    for (long step = 0; step < s.steps; step++) {
      transformed(s, room.beside + step * s.hop * LANES, room.z);
      bins.begin(s, tile * LANES * s.steps + step);
      each_bin(room.z, s.size, s.order, s.last_twiddles, bins);
      bins.end(s, tile * LANES * s.steps + step);
      if (gradients) overlapped(s, room.z, room.gradients + step * s.hop * LANES);
    }
    if (gradients) gather(room.gradients, samples, first, apart, length, gradients);
  }
}
