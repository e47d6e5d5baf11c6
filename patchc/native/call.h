// How a kernel is called.

struct Call {
  long batch, samples, frames;  // frames: the control frames, one more than there are stretches of HOP samples
  long padded;                  // voices in a row of slots
  long stretch;                 // frames in one item of work, where frames do not wait for each other
  long threads;
  const float* still;           // [batch or 1][columns]
  long still_step;              // from voice to voice: 0 where all have the same
  const float* moving;          // [rows][batch or 1][frames]
  long moving_step;
  const float* heard;           // [rows][batch or 1][samples]
  long heard_step;
  const long long* seed;        // [batch or 1]
  long seed_step;
  float* control;               // [rows][batch][frames]
  float* audio;                 // [rows][batch][samples]
  double* doubles;              // [frames][slots][padded]
  float* singles;               // [frames][slots][padded]
  float* states;                // [frames][states][padded], kept for the way back; or null
  // the way back
  const float* grad_control;
  const float* grad_audio;
  float* here;                  // [frames][slots][padded]: gradients for slots, from the frame they begin,
  float* there;                 // and from the frame that ends at them
  float* partial;               // [items of work][lanes][columns]
  float* grad_still;            // [batch][columns]
  float* grad_moving;           // [rows][batch][frames]
  float* grad_heard;            // [rows][batch][samples]
};

// Numbers too small for a full exponent are silence here: a processor takes a hundred times as long over them.
struct Flushing {
#if defined(__SSE__)
  unsigned before = __builtin_ia32_stmxcsr();
  Flushing() { __builtin_ia32_ldmxcsr(before | 0x8040); }
  ~Flushing() { __builtin_ia32_ldmxcsr(before); }
#endif
};

template <void (*work)(const Call&, long)> static void flushed(const Call& c, long item) {
  Flushing flushing;
  work(c, item);
}

// How loops and the calls of them are written: on another machine these four mean something else.
#define LOOP static
#define RUN(work, count) deal_out(c, flushed<work>, count, c.threads)
#define CLEAR(place, size) __builtin_memset(place, 0, size)
#define GATHER(space, count, total, whole, columns) space::gather_partial(c, count, total, whole, columns)
