// The four words that kernels are written with, as a processor means them: threads take turns at items of work.

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

#define LOOP static
#define RUN(work, count) deal_out(c, flushed<work>, count, c.threads)
#define CLEAR(place, size) __builtin_memset(place, 0, size)
#define GATHER(space, count, total, whole, columns) space::gather_partial(c, count, total, whole, columns)
