// Streams of noise, as patchc/dsp/noise.py makes them.

struct Stream { U first, second, lanes; };  // what a stream is made from; and the numbers 0, 1, 2 ... in the lanes

INLINE Stream stream(unsigned long long seed, unsigned long long key) {
  U low = U{} + (unsigned)seed, high = U{} + (unsigned)(seed >> 32), lanes;
  U first = hashed(hashed(low) ^ hashed(high ^ 0x9e3779b9u) ^ (unsigned)key);
  for (int lane = 0; lane < LANES; lane++) lanes[lane] = lane;
  return {first, hashed(first ^ (unsigned)(key >> 32) ^ 0x85ebca6bu), lanes};
}
