// The five words that kernels are written with, as a CPU means them: a team of threads goes through the kernel
// together, takes turns at the items of each loop, and meets after it.

// Numbers too small for a full exponent are silence here: a CPU takes a hundred times as long over them.
struct Flushing {
#if defined(__SSE__)
  unsigned before = __builtin_ia32_stmxcsr();
  Flushing() { __builtin_ia32_ldmxcsr(before | 0x8040); }
  ~Flushing() { __builtin_ia32_ldmxcsr(before); }
#endif
};

struct Team { long threads, next, arrived, round; };

// Waits until everybody is here. Loops are short, so a thread looks often before it lets others go first.
static void meet(Team& team) {
  long round = __atomic_load_n(&team.round, __ATOMIC_ACQUIRE);
  if (__atomic_add_fetch(&team.arrived, 1, __ATOMIC_ACQ_REL) == team.threads) {
    team.next = team.arrived = 0;
    __atomic_store_n(&team.round, round + 1, __ATOMIC_RELEASE);
    return;
  }
  for (long looks = 0; __atomic_load_n(&team.round, __ATOMIC_ACQUIRE) == round; looks++)
    if (looks > 4096) sched_yield();
}

typedef void (*Work)(const Call&, long);
static void share(const Call& c, Team& team, Work work, long count) {
  for (long item; (item = __atomic_fetch_add(&team.next, 1, __ATOMIC_RELAXED)) < count;) work(c, item);
  meet(team);
}

typedef void (*Body)(const Call&, Team&, bool);
struct Job { const Call* call; Body body; Team team; };

static void worker(void* given, long number, long threads) {
  Flushing flushing;
  Job& job = *(Job*)given;
  __atomic_store_n(&job.team.threads, threads, __ATOMIC_RELAXED);  // the same for all of them
  job.body(*job.call, job.team, number == 0);
}

static const long WORTH = 8192;  // samples for which it is worth while to ask another thread

static void launch(const Call& c, Body body) {
  Job job = {&c, body, {0, 0, 0, 0}};
  long worth = c.batch * c.samples / WORTH;
  together(worker, &job, worth < c.threads ? worth : c.threads);
}

#define LOOP static
#define KERNEL(name)                                                        \
  static void name##_together(const Call& c, Team& team, bool first);       \
  extern "C" void name(const Call* call) { launch(*call, name##_together); } \
  static void name##_together(const Call& c, Team& team, bool first)
#define RUN(work, count) share(c, team, work, count)
#define CLEAR(place, size)                          \
  if (first) __builtin_memset(place, 0, size);      \
  meet(team)
#define GATHER(space, count, total, whole, columns)                      \
  if (first) space::gather_partial(c, count, total, whole, columns);     \
  meet(team)
