// How a kernel is called.

extern "C" int posix_memalign(void** place, unsigned long alignment, unsigned long size) noexcept;
extern "C" void free(void* place) noexcept;
#define STACK_TILE(name) F name[HOP]
#define HEAP_TILE(name) HeapTile heap_##name(HOP); F* const __restrict name = heap_##name.at

struct Call {
  long batch, samples, frames;  // frames: the control frames, one more than there are chunks of HOP samples
  long padded;                  // voices in a row of slots
  long chunk;                 // frames in one item of work, where frames do not wait for each other
  long threads;
  const float* constants;           // [batch or 1][columns]
  long constants_step;              // from voice to voice: 0 where all have the same
  const float* control_in;          // [rows][batch or 1][frames]
  long control_in_step;
  const float* audio_in;           // [rows][batch or 1][samples]
  long audio_in_step;
  const long long* seed;        // [batch or 1]
  long seed_step;
  float* control;               // [rows][batch][frames]
  float* audio;                 // [rows][batch][samples]
  double* doubles;              // [frames][slots][padded]
  float* singles;               // [frames][slots][padded]
  float* states;                // [frames][states][padded], kept for the backward pass; or null
  long split;                   // whether few voices are cut in time, though states last from frame to frame
  double* starts;               // [chunks][batch][states]: what states are where a chunk begins
  double* ends;                 // [chunks][batch][...]: what a chunk does to states: see printing/probes.py
  // the backward pass
  const float* grad_control;
  const float* grad_audio;
  float* here;                  // [frames][slots][padded]: gradients for slots, from the frame they begin,
  float* there;                 // and from the frame that ends at them
  float* partial;               // [items of work][lanes][columns]
  float* grad_constants;            // [batch][columns]
  float* grad_control_in;           // [rows][batch][frames]
  float* grad_audio_in;            // [rows][batch][samples]
  // where this is a GPU
  void* stream;
  long device;
};
