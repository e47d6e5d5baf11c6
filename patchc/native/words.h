// The five words that kernels are written with, as a processor means them: a team of threads goes through the kernel
// together, takes turns at the items of each loop, and meets after it. Threads are made once a kernel, not once a loop.

#include <pthread.h>
#include <sched.h>

// Numbers too small for a full exponent are silence here: a processor takes a hundred times as long over them.
struct Flushing {
#if defined(__SSE__)
  unsigned before = __builtin_ia32_stmxcsr();
  Flushing() { __builtin_ia32_ldmxcsr(before | 0x8040); }
  ~Flushing() { __builtin_ia32_ldmxcsr(before); }
#endif
};

struct Team { long hands, next, arrived, turn; };

// Waits until everybody is here. Loops are short, so a thread looks often before it lets others go first.
static void meet(Team& team) {
  long turn = __atomic_load_n(&team.turn, __ATOMIC_ACQUIRE);
  if (__atomic_add_fetch(&team.arrived, 1, __ATOMIC_ACQ_REL) == team.hands) {
    team.next = team.arrived = 0;
    __atomic_store_n(&team.turn, turn + 1, __ATOMIC_RELEASE);
    return;
  }
  for (long looks = 0; __atomic_load_n(&team.turn, __ATOMIC_ACQUIRE) == turn; looks++)
    if (looks > 4096) sched_yield();
}

typedef void (*Work)(const Call&, long);
static void share(const Call& c, Team& team, Work work, long count) {
  for (long item; (item = __atomic_fetch_add(&team.next, 1, __ATOMIC_RELAXED)) < count;) work(c, item);
  meet(team);
}

typedef void (*Body)(const Call&, Team&, bool);
struct Hand { const Call* call; Team* team; Body body; };

static void* labour(void* given) {
  Flushing flushing;
  Hand& own = *(Hand*)given;
  while (!__atomic_load_n(&own.team->hands, __ATOMIC_ACQUIRE)) sched_yield();  // until it is known who has come
  own.body(*own.call, *own.team, false);
  return 0;
}

static const long WORTH = 8192;  // samples for which it is worth while to ask another thread

static void employ(const Call& c, Body body) {
  Team team = {0, 0, 0, 0};
  Hand hand = {&c, &team, body};
  pthread_t helpers[64];
  long wanted = c.batch * c.samples / WORTH < c.threads ? c.batch * c.samples / WORTH : c.threads, hired = 0;
  while (hired + 1 < wanted && hired < 64 && !pthread_create(&helpers[hired], 0, labour, &hand)) hired++;
  __atomic_store_n(&team.hands, hired + 1, __ATOMIC_RELEASE);
  {
    Flushing flushing;
    body(c, team, true);
  }
  for (long k = 0; k < hired; k++) pthread_join(helpers[k], 0);
}

#define LOOP static
#define KERNEL(name)                                                        \
  static void name##_together(const Call& c, Team& team, bool first);       \
  extern "C" void name(const Call* call) { employ(*call, name##_together); } \
  static void name##_together(const Call& c, Team& team, bool first)
#define RUN(work, count) share(c, team, work, count)
#define CLEAR(place, size)                          \
  if (first) __builtin_memset(place, 0, size);      \
  meet(team)
#define GATHER(space, count, total, whole, columns)                      \
  if (first) space::gather_partial(c, count, total, whole, columns);     \
  meet(team)
