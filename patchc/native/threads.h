// Several threads at once, and how items of work are dealt out to them.
//
// They are those that torch works with: after work of its own they look for more for a while, and would take the core
// from threads of ours. What torch has not brought into the process (OpenMP, by the name that GCC's has) is made anew.

#include <pthread.h>
#include <sched.h>

extern "C" {
__attribute__((weak)) void GOMP_parallel(void (*work)(void*), void* given, unsigned threads, unsigned flags);
__attribute__((weak)) int omp_get_num_threads(void);
}

// Who comes is known only when all are there: `threads`, zero until then. Numbers are given out as they come.
struct Crew {
  void (*work)(void* given, long number, long threads);
  void* given;
  long threads, come;
};

static void* join_in(Crew& crew) {
  long threads;
  while (!(threads = __atomic_load_n(&crew.threads, __ATOMIC_ACQUIRE))) sched_yield();
  crew.work(crew.given, __atomic_fetch_add(&crew.come, 1, __ATOMIC_RELAXED), threads);
  return 0;
}
static void* workers(void* crew) { return join_in(*(Crew*)crew); }
static void started(void* crew) {
  __atomic_store_n(&((Crew*)crew)->threads, omp_get_num_threads(), __ATOMIC_RELEASE);
  join_in(*(Crew*)crew);
}

// Does `work` on up to `threads` threads at the same time, each with a number of its own below how many there are.
static void together(void (*work)(void*, long, long), void* given, long threads) {
  Crew crew = {work, given, 0, 0};
  if (threads > 1 && GOMP_parallel && omp_get_num_threads) return GOMP_parallel(started, &crew, (unsigned)threads, 0);
  pthread_t helpers[64];
  long helping = 0;
  while (helping + 1 < threads && helping < 64 && !pthread_create(&helpers[helping], 0, workers, &crew)) helping++;
  __atomic_store_n(&crew.threads, helping + 1, __ATOMIC_RELEASE);
  join_in(crew);
  for (long k = 0; k < helping; k++) pthread_join(helpers[k], 0);
}

// Whoever is free takes the next item, and what an item gives depends on nothing but its number. A thread may have an
// `Own` to work in, made of what is given and done away with at the end.
template <class Given, class Own> struct Items {
  const Given* given;
  void (*work)(const Given&, long, Own&);
  long count, next;
};

template <class Given, class Own> static void serve(void* given, long, long) {
  Items<Given, Own>& items = *(Items<Given, Own>*)given;
  Own own(*items.given);
  for (long item; (item = __atomic_fetch_add(&items.next, 1, __ATOMIC_RELAXED)) < items.count;)
    items.work(*items.given, item, own);
}

template <class Given, class Own>
static void deal_out(const Given& given, void (*work)(const Given&, long, Own&), long count, long threads) {
  Items<Given, Own> items = {&given, work, count, 0};
  together(serve<Given, Own>, &items, threads < count ? threads : count);
}

// Work that needs nothing of its own.
template <class Given> struct Plain {
  const Given* given;
  void (*work)(const Given&, long);
};
struct Nothing {
  template <class Given> explicit Nothing(const Given&) {}
};
template <class Given> static void plainly(const Plain<Given>& plain, long item, Nothing&) { plain.work(*plain.given, item); }

template <class Given> static void deal_out(const Given& given, void (*work)(const Given&, long), long count, long threads) {
  deal_out<Plain<Given>, Nothing>({&given, work}, plainly<Given>, count, threads);
}
